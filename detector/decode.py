"""A YOLO model's output as boxes: both forms are told apart by their shape."""

from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.detections import Detections
from helmetbelt.detector.errors import ModelDamagedError

Floats = NDArray[np.float32]

MOST_BOXES = 300
"""Boxes of one picture at most, and the rows of an end-to-end output."""

SAME_IOU = 0.7
"""Above it two boxes of one class are the same thing."""


class Layout(StrEnum):
    """Form of a model's output.

    `RAW` is (N, 4 + classes, anchors): centre x, centre y, width, height, one score for each class.
    `END_TO_END` is (N, up to 300, 6): left, top, right, bottom, score, class.
    """

    RAW = "raw"
    END_TO_END = "end_to_end"


def find_layout(shape: tuple[int, ...], class_count: int, wanted: Layout | None = None) -> Layout:
    """The form of an output, from its shape alone.

    Args:
        shape: of the output of one run.
        class_count: classes of the model.
        wanted: what the card says; decides where the shape allows both.

    Raises:
        ModelDamagedError: the shape is neither form, or not the one wanted, or could be both.
    """
    fits = []
    if len(shape) == 3 and shape[1] == 4 + class_count:
        fits.append(Layout.RAW)
    if len(shape) == 3 and shape[2] == 6 and shape[1] <= MOST_BOXES:
        fits.append(Layout.END_TO_END)
    if wanted is not None:
        fits = [f for f in fits if f is wanted]
    if len(fits) != 1:
        problem = "could be both" if fits else "is neither"
        asked = f" (the card says {wanted})" if wanted else ""
        raise ModelDamagedError(
            f"output {shape} {problem} for {class_count} classes{asked}: expected raw"
            f" (N, {4 + class_count}, anchors) or end_to_end (N, up to {MOST_BOXES}, 6)"
        )
    return fits[0]


def decode(output: Floats, layout: Layout, class_count: int, min_score: float) -> Detections:
    """Boxes of one picture in pixels of the model's input, best score first, doubles removed.

    Args:
        output: (4 + classes, anchors) or (rows, 6), one picture of the batch.
        layout: its form.
        class_count: classes of the model.
        min_score: boxes below it are dropped.

    Raises:
        ModelDamagedError: an end-to-end output names a class that the model doesn't have.
    """
    if layout is Layout.RAW:
        found = _decode_raw(output, min_score)
    else:
        found = _decode_end_to_end(output, class_count, min_score)
    return without_doubles(found)


def without_doubles(found: Detections, iou: float = SAME_IOU) -> Detections:
    """Greedy non-maximum suppression inside each class; best score first, at most `MOST_BOXES`."""
    if not len(found):
        return found
    xywh = np.concatenate([found.xyxy[:, :2], found.xyxy[:, 2:] - found.xyxy[:, :2]], axis=1)
    # The type stub asks for sequences of rectangles; arrays are what it takes fastest.
    keep = cv2.dnn.NMSBoxesBatched(xywh, found.score, found.class_id, 0.0, iou)  # type: ignore[arg-type]
    return found[np.asarray(keep, np.intp)[:MOST_BOXES]]


def _decode_raw(output: Floats, min_score: float) -> Detections:
    scores = output[4:]
    likely = np.flatnonzero(scores.max(axis=0) >= min_score)
    picked = output[:, likely]
    centre, half = picked[:2].T, picked[2:4].T / 2
    return Detections(
        np.concatenate([centre - half, centre + half], axis=1).astype(np.float32),
        picked[4:].max(axis=0).astype(np.float32),
        picked[4:].argmax(axis=0).astype(np.int64),
    )


def _decode_end_to_end(output: Floats, class_count: int, min_score: float) -> Detections:
    rows = output[output[:, 4] >= min_score]
    class_id = rows[:, 5].astype(np.int64)
    if np.any((class_id < 0) | (class_id >= class_count)):
        raise ModelDamagedError(f"output names class {class_id.max()}, the model has {class_count} classes")
    return Detections(rows[:, :4].astype(np.float32), rows[:, 4].astype(np.float32), class_id)
