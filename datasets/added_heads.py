"""Heads that no source labels, labelled by eye for this project: rear views at an elevated roadside camera.

Of pictures whose source draws two-wheelers and no heads. Two persons labelled the crops blind to each other (Cohen's
kappa 0.97 over 667 heads that both could tell). A head on which they differ, or which one of them couldn't tell, is
"unclear": it is painted over in training. Crops in which either saw a head without a box were left out.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.perception import HEAD_CLASSES

NONE, UNCLEAR = "none", "unclear"


@dataclass(frozen=True, slots=True, eq=False)
class AddedHeads:
    """The heads of one two-wheeler.

    Attributes:
        vehicle: (4,) its box, pixels of the picture.
        xyxy: (n, 4) heads, pixels of the picture.
        class_id: (n,) of `HEAD_CLASSES`.
        unclear: (m, 4) heads that nobody can tell.
    """

    vehicle: NDArray[np.float32]
    xyxy: NDArray[np.float32]
    class_id: NDArray[np.int64]
    unclear: NDArray[np.float32]


def added_heads(file: Path | None = None) -> dict[str, list[AddedHeads]]:
    """By file name of the picture; from `added_heads.csv` beside this module."""
    rows: dict[tuple[str, tuple[float, ...]], list[tuple[list[float], str]]] = defaultdict(list)
    with (file or Path(__file__).with_name("added_heads.csv")).open(newline="") as lines:
        for row in csv.DictReader(lines):
            vehicle = tuple(float(row[side]) for side in ("left", "top", "right", "bottom"))
            heads = rows[row["image"], vehicle]
            if row["head"] != NONE:
                box = [float(row[f"head_{side}"]) for side in ("left", "top", "right", "bottom")]
                heads.append((box, row["head"]))
    out: dict[str, list[AddedHeads]] = defaultdict(list)
    for (image, place), heads in rows.items():
        out[image].append(_of_one(place, heads))
    return dict(out)


def _of_one(vehicle: tuple[float, ...], heads: list[tuple[list[float], str]]) -> AddedHeads:
    told = [(box, name) for box, name in heads if name != UNCLEAR]
    return AddedHeads(
        np.array(vehicle, np.float32),
        np.array([box for box, _ in told], np.float32).reshape(-1, 4),
        np.array([HEAD_CLASSES.index(name) for _, name in told], np.int64),
        np.array([box for box, name in heads if name == UNCLEAR], np.float32).reshape(-1, 4),
    )
