"""A second look in more detail: vehicles that are a few pixels large in a model's usual input."""

import numpy as np

from helmetbelt.detector.decode import without_doubles
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
    return without_doubles(every, SAME_IOU)
