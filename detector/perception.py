"""The chain of models: road users in a frame, then heads in the crops of two-wheelers."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.card import ModelCard, models_folder
from helmetbelt.detector.crops import head_crop_xyxy
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.errors import ModelDamagedError
from helmetbelt.detector.finder import Finder
from helmetbelt.detector.letterbox import Image

ROAD_CLASSES = ("two_wheeler", "car")
HEAD_CLASSES = ("helmet", "bare")

SMALLEST_CROP_PX = 12
"""A crop with a shorter side than this is not looked at: a head in it would be two or three pixels."""


class Perception:
    """The models that look at frames. Any number of threads may use it at the same time.

    Attributes:
        road_model: finds `ROAD_CLASSES` in frames.
        head_model: finds `HEAD_CLASSES` in crops of two-wheelers.
        cabin_model: finds windshields and occupants in crops of cars; None where there is none.
    """

    def __init__(self, road: Finder, heads: Finder, cabin: Finder | None = None) -> None:
        """Puts the models together.

        Raises:
            ModelDamagedError: a model has other classes than its place needs.
        """
        _check_classes(road.card, ROAD_CLASSES)
        _check_classes(heads.card, HEAD_CLASSES)
        self.road_model = road
        self.head_model = heads
        self.cabin_model = cabin

    @property
    def run_seconds(self) -> float:
        """Time spent inside the models, summed over all threads."""
        return self.road_model.run_seconds + self.head_model.run_seconds

    def road_users(self, image: Image, min_score: float) -> Detections:
        """Two-wheelers with their riders (class 0) and cars (class 1), pixels of the image."""
        return self.road_model.find(image, min_score)

    def heads(self, image: Image, vehicles_xyxy: NDArray[np.float32], min_score: float) -> list[Detections]:
        """Helmet heads (class 0) and bare heads (class 1) in the crop of each two-wheeler.

        Args:
            image: the frame in full resolution.
            vehicles_xyxy: (n, 4) two-wheelers, pixels of the image.
            min_score: heads below it are dropped.

        Returns:
            n, boxes in pixels of the image; none where the vehicle is too small to look at.
        """
        height, width = image.shape[:2]
        crops = [head_crop_xyxy(box, width, height) for box in vehicles_xyxy]
        large = [i for i, (x1, y1, x2, y2) in enumerate(crops) if min(x2 - x1, y2 - y1) >= SMALLEST_CROP_PX]
        seen = self.head_model.find_each(
            [image[crops[i][1] : crops[i][3], crops[i][0] : crops[i][2]] for i in large], min_score
        )
        answers = [Detections.empty() for _ in crops]
        for i, found in zip(large, seen, strict=True):
            shift = np.array(crops[i][:2] * 2, np.float32)
            answers[i] = Detections(found.xyxy + shift, found.score, found.class_id)
        return answers


def load_perception(threads: int = 1, folder: Path | None = None) -> Perception:
    """The models of a folder, or those that came with the program.

    Args:
        threads: of one run of a model.
        folder: with road.toml, heads.toml and the models that they name.

    Raises:
        ModelFileError: a model is missing.
        ModelDamagedError: a model is not what its card says.
    """
    folder = folder or models_folder()
    return Perception(Finder.load(folder / "road.toml", threads), Finder.load(folder / "heads.toml", threads))


def _check_classes(card: ModelCard, expected: tuple[str, ...]) -> None:
    if card.classes != expected:
        raise ModelDamagedError(f"{card.path}: classes {list(card.classes)}: expected {list(expected)}")
