"""Average precision and its bootstrap interval, in plain numpy.

Average precision as PASCAL VOC since 2010 and COCO compute it: area under the precision envelope over recall
(Everingham et al., IJCV 88:303, 2010, section 4.2), with every detection as a point.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.boxes import iou
from helmetbelt.detector.detections import Detections


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """Detections of one class in one picture, compared with the truth.

    Attributes:
        group: the scene, the unit of the bootstrap.
        score: (n,) of the detections.
        hit: (n,) it is the best one on a true box.
        true: number of true boxes.
    """

    group: str
    score: NDArray[np.float32]
    hit: NDArray[np.bool_]
    true: int


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float
    n: int


def match(found: Detections, truth_xyxy: NDArray[np.float32], group: str, least_iou: float) -> Matches:
    """Compares the detections of one class with the true boxes: best score first, each true box is found once."""
    order = np.argsort(-found.score, kind="stable")
    overlap = iou(found.xyxy[order], truth_xyxy)
    hit = np.zeros(len(order), np.bool_)
    free = np.ones(len(truth_xyxy), np.bool_)
    for i, row in enumerate(overlap):
        if not free.any():
            break
        best = int(np.argmax(np.where(free, row, -1)))
        if row[best] >= least_iou:
            hit[i], free[best] = True, False
    return Matches(group, found.score[order], hit, len(truth_xyxy))


def average_precision(matches: Sequence[Matches]) -> float:
    """Area under the precision envelope, 0..1; NaN where there is no true box."""
    true = sum(m.true for m in matches)
    if true == 0:
        return float("nan")
    score = np.concatenate([m.score for m in matches])
    hit = np.concatenate([m.hit for m in matches])[np.argsort(-score, kind="stable")]
    rank = np.arange(1, len(hit) + 1)
    precision = np.cumsum(hit) / rank
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    return float(envelope[hit].sum() / true)


def recall_at(matches: Sequence[Matches], false_per_picture: float) -> float:
    """Share of the true boxes found when the threshold lets through so many false boxes a picture."""
    true = sum(m.true for m in matches)
    if true == 0:
        return float("nan")
    score = np.concatenate([m.score for m in matches])
    hit = np.concatenate([m.hit for m in matches])[np.argsort(-score, kind="stable")]
    allowed = np.cumsum(~hit) <= false_per_picture * len(matches)
    return float(hit[allowed].sum() / true)


class Resampler:
    """Seeded draws of scenes with replacement."""

    def __init__(self, groups: Sequence[str], draws: int, seed: int) -> None:
        self._members: dict[str, list[int]] = {}
        for i, group in enumerate(groups):
            self._members.setdefault(group, []).append(i)
        rng = np.random.default_rng(seed)
        scenes = list(self._members)
        self._draws = [[scenes[k] for k in rng.integers(0, len(scenes), len(scenes))] for _ in range(draws)]

    @classmethod
    def over(cls, matches: Sequence[Matches], draws: int = 200, seed: int = 1) -> Self:
        """Resampler of the scenes of these pictures."""
        return cls([m.group for m in matches], draws, seed)

    def interval(self, matches: Sequence[Matches], figure: Callable[[Sequence[Matches]], float]) -> Interval:
        """The figure, and the 2.5 and 97.5 percentiles of it over the draws (percentile bootstrap)."""
        drawn = [figure([matches[i] for g in draw for i in self._members[g]]) for draw in self._draws]
        known = [v for v in drawn if not np.isnan(v)] or [float("nan")]
        low, high = np.percentile(known, [2.5, 97.5])
        return Interval(figure(matches), float(low), float(high), sum(m.true for m in matches))
