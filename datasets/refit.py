"""Labels of heads brought to one convention and completed, by a head model trained on all sources before.

Sources draw heads a little differently (the helmet alone, with the face, down to the shoulders) and now and then miss
one. A model that has seen them all draws the mean of their habits.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.boxes import iou
from helmetbelt.detector.detections import Detections

Heads = tuple[NDArray[np.float32], NDArray[np.int64]]
"""(n, 4) boxes and (n,) class ids."""

SAME_IOU, SAME_SCORE = 0.35, 0.4
"""A found head is the labelled one from this overlap and score on."""

NEW_IOU = 0.15
MISSED_SCORE, UNSAID_SCORE = 0.65, 0.4
"""Least score of a head that the source missed, and of one whose class the source doesn't label."""


@dataclass(slots=True)
class RefitCounts:
    """What was done to the labels.

    Attributes:
        kept: labels that no found head matched; as they were.
        moved: labels drawn half-way to the found head.
        filled: heads added where the source has none.
    """

    kept: int = 0
    moved: int = 0
    filled: int = 0


def refit(labelled: Heads, found: Detections, said: frozenset[int], counts: RefitCounts) -> Heads:
    """The labels, half-way to what a model found, and the heads that the source leaves out.

    Args:
        labelled: boxes in pixels of the crop.
        found: in the same crop.
        said: class ids that the source labels wherever they occur.
        counts: is added to.
    """
    boxes, class_id = labelled
    overlap = iou(boxes, found.xyxy)
    moved = boxes.copy()
    for row in range(len(boxes)):
        best = int(overlap[row].argmax()) if len(found) else -1
        same = best >= 0 and overlap[row, best] >= SAME_IOU and found.score[best] >= SAME_SCORE
        if same:
            moved[row] = (boxes[row] + found.xyxy[best]) / 2
        counts.moved += same
        counts.kept += not same
    more = found[_left_out(boxes, found, overlap, said)]
    counts.filled += len(more)
    return np.concatenate([moved, more.xyxy]).astype(np.float32), np.concatenate([class_id, more.class_id])


def _left_out(
    boxes: NDArray[np.float32], found: Detections, overlap: NDArray[np.float64], said: frozenset[int]
) -> NDArray[np.bool_]:
    is_said = np.isin(found.class_id, list(said))
    sure = found.score >= np.where(is_said, MISSED_SCORE, UNSAID_SCORE)
    return np.asarray(sure & (overlap.max(0) < NEW_IOU if len(boxes) else True), np.bool_)
