"""What is counted: a vehicle through a gate (passage), and a person of it with one item (observation)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Vehicle(StrEnum):
    """Kind of road user. The order is that of the road model's classes."""

    TWO_WHEELER = "two_wheeler"
    CAR = "car"


class Item(StrEnum):
    """What should be worn."""

    HELMET = "helmet"
    SEATBELT = "seatbelt"


class Role(StrEnum):
    """Where a person sits. Every person behind the rider is a pillion; `Observation.seat` tells them apart."""

    RIDER = "rider"
    PILLION = "pillion"
    DRIVER = "driver"
    FRONT_PASSENGER = "front_passenger"


class Status(StrEnum):
    """The three answers."""

    WORN = "worn"
    NOT_WORN = "not_worn"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why an answer is unknown."""

    TOO_SMALL = "too_small"
    OCCLUDED = "occluded"
    GLARE = "glare"
    CONFLICT = "conflict"
    TOO_SHORT = "too_short"
    NO_WINDSHIELD = "no_windshield"
    NO_MODEL = "no_model"


class Direction(StrEnum):
    """Where a vehicle went, seen from the camera."""

    TOWARD = "toward"
    AWAY = "away"
    LEFT = "left"
    RIGHT = "right"


Box = tuple[float, float, float, float]
"""left, top, right, bottom in pixels of the source's picture."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a vehicle was at one instant."""

    frame: int
    seconds: float
    taken_at: datetime
    xyxy: Box


@dataclass(frozen=True, slots=True)
class Observation:
    """One person of a passage and one item.

    Attributes:
        role: of the person.
        seat: 0 rider or driver, 1 pillion or front passenger, 2 and more further pillions.
        item: what was looked for.
        status: the answer.
        reason: why it is unknown; None exactly when it is known.
        confidence: probability that the status is right, 0..1; of an unknown, that of the likelier answer.
        votes: how many moments were judged.
        head: the person's head at the passage's `best` moment, of people in cars their upper body; None where it
            wasn't seen there.
    """

    role: Role
    seat: int
    item: Item
    status: Status
    reason: Reason | None
    confidence: float
    votes: int
    head: Box | None

    def __post_init__(self) -> None:
        if (self.status is Status.UNKNOWN) != (self.reason is not None):
            raise ValueError(f"status {self.status} with reason {self.reason}: unknown needs one, others have none")


@dataclass(frozen=True, slots=True)
class Passage:
    """One vehicle through one gate, once.

    Attributes:
        camera: identifier.
        track: number of the track in its session, from 1.
        vehicle: kind.
        direction: seen from the camera; None where it hardly moved in the picture.
        first: first sight.
        gate: crossing of the gate (of the default gate: the clearest moment).
        last: last sight.
        best: the moment of the clearest view.
        observations: one per person and item.
    """

    camera: str
    track: int
    vehicle: Vehicle
    direction: Direction | None
    first: Moment
    gate: Moment
    last: Moment
    best: Moment
    observations: tuple[Observation, ...]

    @property
    def is_violation(self) -> bool:
        """Somebody was seen not wearing."""
        return any(o.status is Status.NOT_WORN for o in self.observations)
