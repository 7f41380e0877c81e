"""Two-wheelers with their riders, put together from what a COCO model sees: machines, and the persons on them."""

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.boxes import cover, iou
from helmetbelt.detector.detections import Detections

PERSON, BICYCLE, MOTORCYCLE = 0, 1, 3
"""In COCO's order of 80 classes."""

PERSON_SCORE, MACHINE_SCORE = 0.35, 0.35
ON_IT = 0.2
"""Least share of a person's box inside the machine's (widened a little): less stands beside or behind it."""

WIDER = 0.15
SAME_IOU = 0.6


def ridden(seen: Detections) -> NDArray[np.float32]:
    """Boxes around each machine and the persons that sit on it; machines without a rider are left out.

    Args:
        seen: by a COCO model, pixels of the picture.

    Returns:
        (n, 4) pixels of the picture, without doubles.
    """
    persons = seen.xyxy[(seen.class_id == PERSON) & (seen.score >= PERSON_SCORE)]
    is_machine = np.isin(seen.class_id, (BICYCLE, MOTORCYCLE)) & (seen.score >= MACHINE_SCORE)
    machines = seen[is_machine]
    kept: list[NDArray[np.float32]] = []
    for machine in machines.xyxy[np.argsort(-machines.score, kind="stable")]:
        riders = persons[_sits(persons, machine)]
        if not len(riders):
            continue
        together = np.concatenate([riders, machine[None]])
        box = np.concatenate([together[:, :2].min(0), together[:, 2:].max(0)]).astype(np.float32)
        if not kept or iou(box[None], np.array(kept)).max() < SAME_IOU:
            kept.append(box)
    return np.array(kept, np.float32).reshape(-1, 4)


def _sits(persons: NDArray[np.float32], machine: NDArray[np.float32]) -> NDArray[np.bool_]:
    """A rider's middle is over the machine, the seat is above its wheels, and the feet don't reach far below."""
    if not len(persons):
        return np.zeros(0, np.bool_)
    width, height = machine[2] - machine[0], machine[3] - machine[1]
    wide = machine + np.array([-WIDER * width, 0, WIDER * width, 0], np.float32)
    middle = (persons[:, 0] + persons[:, 2]) / 2
    over = (middle >= machine[0]) & (middle <= machine[2])
    seated = persons[:, 1] < machine[1] + 0.35 * height
    lifted = persons[:, 3] <= machine[3] + 0.15 * height
    return np.asarray(over & seated & lifted & (cover(persons, wide[None])[:, 0] >= ON_IT), np.bool_)
