"""Labels for classes that a source leaves unsaid, filled in by an already trained model.

Every box that a teacher drew is counted by the caller and named in the model's card.
"""

import json
import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from helmetbelt.datasets.training_environment import yolo
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.finder import Finder
from helmetbelt.detector.pictures import read_picture

log = logging.getLogger(__name__)

LEAST_SCORE = 0.25
"""Boxes below it are not kept."""


def teach(weights: Path, pictures: Iterable[Path], cache: Path, input_px: int = 640) -> dict[Path, Detections]:
    """What trained weights see in each picture. Needs the training environment.

    Args:
        weights: a PyTorch file of ultralytics.
        pictures: to look at.
        cache: JSON lines of the answers, so that a second call is quick; belongs to these weights alone.
        input_px: the longer side of the model's input.

    Returns:
        boxes in pixels of each picture, class ids of the weights.
    """
    model: list[Any] = []

    def look(path: Path) -> Detections:
        if not model:
            model.append(yolo(weights))
        answer = model[0].predict(str(path), imgsz=input_px, conf=LEAST_SCORE, verbose=False)
        return _detections(answer[0].boxes.data.numpy())

    return remembered(look, pictures, cache, weights.stem)


def teach_by_model(finder: Finder, pictures: Iterable[Path], cache: Path) -> dict[Path, Detections]:
    """What an exported model sees in each picture; `cache` as of `teach`."""
    return remembered(lambda p: finder.find(read_picture(p), LEAST_SCORE), pictures, cache, finder.card.name)


def remembered(
    look: Callable[[Path], Detections], pictures: Iterable[Path], cache: Path, name: str
) -> dict[Path, Detections]:
    """The answers of a teacher, asked only for pictures that `cache` doesn't know yet."""
    known = _read(cache)
    wanted = list(pictures)
    with cache.open("a") as out:
        for done, path in enumerate(wanted):
            if path.name in known:
                continue
            seen = look(path)
            rows = np.column_stack([seen.xyxy, seen.score, seen.class_id])
            known[path.name] = np.round(rows.astype(np.float64), 3).tolist()
            out.write(json.dumps({"image": path.name, "boxes": known[path.name]}) + "\n")
            if done % 200 == 0:
                log.info("teacher %s: %d of %d pictures", name, done, len(wanted))
    return {path: _detections(known[path.name]) for path in wanted}


def _read(cache: Path) -> dict[str, Any]:
    if not cache.exists():
        return {}
    return {row["image"]: row["boxes"] for row in map(json.loads, cache.read_text().splitlines())}


def _detections(rows: Any) -> Detections:
    table = np.array(rows, np.float32).reshape(-1, 6)
    return Detections(table[:, :4], table[:, 4], table[:, 5].astype(np.int64))
