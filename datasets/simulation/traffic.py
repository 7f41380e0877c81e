"""Traffic on the junction: arrivals, following (intelligent driver model), overtaking, stopping at the light.

The state is computed once in steps of a tenth of a second from a seed; between steps it is interpolated, so
where everybody is depends on the second alone and not on who asked before or how often.
"""

from array import array
from dataclasses import dataclass, field

import numpy as np

from helmetbelt.datasets.simulation.cast import Actor, Rates, car_actor, two_wheeler_actor
from helmetbelt.datasets.simulation.roads import Lane
from helmetbelt.datasets.simulation.signal import Lamp, Signal
from helmetbelt.datasets.simulation.studio import Standing
from helmetbelt.pipelines.passages import Vehicle

STEP_S = 0.1
WARM_UP_S = 40.0
"""Traffic runs this long before second 0, so that the first picture is not empty."""
PULL, BRAKE, HEADWAY_S, STANDSTILL_M = 1.6, 2.5, 0.9, 0.9
"""Intelligent driver model (Treiber, Hennecke, Helbing 2000): m/s2, m/s2, s, m."""
SIDE_SPEED = 0.9
"""Most metres a second to the side."""


@dataclass(slots=True)
class _Mover:
    """One vehicle on its way; the arrays hold one entry for each step since `born`."""

    actor: Actor
    lane: Lane
    wish: float
    home: float
    born: int
    s: float
    v: float
    side: float
    way: "array[float]" = field(default_factory=lambda: array("f"))
    pace: "array[float]" = field(default_factory=lambda: array("f"))
    across: "array[float]" = field(default_factory=lambda: array("f"))

    def note(self) -> None:
        self.way.append(self.s)
        self.pace.append(self.v)
        self.across.append(self.side)


class Traffic:
    """All vehicles of a scene at any second from 0."""

    def __init__(self, lanes: tuple[Lane, ...], signal: Signal, rates: Rates, seed: int) -> None:
        self._signal, self._rates, self._seed = signal, rates, seed
        self._lanes = lanes
        self._rngs = [np.random.default_rng([seed, 11, k]) for k in range(len(lanes))]
        self._due = [self._gap(k) for k in range(len(lanes))]
        self._moving: list[_Mover] = []
        self._all: list[_Mover] = []
        self._steps = 0

    def at(self, t: float) -> list[Standing]:
        """Where everybody is at a second, in order of their numbers."""
        exact = (t + WARM_UP_S) / STEP_S
        step, part = int(exact), exact - int(exact)
        self._run(step + 2)
        return [s for m in self._all if (s := _between(m, step, part)) is not None]

    def _gap(self, lane: int) -> float:
        return float(0.8 + self._rngs[lane].exponential(max(60 / self._lanes[lane].per_minute - 0.8, 0.1)))

    def _run(self, steps: int) -> None:
        while self._steps < steps:
            now = self._steps * STEP_S
            for k, lane in enumerate(self._lanes):
                if now >= self._due[k] and self._has_room(lane):
                    self._enter(lane, self._rngs[k])
                    self._due[k] = now + self._gap(k)
            for mover in self._moving:
                mover.note()
            self._advance(now - WARM_UP_S)
            self._moving = [m for m in self._moving if m.s < m.lane.length]
            self._steps += 1

    def _has_room(self, lane: Lane) -> bool:
        return all(m.s > 7.0 + m.actor.half_length for m in self._moving if m.lane is lane)

    def _enter(self, lane: Lane, rng: np.random.Generator) -> None:
        number = len(self._all) + 1
        own = np.random.default_rng([self._seed, 13, number])
        is_car = rng.random() < lane.cars
        actor = (car_actor if is_car else two_wheeler_actor)(number, own, self._rates)
        wish = float(rng.uniform(7.5, 10.5) if is_car else rng.uniform(4.8, 7.8))
        room = max(lane.half_width - actor.half_width - 0.1, 0.0)
        home = float(rng.uniform(-0.15, 0.15) if is_car else rng.uniform(-room, room))
        mover = _Mover(actor, lane, wish, home, self._steps, 0.0, wish * 0.9, home)
        self._moving.append(mover)
        self._all.append(mover)

    def _advance(self, t: float) -> None:
        """One step of everybody, all from the same instant."""
        moves = [(self._push(m, t), self._shift(m)) for m in self._moving]
        for mover, (push, shift) in zip(self._moving, moves, strict=True):
            v = min(max(mover.v + push * STEP_S, 0.0), mover.wish * 1.1)
            mover.s += (mover.v + v) / 2 * STEP_S
            mover.v = v
            mover.side += shift * STEP_S

    def _push(self, mover: _Mover, t: float) -> float:
        """Acceleration from the free road, the nearest one ahead and the light."""
        push = PULL * (1 - (mover.v / mover.wish) ** 4)
        leader = self._leader(mover)
        if leader is not None:
            gap = leader.s - mover.s - leader.actor.half_length - mover.actor.half_length
            push = min(push, _follow(mover.v, mover.wish, gap, mover.v - leader.v))
        if mover.lane.stop_s is not None and not self._may_go(mover.lane, t):
            gap = mover.lane.stop_s - mover.s - mover.actor.half_length
            can_stop = gap > mover.v**2 / (2 * 4.0)
            if gap > -0.4 and can_stop:
                push = min(push, _follow(mover.v, mover.wish, gap + 0.5, mover.v))
        return push

    def _may_go(self, lane: Lane, t: float) -> bool:
        return self._signal.crossing_may_go(t) if lane.crossing else self._signal.main(t) is Lamp.GREEN

    def _leader(self, mover: _Mover) -> _Mover | None:
        ahead = [
            m
            for m in self._moving
            if m.lane is mover.lane
            and m.s > mover.s
            and abs(m.side - mover.side) < m.actor.half_width + mover.actor.half_width
        ]
        return min(ahead, key=lambda m: m.s, default=None)

    def _shift(self, mover: _Mover) -> float:
        """Metres a second to the side: around a slower one where there is room, else back to the own line."""
        if mover.actor.kind is Vehicle.CAR or mover.v < 1.0:
            return 0.0
        target, leader = mover.home, self._leader(mover)
        if leader is not None and leader.s - mover.s < 12 and leader.v < mover.wish - 0.4:
            reach = leader.actor.half_width + mover.actor.half_width + 0.05
            room = mover.lane.half_width - mover.actor.half_width
            choices = [side for side in (leader.side + reach, leader.side - reach) if abs(side) <= room]
            target = min(choices, key=lambda side: abs(side - mover.side), default=mover.side)
        step = float(np.clip(target - mover.side, -SIDE_SPEED, SIDE_SPEED)) * min(1.0, mover.v / 4)
        return step if self._is_clear(mover, mover.side + np.sign(step) * 0.1) else 0.0

    def _is_clear(self, mover: _Mover, side: float) -> bool:
        return all(
            abs(m.side - side) >= m.actor.half_width + mover.actor.half_width
            or abs(m.side - mover.side) < abs(m.side - side)
            for m in self._moving
            if m.lane is mover.lane
            and m is not mover
            and abs(m.s - mover.s) < m.actor.half_length + mover.actor.half_length + 0.3
        )


def _follow(v: float, wish: float, gap: float, closing: float) -> float:
    """The intelligent driver model's acceleration behind something `gap` metres ahead."""
    wanted = STANDSTILL_M + max(v * HEADWAY_S + v * closing / (2 * (PULL * BRAKE) ** 0.5), 0.0)
    return float(max(PULL * (1 - (v / wish) ** 4 - (wanted / max(gap, 0.05)) ** 2), -8.0))


def _between(mover: _Mover, step: int, part: float) -> Standing | None:
    """A vehicle between two steps; None before it comes and after it has left."""
    k = step - mover.born
    if k < 0 or k + 1 >= len(mover.way):
        return None
    s = mover.way[k] * (1 - part) + mover.way[k + 1] * part
    v = mover.pace[k] * (1 - part) + mover.pace[k + 1] * part
    side = mover.across[k] * (1 - part) + mover.across[k + 1] * part
    drift = (mover.across[k + 1] - mover.across[k]) / STEP_S
    x, y = mover.lane.point(s, side)
    turn = float(np.arctan2(drift, max(v, 2.0))) if v > 0.5 else 0.0
    return Standing(mover.actor, x, y, mover.lane.heading + turn, v)
