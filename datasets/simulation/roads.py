"""Lanes of the junction: where vehicles come from, where they go, and how many."""

from dataclasses import dataclass

import numpy as np

from helmetbelt.datasets.simulation.ground import Street

FAR_M, BEHIND_M, ASIDE_M = 125.0, 14.0, 34.0
"""Vehicles enter and leave this far down the road, behind the camera and beside it."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A straight lane.

    Attributes:
        start: x, y where it begins.
        heading: radians from straight down the road, left positive.
        length: metres.
        half_width: metres within which vehicles keep.
        stop_s: metres along the lane of the stop line; None without one.
        crossing: belongs to the crossing road.
        per_minute: arrivals.
        cars: share of cars among them.
    """

    start: tuple[float, float]
    heading: float
    length: float
    half_width: float
    stop_s: float | None
    crossing: bool
    per_minute: float
    cars: float

    def point(self, s: float, side: float) -> tuple[float, float]:
        """x, y at metres along the lane and metres to its left."""
        c, n = float(np.cos(self.heading)), float(np.sin(self.heading))
        return self.start[0] - n * s - c * side, self.start[1] + c * s - n * side


def lanes(street: Street, busy: float) -> tuple[Lane, ...]:
    """The lanes of a street; `busy` multiplies the usual arrivals (about 15 two-wheelers and 6 cars a minute)."""
    cycle_x = street.motor_edge + 2 * street.curb + street.cycle / 2
    motor_x = (0.2 + street.lane / 2, 0.2 + street.lane * 1.5)
    half_lane, half_cycle = street.lane / 2, street.cycle / 2
    length, stop = FAR_M + BEHIND_M, FAR_M - street.stop_y
    toward = [(-cycle_x, half_cycle, 6.0, 0.0), (-motor_x[1], half_lane, 2.6, 0.55), (-motor_x[0], half_lane, 1.8, 0.8)]
    away = [(cycle_x, half_cycle, 2.0, 0.0), (motor_x[1], half_lane, 2.2, 0.45), (motor_x[0], half_lane, 2.0, 0.5)]
    near, far = street.cross_y[1] - 4.6, street.cross_y[1] - 1.4
    return (
        *(Lane((x, FAR_M), np.pi, length, half, stop, False, n * busy, cars) for x, half, n, cars in toward),
        *(Lane((x, -BEHIND_M - 46), 0.0, length + 46, half, 44.0, False, n * busy, cars) for x, half, n, cars in away),
        Lane((ASIDE_M, far), np.pi / 2, 2 * ASIDE_M, 1.3, ASIDE_M - 14, True, 1.6 * busy, 0.12),
        Lane((-ASIDE_M, near), -np.pi / 2, 2 * ASIDE_M, 1.3, ASIDE_M - 16, True, 1.2 * busy, 0.0),
    )
