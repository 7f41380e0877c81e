"""The chain of models: road users in a frame, heads in crops of two-wheelers, belts in crops of cars."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.cabins import BELT_CLASSES, CABIN_CLASSES, Cabin, CabinReader, cut, moved
from helmetbelt.detector.card import ModelCard, models_folder
from helmetbelt.detector.closer import find_closely
from helmetbelt.detector.crops import head_crop_xyxy
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.engine import Runtime
from helmetbelt.detector.errors import ModelDamagedError, ModelFileError
from helmetbelt.detector.finder import Finder
from helmetbelt.detector.letterbox import Image
from helmetbelt.detector.namer import Namer

ROAD_CLASSES = ("two_wheeler", "car")
HEAD_CLASSES = ("helmet", "bare")

SMALLEST_CROP_PX = 12
"""A crop with a shorter side than this is not looked at: a head in it would be two or three pixels."""


class Perception:
    """The models that look at frames. Any number of threads may use it at the same time.

    Attributes:
        road_model: finds `ROAD_CLASSES` in frames.
        head_model: finds `HEAD_CLASSES` in crops of two-wheelers.
        cabin_model: finds `CABIN_CLASSES` in crops of cars; None where there is none.
        belt_model: names `BELT_CLASSES` in crops of occupants; None where there is none.
        closely: large pictures are searched for small vehicles a second time, in more detail.
    """

    def __init__(
        self,
        road: Finder,
        heads: Finder,
        cabin: Finder | None = None,
        belts: Namer | None = None,
        *,
        closely: bool = False,
    ) -> None:
        """Puts the models together.

        Raises:
            ModelDamagedError: a model has other classes than its place needs.
            ModelFileError: one of cabin and belt model without the other.
        """
        _check_classes(road.card, ROAD_CLASSES)
        _check_classes(heads.card, HEAD_CLASSES)
        self.road_model, self.head_model = road, heads
        self.cabin_model, self.belt_model = cabin, belts
        self.closely = closely
        self._cabins = _cabin_reader(cabin, belts)

    @property
    def cards(self) -> tuple[ModelCard, ...]:
        """What is known of each model that is there."""
        return tuple(model.card for model in self._models())

    @property
    def run_seconds(self) -> float:
        """Time spent inside the models, summed over all threads."""
        return sum(model.run_seconds for model in self._models())

    def road_users(self, image: Image, min_score: float) -> Detections:
        """Two-wheelers with their riders (class 0) and cars (class 1), pixels of the image."""
        if self.closely:
            return find_closely(self.road_model, image, min_score)
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
        seen = self.head_model.find_each([cut(image, crops[i]) for i in large], min_score)
        answers = [Detections.empty() for _ in crops]
        for i, found in zip(large, seen, strict=True):
            answers[i] = moved(found, crops[i])
        return answers

    def cabins(self, image: Image, cars_xyxy: NDArray[np.float32], min_score: float) -> list[Cabin]:
        """Windshield, occupants and their belts of each car.

        Args:
            image: the frame in full resolution.
            cars_xyxy: (n, 4) pixels of the image.
            min_score: windshields and occupants below it are dropped.

        Returns:
            n, boxes in pixels of the image; empty where the car is too small to look at, and without a cabin model.
        """
        if self._cabins is None:
            return [Cabin.empty() for _ in cars_xyxy]
        return self._cabins.read(image, cars_xyxy, min_score)

    def _models(self) -> list[Finder | Namer]:
        models = (self.road_model, self.head_model, self.cabin_model, self.belt_model)
        return [model for model in models if model is not None]


def load_perception(
    threads: int = 1,
    folder: Path | None = None,
    runtime: Runtime = Runtime.ONNXRUNTIME,
    *,
    closely: bool = False,
) -> Perception:
    """The models of a folder, or those that came with the program.

    Args:
        threads: of one run of a model.
        folder: with road.toml, heads.toml, perhaps both cabin.toml and belts.toml, and the models that they name.
        runtime: what runs them.
        closely: as of `Perception`.

    Raises:
        ModelFileError: a model is missing.
        ModelDamagedError: a model is not what its card says.
        RuntimeAbsentError: the runtime isn't installed.
    """
    folder = folder or models_folder()
    road, heads, cabin, belts = (folder / f"{name}.toml" for name in ("road", "heads", "cabin", "belts"))
    return Perception(
        Finder.load(road, threads, runtime=runtime),
        Finder.load(heads, threads, runtime=runtime),
        Finder.load(cabin, threads, runtime=runtime) if cabin.exists() else None,
        Namer.load(belts, threads, runtime=runtime) if belts.exists() else None,
        closely=closely,
    )


def _cabin_reader(cabin: Finder | None, belts: Namer | None) -> CabinReader | None:
    if cabin is None or belts is None:
        alone = [model.card.path for model in (cabin, belts) if model is not None]
        if alone:
            raise ModelFileError(f"{alone[0]}: a cabin model and a belt model come together, the other is missing")
        return None
    _check_classes(cabin.card, CABIN_CLASSES)
    _check_classes(belts.card, BELT_CLASSES)
    return CabinReader(cabin, belts)


def _check_classes(card: ModelCard, expected: tuple[str, ...]) -> None:
    if card.classes != expected:
        raise ModelDamagedError(f"{card.path}: classes {list(card.classes)}: expected {list(expected)}")
