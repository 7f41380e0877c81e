"""Average precision with its bootstrap interval, in plain numpy.

Average precision as PASCAL VOC since 2010 and COCO compute it: area under the precision envelope over recall
(Everingham et al., IJCV 88:303, 2010, section 4.2), with every detection as a point. mAP50-95 is its mean over
the IoU thresholds 0.50, 0.55 … 0.95 (Lin et al., ECCV 2014; COCO's evaluation).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.bootstrap import Doubles, Interval, divided, interval, scene_weights
from helmetbelt.datasets.boxes import iou
from helmetbelt.detector.detections import Detections

COCO_IOUS = tuple(np.arange(50, 100, 5) / 100)


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


def match(
    found: Detections,
    truth_xyxy: NDArray[np.float32],
    group: str,
    least_iou: float,
    ignored_xyxy: NDArray[np.float32] | None = None,
) -> Matches:
    """Compares the detections of one class with the true boxes: best score first, each true box is found once.

    Args:
        found: in one picture.
        truth_xyxy: (n, 4).
        group: the scene.
        least_iou: of a detection with the true box that it finds.
        ignored_xyxy: (m, 4) boxes that are not asked for: what finds one of them is neither right nor wrong.
    """
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
    counted = np.ones(len(order), np.bool_)
    if ignored_xyxy is not None and len(ignored_xyxy):
        counted = hit | (iou(found.xyxy[order], ignored_xyxy).max(axis=1, initial=0) < least_iou)
    return Matches(group, found.score[order][counted], hit[counted], len(truth_xyxy))


def match_heights(
    found: Detections,
    truth_xyxy: NDArray[np.float32],
    group: str,
    least_iou: float,
    px: tuple[float, float],
) -> Matches:
    """`match` for the true boxes of some heights only, as COCO's evaluation does it for its ranges of area.

    Other true boxes are ignored, and so are detections of other heights that find none of those asked for.

    Args:
        found: in one picture.
        truth_xyxy: (n, 4).
        group: the scene.
        least_iou: of a detection with the true box that it finds.
        px: least height, and the first that is too much.
    """
    is_asked = _is_between(truth_xyxy, px)
    asked = truth_xyxy[is_asked]
    finds = iou(found.xyxy, asked).max(axis=1, initial=0) >= least_iou
    return match(found[finds | _is_between(found.xyxy, px)], asked, group, least_iou, truth_xyxy[~is_asked])


def _is_between(xyxy: NDArray[np.float32], px: tuple[float, float]) -> NDArray[np.bool_]:
    height = xyxy[:, 3] - xyxy[:, 1]
    return np.asarray((height >= px[0]) & (height < px[1]))


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """The detections of many pictures, best score first.

    Attributes:
        hit: (n,).
        picture: (n,) index of the picture of each.
        true: (p,) true boxes of each picture.
    """

    hit: NDArray[np.bool_]
    picture: NDArray[np.int64]
    true: NDArray[np.int64]

    @classmethod
    def of(cls, matches: Sequence[Matches]) -> Self:
        """All detections of these pictures."""
        score = np.concatenate([np.zeros(0, np.float32), *(m.score for m in matches)])
        order = np.argsort(-score, kind="stable")
        hit = np.concatenate([np.zeros(0, np.bool_), *(m.hit for m in matches)])[order]
        picture = np.repeat(np.arange(len(matches)), [len(m.score) for m in matches])[order]
        return cls(hit, picture, np.array([m.true for m in matches], np.int64))

    def average_precision(self, weight: Doubles) -> Doubles:
        """(d,) area under the precision envelope, 0..1; NaN where there is no true box.

        Args:
            weight: (d, p) how often each picture is counted.
        """
        times = weight[:, self.picture]
        right = np.cumsum(times * self.hit, axis=1)
        precision = right / np.maximum(np.cumsum(times, axis=1), 1)
        envelope = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
        return divided((envelope * times * self.hit).sum(axis=1), weight @ self.true)

    def recall_at(self, false_per_picture: float, weight: Doubles) -> Doubles:
        """(d,) share of the true boxes found when the threshold lets through so many false boxes a picture.

        Args:
            false_per_picture: on average.
            weight: (d, p) how often each picture is counted.
        """
        times = weight[:, self.picture]
        false = np.cumsum(times * ~self.hit, axis=1)
        allowed = false <= false_per_picture * weight.sum(axis=1, keepdims=True)
        return divided((times * self.hit * allowed).sum(axis=1), weight @ self.true)


Figure = Callable[[Ranked, Doubles], Doubles]
"""A figure of each draw: ranked detections and (d, p) weights in, (d,) out."""


def average_precision(matches: Sequence[Matches]) -> float:
    """Area under the precision envelope, 0..1; NaN where there is no true box."""
    return float(Ranked.of(matches).average_precision(np.ones((1, len(matches))))[0])


def recall_at(matches: Sequence[Matches], false_per_picture: float) -> float:
    """Share of the true boxes found when the threshold lets through so many false boxes a picture."""
    return float(Ranked.of(matches).recall_at(false_per_picture, np.ones((1, len(matches))))[0])


def ap_interval(*by_iou: Sequence[Matches]) -> Interval:
    """Average precision with its interval; the mean over thresholds where several are given.

    Args:
        by_iou: the comparison of the same pictures at each threshold.
    """
    return _interval(by_iou[0], by_iou, Ranked.average_precision)


def recall_interval(matches: Sequence[Matches], false_per_picture: float) -> Interval:
    """`recall_at` with its interval."""
    return _interval(matches, (matches,), lambda ranked, weight: ranked.recall_at(false_per_picture, weight))


def _interval(pictures: Sequence[Matches], several: Sequence[Sequence[Matches]], figure: Figure) -> Interval:
    weight = scene_weights([m.group for m in pictures])
    figures = np.mean([figure(Ranked.of(matches), weight) for matches in several], axis=0)
    return interval(figures, sum(m.true for m in pictures))
