"""What is true of a simulated picture and of a simulated clip."""

from dataclasses import dataclass

from helmetbelt.pipelines.passages import Box, Direction, Item, Role, Vehicle


@dataclass(frozen=True, slots=True)
class PersonTruth:
    """One person of a visible vehicle.

    Attributes:
        role, seat, item, worn: who, and whether the helmet or belt is worn.
        head: from the top of helmet, hat or hair to the chin, hidden parts too, cut at the picture's border;
            None outside the picture and for people in a car seen from behind.
        head_visible: share of the head that nothing hides, 0..1, nearer vehicles, the own vehicle with its other
            people, and the picture's border counted.
        body: of people in cars, the upper body within the windshield; else None.
    """

    role: Role
    seat: int
    item: Item
    worn: bool
    head: Box | None
    head_visible: float
    body: Box | None


@dataclass(frozen=True, slots=True)
class VehicleTruth:
    """One vehicle in one picture.

    Attributes:
        vehicle: its number in the scene.
        kind: two-wheeler or car.
        xyxy: tight box of vehicle and riders, hidden parts too, cut at the picture's border.
        visible: share that nothing hides, 0..1, the picture's border counted.
        persons: by seat; empty for a parked car.
        windshield: tight box of a car's front glass; None where it is not seen.
        direction: seen from the camera.
        parked: never moves; not a passage.
    """

    vehicle: int
    kind: Vehicle
    xyxy: Box
    visible: float
    persons: tuple[PersonTruth, ...]
    windshield: Box | None
    direction: Direction
    parked: bool


@dataclass(frozen=True, slots=True)
class RiderTruth:
    """One person of a passage."""

    role: Role
    seat: int
    item: Item
    worn: bool


@dataclass(frozen=True, slots=True)
class PassageTruth:
    """One vehicle over a whole clip.

    Attributes:
        vehicle, kind, direction, parked: as in `VehicleTruth`; a parked one is listed and is not a passage.
        persons: by seat.
        first_s, last_s: seconds of the first and last sight.
        line_s: second at which its bottom centre crosses the stop line; None where it does not.
    """

    vehicle: int
    kind: Vehicle
    direction: Direction
    parked: bool
    persons: tuple[RiderTruth, ...]
    first_s: float
    last_s: float
    line_s: float | None
