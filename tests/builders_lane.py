"""Scripted streets: vehicles on known ways, seen by a detector with known faults; the truth gives the boxes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import cv2
import numpy as np
from builders_rules import NO_BELTS
from numpy.typing import NDArray

from helmetbelt.detector.cabins import Cabin
from helmetbelt.detector.detections import Detections
from helmetbelt.pipelines.closed import Closed
from helmetbelt.pipelines.frames import Frame, Image
from helmetbelt.pipelines.gates import parse_gate
from helmetbelt.pipelines.lane import Lane, build_lane
from helmetbelt.pipelines.passages import Vehicle
from helmetbelt.pipelines.rules import Rules

START = datetime(2024, 5, 6, 8, 0, tzinfo=UTC)
WIDTH, HEIGHT = 640, 360

BELTS = ("belted", "unbelted", "unclear")

Waypoint = tuple[float, float, float, float]
"""Seconds, x of the middle, y of the lower edge, height: pixels."""

Camera = Callable[[float], NDArray[np.float64]]
"""Seconds → (2, 3) similarity from the street's pixels to the picture's."""


@dataclass(frozen=True)
class Actor:
    """One vehicle.

    Attributes:
        way: waypoints in order of time; in between it goes straight, outside it isn't there.
        heads: rider first: "helmet" or "bare".
        belts: driver first: "belted", "unbelted" or "unclear"; None for a car that is seen from behind.
        vehicle: kind.
        hidden: spans of seconds in which it cannot be seen.
    """

    way: tuple[Waypoint, ...]
    heads: tuple[str, ...] = ("helmet",)
    vehicle: Vehicle = Vehicle.TWO_WHEELER
    hidden: tuple[tuple[float, float], ...] = ()
    belts: tuple[str, ...] | None = None

    def xyxy(self, seconds: float) -> NDArray[np.float64] | None:
        """(4,) its box, None while it isn't there."""
        times = [point[0] for point in self.way]
        gone = not times[0] <= seconds <= times[-1]
        if gone or any(start <= seconds < end for start, end in self.hidden):
            return None
        x, bottom, height = (np.interp(seconds, times, [p[i] for p in self.way]) for i in (1, 2, 3))
        width = height * (1.3 if self.vehicle is Vehicle.CAR else 0.6)
        return np.array([x - width / 2, bottom - height, x + width / 2, bottom])

    def heads_xyxy(self, seconds: float) -> NDArray[np.float64]:
        """(n, 4) heads, rider first: the rider is in front in the direction of motion."""
        box, later = self.xyxy(seconds), self.xyxy(min(seconds + 0.1, self.way[-1][0]))
        if box is None:
            return np.zeros((0, 4))
        height, width = box[3] - box[1], box[2] - box[0]
        forward = 0.0 if later is None else float(np.sign(round(later[0] - box[0], 3)))
        sideways = forward if abs(forward) else 1.0
        rows = []
        for seat in range(len(self.heads)):
            x = (box[0] + box[2]) / 2 + sideways * width * (0.25 - 0.27 * seat if len(self.heads) > 1 else 0)
            y = box[1] + height * (0.10 + (0.01 * seat if forward else -0.03 * seat))
            rows.append([x - 0.08 * height, y - 0.09 * height, x + 0.08 * height, y + 0.09 * height])
        return np.array(rows)

    def cabin(self, seconds: float) -> Cabin:
        """Windshield and people of a car, the driver in the picture's right half."""
        box = self.xyxy(seconds)
        if box is None or self.belts is None:
            return Cabin.empty()
        rows = [_part(box, 0.15, 0.1, 0.85, 0.45)]
        rows += [_part(box, x - 0.12, 0.15, x + 0.12, 0.43) for x in (0.66, 0.34)[: len(self.belts)]]
        chances = np.full((len(self.belts), 3), 0.05, np.float32)
        chances[np.arange(len(self.belts)), [BELTS.index(belt) for belt in self.belts]] = 0.9
        found = _detections(rows, [0, *[1] * len(self.belts)], 0.8)
        return Cabin(found[found.class_id == 0], found[found.class_id == 1], chances)


@dataclass(frozen=True)
class Faults:
    """What goes wrong at the detector, each time by chance.

    Attributes:
        misses: share of boxes not found.
        jitter: standard deviation of each edge, as a share of the box's size.
        ghosts: boxes a frame where nothing is.
        flicker: share of boxes taken for the other class.
        wrong_heads: share of heads taken for the other class.
    """

    misses: float = 0.0
    jitter: float = 0.0
    ghosts: float = 0.0
    flicker: float = 0.0
    wrong_heads: float = 0.0


GOOD = Faults()
USUAL = Faults(misses=0.08, jitter=0.02)


@dataclass
class Street:
    """A street for so long, in pictures; sees its own truth as a `Perception` with faults.

    Attributes:
        actors: who comes by.
        seconds: how long.
        fps: pictures a second.
        faults: of the detector.
        camera: its motion; None for a fixed camera over a blank street.
        seed: of all chance.
    """

    actors: Sequence[Actor]
    seconds: float
    fps: float = 12.5
    faults: Faults = GOOD
    camera: Camera | None = None
    seed: int = 0
    looked_at: int = 0
    cars_looked_at: int = 0
    _now: float = 0.0
    _rng: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self._rng = np.random.default_rng(self.seed)

    def frames(self) -> Iterator[Frame]:
        """All pictures in order."""
        blank = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
        for index in range(int(self.seconds * self.fps)):
            self._now = index / self.fps
            image = blank if self.camera is None else self._picture(self.camera(self._now))
            yield Frame("camera", index, self._now, START + timedelta(seconds=self._now), image)

    def road_users(self, image: Image, min_score: float) -> Detections:
        """The vehicles in the picture, as the faulty detector sees them."""
        boxes, classes = [], []
        for actor, xyxy in self._visible():
            if self._rng.random() < self.faults.misses:
                continue
            size = np.sqrt((xyxy[2] - xyxy[0]) * (xyxy[3] - xyxy[1]))
            boxes.append(xyxy + self._rng.normal(0, self.faults.jitter, 4) * size)
            swapped = self._rng.random() < self.faults.flicker
            classes.append(int((actor.vehicle is Vehicle.CAR) != swapped))
        for _ in range(self._rng.poisson(self.faults.ghosts)):
            x, y, size = self._rng.uniform([0, 0, 40], [WIDTH - 40, HEIGHT - 40, 90])
            boxes.append(np.array([x, y, x + 0.6 * size, y + size]))
            classes.append(0)
        return _detections(boxes, classes, 0.8)

    def heads(self, image: Image, vehicles_xyxy: NDArray[np.float32], min_score: float) -> list[Detections]:
        """All heads whose middle is in the upper part of the vehicle or a little around it."""
        self.looked_at += len(vehicles_xyxy)
        rows, classes = [], []
        for actor, _ in self._visible():
            for xyxy, kind in zip(actor.heads_xyxy(self._now), actor.heads, strict=True):
                swapped = self._rng.random() < self.faults.wrong_heads
                rows.append(self._in_picture(xyxy))
                classes.append(int((kind == "bare") != swapped))
        seen = _detections(rows, classes, 0.8)
        return [seen[_near(seen.xyxy, vehicle)] for vehicle in vehicles_xyxy]

    def cabins(self, image: Image, cars_xyxy: NDArray[np.float32], min_score: float) -> list[Cabin]:
        """The cabin of the visible car whose box is the nearest."""
        self.cars_looked_at += len(cars_xyxy)
        there = [(box, actor) for actor, box in self._visible() if actor.vehicle is Vehicle.CAR]
        nearest = [min(there, key=lambda one: float(np.abs(one[0] - car).sum()))[1] for car in cars_xyxy]
        return [actor.cabin(self._now) for actor in nearest]

    def _visible(self) -> list[tuple[Actor, NDArray[np.float64]]]:
        """Who is in the picture and not hidden by one nearer, with the box clipped to the picture."""
        there = [(a, self._in_picture(box)) for a in self.actors if (box := a.xyxy(self._now)) is not None]
        return [
            (actor, np.clip(box, 0, [WIDTH, HEIGHT] * 2))
            for actor, box in there
            if _shown(box) > 0.4 and all(_covered(box, other) < 0.6 for _, other in there)
        ]

    def _in_picture(self, xyxy: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.camera is None:
            return xyxy
        matrix = self.camera(self._now)
        corners = np.stack([xyxy[:2], xyxy[2:]]) @ matrix[:, :2].T + matrix[:, 2]
        return np.asarray(corners.reshape(4))

    def _picture(self, matrix: NDArray[np.float64]) -> Image:
        """Real pixels: a textured street under the camera, vehicles painted on it."""
        image = cv2.warpAffine(_texture(), matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)
        for number, actor in enumerate(self.actors):
            box = actor.xyxy(self._now)
            if box is not None:
                x1, y1, x2, y2 = (int(v) for v in self._in_picture(box))
                cv2.rectangle(image, (x1, y1), (x2, y2), (40 * number % 255, 200, 90), -1)
        return image.astype(np.uint8, copy=False)


def drive(street: Street, gate: str = "default", rules: Rules = NO_BELTS) -> list[Closed]:
    """All passages of a street, in the order in which they closed."""
    lane = lane_for(street, gate, rules)
    closed = [passage for frame in street.frames() for passage in lane.step(frame)]
    return closed + lane.finish()


def lane_for(street: Street, gate: str = "default", rules: Rules = NO_BELTS) -> Lane:
    """A lane that looks at this street."""
    return build_lane("camera", street, (WIDTH, HEIGHT), parse_gate(gate), rules)


def crossing(
    start: float,
    lane_y: float = 250,
    speed: float = 160,
    height: float = 90,
    heads: tuple[str, ...] = ("helmet",),
    vehicle: Vehicle = Vehicle.TWO_WHEELER,
    hidden: tuple[tuple[float, float], ...] = (),
    belts: tuple[str, ...] | None = None,
) -> Actor:
    """A vehicle that crosses the picture from left to right."""
    end = start + (WIDTH + 160) / speed
    way = ((start, -80.0, lane_y, height), (end, WIDTH + 80.0, lane_y, height))
    return Actor(way, heads, vehicle, hidden, belts)


def _texture() -> Image:
    rng = np.random.default_rng(5)
    grain = rng.integers(0, 255, (HEIGHT * 3 // 6, WIDTH * 4 // 6, 3), np.uint8)
    return cv2.resize(grain, (WIDTH * 4, HEIGHT * 3), interpolation=cv2.INTER_CUBIC).astype(np.uint8, copy=False)


def _detections(boxes: list[NDArray[np.float64]], classes: list[int], score: float) -> Detections:
    xyxy = np.array(boxes, np.float32).reshape(-1, 4)
    return Detections(xyxy, np.full(len(xyxy), score, np.float32), np.array(classes, np.int64))


def _part(box: NDArray[np.float64], left: float, top: float, right: float, bottom: float) -> NDArray[np.float64]:
    """A part of a box, in shares of its sides."""
    corner, size = box[:2], box[2:] - box[:2]
    return np.concatenate([corner + size * (left, top), corner + size * (right, bottom)])


def _near(heads: NDArray[np.float32], vehicle: NDArray[np.float32]) -> NDArray[np.bool_]:
    x1, y1, x2, y2 = vehicle
    margin, height = 0.1 * (x2 - x1), y2 - y1
    x, y = (heads[:, 0] + heads[:, 2]) / 2, (heads[:, 1] + heads[:, 3]) / 2
    inside = (x > x1 - margin) & (x < x2 + margin) & (y > y1 - 0.25 * height) & (y < y1 + 0.5 * height)
    return np.asarray(inside)


def _shown(box: NDArray[np.float64]) -> float:
    """Share of a box inside the picture."""
    inside = np.clip(box, 0, [WIDTH, HEIGHT] * 2)
    return float(np.prod(inside[2:] - inside[:2]) / np.prod(box[2:] - box[:2]))


def _covered(box: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Share of a box that another one, standing nearer, hides."""
    if other[3] <= box[3]:
        return 0.0
    sides = np.maximum(np.minimum(box[2:], other[2:]) - np.maximum(box[:2], other[:2]), 0)
    return float(np.prod(sides) / np.prod(box[2:] - box[:2]))
