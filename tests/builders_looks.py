"""Looks of the second models at a vehicle that stands still in the picture."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from helmetbelt.detector.cabins import Cabin
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


CAR: Box = (100, 100, 400, 300)
GLASS: Box = (150, 110, 350, 180)

Occupant = tuple[float, float, float]
"""Middle as a share of the windshield's width, and the belt model's probabilities of belted and of unclear."""

DRIVER_X, PASSENGER_X = 0.75, 0.25


def cabin(*people: Occupant, px: float = 60, glass: Box | None = GLASS, score: float = 0.8) -> Cabin:
    """A windshield with these people behind it, all `px` high."""
    x1, y1, x2, _ = GLASS
    boxes = [(x1 + x * (x2 - x1) - 30, y1, x1 + x * (x2 - x1) + 30, y1 + px) for x, _, _ in people]
    belts = [(belted, max(1 - belted - unclear, 0.0), unclear) for _, belted, unclear in people]
    return Cabin(
        _detections([] if glass is None else [glass], 0, score),
        _detections(boxes, 1, score),
        np.array(belts, np.float32).reshape(-1, 3),
    )


def car_look(seconds: float, inside: Cabin, quality: float = 100, car: Box = CAR) -> Look:
    """One look into a car."""
    return Look(moment(seconds, car), quality, (0, 100), cabin=inside)


def _detections(boxes: Sequence[Box], class_id: int, score: float) -> Detections:
    n = len(boxes)
    xyxy = np.array(boxes, np.float32).reshape(-1, 4)
    return Detections(xyxy, np.full(n, score, np.float32), np.full(n, class_id, np.int64))
