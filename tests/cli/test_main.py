"""The command as a whole: its list, its errors, what it loads."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from builders_evaluate import COMMAND, helmetbelt

from helmetbelt.cli.main import COMMANDS, loaded

HEAVY = ("torch", "ultralytics", "matplotlib", "av", "ray", "cv2", "onnxruntime", "fastapi", "sqlalchemy")


def test_every_command_is_listed_with_its_summary(capsys: pytest.CaptureFixture[str]) -> None:
    """`helmetbelt --help` is the table of contents."""
    said = helmetbelt(capsys, "--help")
    assert said.code == 0
    for name, entry in COMMANDS.items():
        assert name in said.out
        assert entry.summary in said.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_of_its_own(capsys: pytest.CaptureFixture[str], name: str) -> None:
    """And its module can be loaded."""
    assert loaded(name, COMMANDS[name]).help
    said = helmetbelt(capsys, name, "--help")
    assert said.code == 0
    assert f"helmetbelt {name}" in said.out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """One line, for bug reports."""
    said = helmetbelt(capsys, "--version")
    assert said.out.startswith("helmetbelt ")
    assert said.code == 0


def test_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """With the exit code of a usage error."""
    said = helmetbelt(capsys, "evalute")
    assert said.code == 2
    assert "evalute" in said.err


def test_refusal_is_one_line_without_a_traceback(tmp_path: Path) -> None:
    """Through the installed command, as a person meets it."""
    done = subprocess.run(
        [COMMAND, "evaluate", tmp_path / "none.mp4", "--out", tmp_path / "out"], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stderr == f"helmetbelt: {tmp_path / 'none.mp4'}: no such file\n"


@pytest.mark.parametrize("module", ["helmetbelt.cli", "helmetbelt.cli.main"])
def test_commands_load_nothing_heavy_until_they_run(module: str) -> None:
    """`--help` answers at once, and training never comes along."""
    code = f"import json, sys, {module}; print(json.dumps(list(sys.modules)))"
    modules = json.loads(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    )
    assert [m for m in HEAVY if m in modules] == []


def test_evaluate_loads_neither_training_nor_a_second_decoder() -> None:
    """PyAV comes with the annotated video only."""
    code = "import json, sys, helmetbelt.cli.evaluate; print(json.dumps(list(sys.modules)))"
    modules = json.loads(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    )
    assert [m for m in ("torch", "ultralytics", "matplotlib", "av", "ray", "fastapi") if m in modules] == []
