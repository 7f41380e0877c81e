"""A detector whose activations were exchanged. Runs in the training environment."""

from pathlib import Path

import pytest

from helmetbelt.datasets.activations import exchange_activations, write_relu_start
from helmetbelt.datasets.training_environment import detection_model, yolo
from helmetbelt.detector.errors import ModelDamagedError, ModelFileError


def test_every_silu_becomes_a_relu(tmp_path: Path) -> None:
    """The weights stay, and the architecture names the activation, for the trainer builds the model anew."""
    torch = pytest.importorskip("torch", reason="needs the training environment (make train-env)")
    weights = tmp_path / "silu.pt"
    torch.save({"epoch": -1, "model": detection_model("yolo26n", 2), "train_args": {}}, weights)
    start = write_relu_start(weights, tmp_path / "run" / "relu.pt")
    before, after = yolo(weights).model, yolo(start).model
    kinds = {type(m).__name__ for m in after.modules()}
    assert "ReLU" in kinds
    assert "SiLU" not in kinds
    assert after.yaml["activation"] == "torch.nn.ReLU()"
    assert all(torch.equal(a.float(), b.float()) for a, b in zip(before.parameters(), after.parameters(), strict=True))
    assert exchange_activations(after) == 0
    with pytest.raises(ModelDamagedError, match=r"relu\.pt: no SiLU in it"):
        write_relu_start(start, tmp_path / "again.pt")


def test_absent_weights_are_named(tmp_path: Path) -> None:
    """Before anything is loaded."""
    with pytest.raises(ModelFileError, match=r"none\.pt: no such weights file"):
        write_relu_start(tmp_path / "none.pt", tmp_path / "relu.pt")
