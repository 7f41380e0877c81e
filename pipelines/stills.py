"""What is in one still picture: no track, no votes, every box with its score."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.detections import Detections
from helmetbelt.detector.letterbox import Image
from helmetbelt.detector.perception import Perception
from helmetbelt.pipelines.seats import assign_heads

SAME_HEAD_IOU = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What was found in one picture.

    Attributes:
        two_wheelers: best score first.
        heads: one for each two-wheeler, class 0 helmet, class 1 bare.
        cars: best score first.
    """

    two_wheelers: Detections
    heads: list[Detections]
    cars: Detections


def look(perception: Perception, image: Image, min_score: float | None) -> Sight:
    """What is in a picture.

    Args:
        perception: the models.
        image: only read.
        min_score: of vehicles and heads; None is the working threshold of each model's card.
    """
    sure_score = perception.road_model.card.min_score
    head_score = perception.head_model.card.min_score if min_score is None else min_score
    found = perception.road_users(image, sure_score if min_score is None else min_score)
    two_wheelers, cars = found[found.class_id == 0], found[found.class_id == 1]
    heads = perception.heads(image, two_wheelers.xyxy, head_score)
    return Sight(two_wheelers, _owned(two_wheelers, heads, sure_score), cars)


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
