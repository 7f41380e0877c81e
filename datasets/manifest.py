"""The labelled pictures: which boxes a source draws, and which classes it leaves unsaid."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.errors import HelmetbeltError

TALLEST_HEAD = 1.35
"""Height over width of a head box. Sources that draw down to the shoulders are cut to it from below, so that
all follow one convention: top of the helmet or hair down to about the chin, helmet and face included."""


class ManifestError(HelmetbeltError, ValueError):
    """A manifest or a label file that cannot be used."""


class Label(IntEnum):
    """Classes of the manifest."""

    TWO_WHEELER = 0
    RIDER = 1
    HELMET = 2
    BARE = 3
    PLATE = 4


@dataclass(frozen=True, slots=True, eq=False)
class LabelledPicture:
    """One picture with its boxes.

    Attributes:
        path: of the picture.
        width: pixels.
        height: pixels.
        source: who labelled it.
        group: the scene; split and bootstrap go by it.
        split: "train" or "val".
        labelled: classes that are drawn wherever they occur; any other class is unknown, not background.
        xyxy: (n, 4) float32 pixels.
        label: (n,) int64, values of `Label`.
        flags: of the source, such as "helmets_unlabelled".
    """

    path: Path
    width: int
    height: int
    source: str
    group: str
    split: str
    labelled: frozenset[Label]
    xyxy: NDArray[np.float32]
    label: NDArray[np.int64]
    flags: frozenset[str] = field(default_factory=frozenset)

    def boxes(self, *labels: Label) -> NDArray[np.float32]:
        """(m, 4) boxes of these classes."""
        return self.xyxy[np.isin(self.label, labels)]


def load_manifest(folder: Path) -> list[LabelledPicture]:
    """All usable pictures of `folder/manifest.jsonl`, corrected by our own list of wrong labels.

    Raises:
        ManifestError: the manifest is absent or a row doesn't say what it must.
    """
    manifest = folder / "manifest.jsonl"
    if not manifest.is_file():
        raise ManifestError(
            f"{manifest}: no such manifest; expected the labelled pictures of ../shared/data/helmet"
        )
    left_out = dropped_pictures()
    rows = [_row(line, number, folder) for number, line in enumerate(manifest.read_text().splitlines(), 1)]
    return [p for p in rows if p.path.name not in left_out]


def dropped_pictures() -> dict[str, str]:
    """Pictures whose labels are wrong beyond use, with the reason: `datasets/corrections.csv`."""
    with Path(__file__).with_name("corrections.csv").open(newline="") as lines:
        return {row["image"]: row["reason"] for row in csv.DictReader(lines)}


def in_split(pictures: list[LabelledPicture], split: str) -> Iterator[LabelledPicture]:
    """Those of one split ("train" or "val")."""
    return (p for p in pictures if p.split == split)


def _row(line: str, number: int, folder: Path) -> LabelledPicture:
    try:
        row: dict[str, Any] = json.loads(line)
        size = np.array([row["width"], row["height"]] * 2, np.float32)
        boxes = np.array(row["boxes"], np.float32).reshape(-1, 5)
        label = boxes[:, 0].astype(np.int64)
        return LabelledPicture(
            path=folder / row["image"],
            width=row["width"],
            height=row["height"],
            source=row["source"],
            group=row["group"],
            split=row["split"],
            labelled=frozenset(Label(c) for c in row["labelled"]),
            xyxy=_one_convention(_corners(boxes[:, 1:]) * size, label),
            label=label,
            flags=frozenset(row["flags"]),
        )
    except (KeyError, ValueError, TypeError) as e:
        raise ManifestError(f"{folder / 'manifest.jsonl'} line {number}: {e!r}") from e


def _corners(cxcywh: NDArray[np.float32]) -> NDArray[np.float32]:
    centre, half = cxcywh[:, :2], cxcywh[:, 2:] / 2
    return np.concatenate([centre - half, centre + half], 1).astype(np.float32)


def _one_convention(xyxy: NDArray[np.float32], label: NDArray[np.int64]) -> NDArray[np.float32]:
    lowest = xyxy[:, 1] + TALLEST_HEAD * (xyxy[:, 2] - xyxy[:, 0])
    head = (label == Label.HELMET) | (label == Label.BARE)
    out = xyxy.copy()
    out[:, 3] = np.where(head, np.minimum(xyxy[:, 3], lowest), xyxy[:, 3])
    return out
