"""How well heads are found and named, whatever the judge makes of them."""

from collections.abc import Callable, Sequence

import numpy as np

from helmetbelt.datasets.answers import Answer
from helmetbelt.datasets.average_precision import COCO_IOUS, Matches, ap_interval, match, match_heights
from helmetbelt.datasets.bootstrap import Interval, share
from helmetbelt.datasets.boxes import cover
from helmetbelt.datasets.manifest import Label
from helmetbelt.datasets.persons import Person
from helmetbelt.datasets.rows import Row, rows_of
from helmetbelt.detector.crops import head_crop_xyxy
from helmetbelt.detector.detections import Detections

WHOLE_PATH, IN_LABELLED = "whole path", "in labelled two-wheelers"

CLASSES = ((Label.HELMET, "helmet", 0), (Label.BARE, "bare", 1))

IOUS = {"AP30": (0.3,), "AP50": (0.5,), "AP50-95": COCO_IOUS}
"""0.3 beside 0.5: sources draw heads differently, and the product needs the name, not the box's edge."""

SIZES = {
    "heads < 12 px": (0.0, 12.0),
    "heads 12-20 px": (12.0, 20.0),
    "heads 20-40 px": (20.0, 40.0),
    "heads > 40 px": (40.0, np.inf),
}
"""Heights in the picture, pixels."""

SMALLEST_HEAD_PX, LARGE = 12.0, "heads ≥ 12 px"
"""Least height of a head that must be found."""

IN_CROP = 0.6
"""A head belongs to the crop that holds this share of it; training cuts by the same rule."""


def score_heads(answers: Sequence[Answer]) -> list[Row]:
    """Average precision of helmet heads and bare heads in whole pictures and in crops of labelled two-wheelers.

    A class is asked for only where the source draws it; in crops, only heads that are inside one.

    Args:
        answers: ours or a peer's; the crops are left out where there are none.
    """
    rows: list[Row] = []
    for label, name, class_id in CLASSES:
        asked = [a for a in answers if label in a.picture.labelled]
        cropped = [a for a in asked if a.in_labelled is not None]
        for kind, ious in IOUS.items():
            rows += rows_of(f"{name} {kind}, {WHOLE_PATH}", asked, _precision(label, class_id, ious))
            rows += rows_of(f"{name} {kind}, {IN_LABELLED}", cropped, _precision_in_crops(label, class_id, ious))
        for kind in ("AP30", "AP50"):
            for size, px in SIZES.items():
                matches = [_of_size(a, label, class_id, IOUS[kind][0], px) for a in asked]
                rows.append(Row(f"{name} {kind}, {WHOLE_PATH}", size, ap_interval(matches)))
    return [row for row in rows if row.figure.n]


def score_names(persons: Sequence[Person]) -> list[Row]:
    """Share of labelled heads found at the working thresholds, and of those the share that is named right."""
    rows = []
    for name, truths in (("helmet", {True}), ("bare", {False}), ("all", {True, False})):
        some = [p for p in persons if p.truth in truths]
        for part, those in _by_size(some) + _large_by_source(some):
            rows.append(Row(f"found, {name} heads", part, _found(those)))
            rows.append(Row(f"named right of found, {name} heads", part, _named_right(those)))
    return [row for row in rows if row.figure.n]


def _by_size(persons: Sequence[Person]) -> list[tuple[str, list[Person]]]:
    return [(size, [p for p in persons if low <= p.height_px < high]) for size, (low, high) in SIZES.items()]


def _large_by_source(persons: Sequence[Person]) -> list[tuple[str, list[Person]]]:
    large = [p for p in persons if p.height_px >= SMALLEST_HEAD_PX]
    sources = sorted({p.source for p in large})
    return [(LARGE, large), *((f"{s}, {LARGE}", [p for p in large if p.source == s]) for s in sources)]


def _found(persons: Sequence[Person]) -> Interval:
    return share(np.array([p.head is not None for p in persons], np.bool_), [p.group for p in persons])


def _named_right(persons: Sequence[Person]) -> Interval:
    seen = [(p, p.head) for p in persons if p.head is not None]
    return share(np.array([head.helmet is p.truth for p, head in seen], np.bool_), [p.group for p, _ in seen])


def _precision(label: Label, class_id: int, ious: Sequence[float]) -> Callable[[Sequence[Answer]], Interval]:
    def figure(answers: Sequence[Answer]) -> Interval:
        return ap_interval(*([_in_picture(a, label, class_id, least) for a in answers] for least in ious))

    return figure


def _precision_in_crops(label: Label, class_id: int, ious: Sequence[float]) -> Callable[[Sequence[Answer]], Interval]:
    def figure(answers: Sequence[Answer]) -> Interval:
        return ap_interval(*([_in_crops(a, label, class_id, least) for a in answers] for least in ious))

    return figure


def _in_picture(answer: Answer, label: Label, class_id: int, least_iou: float) -> Matches:
    found, truth = _of_class(answer.heads, class_id), answer.picture.boxes(label)
    return match(found, truth, answer.group, least_iou)


def _in_crops(answer: Answer, label: Label, class_id: int, least_iou: float) -> Matches:
    picture = answer.picture
    vehicles = picture.boxes(Label.TWO_WHEELER)
    crops = np.array([head_crop_xyxy(v, picture.width, picture.height) for v in vehicles], np.float32).reshape(-1, 4)
    truth = picture.boxes(label)
    is_inside = cover(truth, crops).max(axis=1, initial=0) >= IN_CROP
    found = _of_class(answer.in_labelled or Detections.empty(), class_id)
    return match(found, truth[is_inside], answer.group, least_iou, truth[~is_inside])


def _of_size(answer: Answer, label: Label, class_id: int, least_iou: float, px: tuple[float, float]) -> Matches:
    found, truth = _of_class(answer.heads, class_id), answer.picture.boxes(label)
    return match_heights(found, truth, answer.group, least_iou, px)


def _of_class(heads: Detections, class_id: int) -> Detections:
    return heads[heads.class_id == class_id]
