"""A training that is killed goes on after its last finished epoch. Runs in the training environment."""

import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from builders_labels import noise, write_picture

from helmetbelt.datasets.from_onnx import write_start
from helmetbelt.datasets.yolo_files import YoloFolder
from helmetbelt.detector.card import read_card

KILL = """
import os, signal
from ultralytics.utils.callbacks import default_callbacks
default_callbacks["on_model_save"].append(lambda trainer: os.kill(os.getpid(), signal.SIGKILL))
"""

TRAIN = """
import sys
from pathlib import Path
from helmetbelt.datasets.training import Recipe, train
root = Path(sys.argv[1])
print(train(Recipe("", 64, 2, 2, 0.0001, 0.1, 0.0, 1), root / "set/data.yaml", root / "start.pt", root / "run"))
"""


def run(code: str, root: Path) -> subprocess.CompletedProcess[str]:
    """A training in a process of its own."""
    return subprocess.run([sys.executable, "-c", code, root], capture_output=True, text=True, cwd=root)


def test_a_killed_training_goes_on(tmp_path: Path) -> None:
    """Epoch 1 is not trained again, epoch 2 is; a third call trains nothing."""
    pytest.importorskip("ultralytics", reason="needs the training environment (make train-env)")
    folder = YoloFolder(tmp_path / "set", ("helmet", "bare"))
    for k in range(4):
        boxes = (np.array([[10, 10, 40, 40]], np.float32), np.array([k % 2]))
        folder.add("val" if k == 3 else "train", "own", str(k), noise(k, 64, 64), boxes)
    folder.close({}, 1)
    shown = [write_picture(tmp_path / f"{k}.png", k, 64, 64) for k in range(2)]
    write_start(read_card("heads").path, ("helmet", "bare"), shown, 64, tmp_path / "start.pt")

    killed = run(KILL + TRAIN, tmp_path)
    assert killed.returncode == -9, killed.stderr
    before = epochs(tmp_path)
    assert [row["epoch"] for row in before] == ["1"]
    assert not (tmp_path / "run/finished").exists()

    done = run(TRAIN, tmp_path)
    assert done.returncode == 0, done.stderr
    assert [row["epoch"] for row in epochs(tmp_path)] == ["1", "2"]
    assert epochs(tmp_path)[0] == before[0]
    assert done.stdout.splitlines()[-1] == str(tmp_path / "run/weights/best.pt")
    assert (tmp_path / "run/weights/best.pt").is_file()

    again = run(TRAIN, tmp_path)
    assert again.stdout.splitlines() == [str(tmp_path / "run/weights/best.pt")]


def epochs(root: Path) -> list[dict[str, str]]:
    """The finished epochs by ultralytics' own log."""
    with (root / "run/results.csv").open(newline="") as lines:
        return list(csv.DictReader(lines))
