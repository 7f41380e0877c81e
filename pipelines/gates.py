"""Where a passage is counted: a line with a direction, a zone, or the whole picture.

A gate is given in shares of the picture's width and height (0..1), or in pixels when a value is above 1. What
crosses it is the middle of the box's lower edge, which is where the vehicle stands on the road.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.errors import HelmetbeltError
from helmetbelt.pipelines.passages import Moment

Points = NDArray[np.float64]

CLEARLY = 0.05
"""How far beyond a line is clearly beyond, as a share of the vehicle's height."""

EXPECTED = (
    "expected 'default', 'line:x1,y1,x2,y2[,down|up|left|right|both]' or 'zone:x1,y1,x2,y2,x3,y3[,...]',"
    " values in 0..1 (shares of the picture) or in pixels"
)


class GateError(HelmetbeltError, ValueError):
    """A gate that cannot be read, with what was expected."""


class Toward(StrEnum):
    """The direction of the picture in which a line counts."""

    DOWN = "down"
    UP = "up"
    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class WholeGate:
    """The whole picture: who was seen long enough, moved and is gone, has passed."""


@dataclass(frozen=True, slots=True)
class LineGate:
    """A segment to be crossed.

    Attributes:
        start: x, y.
        end: x, y.
        toward: the direction that counts.
        in_pixels: coordinates are pixels of the source's picture, not shares of it.
    """

    start: tuple[float, float]
    end: tuple[float, float]
    toward: Toward
    in_pixels: bool


@dataclass(frozen=True, slots=True)
class ZoneGate:
    """A polygon to be entered.

    Attributes:
        corners: x, y of at least three.
        in_pixels: as of a line.
    """

    corners: tuple[tuple[float, float], ...]
    in_pixels: bool


Gate = WholeGate | LineGate | ZoneGate


def parse_gate(spec: str) -> Gate:
    """The gate that a person wrote.

    Raises:
        GateError: it isn't one; the message says what was expected.
    """
    kind, _, rest = spec.strip().partition(":")
    if kind == "default" and not rest:
        return WholeGate()
    words = [word.strip() for word in rest.split(",")]
    if kind == "line":
        return _parse_line(spec, words)
    if kind == "zone":
        corners, in_pixels = _parse_points(spec, words)
        if len(corners) < 3:
            raise GateError(f"gate {spec!r}: a zone has three corners or more; {EXPECTED}")
        return ZoneGate(tuple(corners), in_pixels)
    raise GateError(f"gate {spec!r}: {EXPECTED}")


def _parse_line(spec: str, words: list[str]) -> LineGate:
    toward = Toward.BOTH
    if words[-1] in list(Toward):
        toward = Toward(words.pop())
    ends, in_pixels = _parse_points(spec, words)
    if len(ends) != 2 or ends[0] == ends[1]:
        raise GateError(f"gate {spec!r}: a line has two different ends; {EXPECTED}")
    (x1, y1), (x2, y2) = ends
    across_y = toward in (Toward.DOWN, Toward.UP)
    if (across_y and x1 == x2) or (toward in (Toward.LEFT, Toward.RIGHT) and y1 == y2):
        raise GateError(f"gate {spec!r}: this line cannot be crossed going {toward}; {EXPECTED}")
    return LineGate(ends[0], ends[1], toward, in_pixels)


def _parse_points(spec: str, words: list[str]) -> tuple[list[tuple[float, float]], bool]:
    try:
        values = [float(word) for word in words]
    except ValueError as error:
        raise GateError(f"gate {spec!r}: {EXPECTED}") from error
    if len(values) % 2 or not values or not all(np.isfinite(values)) or min(values) < 0:
        raise GateError(f"gate {spec!r}: pairs of x,y at or above 0; {EXPECTED}")
    return list(zip(values[::2], values[1::2], strict=True)), max(values) > 1


class Crossing:
    """Whether one vehicle has gone through one gate; the memory of a track, dropped with it."""

    def __init__(self, gate: Gate, width: int, height: int) -> None:
        """For pictures of `width` by `height` pixels."""
        self._gate = gate
        self._scale = np.array([width, height], np.float64)
        self._side = 0
        self._reached: Moment | None = None

    def step(self, before: Moment, now: Moment) -> Moment | None:
        """The moment at which the gate was gone through, None while it wasn't.

        A line is gone through when the point is clearly beyond it: a box that trembles on the line counts
        once, and only in the direction it goes. The moment is the one at which it reached the line.

        Args:
            before: one sight of the vehicle.
            now: the next.
        """
        if isinstance(self._gate, LineGate):
            return self._line_step(self._gate, before, now)
        if isinstance(self._gate, ZoneGate):
            corners = self._pixels(self._gate.corners, self._gate.in_pixels)
            return now if _is_inside(corners, _foot(now)) else None
        return None

    def _line_step(self, gate: LineGate, before: Moment, now: Moment) -> Moment | None:
        start, end = self._pixels((gate.start, gate.end), gate.in_pixels)
        normal = _normal(start, end, gate.toward)
        from_px, to_px = (float(np.dot(_foot(moment) - start, normal)) for moment in (before, now))
        came_from = self._side or int(np.sign(from_px))
        if from_px * came_from >= 0 > to_px * came_from:
            self._reached = between(before, now, from_px / (from_px - to_px))
        height = now.xyxy[3] - now.xyxy[1]
        self._side = int(np.sign(to_px)) if abs(to_px) > CLEARLY * height else came_from
        if self._side == came_from or self._reached is None:
            return None
        wanted = gate.toward is Toward.BOTH or came_from < 0
        return self._reached if wanted and _is_between(_foot(self._reached), start, end) else None

    def _pixels(self, points: tuple[tuple[float, float], ...], in_pixels: bool) -> Points:
        return np.array(points, np.float64) * (1.0 if in_pixels else self._scale)


def _normal(start: Points, end: Points, toward: Toward) -> Points:
    """Unit vector across the line, in the direction that counts."""
    along = (end - start) / np.hypot(*(end - start))
    across = np.array([-along[1], along[0]])
    wanted = {Toward.DOWN: (0, 1), Toward.UP: (0, -1), Toward.LEFT: (-1, 0), Toward.RIGHT: (1, 0)}
    return across * (-1 if toward in wanted and np.dot(across, wanted[toward]) < 0 else 1)


def _is_between(point: Points, start: Points, end: Points) -> bool:
    along = end - start
    return 0 <= float(np.dot(point - start, along)) <= float(np.dot(along, along))


def between(a: Moment, b: Moment, share: float) -> Moment:
    """The moment at a share of the way from one to the other; its frame is the nearer one."""
    left, top, right, bottom = (p + share * (q - p) for p, q in zip(a.xyxy, b.xyxy, strict=True))
    seconds = share * (b.seconds - a.seconds)
    frame = a.frame + round(share * (b.frame - a.frame))
    taken_at = a.taken_at + timedelta(seconds=seconds)
    return Moment(frame, a.seconds + seconds, taken_at, (left, top, right, bottom))


def _foot(moment: Moment) -> Points:
    """(2,) middle of the lower edge: where the vehicle stands on the road."""
    left, _, right, bottom = moment.xyxy
    return np.array([(left + right) / 2, bottom])


def _is_inside(corners: Points, point: Points) -> bool:
    """Even-odd rule: W. R. Franklin, PNPOLY."""
    x, y = point.tolist()
    x1, y1 = corners.T
    x2, y2 = np.roll(corners, 1, axis=0).T
    spans = (y1 > y) != (y2 > y)
    slope = np.divide(x2 - x1, y2 - y1, out=np.zeros_like(x1), where=spans)
    return bool(np.count_nonzero(spans & (x < slope * (y - y1) + x1)) % 2)
