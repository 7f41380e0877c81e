"""`helmetbelt demo`: drawn, encoded, decoded, seen, counted, stored and asked over HTTP."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from builders_evaluate import COMMAND, observations, summary

from helmetbelt.cli.demo import CAMERA, comparison, free_port, invitation, stop_line, truth_of
from helmetbelt.cli.serve import listening_on
from helmetbelt.datasets.simulation import Scene
from helmetbelt.pipelines.gates import LineGate, parse_gate
from helmetbelt.pipelines.passages import Item, Role, Status, Vehicle

SECONDS = 11
"""Until then three two-wheelers and a car have crossed the stop line, and nobody is near it at the end."""


def demo(folder: Path) -> str:
    """What the command prints; it ends by itself."""
    done = subprocess.run(
        [COMMAND, "demo", "--out", folder, "--port", "0", "--seconds", str(SECONDS)],
        env=os.environ | {"DEMO_ONCE": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of a demonstration and what it said."""
    folder = tmp_path_factory.mktemp("demo")
    return folder, demo(folder)


def test_shipped_models_count_the_simulated_vehicles_exactly(shown: tuple[Path, str]) -> None:
    """Through the whole real path; and every rider has an answer."""
    content, truth = summary(shown[0]), truth_of(Scene("junction", 7), SECONDS)
    assert content["passages"] == {
        "two_wheeler": truth.vehicles(Vehicle.TWO_WHEELER),
        "car": truth.vehicles(Vehicle.CAR),
    }
    assert content["passages"] == {"two_wheeler": 3, "car": 1}
    assert sum(content["observations"]["helmet"]["rider"].values()) == 3
    assert all(row["vehicle"] in ("two_wheeler", "car") for row in observations(shown[0]))


def test_its_rates_are_flagged_as_simulated(shown: tuple[Path, str]) -> None:
    """Nobody can mistake them for traffic."""
    content = summary(shown[0])
    assert (content["simulated"], content["clock"], content["camera"]) == (True, "simulated", CAMERA)
    assert "SIMULATED" in content["rates"]["helmet"]["all"]["flags"]


def test_it_asks_its_own_api_over_http(shown: tuple[Path, str]) -> None:
    """And prints the answer, which holds what was counted."""
    answer = json.loads(shown[1][shown[1].index("\n{") :])
    riders = next(row for row in answer["rows"] if row["group"]["role"] == "rider")
    assert riders["counts"] == summary(shown[0])["observations"]["helmet"]["rider"]
    assert "SIMULATED" in riders["flags"]


def test_it_prints_counts_beside_the_truth(shown: tuple[Path, str]) -> None:
    """Side by side."""
    assert "counted" in shown[1]
    assert "truth" in shown[1]


def test_second_time_it_draws_nothing_and_stores_nothing(shown: tuple[Path, str], tmp_path: Path) -> None:
    """The same scene is the same file."""
    folder = tmp_path / "again"
    shutil.copytree(shown[0], folder)
    clip = next(folder.glob("junction-*.mp4"))
    before = clip.stat().st_mtime_ns
    assert "Already recorded" in demo(folder)
    assert clip.stat().st_mtime_ns == before


def test_gate_lies_on_the_stop_line() -> None:
    """Across the whole picture, in its lower half."""
    gate = parse_gate(stop_line(Scene("junction", 7)))
    assert isinstance(gate, LineGate)
    assert (gate.start[0], gate.end[0]) == (0.0, 1.0)
    assert 0.5 < gate.end[1] < gate.start[1] < 0.7


def test_truth_has_no_unknown() -> None:
    """And as many riders as two-wheelers."""
    truth = truth_of(Scene("junction", 7), 40)
    riders = [
        truth.answer(Item.HELMET, Role.RIDER, status) for status in (Status.WORN, Status.NOT_WORN, Status.UNKNOWN)
    ]
    assert sum(riders) == truth.vehicles(Vehicle.TWO_WHEELER) > 0
    assert riders[2] == 0
    assert comparison(truth, truth, [Item.HELMET]).row_count == 2 + 6
    assert comparison(truth, truth, list(Item)).row_count == 2 + 12


def test_taken_port_is_no_obstacle() -> None:
    """Another one is found, and it is on this machine only."""
    with listening_on("127.0.0.1", 0) as taken, free_port(taken.getsockname()[1]) as other:
        assert other.getsockname()[0] == "127.0.0.1"
        assert other.getsockname()[1] != taken.getsockname()[1]


def test_invitation_names_what_to_open() -> None:
    """The page, the video and the questions."""
    text = invitation("http://127.0.0.1:8080", Path("demo-out"))
    for word in ("demo-out/report.html", "demo-out/annotated.mp4", "http://127.0.0.1:8080/docs", "curl"):
        assert word in text
