"""The truth about a whole clip: every vehicle that was in view, once."""

from dataclasses import dataclass, field

import numpy as np

from helmetbelt.datasets.simulation.camera import Camera
from helmetbelt.datasets.simulation.compose import LEAST_PX
from helmetbelt.datasets.simulation.scene import PARKED_FROM, Scene, direction
from helmetbelt.datasets.simulation.studio import Standing
from helmetbelt.datasets.simulation.truth import PassageTruth, RiderTruth
from helmetbelt.pipelines.passages import Direction, Vehicle

STEP_S = 0.1
TALL_M = {Vehicle.TWO_WHEELER: 1.75, Vehicle.CAR: 1.5}


@dataclass(slots=True)
class _Trip:
    standing: Standing
    first_s: float
    last_s: float
    seconds: list[float] = field(default_factory=list)
    ground_y: list[float] = field(default_factory=list)


def passages(scene: Scene, seconds: float) -> list[PassageTruth]:
    """Every vehicle in view between second 0 and `seconds`, parked ones too, in order of their numbers.

    First and last sight are given to a tenth of a second, by a box around the vehicle: who else hides it does not
    matter. The second at the stop line is that of the wheels nearest to the camera, where the bottom of its box is.
    """
    trips: dict[int, _Trip] = {}
    for t in np.arange(0.0, seconds + 1e-9, STEP_S):
        for standing in scene.standing(float(t)):
            if in_view(scene.camera, standing):
                _note(trips, standing, round(float(t), 3))
    return [_told(number, trip, scene.street.stop_y) for number, trip in sorted(trips.items())]


def _note(trips: dict[int, _Trip], standing: Standing, t: float) -> None:
    trip = trips.setdefault(standing.actor.number, _Trip(standing, t, t))
    trip.last_s = t
    trip.seconds.append(t)
    trip.ground_y.append(standing.y - 0.8 * standing.actor.half_length)


def in_view(camera: Camera, standing: Standing) -> bool:
    """Whether the box around a vehicle's outline reaches into the picture by what counts as seen."""
    if standing.y < 1.0:
        return False
    actor, c, s = standing.actor, np.cos(standing.heading), np.sin(standing.heading)
    corners = np.array(
        [
            (standing.x + c * w - s * d, standing.y + s * w + c * d, up)
            for w in (-actor.half_width, actor.half_width)
            for d in (-actor.half_length, actor.half_length)
            for up in (0.0, TALL_M[actor.kind])
        ]
    )
    flat = camera.project(corners)
    if flat[:, 2].min() < 0.5:
        return False
    left, top = np.maximum(flat[:, :2].min(axis=0), 0)
    right, bottom = np.minimum(flat[:, :2].max(axis=0), (camera.width, camera.height_px))
    return bool(right - left >= 1.0 and bottom - top >= LEAST_PX)


def _told(number: int, trip: _Trip, stop_y: float) -> PassageTruth:
    actor, way = trip.standing.actor, direction(trip.standing.heading)
    persons = tuple(RiderTruth(o.role, o.seat, o.item, o.worn) for o in actor.occupants)
    line_s = _crossing(trip, stop_y) if way in (Direction.TOWARD, Direction.AWAY) else None
    return PassageTruth(number, actor.kind, way, number >= PARKED_FROM, persons, trip.first_s, trip.last_s, line_s)


def _crossing(trip: _Trip, stop_y: float) -> float | None:
    offsets = np.array(trip.ground_y) - stop_y
    turned = np.nonzero(np.sign(offsets[:-1]) != np.sign(offsets[1:]))[0]
    if len(turned) == 0:
        return None
    k = int(turned[0])
    share = offsets[k] / (offsets[k] - offsets[k + 1])
    return float(trip.seconds[k] + share * (trip.seconds[k + 1] - trip.seconds[k]))
