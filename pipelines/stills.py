"""What is in one still picture: no track, no votes, every box with its score."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.cabins import Cabin
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.letterbox import Image
from helmetbelt.detector.perception import Perception
from helmetbelt.pipelines.belts import still_status
from helmetbelt.pipelines.front_seats import owned_cabins, roles_of
from helmetbelt.pipelines.passages import Role, Status
from helmetbelt.pipelines.rules import JudgeRules, Wheel, belt_rules
from helmetbelt.pipelines.seats import assign_heads

SAME_HEAD_IOU = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Interior:
    """What was found behind the windshield of one car.

    Attributes:
        cabin: boxes and scores, those of the cabin model.
        roles: one for each occupant, by its place.
        statuses: one for each occupant, by this picture alone.
    """

    cabin: Cabin
    roles: tuple[Role, ...]
    statuses: tuple[Status, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What was found in one picture.

    Attributes:
        two_wheelers: best score first.
        heads: one for each two-wheeler, class 0 helmet, class 1 bare.
        cars: best score first.
        interiors: one for each car; empty ones without a cabin model.
    """

    two_wheelers: Detections
    heads: list[Detections]
    cars: Detections
    interiors: list[Interior]


def look(perception: Perception, image: Image, min_score: float | None, wheel: Wheel = Wheel.LEFT) -> Sight:
    """What is in a picture.

    Args:
        perception: the models.
        image: only read.
        min_score: of vehicles, heads, windshields and occupants; None is the working threshold of each model's card.
        wheel: of the cars.

    Raises:
        ModelDamagedError: the belt model's card doesn't say what the judge must know.
    """
    sure_score = perception.road_model.card.min_score
    head_score = perception.head_model.card.min_score if min_score is None else min_score
    found = perception.road_users(image, sure_score if min_score is None else min_score)
    two_wheelers, cars = found[found.class_id == 0], found[found.class_id == 1]
    heads = perception.heads(image, two_wheelers.xyxy, head_score)
    belt = belt_rules(perception)
    interiors = [Interior(Cabin.empty(), (), ()) for _ in range(len(cars))]
    if belt is not None:
        cabins = perception.cabins(image, cars.xyxy, belt.min_score if min_score is None else min_score)
        cabins = owned_cabins(cars.xyxy, cabins, cars.score >= sure_score)
        interiors = [_interior(c, car, belt, wheel) for c, car in zip(cabins, cars.xyxy, strict=True)]
    return Sight(two_wheelers, _owned(two_wheelers, heads, sure_score), cars, interiors)


def _interior(cabin: Cabin, car_xyxy: NDArray[np.float32], belt: JudgeRules, wheel: Wheel) -> Interior:
    heights = cabin.occupants.xyxy[:, 3] - cabin.occupants.xyxy[:, 1]
    statuses = tuple(still_status(b, float(h), belt) for b, h in zip(cabin.belts, heights, strict=True))
    return Interior(cabin, tuple(roles_of(cabin, car_xyxy, belt.min_score, wheel)), statuses)


def _owned(two_wheelers: Detections, heads: list[Detections], sure_score: float) -> list[Detections]:
    """Each head at one two-wheeler; a doubtful two-wheeler gets only what the sure ones leave.

    So what is found at a low score contains what is found at the working threshold.
    """
    owned = [Detections.empty() for _ in heads]
    sure = two_wheelers.score >= sure_score
    for group in (np.flatnonzero(sure), np.flatnonzero(~sure)):
        taken = [o.xyxy for o in owned]
        free = [_apart_from(heads[i], np.concatenate([np.zeros((0, 4), np.float32), *taken])) for i in group]
        for i, own in zip(group, assign_heads(two_wheelers.xyxy[group], free), strict=True):
            owned[i] = own
    return owned


def _apart_from(heads: Detections, taken_xyxy: NDArray[np.float32]) -> Detections:
    """Those heads that are none of the taken ones."""
    a, b = heads.xyxy[:, None], taken_xyxy[None]
    sides = np.clip(np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2]), 0, None)
    shared = sides.prod(axis=2)
    areas = [(x[..., 2:] - x[..., :2]).prod(axis=2) for x in (a, b)]
    is_taken = shared > SAME_HEAD_IOU * (areas[0] + areas[1] - shared)
    return heads[~is_taken.any(axis=1)]
