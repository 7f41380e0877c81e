"""Labelled persons, each with the head that the models found for it at their working thresholds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helmetbelt.datasets.answers import Answer, Light, height
from helmetbelt.datasets.boxes import iou
from helmetbelt.datasets.manifest import Label
from helmetbelt.detector.detections import Detections
from helmetbelt.pipelines.association import greedy_pairs
from helmetbelt.pipelines.seats import joined

SAME_HEAD_IOU = 0.3
BOTH = frozenset({Label.HELMET, Label.BARE})


@dataclass(frozen=True, slots=True)
class Head:
    """A head that was found.

    Attributes:
        helmet: the class that the model named; False for a bare head.
        score: of the model, 0..1.
        height_px: in the picture.
    """

    helmet: bool
    score: float
    height_px: float


@dataclass(frozen=True, slots=True)
class Person:
    """A head that is drawn in the labels, or found, or both.

    Attributes:
        group: the scene.
        source: who labelled it.
        light: of the picture.
        both_said: the source draws helmet heads and bare heads wherever they occur.
        truth: a helmet is drawn (True), a bare head is (False); None for a head found where none is drawn.
        height_px: of the drawn head in the picture, of the found one where none is drawn.
        head: what was found; None for a person who was not seen.
    """

    group: str
    source: str
    light: Light
    both_said: bool
    truth: bool | None
    height_px: float
    head: Head | None


def persons_of(answers: Sequence[Answer]) -> list[Person]:
    """All persons of all pictures.

    Found heads without a label are persons only where the source draws both classes: elsewhere they may be real.
    """
    return [person for answer in answers for person in _persons(answer)]


def _persons(answer: Answer) -> list[Person]:
    said = [label for label in (Label.HELMET, Label.BARE) if label in answer.picture.labelled]
    true_xyxy = answer.picture.boxes(*said)
    helmet = answer.picture.label[np.isin(answer.picture.label, said)] == Label.HELMET
    heads = joined(answer.working)
    pairs = greedy_pairs(iou(true_xyxy, heads.xyxy), SAME_HEAD_IOU)
    head_of = {row: _head(heads, column) for row, column in pairs}
    drawn = [
        _person(answer, bool(h), float(px), head_of.get(i))
        for i, (h, px) in enumerate(zip(helmet, height(true_xyxy), strict=True))
    ]
    if not answer.picture.labelled >= BOTH:
        return drawn
    free = [_head(heads, i) for i in range(len(heads)) if i not in {column for _, column in pairs}]
    return drawn + [_person(answer, None, head.height_px, head) for head in free]


def _person(answer: Answer, truth: bool | None, height_px: float, head: Head | None) -> Person:
    both_said = answer.picture.labelled >= BOTH
    return Person(answer.group, answer.source, answer.light, both_said, truth, height_px, head)


def _head(heads: Detections, index: int) -> Head:
    tall = float(height(heads.xyxy[index : index + 1])[0])
    return Head(int(heads.class_id[index]) == 0, float(heads.score[index]), tall)
