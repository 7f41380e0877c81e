"""How well two-wheelers are found in whole pictures."""

from collections.abc import Sequence

import numpy as np

from helmetbelt.datasets.answers import Answer
from helmetbelt.datasets.average_precision import COCO_IOUS, Matches, ap_interval, match_heights, recall_interval
from helmetbelt.datasets.bootstrap import Interval
from helmetbelt.datasets.manifest import Label
from helmetbelt.datasets.rows import Row, rows_of
from helmetbelt.detector.detections import Detections

TALL = 60 / 1080
"""Least height of a rider who must be found, as a share of the picture's: 60 pixels of a 1080p frame."""

FALSE_PER_PICTURE = 1.0


def score_road(answers: Sequence[Answer]) -> list[Row]:
    """Average precision, and recall at one false box a picture, of all riders and of tall ones.

    Asked of pictures whose source draws every two-wheeler.

    Args:
        answers: of models that find two-wheelers.
    """
    asked = [a for a in answers if a.two_wheelers is not None and Label.TWO_WHEELER in a.picture.labelled]
    return [
        *rows_of("two_wheeler AP50", asked, lambda some: ap_interval(_compared(some, 0.5, 0))),
        *rows_of("two_wheeler AP50-95", asked, _mean_precision),
        *rows_of("two_wheeler recall at 1 false per picture", asked, lambda some: _recall(some, 0)),
        *rows_of("two_wheeler of 60 px in 1080p, recall at 1 false per picture", asked, lambda s: _recall(s, TALL)),
    ]


def _mean_precision(answers: Sequence[Answer]) -> Interval:
    return ap_interval(*(_compared(answers, least, 0) for least in COCO_IOUS))


def _recall(answers: Sequence[Answer], tall: float) -> Interval:
    return recall_interval(_compared(answers, 0.5, tall), FALSE_PER_PICTURE)


def _compared(answers: Sequence[Answer], least_iou: float, tall: float) -> list[Matches]:
    return [_against_labels(a, least_iou, tall * a.picture.height) for a in answers]


def _against_labels(answer: Answer, least_iou: float, least_px: float) -> Matches:
    found = answer.two_wheelers or Detections.empty()
    truth = answer.picture.boxes(Label.TWO_WHEELER)
    return match_heights(found, truth, answer.group, least_iou, (least_px, np.inf))
