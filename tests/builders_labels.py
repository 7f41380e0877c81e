"""Labelled pictures of tests: rows of a manifest, and folders with pictures that can be told apart."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray


def row(**changes: Any) -> dict[str, Any]:
    """A row of a manifest, 400 x 200: a two-wheeler with a helmet head and, right of it, a bare one."""
    boxes = [[0, 0.5, 0.5, 0.2, 0.6], [2, 0.48, 0.25, 0.04, 0.1], [3, 0.55, 0.26, 0.04, 0.2]]
    return {
        "image": "a.png", "width": 400, "height": 200, "source": "s", "group": "g", "split": "val",
        "labelled": [0, 2, 3], "boxes": boxes, "flags": [],
    } | changes  # fmt: skip


def write_manifest(folder: Path, *rows: dict[str, Any]) -> Path:
    """A manifest and its pictures, each of its own noise; the folder itself."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    for number, r in enumerate(rows):
        write_picture(folder / r["image"], number, r["width"], r["height"])
    return folder


def write_picture(path: Path, seed: int, width: int = 400, height: int = 200) -> Path:
    """A picture of coarse noise: another seed, another look."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), noise(seed, width, height))
    return path


def noise(seed: int, width: int = 400, height: int = 200) -> NDArray[np.uint8]:
    """(height, width, 3) of smooth patches."""
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), np.uint8)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)
