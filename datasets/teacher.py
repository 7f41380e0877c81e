"""Labels for classes that a source leaves unsaid, filled in by an already trained model.

Needs the training environment. Every box that a teacher drew is counted by the caller and named in the model's card.
"""

import json
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from helmetbelt.datasets.training_environment import yolo
from helmetbelt.detector.detections import Detections

log = logging.getLogger(__name__)


def teach(
    weights: Path, pictures: Iterable[Path], cache: Path, input_px: int = 640, min_score: float = 0.25
) -> dict[Path, Detections]:
    """What a model sees in each picture; answers are kept in `cache` (JSON lines), so a second call is quick.

    Args:
        weights: a PyTorch file of ultralytics.
        pictures: to look at.
        cache: is written to; belongs to these weights alone.
        input_px: the longer side of the model's input.
        min_score: boxes below it are not kept.

    Returns:
        boxes in pixels of each picture, class ids of the weights.
    """
    known = _read(cache)
    model = None
    wanted = list(pictures)
    with cache.open("a") as out:
        for done, path in enumerate(wanted):
            if path.name in known:
                continue
            model = model or yolo(weights)
            boxes = model.predict(str(path), imgsz=input_px, conf=min_score, verbose=False)[
                0
            ].boxes.data.numpy()
            known[path.name] = np.round(boxes, 3).tolist()
            out.write(json.dumps({"image": path.name, "boxes": known[path.name]}) + "\n")
            if done % 200 == 0:
                log.info("teacher %s: %d of %d pictures", weights.stem, done, len(wanted))
    return {path: _detections(known[path.name]) for path in wanted}


def _read(cache: Path) -> dict[str, Any]:
    if not cache.exists():
        return {}
    return {row["image"]: row["boxes"] for row in map(json.loads, cache.read_text().splitlines())}


def _detections(rows: Any) -> Detections:
    table = np.array(rows, np.float32).reshape(-1, 6)
    return Detections(table[:, :4], table[:, 4], table[:, 5].astype(np.int64))
