"""Answers of models, and persons, for the tests of the scores."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from helmetbelt.datasets.answers import Answer, Light
from helmetbelt.datasets.manifest import Label, LabelledPicture
from helmetbelt.datasets.persons import Head, Person
from helmetbelt.detector.card import Calibration, Thresholds
from helmetbelt.detector.detections import Detections
from helmetbelt.pipelines.rules import JudgeRules

Box = tuple[float, float, float, float]
EVERYTHING = frozenset({Label.TWO_WHEELER, Label.HELMET, Label.BARE})
RULES = JudgeRules(0.25, 10.0, Thresholds(0.8, 0.2), Calibration(1.0, 0.0))


def picture(
    *boxes: tuple[Label, Box], labelled: frozenset[Label] = EVERYTHING, source: str = "s", group: str = "g"
) -> LabelledPicture:
    """A picture of 640 x 480 with these labels."""
    xyxy = np.array([xyxy for _, xyxy in boxes], np.float32).reshape(-1, 4)
    label = np.array([label for label, _ in boxes], np.int64)
    return LabelledPicture(Path(f"{group}.png"), 640, 480, source, group, "val", labelled, xyxy, label)


def found(*boxes: tuple[int, float, Box]) -> Detections:
    """Detections: class, score, box."""
    return Detections(
        np.array([xyxy for _, _, xyxy in boxes], np.float32).reshape(-1, 4),
        np.array([score for _, score, _ in boxes], np.float32),
        np.array([class_id for class_id, _, _ in boxes], np.int64),
    )


def answer(
    labels: LabelledPicture,
    heads: Detections | None = None,
    two_wheelers: Detections | None = None,
    in_labelled: Detections | None = None,
    light: Light = Light.DAY,
) -> Answer:
    """What models made of a picture; all heads at the working threshold."""
    heads = Detections.empty() if heads is None else heads
    return Answer(labels, light, two_wheelers, heads, [heads], in_labelled)


def person(
    truth: bool | None,
    helmet: bool | None,
    score: float = 0.9,
    *,
    group: str = "g",
    source: str = "s",
    height_px: float = 30.0,
    both_said: bool = True,
) -> Person:
    """A labelled person and the head found there: with a helmet, bare, or (None) not found."""
    head = None if helmet is None else Head(helmet, score, height_px)
    return Person(group, source, Light.DAY, both_said, truth, height_px, head)


def crowd(counts: Mapping[Any, int], *, source: str = "s", score: float = 0.9) -> list[Person]:
    """So many persons of each (truth, found), ten to a scene, each kind spread over all scenes."""
    kinds = [kind for kind, count in counts.items() for _ in range(count)]
    scenes = max(len(kinds) // 10, 1)
    return [
        person(truth, helmet, score, group=f"{source}{i % scenes}", source=source)
        for i, (truth, helmet) in enumerate(kinds)
    ]
