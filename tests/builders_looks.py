"""Looks of the second model at a vehicle that stands still in the picture."""

from datetime import UTC, datetime, timedelta

import numpy as np

from helmetbelt.detector.detections import Detections
from helmetbelt.pipelines.looks import Look
from helmetbelt.pipelines.passages import Box, Moment

VEHICLE: Box = (100, 100, 220, 300)

Head = tuple[float, float, str]
"""x and y of the middle as shares of the vehicle's box; "helmet" or "bare"."""


def moment(seconds: float, xyxy: Box = VEHICLE) -> Moment:
    """At ten frames a second."""
    start = datetime(2024, 5, 6, 8, tzinfo=UTC)
    return Moment(round(seconds * 10), seconds, start + timedelta(seconds=seconds), xyxy)


def look(
    seconds: float,
    *heads: Head,
    heading: tuple[float, float] = (0, 100),
    quality: float = 100,
    px: float = 36,
    score: float = 0.8,
) -> Look:
    """One look that found these heads, all `px` high."""
    x1, y1, x2, y2 = VEHICLE
    middle = np.array([[x1 + x * (x2 - x1), y1 + y * (y2 - y1)] for x, y, _ in heads]).reshape(-1, 2)
    xyxy = np.concatenate([middle - px / 2, middle + px / 2], axis=1).astype(np.float32)
    classes = np.array([int(kind == "bare") for _, _, kind in heads], np.int64)
    found = Detections(xyxy, np.full(len(heads), score, np.float32), classes)
    return Look(moment(seconds), quality, heading, found)
