"""Writes untrained detectors of other architectures, whose speed `benchmarks/models.py` measures.

Runs in the training environment. Each is written as it would be shipped, with random weights, two classes and an open
size; the name says what it is. The ReLU form is also written in INT8, calibrated on noise: its speed doesn't depend on
the weights.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from helmetbelt.datasets.activations import exchange_activations
from helmetbelt.datasets.export import export_onnx
from helmetbelt.datasets.quantize import quantize
from helmetbelt.datasets.training_environment import detection_model

RELU = " ReLU"
ARCHITECTURES = ("yolo26n", "yolo26n" + RELU, "yolo11n", "yolo26s", "yolo11s")


def main() -> None:
    """Writes those that aren't there yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(1).integers(0, 256, (4, 1, 192, 320, 3), np.uint8)
    for name in ARCHITECTURES:
        onnx_file = folder / f"{name}.onnx"
        if not onnx_file.exists():
            written(name, onnx_file)
        if name.endswith(RELU) and not (folder / f"{name} INT8.onnx").exists():
            quantize(onnx_file, folder / f"{name} INT8.onnx", list(noise))


def written(name: str, onnx_file: Path) -> None:
    """One architecture."""
    import torch

    model = detection_model(name.removesuffix(RELU), 2)
    if name.endswith(RELU):
        exchange_activations(model)
    settle(model)
    weights = onnx_file.with_suffix(".pt")
    torch.save({"epoch": -1, "model": model, "train_args": {}}, weights)
    export_onnx(weights, onnx_file, 384, 640, any_shape=True)
    weights.unlink()


def settle(model: Any) -> None:
    """Gives every normalisation the mean and variance of noise; without, values fade to nothing over the layers.

    Numbers that small are slow on some processors, and have no range that could be quantised.
    """
    import torch

    for norm in (m for m in model.modules() if isinstance(m, torch.nn.BatchNorm2d)):
        norm.momentum = None
        norm.reset_running_stats()
    with torch.no_grad():
        model.train()(torch.rand(2, 3, 192, 320))
    model.eval()


if __name__ == "__main__":
    main()
