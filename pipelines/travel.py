"""How far a vehicle went against the background since it was first seen, and whether it moved at all."""

from dataclasses import dataclass, field

import numpy as np
from helmetbelt.pipelines.passages import Direction
from helmetbelt.pipelines.registration import zoom_of
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

SMOOTH_S = 0.4
MOVED_SIZES = 0.45
MOVED_GROWTH, SPREAD_SIZES = 0.3, 0.12
"""A vehicle has moved when two opposite edges both went so far the same way (in sizes of the box), or when
both sides grew by so much (natural logarithm) while two opposite edges spread or closed in. Never by one edge
alone: whoever passes before a parked vehicle moves one edge of what is seen of it."""

OUTWARD = np.array([-1.0, -1.0, 1.0, 1.0])
"""Of left, top, right, bottom."""

LEAST_WAY = 0.3
"""Shorter ways, in sizes of the box, have no direction."""

DEPTH_GROWTH = 0.3
"""Change of size (natural logarithm) that tells of depth more than any way across the picture."""


@dataclass(slots=True, eq=False)
class Travel:
    """The first place of a vehicle, carried along with the camera, against its last.

    Attributes:
        start: (4,) first box: centre x, centre y, width, height, in pixels of the current picture.
        cut: (4,) which of its left, top, right, bottom were the picture's edge.
        moved: it was elsewhere for longer than a moment.
    """

    start: Doubles
    cut: NDArray[np.bool_]
    moved: bool = False
    _last: Doubles = field(default_factory=lambda: np.zeros(4))
    _smooth: Doubles = field(default_factory=lambda: np.zeros(4))

    def __post_init__(self) -> None:
        self._last, self._smooth = self.start.copy(), self.start.copy()

    def follow_camera(self, matrix: Doubles) -> None:
        """Moves what is remembered with the background."""
        for box in (self.start, self._last, self._smooth):
            box[:2] = matrix[:, :2] @ box[:2] + matrix[:, 2]
            box[2:] *= zoom_of(matrix)

    def add(self, box: Doubles, cut: NDArray[np.bool_], elapsed: float) -> None:
        """Was seen at `box`, `elapsed` seconds after the last sight, with `cut` edges."""
        self._last = box.copy()
        self._smooth += (box - self._smooth) * (1 - np.exp(-elapsed / SMOOTH_S))
        self.moved = self.moved or self._is_elsewhere(cut)

    def _is_elsewhere(self, cut: NDArray[np.bool_]) -> bool:
        """Whether it left its first place.

        An edge cut off by the picture's lies farther out, so it proves only a way out of the picture (where
        it is cut off now) or into it (where it was at the start).
        """
        size = np.sqrt(max(self.start[2] * self.start[3], self._smooth[2] * self._smooth[3]))
        out = (_edges(self._smooth) - _edges(self.start)) / size * OUTWARD
        out = np.where(cut, np.maximum(out, 0), out)
        out = np.where(self.cut, np.minimum(out, 0), out)
        left, top, right, bottom = out * OUTWARD
        if max(_common(left, right), _common(top, bottom)) > MOVED_SIZES:
            return True
        spread = max(_common(-left, right), _common(-top, bottom)) > SPREAD_SIZES
        grown = np.log(self._smooth[2:] / self.start[2:])
        return spread and _common(grown[0], grown[1]) > MOVED_GROWTH

    @property
    def way(self) -> Doubles:
        """(2,) from the first sight to the last, pixels."""
        return self._last[:2] - self.start[:2]

    @property
    def direction(self) -> Direction | None:
        """Where it went, seen from the camera; None where it hardly moved."""
        across, down = self.way / float(np.sqrt(self._last[2] * self._last[3]))
        grown = float(np.log(self._last[3] / self.start[3]))
        if max(abs(across), abs(down)) < LEAST_WAY and abs(grown) < DEPTH_GROWTH:
            return None
        if abs(across) > 2 * abs(down) and abs(grown) < DEPTH_GROWTH:
            return Direction.RIGHT if across > 0 else Direction.LEFT
        return Direction.TOWARD if down + 2 * grown > 0 else Direction.AWAY


def _edges(box: Doubles) -> Doubles:
    half = box[2:] / 2
    return np.concatenate([box[:2] - half, box[:2] + half])


def _common(a: float, b: float) -> float:
    """How far both went the same way."""
    return min(abs(a), abs(b)) if a * b > 0 else 0.0
