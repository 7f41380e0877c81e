"""The few best moments of a vehicle, at which the second model looks at it: many are alike, few are clear."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.detections import Detections
from helmetbelt.pipelines.association import area, intersection
from helmetbelt.pipelines.frames import Image
from helmetbelt.pipelines.passages import Box, Moment
from helmetbelt.pipelines.place import Cut

Doubles = NDArray[np.float64]

HEAD_ZONE = 0.4
"""Upper share of a vehicle's box in which its riders' heads are."""

CUT_SHARE = 0.3
"""Worth of a view that the picture's edge cuts off at the side or above."""

APART_S = 0.4
"""Least time between two pictures of evidence: the vehicle must visibly have moved."""


@dataclass(frozen=True, slots=True)
class LookRules:
    """When the second model looks.

    Attributes:
        every_s: least time between two looks at a vehicle: sooner, they are the same look.
        kept: how many of the best looks are kept.
        better: by how much a view must be clearer than the worst kept one to look once more.
        head_score: least score of a head.
    """

    every_s: float = 0.2
    kept: int = 8
    better: float = 1.1
    head_score: float = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What the second model saw of one vehicle at one moment.

    Attributes:
        moment: when and where the vehicle was.
        quality: of the view, see `view_quality`.
        heading: where the vehicle was going in the picture, pixels a second against the background.
        heads: those of this vehicle: class 0 helmet, 1 bare.
    """

    moment: Moment
    quality: float
    heading: tuple[float, float]
    heads: Detections


def view_quality(xyxy: Box, cut: Cut, others_xyxy: Doubles) -> float:
    """How clear the view of a vehicle's riders is: the height of its box in pixels, less what is hidden.

    Args:
        xyxy: the vehicle.
        cut: which of its edges are the picture's.
        others_xyxy: (n, 4) the other vehicles; those whose lower edge is lower stand before it.
    """
    x1, y1, x2, y2 = xyxy
    zone = np.array([[x1, y1, x2, y1 + HEAD_ZONE * (y2 - y1)]])
    nearer = others_xyxy[others_xyxy[:, 3] > y2]
    hidden = float(intersection(zone, nearer).sum() / max(float(area(zone)[0]), 1e-9))
    height = (y2 - y1) * (CUT_SHARE if any(cut[:3]) else 1.0)
    return height * (1 - min(hidden, 0.9))


class Looks:
    """The best looks of one vehicle, and the pictures for evidence; dropped with its track."""

    def __init__(self, rules: LookRules) -> None:
        """None yet."""
        self._rules = rules
        self._kept: list[Look] = []
        self._views: list[tuple[Look, Image]] = []
        self._last = -np.inf

    @property
    def views(self) -> tuple[tuple[Look, Image], ...]:
        """At most two pictures kept as evidence, earliest first, far enough apart in time."""
        if len(self._views) == 2 and not _are_apart(*self._views):
            return (max(self._views, key=_quality),)
        return tuple(self._views)

    @property
    def all(self) -> tuple[Look, ...]:
        """Those kept and those of the views, earliest first."""
        kept = set(map(id, self._kept))
        more = [look for look, _ in self._views if id(look) not in kept]
        return tuple(sorted(self._kept + more, key=lambda look: look.moment.seconds))

    def wants(self, seconds: float, quality: float) -> bool:
        """Whether a look at this moment would tell something new."""
        if seconds - self._last < self._rules.every_s - 1e-6:
            return False
        if len(self._kept) < self._rules.kept:
            return True
        return quality > self._rules.better * min(look.quality for look in self._kept)

    def add(self, look: Look) -> None:
        """Keeps a look while it is among the best."""
        self._last = look.moment.seconds
        self._kept.append(look)
        if len(self._kept) > self._rules.kept:
            self._kept.remove(min(self._kept, key=lambda kept: kept.quality))

    def keep_view(self, look: Look, image: Image) -> None:
        """Keeps a picture as evidence while it is one of the two clearest that are far enough apart in time.

        Until two are, the earliest and the clearest are kept: a vehicle that comes nearer is clearer each time.
        """
        views = [*self._views, (look, image)]
        pairs = [(a, b) for a, b in combinations(views, 2) if _are_apart(a, b)]
        if pairs:
            self._views = list(pairs[int(np.argmax([_quality(a) + _quality(b) for a, b in pairs]))])
        else:
            clearest = max(views, key=_quality)
            self._views = [views[0]] if clearest is views[0] else [views[0], clearest]

    def drop_views(self) -> None:
        """Forgets the pictures."""
        self._views.clear()


def _are_apart(a: tuple[Look, Image], b: tuple[Look, Image]) -> bool:
    return abs(b[0].moment.seconds - a[0].moment.seconds) >= APART_S


def _quality(view: tuple[Look, Image]) -> float:
    return view[0].quality
