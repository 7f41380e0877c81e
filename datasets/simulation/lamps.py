"""Head lamps and tail lamps of vehicles, as far as they shine at the camera."""

from dataclasses import dataclass

import numpy as np

from helmetbelt.datasets.simulation.camera import Camera
from helmetbelt.datasets.simulation.mesh import Colour
from helmetbelt.datasets.simulation.studio import Standing, point_of_vehicle
from helmetbelt.pipelines.passages import Vehicle

WARM: Colour = (0.80, 0.93, 1.0)
RED: Colour = (0.12, 0.08, 0.70)
LEAST_TURNED = 0.35
"""Cosine of the heading below which a lamp shines past the camera."""


@dataclass(frozen=True, slots=True)
class ShiningLamp:
    """A lamp in the picture: pixels right and down, BGR in 0..1, reach of its halo in pixels."""

    place: tuple[float, float]
    colour: Colour
    reach_px: float


def lamps_of(standing: Standing, camera: Camera) -> list[ShiningLamp]:
    """The lamps of a vehicle that face the camera; none of an empty one."""
    turned = -float(np.cos(standing.heading))
    if abs(turned) < LEAST_TURNED or not standing.actor.occupants:
        return []
    toward, is_car = turned > 0, standing.actor.kind is Vehicle.CAR
    if is_car:
        y = standing.actor.half_length * (0.97 if toward else -0.99)
        points = [(side * 0.66, y, 0.70 if toward else 0.78) for side in (-1, 1)]
    else:
        points = [(0.0, 0.60, 0.95) if toward else (0.0, -0.90, 0.74)]
    reach = (0.22 if toward else 0.13) * camera.anchor(standing.x, standing.y)[2] * abs(turned)
    return [ShiningLamp(point_of_vehicle(standing, p, camera), WARM if toward else RED, reach) for p in points]
