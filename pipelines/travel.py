"""How far a vehicle went against the background since it was first seen, and whether it moved at all."""

import math
from dataclasses import dataclass, field

from helmetbelt.pipelines.passages import Direction
from helmetbelt.pipelines.place import Camera, Cut, Place

SMOOTH_S = 0.4
MOVED_SIZES = 0.45
MOVED_GROWTH, SPREAD_SIZES = 0.3, 0.12
"""A vehicle has moved when two opposite edges both went so far the same way (in sizes of the box), or when
both sides grew by so much (natural logarithm) while two opposite edges spread or closed in. Never by one edge
alone: whoever passes before a parked vehicle moves one edge of what is seen of it."""

LEAST_WAY = 0.3
"""Shorter ways, in sizes of the box, have no direction."""

DEPTH_GROWTH = 0.3
"""Change of size (natural logarithm) that tells of depth more than any way across the picture."""


@dataclass(slots=True, eq=False)
class Travel:
    """The first place of a vehicle, carried along with the camera, against its last.

    Attributes:
        start: first place, in pixels of the current picture.
        cut: which of its edges were the picture's.
        moved: it was elsewhere for longer than a moment.
    """

    start: Place
    cut: Cut
    moved: bool = False
    _last: Place = field(init=False)
    _smooth: Place = field(init=False)

    def __post_init__(self) -> None:
        self._last = self._smooth = self.start

    def follow_camera(self, camera: Camera) -> None:
        """Moves what is remembered with the background."""
        self.start, self._last = self.start.seen_by(camera), self._last.seen_by(camera)
        self._smooth = self._smooth.seen_by(camera)

    def add(self, place: Place, cut: Cut, elapsed: float) -> None:
        """Was seen at `place`, `elapsed` seconds after the last sight, with `cut` edges."""
        self._last = place
        self._smooth = self._smooth.toward(place, 1 - math.exp(-elapsed / SMOOTH_S))
        self.moved = self.moved or self._is_elsewhere(cut)

    def _is_elsewhere(self, cut: Cut) -> bool:
        """Whether it left its first place.

        An edge cut off by the picture's lies farther out, so it proves only a way out of the picture (where
        it is cut off now) or into it (where it was at the start).
        """
        size = max(self.start.size, self._smooth.size)
        left, top, right, bottom = (
            _proven((now - before) / size, sign, cut_now, cut_before)
            for now, before, sign, cut_now, cut_before in zip(
                self._smooth.xyxy, self.start.xyxy, (-1, -1, 1, 1), cut, self.cut, strict=True
            )
        )
        if max(_common(left, right), _common(top, bottom)) > MOVED_SIZES:
            return True
        if any(cut) or any(self.cut):
            return False
        spread = max(_common(-left, right), _common(-top, bottom)) > SPREAD_SIZES
        wider, higher = math.log(self._smooth.w / self.start.w), math.log(self._smooth.h / self.start.h)
        return spread and _common(wider, higher) > MOVED_GROWTH

    @property
    def way(self) -> tuple[float, float]:
        """From the first sight to the last, pixels."""
        return self._last.x - self.start.x, self._last.y - self.start.y

    @property
    def direction(self) -> Direction | None:
        """Where it went, seen from the camera; None where it hardly moved."""
        across, down = (way / self._last.size for way in self.way)
        grown = math.log(self._last.h / self.start.h)
        if max(abs(across), abs(down)) < LEAST_WAY and abs(grown) < DEPTH_GROWTH:
            return None
        if abs(across) > 2 * abs(down) and abs(grown) < DEPTH_GROWTH:
            return Direction.RIGHT if across > 0 else Direction.LEFT
        return Direction.TOWARD if down + 2 * grown > 0 else Direction.AWAY


def _proven(way: float, outward: int, cut_now: bool, cut_before: bool) -> float:
    """The part of an edge's way that is sure although the picture cuts it off."""
    out = way * outward
    if (cut_now and out < 0) or (cut_before and out > 0):
        return 0.0
    return way


def _common(a: float, b: float) -> float:
    """How far both went the same way."""
    return min(abs(a), abs(b)) if a * b > 0 else 0.0
