"""Writes a folder in our form: pictures, manifest.jsonl, and a corrections.csv to be filled in."""

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from helmetbelt.datasets.corrections import HEADER
from helmetbelt.datasets.manifest import LabelledPicture


def write_manifest(pictures: Sequence[LabelledPicture], folder: Path) -> Path:
    """Copies the pictures to `images/` under names that differ, and writes the manifest; returns it."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    lines = []
    for picture, name in zip(pictures, different_names(pictures), strict=True):
        shutil.copyfile(picture.path, folder / "images" / name)
        lines.append(json.dumps(_row(picture, f"images/{name}"), ensure_ascii=False) + "\n")
    manifest = folder / "manifest.jsonl"
    manifest.write_text("".join(lines), "utf-8")
    (folder / "corrections.csv").write_text(HEADER, "utf-8")
    return manifest


def different_names(pictures: Sequence[LabelledPicture]) -> list[str]:
    """A file name for each picture: its own, with its scene before it and a number behind it where names repeat."""
    own = [p.path.name for p in pictures]
    names: list[str] = []
    taken: set[str] = set()
    for picture, name in zip(pictures, own, strict=True):
        if own.count(name) > 1:
            name = re.sub(r"[^\w-]+", "_", picture.group) + "_" + name
        stem, suffix = Path(name).stem, Path(name).suffix
        number = 1
        while name in taken:
            number += 1
            name = f"{stem}-{number}{suffix}"
        taken.add(name)
        names.append(name)
    return names


def _row(picture: LabelledPicture, image: str) -> dict[str, Any]:
    size = np.array([picture.width, picture.height] * 2, np.float64)
    corners = picture.xyxy.astype(np.float64) / size
    boxes = np.concatenate([(corners[:, :2] + corners[:, 2:]) / 2, corners[:, 2:] - corners[:, :2]], 1).round(6)
    return {
        "image": image,
        "width": picture.width,
        "height": picture.height,
        "source": picture.source,
        "group": picture.group,
        "split": picture.split,
        "labelled": sorted(int(label) for label in picture.labelled),
        "boxes": [[int(c), *box] for c, box in zip(picture.label, boxes.tolist(), strict=True)],
        "flags": sorted(picture.flags),
    }
