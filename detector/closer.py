"""A second look in more detail: vehicles that are a few pixels large in a model's usual input."""

import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.detections import Detections
from helmetbelt.detector.finder import Finder
from helmetbelt.detector.letterbox import Image

LONGEST_PX, LEAST_GAIN = 1280, 1.4
"""Longer side of the second look's input, and how many times the usual one it must be to be worth its time."""

TALLEST = 0.4
"""Share of the picture's height: what is taller the usual look sees better, the second sees parts of it."""

SAME_IOU = 0.6
STRIDE = 32


def closer_px(finder: Finder, picture_hw: tuple[int, int]) -> int | None:
    """Longer side of the second look's input; None where the picture holds no more detail than the first look shows."""
    longer = min(max(picture_hw) // STRIDE * STRIDE, LONGEST_PX)
    return longer if finder.is_open and longer >= LEAST_GAIN * max(finder.card.input_px) else None


def find_closely(finder: Finder, image: Image, min_score: float) -> Detections:
    """What a model sees at its usual input and, of a large picture, once more in detail; best score first.

    Args:
        finder: one that leaves height and width open; any other looks once.
        image: (height, width, 3) BGR.
        min_score: boxes below it are dropped.
    """
    usual = finder.find(image, min_score)
    longer = closer_px(finder, (image.shape[0], image.shape[1]))
    if longer is None:
        return usual
    close = finder.find(image, min_score, longer)
    tall = close.xyxy[:, 3] - close.xyxy[:, 1]
    return united(usual, close[tall <= TALLEST * image.shape[0]])


def united(a: Detections, b: Detections) -> Detections:
    """Boxes of both, best score first; of two of one class on one thing the better score."""
    every = Detections(
        np.concatenate([a.xyxy, b.xyxy]), np.concatenate([a.score, b.score]), np.concatenate([a.class_id, b.class_id])
    )
    rest = every[np.argsort(-every.score, kind="stable")]
    keep: list[int] = []
    for i in range(len(rest)):
        same = [k for k in keep if rest.class_id[k] == rest.class_id[i]]
        if not same or _iou(rest.xyxy[i], rest.xyxy[same]).max() < SAME_IOU:
            keep.append(i)
    return rest[np.array(keep, np.intp)]


def _iou(one: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    sides = np.clip(np.minimum(one[2:], others[:, 2:]) - np.maximum(one[:2], others[:, :2]), 0, None)
    shared = sides.prod(axis=1)
    areas = (others[:, 2:] - others[:, :2]).prod(axis=1) + (one[2:] - one[:2]).prod()
    return np.asarray(shared / np.maximum(areas - shared, 1e-6), np.float32)
