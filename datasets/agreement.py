"""How far two models, or one model in two precisions, see the same."""

from collections.abc import Sequence

import numpy as np

from helmetbelt.datasets.bootstrap import Interval, divided, interval, scene_weights
from helmetbelt.datasets.boxes import iou
from helmetbelt.detector.detections import Detections

AGREED_IOU = 0.7


def agreement(ours: Sequence[Detections], theirs: Sequence[Detections], groups: Sequence[str]) -> Interval:
    """F1 of one model's boxes with the other's taken as the truth: same class, IoU of 0.7 at least, each box once.

    Args:
        ours: of each picture, at the working threshold.
        theirs: of the same pictures.
        groups: the scene of each picture, the unit of the interval.

    Returns:
        1 where both see the same; n is the number of boxes of both together.
    """
    shared = np.array([pairs(a, b) for a, b in zip(ours, theirs, strict=True)], np.float64)
    both = np.array([len(a) + len(b) for a, b in zip(ours, theirs, strict=True)], np.float64)
    weight = scene_weights(groups)
    return interval(divided(2 * (weight @ shared), weight @ both), int(both.sum()))


def pairs(a: Detections, b: Detections) -> int:
    """How many boxes of `a` have a partner in `b`, the best overlap first."""
    overlap = iou(a.xyxy, b.xyxy) * (a.class_id[:, None] == b.class_id[None, :])
    found = 0
    while overlap.size and overlap.max() >= AGREED_IOU:
        i, j = np.unravel_index(int(overlap.argmax()), overlap.shape)
        overlap[i, :] = overlap[:, j] = 0
        found += 1
    return found
