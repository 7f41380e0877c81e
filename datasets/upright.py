"""Pictures that were turned by quarter turns to multiply them, turned back."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.boxes import iou
from helmetbelt.datasets.manifest import Label, LabelledPicture
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.finder import Finder

Image = NDArray[np.uint8]

LEAST_AGREEMENT, CLEARLY = 0.3, 1.5
"""Least mean score of the labelled heads in the best turn, and its least ratio to the next best one."""


def upright(picture: LabelledPicture, image: Image, heads: Finder) -> tuple[LabelledPicture, Image] | None:
    """The picture as a head model finds most of its labelled heads; None where it finds too few in any turn.

    Args:
        picture: with labelled heads.
        image: its pixels.
        heads: a head model; it is shown the whole picture, so that heads must be large in it.
    """
    turned = [_turned(picture, image, quarters) for quarters in range(4)]
    agreement = [_agreement(p, heads.find(i, 0.15)) for p, i in turned]
    second, best = np.argsort(agreement)[-2:]
    is_sure = agreement[best] >= max(LEAST_AGREEMENT, CLEARLY * agreement[second])
    return turned[best] if is_sure else None


def _agreement(picture: LabelledPicture, found: Detections) -> float:
    """Mean score of the labelled heads, 0 for one not found."""
    labelled = picture.boxes(Label.HELMET, Label.BARE)
    if not len(labelled) or not len(found):
        return 0.0
    same = iou(labelled, found.xyxy) >= 0.3
    return float(np.where(same, found.score[None], 0.0).max(1).mean())


def _turned(picture: LabelledPicture, image: Image, quarters: int) -> tuple[LabelledPicture, Image]:
    """Counter-clockwise by quarter turns."""
    xyxy, width, height = picture.xyxy, picture.width, picture.height
    for _ in range(quarters):
        xyxy = np.stack([xyxy[:, 1], width - xyxy[:, 2], xyxy[:, 3], width - xyxy[:, 0]], 1)
        width, height = height, width
    out = np.ascontiguousarray(np.rot90(image, quarters))
    return replace(picture, xyxy=xyxy.astype(np.float32), width=width, height=height), out
