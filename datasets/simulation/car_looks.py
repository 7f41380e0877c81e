"""How cars look: side views of four bodies, and what is chosen for one car."""

from dataclasses import dataclass
from enum import StrEnum

from helmetbelt.datasets.simulation.mesh import Colour, Point
from helmetbelt.datasets.simulation.people import PersonLook


class Body(StrEnum):
    """Kinds of car."""

    SEDAN = "sedan"
    SUV = "suv"
    VAN = "van"
    TRUCK = "truck"


@dataclass(frozen=True, slots=True)
class Shape:
    """Side view of a body, metres; y ahead from the middle.

    Attributes:
        half_length, half_width: of the body.
        belly, hood, waist, roof: heights.
        nose, cowl, front_roof, rear_roof, rear_waist: y from the front to the back.
        wheel_y, wheel_radius: of the axles.
        seat: y and z of the front seats' hips.
    """

    half_length: float
    half_width: float
    belly: float
    hood: float
    waist: float
    roof: float
    cowl: float
    front_roof: float
    rear_roof: float
    rear_waist: float
    wheel_y: float
    wheel_radius: float
    seat: tuple[float, float]


SHAPES = {
    Body.SEDAN: Shape(2.30, 0.90, 0.22, 0.86, 0.94, 1.45, 1.02, 0.30, -0.95, -1.60, 1.38, 0.33, (-0.10, 0.56)),
    Body.SUV: Shape(2.30, 0.94, 0.28, 1.04, 1.12, 1.72, 1.02, 0.42, -1.75, -2.15, 1.38, 0.38, (0.0, 0.68)),
    Body.VAN: Shape(2.25, 0.88, 0.26, 1.02, 1.10, 1.90, 1.62, 0.98, -2.10, -2.22, 1.35, 0.33, (0.56, 0.80)),
    Body.TRUCK: Shape(2.60, 0.95, 0.34, 1.08, 1.20, 2.05, 2.30, 1.90, 0.85, 0.80, 1.65, 0.40, (1.46, 0.94)),
}


@dataclass(frozen=True, slots=True)
class CarLook:
    """How a car looks.

    Attributes:
        body: kind.
        paint: colour.
        people: driver first, then the front passenger.
        belted: for each of the people.
        strap: colour of the belts.
        haze: how much sky the windshield mirrors, 0..1.
    """

    body: Body
    paint: Colour
    people: tuple[PersonLook, ...]
    belted: tuple[bool, ...]
    strap: Colour
    haze: float


def windshield_corners(body: Body) -> list[Point]:
    """Left low, right low, right high, left high, as seen by the driver."""
    s = SHAPES[body]
    low, high = s.half_width - 0.13, s.half_width - 0.27
    return [
        (-low, s.cowl, s.waist),
        (low, s.cowl, s.waist),
        (high, s.front_roof, s.roof - 0.04),
        (-high, s.front_roof, s.roof - 0.04),
    ]
