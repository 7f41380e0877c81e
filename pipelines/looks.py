"""The few best moments of a vehicle, at which second models look at it: many are alike, few are clear."""

from dataclasses import dataclass, field
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.cabins import Cabin
from helmetbelt.detector.detections import Detections
from helmetbelt.pipelines.association import area, intersection
from helmetbelt.pipelines.frames import Image
from helmetbelt.pipelines.passages import Box, Moment, Vehicle
from helmetbelt.pipelines.place import Cut

Doubles = NDArray[np.float64]

ZONES = {Vehicle.TWO_WHEELER: 0.4, Vehicle.CAR: 0.55}
"""Upper share of a vehicle's box in which its people are seen."""

SHARPNESS_PX = (96, 32)
"""Width and height at which the sharpness of every cabin is measured, so that its size doesn't matter."""

CUT_SHARE = 0.3
"""Worth of a view that the picture's edge cuts off at the side or above."""

APART_S = 0.4
"""Least time between two pictures of evidence: the vehicle must visibly have moved."""


@dataclass(frozen=True, slots=True)
class LookRules:
    """When a second model looks.

    Attributes:
        every_s: least time between two looks at a vehicle: sooner, they are the same look.
        kept: how many of the best looks are kept.
        better: by how much a view must be clearer than the worst kept one to look once more.
    """

    every_s: float = 0.2
    kept: int = 8
    better: float = 1.1


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What the second models saw of one vehicle at one moment.

    Attributes:
        moment: when and where the vehicle was.
        quality: of the view, see `view_quality`.
        heading: where the vehicle was going in the picture, pixels a second against the background.
        heads: of a two-wheeler, class 0 helmet, 1 bare.
        cabin: of a car.
    """

    moment: Moment
    quality: float
    heading: tuple[float, float]
    heads: Detections = field(default_factory=Detections.empty)
    cabin: Cabin = field(default_factory=Cabin.empty)

    @property
    def height_px(self) -> float:
        """Height of the vehicle in the source's picture."""
        return self.moment.xyxy[3] - self.moment.xyxy[1]

    @property
    def shows_people(self) -> bool:
        """There is somebody to judge, or a windshield to look through."""
        return bool(len(self.heads) or len(self.cabin.windshield))

    @property
    def accuses(self) -> bool:
        """Somebody seems to have no helmet or no belt."""
        return bool((self.heads.class_id == 1).any() or (self.cabin.belts[:, 1] > self.cabin.belts[:, 0]).any())


def view_quality(vehicle: Vehicle, xyxy: Box, cut: Cut, others_xyxy: Doubles) -> float:
    """How clear the view of a vehicle's people is: the height of its box in pixels, less what is hidden.

    Args:
        vehicle: kind.
        xyxy: its box.
        cut: which of its edges are the picture's.
        others_xyxy: (n, 4) the other vehicles; those whose lower edge is lower stand before it.
    """
    x1, y1, x2, y2 = xyxy
    zone = np.array([[x1, y1, x2, y1 + ZONES[vehicle] * (y2 - y1)]])
    nearer = others_xyxy[others_xyxy[:, 3] > y2]
    hidden = float(intersection(zone, nearer).sum() / max(float(area(zone)[0]), 1e-9))
    height = (y2 - y1) * (CUT_SHARE if any(cut[:3]) else 1.0)
    return height * (1 - min(hidden, 0.9))


def sharpness(image: Image, xyxy: Box) -> float:
    """How sharp a car's cabin is: mean step of the second derivative, in grey levels, at one size for all.

    Moving cars blur, and a belt is a few pixels wide. The mean absolute Laplacian is one of the focus measures of
    Pertuz et al., Pattern Recognition 46 (2013).

    Args:
        image: the frame, only read.
        xyxy: of the car; a car outside the picture has none.
    """
    left, top, right = max(int(xyxy[0]), 0), max(int(xyxy[1]), 0), int(xyxy[2])
    zone = image[top : int(xyxy[1] + ZONES[Vehicle.CAR] * (xyxy[3] - xyxy[1])), left:right]
    if zone.size == 0:
        return 0.0
    grey = cv2.cvtColor(cv2.resize(zone, SHARPNESS_PX, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    return float(np.abs(cv2.Laplacian(grey, cv2.CV_16S)).mean())


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

    def is_due(self, seconds: float) -> bool:
        """Whether the last look is so long ago that another one could tell something new."""
        return seconds - self._last >= self._rules.every_s - 1e-6

    def wants(self, seconds: float, quality: float) -> bool:
        """Whether a look at this moment would tell something new."""
        if not self.is_due(seconds):
            return False
        if len(self._kept) < self._rules.kept:
            return True
        return quality > self._rules.better * min(look.quality for look in self._kept)

    def add(self, look: Look) -> None:
        """Keeps a look while it is among the best; one through a windshield is better than any without."""
        self._last = look.moment.seconds
        self._kept.append(look)
        if len(self._kept) > self._rules.kept:
            self._kept.remove(min(self._kept, key=lambda kept: (len(kept.cabin.windshield), kept.quality)))

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
