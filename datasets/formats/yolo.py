"""YOLO folders: pictures, one text file of labels each, and a data.yaml with the names of the classes.

A line is `class cx cy w h`, relative to the picture; a polygon `class x1 y1 x2 y2 ...` becomes its bounding box. The
text lies where the picture lies, the last folder called `images` exchanged for `labels`.
"""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.boxes import yolo_lines
from helmetbelt.datasets.formats.data_yaml import DataYaml, read_data_yaml
from helmetbelt.datasets.formats.file_names import different_names
from helmetbelt.datasets.formats.foreign import Fault, ForeignPicture, ForeignSet, FormatError, Problem
from helmetbelt.datasets.manifest import Label, LabelledPicture
from helmetbelt.detector.pictures import SUFFIXES

Rows = list[tuple[int, NDArray[np.float64]]]
"""Class id and (4,) corners as shares of the picture."""


def read_yolo(file: Path) -> ForeignSet:
    """The set of a data.yaml. Pictures of "test" are held out like those of "val".

    Raises:
        FormatError: the file isn't in that form, or a place that it names isn't there or is empty.
    """
    said = read_data_yaml(file)
    counts: Counter[str] = Counter()
    problems: list[Problem] = []
    pictures = []
    for split, path, name in _pictures(said, file):
        rows = _rows(label_file(path), len(said.names), counts, problems)
        xyxy = np.array([r for _, r in rows], np.float32).reshape(-1, 4)
        class_id = np.array([c for c, _ in rows], np.int64)
        pictures.append(ForeignPicture(path, name, xyxy, class_id, "train" if split == "train" else "val"))
    notes = [f"{count} {what}" for what, count in sorted(counts.items())]
    given = {p.split for p in pictures}
    if len(given) == 1:
        pictures = [ForeignPicture(p.path, p.name, p.unit_xyxy, p.class_id, None) for p in pictures]
    return ForeignSet(said.names, pictures, problems, notes)


def label_file(picture: Path) -> Path:
    """Where the labels of a picture are."""
    parts = list(picture.parts)
    for i in range(len(parts) - 2, -1, -1):
        if parts[i] == "images":
            parts[i] = "labels"
            break
    return Path(*parts).with_suffix(".txt")


def write_yolo(pictures: Sequence[LabelledPicture], folder: Path) -> Path:
    """Writes pictures as `images/SPLIT/SCENE/NAME`, their labels, and data.yaml; returns the latter.

    Args:
        pictures: of any folders; where file names repeat, the scene stands before them.
        folder: to write to.
    """
    classes = sorted({label for p in pictures for label in p.labelled} | {Label(c) for p in pictures for c in p.label})
    number = {int(label): i for i, label in enumerate(classes)}
    for picture, name in zip(pictures, different_names(pictures), strict=True):
        copy = folder / "images" / picture.split / picture.group / name
        text = label_file(copy)
        copy.parent.mkdir(parents=True, exist_ok=True)
        text.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(picture.path, copy)
        class_id = np.array([number[int(c)] for c in picture.label], np.int64)
        text.write_text(yolo_lines(picture.xyxy, class_id, picture.width, picture.height))
    names = "".join(f"  {i}: {label.name.lower()}\n" for i, label in enumerate(classes))
    places = "".join(f"{split}: images/{split}\n" for split in sorted({p.split for p in pictures}))
    yaml = folder / "data.yaml"
    yaml.write_text(f"{places}names:\n{names}", "utf-8")
    return yaml


def _pictures(said: DataYaml, file: Path) -> Iterator[tuple[str, Path, str]]:
    """Split, path and name of every picture, each once."""
    seen: set[Path] = set()
    for split, places in said.places.items():
        for place in places:
            where = _found(said.root, place, file, split)
            listed = _listed(where) if where.is_file() else sorted(p for p in where.rglob("*") if is_picture(p))
            if not listed:
                raise FormatError(f"{file}: {split}: no pictures in {where}")
            for path in listed:
                if path not in seen:
                    seen.add(path)
                    yield split, path, _name(path, said.root)


def is_picture(path: Path) -> bool:
    """By its name."""
    return path.suffix.lower() in SUFFIXES


def _found(root: Path, place: str, file: Path, split: str) -> Path:
    """The place itself; Roboflow writes `../train/images` for `train/images`."""
    tried = [root / place, root / place.removeprefix("../")]
    for path in tried:
        if path.exists():
            return path
    raise FormatError(f"{file}: {split}: neither {tried[0]} nor {tried[1]} is there")


def _listed(file: Path) -> list[Path]:
    """Pictures of a text file, one a line, relative to its folder."""
    return [file.parent / line.strip() for line in file.read_text("utf-8").splitlines() if line.strip()]


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix().lstrip("/")


def _rows(file: Path, classes: int, counts: Counter[str], problems: list[Problem]) -> Rows:
    if not file.is_file():
        counts["pictures without a label file are taken as showing nothing"] += 1
        return []
    rows: Rows = []
    for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), 1):
        where = f"{file} line {number}"
        try:
            values = np.array(line.split(), np.float64)
        except ValueError:
            problems.append(Problem(Fault.UNREADABLE, where, f"{line[:60]!r}: expected numbers"))
            continue
        if len(values) == 0:
            continue
        problem = _wrong(values, classes, line, where)
        if problem:
            problems.append(problem)
            continue
        if len(values) > 5:
            counts["polygons were turned into their boxes"] += 1
        rows.append((int(values[0]), _corners(values[1:])))
    return rows


def _wrong(values: NDArray[np.float64], classes: int, line: str, where: str) -> Problem | None:
    is_box = len(values) == 5
    is_polygon = len(values) >= 7 and len(values) % 2 == 1
    if not (is_box or is_polygon) or not np.isfinite(values).all():
        expected = f"{line[:60]!r}: expected class and 4 numbers, or a polygon"
        return Problem(Fault.UNREADABLE, where, expected)
    if values[0] % 1 or not 0 <= values[0] < classes:
        return Problem(Fault.UNKNOWN_CLASS, where, f"class {values[0]:g}: the names go from 0 to {classes - 1}")
    return None


def _corners(values: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(values) == 4:
        half = values[2:] / 2
        return np.concatenate([values[:2] - half, values[:2] + half])
    points = values.reshape(-1, 2)
    return np.concatenate([points.min(0), points.max(0)])
