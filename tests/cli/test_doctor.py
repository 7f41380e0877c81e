"""`helmetbelt doctor`."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
import typer
from builders_cabin import write_car_models
from builders_detector import write_models
from typer.testing import CliRunner, Result

from helmetbelt.cli.doctor import Finding, State, cores, decoder, doctor, examine, free_disk, show
from helmetbelt.cli.measuring import Speed
from helmetbelt.pipelines.decoders import Encoder

PARTS = {"helmetbelt", "python", "numpy", "opencv", "onnxruntime", "av"}
NEEDED = PARTS | {"road model", "heads model", "H.264"}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a road model and a head model."""
    return write_models(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def healthy(models: Path) -> tuple[list[Finding], Speed | None]:
    """What is found where nothing is broken."""
    return examine(models, models)


def run(*arguments: str) -> Result:
    """The command as a person starts it."""
    app = typer.Typer()
    app.command()(doctor)
    return CliRunner().invoke(app, list(arguments))


def answer(*arguments: str) -> dict[str, Any]:
    """What the command says to programs."""
    found: dict[str, Any] = json.loads(run(*arguments, "--json").stdout)
    return found


def test_all_that_is_needed_is_looked_at(healthy: tuple[list[Finding], Speed | None]) -> None:
    """And is well here."""
    findings, _ = healthy
    states = {f.name: f.state for f in findings}
    assert set(states) >= NEEDED
    assert {states[name] for name in NEEDED} == {State.OK}


def test_the_speed_is_measured(healthy: tuple[list[Finding], Speed | None]) -> None:
    """Frames and cameras follow from the times by their definitions."""
    _, speed = healthy
    assert speed is not None
    look_ms = speed.road_ms + speed.head_ms
    assert min(speed.decode_ms, look_ms) > 0
    assert speed.frames_per_second == pytest.approx(1000 / (speed.decode_ms + look_ms), rel=0.1)
    assert speed.cameras_per_core == pytest.approx(1000 / (25 * speed.decode_ms + 10 * look_ms), rel=0.1)


def test_programs_get_one_json_object(models: Path) -> None:
    """With exit code 0 where nothing is broken."""
    result = run("--json", "--models", str(models))
    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert set(found) == {"ok", "findings", "speed"}
    assert found["ok"] is True
    assert {"name", "state", "text"} == set(found["findings"][0])


def test_a_folder_without_belt_models_is_noted(healthy: tuple[list[Finding], Speed | None]) -> None:
    """It can be done without; nothing is measured of them."""
    findings, speed = healthy
    (belts,) = [f for f in findings if f.name == "belts model"]
    assert (belts.state, speed is not None and speed.car_ms) == (State.NOTE, None)
    assert "stays unknown" in belts.text


def test_belt_models_are_looked_at_and_measured(tmp_path: Path) -> None:
    """Both of them; one alone is broken."""
    folder = write_car_models(tmp_path)
    findings, speed = examine(folder, folder)
    assert {f.name: f.state for f in findings}.items() >= {"cabin model": State.OK, "belts model": State.OK}.items()
    assert speed is not None
    assert speed.car_ms is not None
    assert speed.car_ms > 0
    (folder / "belts.toml").unlink()
    findings, speed = examine(folder, folder)
    assert [f.name for f in findings if f.state is State.BROKEN] == ["belts model"]
    assert speed is None


def test_a_damaged_model_is_broken(tmp_path: Path) -> None:
    """It is named with its checksums; the rest is looked at all the same, the speed is not measured."""
    folder = write_models(tmp_path)
    (folder / "heads.onnx").write_bytes(b"other")
    found = answer("--models", str(folder))
    broken = [f for f in found["findings"] if f["state"] == "broken"]
    assert (found["ok"], found["speed"]) == (False, None)
    assert [f["name"] for f in broken] == ["heads model"]
    assert "its sha256 is" in broken[0]["text"]


def test_missing_models_are_broken_and_the_exit_code_says_so(tmp_path: Path) -> None:
    """For people too."""
    result = run("--models", str(tmp_path))
    assert result.exit_code == 1
    assert "broken  road model" in result.stdout
    assert "The speed was not measured" in result.stdout


@pytest.mark.parametrize(("is_needed", "state"), [(True, State.BROKEN), (False, State.NOTE)])
def test_a_kind_of_video_that_cannot_be_tried_is_told(
    monkeypatch: pytest.MonkeyPatch, is_needed: bool, state: State
) -> None:
    """Broken where it is needed, else a note."""
    monkeypatch.setattr(tempfile, "tempdir", "/nonexistent")
    finding, spent = decoder("H.264", Encoder.H264, is_needed)
    assert (finding.state, spent) == (state, None)
    assert "no clip could be made" in finding.text


def test_a_full_disk_is_broken(tmp_path: Path) -> None:
    """/proc has no room at all."""
    assert free_disk(tmp_path).state is State.OK
    assert free_disk(Path("/proc")).state is State.BROKEN


def test_cores_are_those_of_this_process() -> None:
    """At least the one that runs this."""
    assert int(cores().text.split(",")[0]) >= 1


def test_people_get_a_line_for_each_finding(capsys: pytest.CaptureFixture[str]) -> None:
    """Text in square brackets is shown as it is."""
    show([Finding("av", State.NOTE, "[red] herring")], Speed(1.0, 20.0, 4.0, 9.5, 40.0, 3.77))
    shown = capsys.readouterr().out
    assert "note    av           [red] herring" in shown
    assert "40 frames a second" in shown
    assert "a car with two people 9.5 ms" in shown
    assert "3.8 live cameras per core" in shown
