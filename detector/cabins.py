"""What is seen in a car: its windshield, the people behind it, and what the belt model says of each."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.crops import cabin_crop_xyxy, occupant_crop_xyxy
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.finder import Finder
from helmetbelt.detector.letterbox import Image
from helmetbelt.detector.namer import Namer

Floats = NDArray[np.float32]
Crop = tuple[int, int, int, int]

CABIN_CLASSES = ("windshield", "occupant")
BELT_CLASSES = ("belted", "unbelted", "unclear")

SMALLEST_CAR_PX = 24
"""A car crop with a shorter side than this is not looked at: an occupant in it would be four or five pixels."""

ASIDE, ABOVE = 0.10, 0.25
"""How far outside the windshield the middle of an occupant's box may lie, as shares of its width and height.
One of 167 labelled occupants is farther out."""


@dataclass(frozen=True, slots=True, eq=False)
class Cabin:
    """The inside of one car as seen from the front; boxes in pixels of the frame.

    Attributes:
        windshield: none or one.
        occupants: those behind it, best score first; where no windshield was found, all that were.
        belts: (n, 3) float32, probabilities of `BELT_CLASSES` for each occupant.
    """

    windshield: Detections
    occupants: Detections
    belts: Floats

    def __post_init__(self) -> None:
        expected = (len(self.occupants), len(BELT_CLASSES))
        if len(self.windshield) > 1 or self.belts.shape != expected:
            raise ValueError(
                f"{len(self.windshield)} windshields, belts {self.belts.shape}: expected at most one, {expected}"
            )

    @classmethod
    def empty(cls) -> Self:
        """A car of which nothing is seen inside."""
        return cls(Detections.empty(), Detections.empty(), np.zeros((0, len(BELT_CLASSES)), np.float32))

    def with_occupants(self, pick: NDArray[np.bool_] | NDArray[np.intp]) -> Self:
        """The same cabin with some of its occupants, in the order picked."""
        return type(self)(self.windshield, self.occupants[pick], self.belts[pick])


class CabinReader:
    """The cabin model and the belt model, one after the other. Any number of threads may use it.

    Attributes:
        cabin_model: finds `CABIN_CLASSES` in crops of cars.
        belt_model: names `BELT_CLASSES` in crops of occupants.
    """

    def __init__(self, cabin_model: Finder, belt_model: Namer) -> None:
        self.cabin_model, self.belt_model = cabin_model, belt_model

    def read(self, image: Image, cars_xyxy: Floats, min_score: float) -> list[Cabin]:
        """The cabin of each car; one run over all cars, one over all their occupants.

        Args:
            image: the frame in full resolution.
            cars_xyxy: (n, 4) pixels of the image.
            min_score: windshields and occupants below it are dropped.

        Returns:
            n; empty where the car is too small to look at.
        """
        height, width = image.shape[:2]
        crops = [cabin_crop_xyxy(box, width, height) for box in cars_xyxy]
        large = [i for i, (x1, y1, x2, y2) in enumerate(crops) if min(x2 - x1, y2 - y1) >= SMALLEST_CAR_PX]
        found = self.cabin_model.find_each([cut(image, crops[i]) for i in large], min_score)
        sure = self.cabin_model.card.min_score
        parts = [own_cabin(moved(seen, crops[i]), cars_xyxy[i], sure) for i, seen in zip(large, found, strict=True)]
        belts = self._belts(image, [box for _, of in parts for box in of.xyxy])
        cabins, first = [Cabin.empty() for _ in crops], 0
        for i, (windshield, of) in zip(large, parts, strict=True):
            cabins[i] = Cabin(windshield, of, belts[first : first + len(of)])
            first += len(of)
        return cabins

    def _belts(self, image: Image, occupants_xyxy: list[Floats]) -> Floats:
        crops = [occupant_crop_xyxy(box, image.shape[1], image.shape[0]) for box in occupants_xyxy]
        return self.belt_model.name_each([cut(image, crop) for crop in crops])


def own_cabin(found: Detections, car_xyxy: Floats, sure_score: float) -> tuple[Detections, Detections]:
    """The windshield and the occupants of the car that a crop is about; neighbours may reach into it.

    A windshield at `sure_score` or more comes before any below it, so that looking for doubtful ones too changes
    nothing that was sure.

    Args:
        found: windshields (class 0) and occupants (class 1), best score first.
        car_xyxy: (4,) in the same pixels.
        sure_score: working threshold of the model.
    """
    glass, people = found[found.class_id == 0], found[found.class_id == 1]
    if not len(glass):
        return glass, people
    worth = glass.score * windshield_fit(glass.xyxy, car_xyxy) + (glass.score >= sure_score)
    best = glass[np.array([int(worth.argmax())], np.intp)]
    if float(best.score[0]) >= sure_score:
        people = people[are_behind(people.xyxy, best.xyxy[0])]
    return best, people


def windshield_fit(windshields_xyxy: Floats, car_xyxy: Floats) -> Floats:
    """(n,) how well each windshield fits a car, 0..1: its share inside the car's box times its share of the width."""
    inner = np.clip(windshields_xyxy, np.tile(car_xyxy[:2], 2), np.tile(car_xyxy[2:], 2))
    inside = _area(inner) / np.maximum(_area(windshields_xyxy), 1e-6)
    wide = (windshields_xyxy[:, 2] - windshields_xyxy[:, 0]) / max(float(car_xyxy[2] - car_xyxy[0]), 1e-6)
    return np.asarray(inside * np.minimum(wide, 1.0), np.float32)


def are_behind(occupants_xyxy: Floats, windshield_xyxy: Floats) -> NDArray[np.bool_]:
    """(n,) whether each occupant is seen through this windshield."""
    size = windshield_xyxy[2:] - windshield_xyxy[:2]
    margin = size * np.array([ASIDE, ABOVE], np.float32)
    middle = (occupants_xyxy[:, :2] + occupants_xyxy[:, 2:]) / 2
    low, high = windshield_xyxy[:2] - margin, windshield_xyxy[2:] + margin
    return np.asarray(((middle >= low) & (middle <= high)).all(axis=1))


def cut(image: Image, crop: Crop) -> Image:
    """A view of a part of a picture."""
    return image[crop[1] : crop[3], crop[0] : crop[2]]


def moved(found: Detections, crop: Crop) -> Detections:
    """Boxes of a crop as boxes of the picture that it was cut from."""
    return Detections(found.xyxy + np.array(crop[:2] * 2, np.float32), found.score, found.class_id)


def _area(xyxy: Floats) -> Floats:
    return np.asarray(np.prod(xyxy[:, 2:] - xyxy[:, :2], axis=1), np.float32)
