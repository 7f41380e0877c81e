"""Wrong labels, corrected in a patch file of our own: the labels themselves stay as their authors gave them.

One line of the CSV file is one correction, with its reason:

    source,image,action,class,x1,y1,x2,y2,to,reason
    zeel,zeel_00001.webp,drop_picture,,,,,,,a drawing
    zeel,zeel_00002.webp,drop_box,helmet,10,20,42,60,,a mirror
    zeel,zeel_00003.webp,change_class,bare,10,20,42,60,helmet,a half shell
    zeel,zeel_00004.webp,add_box,bare,10,20,42,60,,missed

Boxes are in pixels of the picture, as `helmetbelt data show` draws them. A box is meant when its class is the same and
it overlaps by `SAME_BOX_IOU` or more; the one that overlaps most.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.boxes import iou
from helmetbelt.detector.errors import HelmetbeltError

SAME_BOX_IOU = 0.5
COLUMNS = ("source", "image", "action", "class", "x1", "y1", "x2", "y2", "to", "reason")
HEADER = ",".join(COLUMNS) + "\n"

Boxes = tuple[NDArray[np.float32], NDArray[np.int64]]
"""(n, 4) pixels, (n,) class ids."""


class CorrectionError(HelmetbeltError, ValueError):
    """A correction that can't be read, or that no longer finds what it corrects."""


class Action(StrEnum):
    """What a correction does."""

    DROP_PICTURE = "drop_picture"
    DROP_BOX = "drop_box"
    CHANGE_CLASS = "change_class"
    ADD_BOX = "add_box"


@dataclass(frozen=True, slots=True)
class Correction:
    """One line of the patch file.

    Attributes:
        where: file and line, for errors.
        source: of the picture.
        image: file name of the picture.
        action: what to do.
        class_id: of the box that is meant or added; None for a picture.
        xyxy: of that box, pixels; None for a picture.
        to: the new class id of a changed box, else None.
        reason: why.
    """

    where: str
    source: str
    image: str
    action: Action
    class_id: int | None
    xyxy: tuple[float, float, float, float] | None
    to: int | None
    reason: str


def read_corrections(file: Path, classes: Mapping[str, int]) -> list[Correction]:
    """The corrections of a file; none where there is no file.

    Args:
        file: CSV with the columns `COLUMNS`.
        classes: class ids by name.

    Raises:
        CorrectionError: another header, an unknown action or class, a box that is none, no reason.
    """
    if not file.is_file():
        return []
    with file.open(newline="", encoding="utf-8") as lines:
        table = csv.DictReader(lines)
        if tuple(table.fieldnames or ()) != COLUMNS:
            raise CorrectionError(f"{file}: header {table.fieldnames}: expected {HEADER.strip()}")
        return [_correction(row, f"{file} line {table.line_num}", classes) for row in table]


def by_image(corrections: Sequence[Correction]) -> dict[tuple[str, str], list[Correction]]:
    """Corrections by (source, image), in their order."""
    found: dict[tuple[str, str], list[Correction]] = defaultdict(list)
    for one in corrections:
        found[one.source, one.image].append(one)
    return found


def counts(corrections: Sequence[Correction]) -> dict[tuple[str, Action], int]:
    """How many of each action, by source."""
    return dict(Counter((c.source, c.action) for c in corrections))


def corrected(boxes: Boxes, corrections: Sequence[Correction]) -> Boxes | None:
    """The boxes of one picture after its corrections, one after the other; None when the picture is dropped.

    Raises:
        CorrectionError: a box that is meant isn't there, or one to be added is there already.
    """
    xyxy, label = boxes
    for one in corrections:
        if one.action is Action.DROP_PICTURE:
            return None
        at = _meant(xyxy, label, one)
        if one.action is Action.ADD_BOX:
            xyxy = np.concatenate([xyxy, np.array([one.xyxy], np.float32)])
            label = np.append(label, np.int64(one.class_id or 0))
        elif one.action is Action.DROP_BOX:
            xyxy, label = np.delete(xyxy, at, 0), np.delete(label, at)
        else:
            label = np.where(np.arange(len(label)) == at, np.int64(one.to or 0), label)
    return xyxy, label


def _meant(xyxy: NDArray[np.float32], label: NDArray[np.int64], one: Correction) -> int:
    """Index of the box that a correction means; -1 for one that is new."""
    overlap = iou(np.array([one.xyxy], np.float32), xyxy)[0] * (label == one.class_id)
    best = int(overlap.argmax()) if len(overlap) else -1
    is_there = best >= 0 and overlap[best] >= SAME_BOX_IOU
    if one.action is Action.ADD_BOX and is_there:
        raise CorrectionError(f"{one.where}: {one.image} has this box already")
    if one.action is not Action.ADD_BOX and not is_there:
        near = f"the nearest of that class overlaps by {overlap[best]:.2f}" if len(overlap) else "it has no boxes"
        raise CorrectionError(f"{one.where}: {one.image} has no such box to {one.action}: {near}")
    return best if is_there else -1


def _correction(row: dict[str, str], where: str, classes: Mapping[str, int]) -> Correction:
    if None in row or None in row.values():
        raise CorrectionError(f"{where}: expected the {len(COLUMNS)} columns {HEADER.strip()}")
    if row["action"] not in list(Action):
        raise CorrectionError(f"{where}: action {row['action']!r}: expected one of {', '.join(Action)}")
    action = Action(row["action"])
    if not (row["source"] and row["image"] and row["reason"].strip()):
        raise CorrectionError(f"{where}: source, image and reason must be said")
    is_box, is_change = action is not Action.DROP_PICTURE, action is Action.CHANGE_CLASS
    idle = ([] if is_box else ["class", "x1", "y1", "x2", "y2"]) + ([] if is_change else ["to"])
    for column in idle:
        if row[column]:
            raise CorrectionError(f"{where}: {action} takes no {column!r}, but it says {row[column]!r}")
    return Correction(
        where=where,
        source=row["source"],
        image=row["image"],
        action=action,
        class_id=_class(row["class"], classes, where) if is_box else None,
        xyxy=_box(row, where) if is_box else None,
        to=_class(row["to"], classes, where) if is_change else None,
        reason=row["reason"].strip(),
    )


def _class(name: str, classes: Mapping[str, int], where: str) -> int:
    if name not in classes:
        raise CorrectionError(f"{where}: class {name!r}: expected one of {', '.join(classes)}")
    return classes[name]


def _box(row: dict[str, str], where: str) -> tuple[float, float, float, float]:
    try:
        x1, y1, x2, y2 = (float(row[side]) for side in ("x1", "y1", "x2", "y2"))
    except ValueError as error:
        raise CorrectionError(f"{where}: x1, y1, x2, y2 must be numbers ({error})") from error
    if not (x1 < x2 and y1 < y2):
        raise CorrectionError(f"{where}: a box from {x1:g},{y1:g} to {x2:g},{y2:g} has no area")
    return x1, y1, x2, y2
