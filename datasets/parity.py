"""Whether an exported model sees what the framework saw: same boxes within a pixel, same classes."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from helmetbelt.datasets.boxes import iou
from helmetbelt.datasets.training_environment import yolo
from helmetbelt.detector.decode import SAME_IOU
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.errors import HelmetbeltError
from helmetbelt.detector.finder import Finder
from helmetbelt.detector.pictures import read_picture

COMPARED_SCORE = 0.3
SCORE_SLACK = 0.02
"""Boxes this close above the compared score may fall on either side of it."""


class ParityError(HelmetbeltError, AssertionError):
    """The exported model does not see what the framework saw."""


@dataclass(frozen=True, slots=True)
class Parity:
    """What a comparison found.

    Attributes:
        pictures: compared.
        boxes: of the framework.
        worst_px: largest difference of an edge, pixels of the model's input.
        worst_score: largest difference of a score.
        unmatched: boxes without a partner of the same class in the other answer.
    """

    pictures: int
    boxes: int
    worst_px: float
    worst_score: float
    unmatched: int


def compare(weights: Path, finder: Finder, pictures: Iterable[Path]) -> Parity:
    """Runs both on the same pictures, each first brought to the size of the model's input.

    Args:
        weights: of the framework.
        finder: the export of these weights.
        pictures: to compare on.

    Raises:
        ParityError: an edge differs by more than a pixel, a score by more than 0.02, or a box has no partner.
    """
    model = yolo(weights)
    model.model.model[-1].end2end = False
    height, width = finder.card.input_px
    pairs = []
    for path in pictures:
        image = np.asarray(cv2.resize(read_picture(path), (width, height)), np.uint8)
        (answer,) = model.predict(image, imgsz=[height, width], conf=COMPARED_SCORE, iou=SAME_IOU, verbose=False)
        rows = answer.boxes.data.numpy()
        framework = Detections(rows[:, :4], rows[:, 4], rows[:, 5].astype(np.int64))
        pairs.append((framework, finder.find(image, COMPARED_SCORE)))
    found = _summary(pairs)
    if found.worst_px > 1.0 or found.worst_score > SCORE_SLACK or found.unmatched:
        raise ParityError(f"{weights} and its export {finder.card.path} differ: {found}")
    return found


def _summary(pairs: list[tuple[Detections, Detections]]) -> Parity:
    worst_px = worst_score = 0.0
    unmatched = boxes = 0
    for framework, ours in pairs:
        boxes += len(framework)
        for a, b in ((framework, ours), (ours, framework)):
            px, score, lonely = _differences(a, b)
            worst_px, worst_score, unmatched = max(worst_px, px), max(worst_score, score), unmatched + lonely
    return Parity(len(pairs), boxes, round(worst_px, 4), round(worst_score, 5), unmatched)


def _differences(a: Detections, b: Detections) -> tuple[float, float, int]:
    px, score, lonely = 0.0, 0.0, 0
    overlap = iou(a.xyxy, b.xyxy) * (a.class_id[:, None] == b.class_id[None, :])
    for i in range(len(a)):
        j = int(overlap[i].argmax()) if len(b) else -1
        if j < 0 or overlap[i, j] < 0.9:
            lonely += a.score[i] > COMPARED_SCORE + SCORE_SLACK
            continue
        px = max(px, float(np.abs(a.xyxy[i] - b.xyxy[j]).max()))
        score = max(score, float(abs(a.score[i] - b.score[j])))
    return px, score, int(lonely)

