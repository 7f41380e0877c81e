"""The belt model: the first stages of a detector that knows the street, a map of the strap, three answers.

Needs the training environment: this module imports torch. The picture is standardised inside (mean and spread of its
own grey levels), so that a veil or darkness changes little. The map is trained where straps were drawn or are known to
be absent, and its strongest cells are part of what the answer is made of.
"""

from pathlib import Path
from typing import Any

import torch
from torch import nn

from helmetbelt.datasets.training_environment import yolo

STAGES = 7
"""Layers of the detector's backbone that are kept, down to 1/16 of the picture."""

FINE = 4
"""The kept layer of 1/8 of the picture, where a strap is still a line."""

LEAST_SPREAD = 3.0
"""Grey levels: a picture without anything in it isn't blown up further."""


class BeltNetwork(nn.Module):  # type: ignore[misc]
    """From pictures to logits of belted, unbelted, unclear, and the logits of the strap's map."""

    def __init__(self, stages: Any) -> None:
        super().__init__()
        self.stages = stages
        fine, coarse = 128, 128
        self.strap = nn.Sequential(nn.Conv2d(fine + coarse, 48, 3, padding=1), nn.SiLU(), nn.Conv2d(48, 1, 1))
        self.mix = nn.Sequential(
            nn.Conv2d(fine + coarse + 1, 64, 3, 2, 1), nn.SiLU(), nn.Conv2d(64, 64, 3, 2, 1), nn.SiLU()
        )
        self.answer = nn.Sequential(nn.Dropout(0.3), nn.Linear(64 * 4 * 4 + 2, 3))

    def forward(self, pictures: Any) -> tuple[Any, Any]:
        """(n, 3) logits and (n, 16, 16) logits of the map, of (n, 3, 128, 128) RGB from 0 to 255."""
        mean = pictures.mean((1, 2, 3), keepdim=True)
        spread = ((pictures - mean) ** 2).mean((1, 2, 3), keepdim=True).sqrt() + LEAST_SPREAD
        seen = 0.45 + 0.22 * (pictures - mean) / spread
        fine = seen
        for number, stage in enumerate(self.stages):
            seen = stage(seen)
            if number == FINE:
                fine = seen
        both = torch.cat([fine, nn.functional.interpolate(seen, scale_factor=2.0, mode="nearest")], 1)
        strap = self.strap(both)
        mixed = self.mix(torch.cat([both, strap.sigmoid()], 1)).flatten(1)
        strongest = torch.cat([strap.sigmoid().amax((2, 3)), strap.sigmoid().mean((2, 3)) * 10], 1)
        return self.answer(torch.cat([mixed, strongest], 1)), strap[:, 0]


class Shipped(nn.Module):  # type: ignore[misc]
    """What is exported: pictures as OpenCV gives them to probabilities."""

    def __init__(self, network: BeltNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: Any) -> Any:
        """(n, 3) probabilities of (n, 128, 128, 3) uint8 BGR."""
        planes = pictures.permute(0, 3, 1, 2).to(torch.float32).flip(1)
        logits, _ = self.network(planes)
        return logits.softmax(1)


def new_network(start: Path, seed: int) -> BeltNetwork:
    """The network with the first stages of a detector's weights.

    Raises:
        ModelFileError: no such weights.
        TrainingEnvironmentError: ultralytics isn't installed here.
    """
    torch.manual_seed(seed)
    return BeltNetwork(yolo(start).model.model[:STAGES].float())


def load_network(weights: Path, start: Path) -> BeltNetwork:
    """A trained network.

    Args:
        weights: written by `belt_training.train_belts`.
        start: the detector whose stages it began with, for its shape.
    """
    network = new_network(start, 0)
    network.load_state_dict(torch.load(weights, weights_only=True)["network"])
    network.eval()
    return network
