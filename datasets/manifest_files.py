"""Writes a folder in our form: pictures, manifest.jsonl, and a corrections.csv to be filled in."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from helmetbelt.datasets.corrections import HEADER
from helmetbelt.datasets.formats.file_names import different_names
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
