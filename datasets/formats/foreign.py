"""What readers of other formats give: pictures with boxes, classes by the names that their authors used."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.manifest import Label
from helmetbelt.detector.errors import HelmetbeltError


class FormatError(HelmetbeltError, ValueError):
    """Labels in a form that can't be read, or names that nobody knows."""


class Fault(StrEnum):
    """What is wrong, or looks wrong, with a label or a picture."""

    MISSING = "picture missing"
    DAMAGED = "picture damaged"
    UNREADABLE = "label unreadable"
    UNKNOWN_CLASS = "class unknown"
    NO_AREA = "box without area"
    OUTSIDE = "box outside the picture"
    ANOTHER_SIZE = "picture of another size"
    REPEATED_NAME = "name repeated"
    BOTH_SPLITS = "scene in both splits"
    ONE_SCENE = "nothing held out"
    OVER_EDGE = "box over the edge"
    DOUBLE = "box twice"
    TWO_ANSWERS = "helmet and bare on one head"
    LARGE_HEAD = "head too large for its vehicle"
    LOOK_ALIKE = "look-alike in the other split"


SUSPECTS = frozenset({Fault.OVER_EDGE, Fault.DOUBLE, Fault.TWO_ANSWERS, Fault.LARGE_HEAD, Fault.LOOK_ALIKE})
"""Faults that a person should look at; all others are errors."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault.

    Attributes:
        fault: which.
        where: the picture, or file and line.
        detail: what was seen.
    """

    fault: Fault
    where: str
    detail: str

    @property
    def is_error(self) -> bool:
        """Training must not start with it."""
        return self.fault not in SUSPECTS


@dataclass(frozen=True, slots=True)
class Carried:
    """What our own COCO files say of a picture beside its boxes; see `LabelledPicture`."""

    source: str
    group: str
    split: str
    labelled: frozenset[Label]
    flags: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class ForeignPicture:
    """One picture of a foreign set.

    Attributes:
        path: of the picture.
        name: its path inside the set with "/", by which scenes are told apart.
        unit_xyxy: (n, 4) float32 corners as shares of the picture's width and height.
        class_id: (n,) int64 index into the set's names.
        split: "train" or "val" as its authors chose; None where they didn't.
        size: width and height that the labels claim; None where they don't.
        carried: of our own exports.
    """

    path: Path
    name: str
    unit_xyxy: NDArray[np.float32]
    class_id: NDArray[np.int64]
    split: str | None
    size: tuple[int, int] | None = None
    carried: Carried | None = None


@dataclass(frozen=True, slots=True)
class ForeignSet:
    """All pictures of a set.

    Attributes:
        names: of the classes, as written by their authors.
        pictures: whose labels could be read.
        problems: labels that couldn't.
        notes: what was left out or turned into something else, with counts.
    """

    names: tuple[str, ...]
    pictures: list[ForeignPicture]
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
