"""`helmetbelt score` from end to end, with tiny models that follow the pixels."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import typer
from builders_detector import HEADS, black, tiny_onnx, with_patch, write_model
from builders_labels import row
from typer.testing import CliRunner, Result

from helmetbelt.cli.score import score
from helmetbelt.datasets.calibration import CalibrationError
from helmetbelt.datasets.score_page import BEGIN, END
from helmetbelt.detector.card import read_card
from helmetbelt.detector.errors import HelmetbeltError

VEHICLE, HEAD = (160, 160, 320, 320), (190, 172, 242, 224)
WIDTH, HEIGHT = 960, 640


def street(number: int) -> tuple[np.ndarray[Any, np.dtype[np.uint8]], int]:
    """A two-wheeler whose head is blue (helmet) or red (bare), the surer the brighter; the class of its label.

    Every eighth head is dull and labelled as what it isn't.
    """
    is_helmet, wrong = number % 2 == 0, number % 8 in (3, 4)
    bright = 160 if wrong else 180 + number
    colour = (bright, 0, 0) if is_helmet else (0, 0, bright)
    image = with_patch(black(HEIGHT, WIDTH), VEHICLE, (150, 0, 0))
    return with_patch(image, HEAD, colour), 2 if is_helmet is not wrong else 3


def box(class_id: int, xyxy: tuple[int, int, int, int]) -> list[float]:
    """A box of a manifest."""
    x1, y1, x2, y2 = xyxy
    return [class_id, (x1 + x2) / 2 / WIDTH, (y1 + y2) / 2 / HEIGHT, (x2 - x1) / WIDTH, (y2 - y1) / HEIGHT]


def write_data(folder: Path, count: int) -> Path:
    """So many validation pictures, each of its own scene."""
    (folder / "helmet").mkdir(parents=True)
    rows = []
    for number in range(count):
        image, label = street(number)
        cv2.imwrite(str(folder / "helmet" / f"{number}.png"), image)
        boxes = [box(0, VEHICLE), box(label, HEAD)]
        rows.append(row(image=f"{number}.png", width=WIDTH, height=HEIGHT, group=f"g{number}", boxes=boxes))
    (folder / "helmet" / "manifest.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty labelled pictures."""
    return write_data(tmp_path_factory.mktemp("data"), 40)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder with a road model and a head model."""
    folder = tmp_path / "models"
    folder.mkdir()
    write_model(folder, tiny_onnx(), "road")
    judge = {"thresholds": {"worn": 0.7, "not_worn": 0.3}, "envelope": {"min_head_px": 10.0, "light": ["day"]}}
    heads = tiny_onnx("end_to_end", input_px=(64, 64))
    write_model(folder, heads, "heads", classes=HEADS, input=[64, 64], min_score=0.6, **judge)
    return folder


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A folder with the page that holds the main scores."""
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "accuracy.md").write_text(f"# Good?\n\n{BEGIN}\nold\n{END}\n\nBye.\n")
    return folder


def run(*arguments: str | Path) -> Result:
    """The command as a person starts it."""
    app = typer.Typer()
    app.command()(score)
    return CliRunner().invoke(app, [str(a) for a in arguments])


def test_everything_is_written(data: Path, models: Path, docs: Path, tmp_path: Path) -> None:
    """Cards with calibration, thresholds and main scores; pages; the rows; the peer's column."""
    peer = write_model(tmp_path, tiny_onnx(), "other", classes=["With Helmet", "Without Helmet"])
    rows = tmp_path / "rows.json"
    where = ("--data", data, "--models", models, "--docs", docs)
    assert run(*where, "--write", "--json", rows, "--peer", peer).exception is None
    value = {(r["what"], r["part"]): r["figure"]["value"] for r in json.loads(rows.read_text())}
    assert value["two_wheeler AP50", "all"] == 1.0
    assert value["found, all heads", "heads ≥ 12 px"] == 1.0
    assert value["named right of found, all heads", "heads ≥ 12 px"] == 0.75
    heads, road = read_card(models / "heads.toml"), read_card(models / "road.toml")
    assert heads.calibration is not None
    assert str(heads.scores["named right of found, all heads (heads ≥ 12 px)"]).startswith("0.750 [")
    assert "two_wheeler AP50" in road.scores
    assert not any(key.startswith("two_wheeler") for key in heads.scores)
    assert "| what | these models | other |" in (docs / "scores.md").read_text()
    assert (docs / "reliability.svg").read_text().startswith("<svg")
    accuracy = (docs / "accuracy.md").read_text()
    assert accuracy.startswith("# Good?")
    assert accuracy.endswith("Bye.\n")
    assert "old" not in accuracy


def test_again_it_is_the_same_and_peers_are_kept(data: Path, models: Path, docs: Path) -> None:
    """The next run reads what the last one wrote on the card, chooses the same, and repeats the peer's column."""
    where = ("--data", data, "--models", models, "--docs", docs, "--write")
    run(*where, "--peer", models)
    first = (models / "heads.toml").read_text()
    assert "[calibration]" in first
    run(*where)
    assert (models / "heads.toml").read_text() == first
    assert "| what | these models | models |" in (docs / "scores.md").read_text()


def test_a_peer_scored_on_other_labels_is_left_out(data: Path, models: Path, docs: Path) -> None:
    """And named, so that it can be scored again."""
    kept = {"name": "old peer", "weights": "12", "sample": "0000", "rows": []}
    (docs / "peers.json").write_text(json.dumps([kept]))
    result = run("--data", data, "--models", models, "--docs", docs, "--write")
    assert "old peer" in result.output
    assert "old peer" not in (docs / "scores.md").read_text()


def test_nothing_is_written_without_being_asked(data: Path, models: Path, docs: Path) -> None:
    """Cards and pages stay as they were; the table is shown."""
    before = (models / "heads.toml").read_text()
    result = run("--data", data, "--models", models, "--docs", docs)
    assert "two_wheeler AP50" in result.output
    assert (models / "heads.toml").read_text() == before
    assert [p.name for p in docs.iterdir()] == ["accuracy.md"]


def test_what_cannot_be_done_is_said_first(data: Path, models: Path, tmp_path: Path) -> None:
    """No page to write to, and too few heads to calibrate on."""
    missing = run("--data", data, "--models", models, "--docs", tmp_path / "none", "--write").exception
    assert isinstance(missing, HelmetbeltError)
    assert "accuracy.md: no such page" in str(missing)
    few = run("--data", write_data(tmp_path / "few", 8), "--models", models).exception
    assert isinstance(few, CalibrationError)
