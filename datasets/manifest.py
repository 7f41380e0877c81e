"""The labelled pictures: which boxes a source draws, and which classes it leaves unsaid."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.corrections import Action, Correction, CorrectionError, by_image, corrected, read_corrections
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
    CAR = 5


NAMES = {label.name.lower(): int(label) for label in Label}
"""Class ids by the names that people write."""


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
    """All usable pictures of `folder/manifest.jsonl`, with wrong labels corrected.

    Raises:
        ManifestError: the manifest is absent or a row doesn't say what it must.
        CorrectionError: a correction that can't be read, or that no longer finds what it corrects.
    """
    rows = [picture_of(line, number, folder) for number, line in enumerate(manifest_lines(folder), 1)]
    return with_corrections(rows, corrections_for(folder))


def manifest_lines(folder: Path) -> list[str]:
    """The lines of `folder/manifest.jsonl`.

    Raises:
        ManifestError: there is none.
    """
    manifest = folder / "manifest.jsonl"
    if not manifest.is_file():
        raise ManifestError(
            f"{manifest}: no such manifest; expected the labelled pictures of ../shared/data/helmet"
        )
    return manifest.read_text("utf-8").splitlines()


def corrections_for(folder: Path) -> list[Correction]:
    """Corrections of the pictures in a folder: its own `corrections.csv`, else those that came with the program.

    Raises:
        CorrectionError: a line that can't be read.
    """
    own = folder / "corrections.csv"
    return read_corrections(own if own.is_file() else Path(__file__).with_name("corrections.csv"), NAMES)


def with_corrections(
    pictures: Sequence[LabelledPicture], corrections: Sequence[Correction]
) -> list[LabelledPicture]:
    """The pictures after their corrections. Those of a source that isn't among the pictures don't apply.

    Raises:
        CorrectionError: one of a source that is there finds no such picture or box.
    """
    left = by_image(corrections)
    kept = []
    for picture in pictures:
        own = left.pop((picture.source, picture.path.name), None)
        if own is None:
            kept.append(picture)
        elif boxes := corrected((picture.xyxy, picture.label), own):
            kept.append(replace(picture, xyxy=one_convention(*boxes), label=boxes[1]))
    sources = {p.source for p in pictures}
    for (source, image), lost in left.items():
        if source in sources:
            raise CorrectionError(f"{lost[0].where}: {source} has no picture {image}")
    return kept


def dropped_pictures() -> dict[str, str]:
    """Pictures that our own corrections leave out, with the reason."""
    ours = read_corrections(Path(__file__).with_name("corrections.csv"), NAMES)
    return {c.image: c.reason for c in ours if c.action is Action.DROP_PICTURE}


def in_split(pictures: list[LabelledPicture], split: str) -> Iterator[LabelledPicture]:
    """Those of one split ("train" or "val")."""
    return (p for p in pictures if p.split == split)


def picture_of(line: str, number: int, folder: Path) -> LabelledPicture:
    """The picture of one line of a manifest.

    Raises:
        ManifestError: the line doesn't say what it must.
    """
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
            xyxy=one_convention(_corners(boxes[:, 1:]) * size, label),
            label=label,
            flags=frozenset(row["flags"]),
        )
    except (KeyError, ValueError, TypeError) as e:
        raise ManifestError(f"{folder / 'manifest.jsonl'} line {number}: {e!r}") from e


def _corners(cxcywh: NDArray[np.float32]) -> NDArray[np.float32]:
    centre, half = cxcywh[:, :2], cxcywh[:, 2:] / 2
    return np.concatenate([centre - half, centre + half], 1).astype(np.float32)


def one_convention(xyxy: NDArray[np.float32], label: NDArray[np.int64]) -> NDArray[np.float32]:
    """(n, 4) boxes, those of heads cut from below to `TALLEST_HEAD`."""
    lowest = xyxy[:, 1] + TALLEST_HEAD * (xyxy[:, 2] - xyxy[:, 0])
    head = (label == Label.HELMET) | (label == Label.BARE)
    out = xyxy.copy()
    out[:, 3] = np.where(head, np.minimum(xyxy[:, 3], lowest), xyxy[:, 3])
    return out
