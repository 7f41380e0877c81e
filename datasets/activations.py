"""A detector with another activation, to be trained further: ReLU, whose outputs INT8 holds better and runs faster.

SiLU costs a sigmoid and a product in INT8, and its few negative values take half a step of every range; ReLU is part
of the integer convolution. The weights were made for SiLU, so the exchanged model sees nearly nothing until it has
been trained again; the SiLU model teaches it (distillation of the neck's features and the head's outputs, as
ultralytics does it).
"""

from pathlib import Path
from typing import Any

from helmetbelt.datasets.training_environment import yolo
from helmetbelt.detector.errors import ModelDamagedError

RELU = "torch.nn.ReLU()"
"""As ultralytics' architecture files name it."""


def write_relu_start(weights: Path, start: Path) -> Path:
    """Writes the weights with every SiLU exchanged for a ReLU, as a start for training.

    Args:
        weights: of a detector with SiLU.
        start: the .pt file to write.

    Raises:
        ModelFileError: no such weights.
        ModelDamagedError: there is no SiLU in the model.
        TrainingEnvironmentError: ultralytics isn't installed here.
    """
    model = yolo(weights).model.float()
    import torch

    exchanged = exchange_activations(model)
    if not exchanged:
        raise ModelDamagedError(f"{weights}: no SiLU in it: expected a detector that was trained with SiLU")
    # The trainer builds the model anew from its architecture, which has to name the activation.
    model.yaml["activation"] = RELU
    start.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"epoch": -1, "model": model, "train_args": {}}, start)
    return start


def exchange_activations(model: Any) -> int:
    """Puts a ReLU in the place of every SiLU of a torch module, and says how many there were."""
    from torch import nn

    places = [
        (parent, name) for parent in model.modules() for name, child in parent.named_children()
        if isinstance(child, nn.SiLU)
    ]
    for parent, name in places:
        setattr(parent, name, nn.ReLU(inplace=True))
    return len(places)
