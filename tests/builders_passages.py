"""Passages and sightings in one line, for tests of what is done with them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from helmetbelt.pipelines.closed import Closed, HeadView, View
from helmetbelt.pipelines.frames import Frame, Image
from helmetbelt.pipelines.passages import (
    Box,
    Direction,
    Item,
    Moment,
    Observation,
    Passage,
    Reason,
    Role,
    Status,
    Vehicle,
)
from helmetbelt.pipelines.sightings import PersonSighting, Sighting

BEGAN = datetime(2026, 3, 2, 0, 15, tzinfo=UTC)
"""08:15 in China."""

BOX: Box = (10.0, 8.0, 40.0, 60.0)
WORN, NOT_WORN, UNKNOWN = Status.WORN, Status.NOT_WORN, Status.UNKNOWN


def frame(index: int, seconds: float, image: Image) -> Frame:
    """A frame of camera `gate-1`."""
    return Frame("gate-1", index, seconds, BEGAN + timedelta(seconds=seconds), image)


def moment(seconds: float, box: Box = BOX) -> Moment:
    """Where a vehicle was, at 10 frames a second."""
    return Moment(round(seconds * 10), seconds, BEGAN + timedelta(seconds=seconds), box)


def observation(
    role: Role, status: Status, *, seat: int | None = None, confidence: float = 0.9, head: Box | None = None
) -> Observation:
    """One answer; the item follows from the role."""
    item = Item.HELMET if role in (Role.RIDER, Role.PILLION) else Item.SEATBELT
    number = seat if seat is not None else int(role in (Role.PILLION, Role.FRONT_PASSENGER))
    reason = Reason.TOO_SMALL if status is UNKNOWN else None
    return Observation(role, number, item, status, reason, confidence, 5, head)


def passage(
    track: int,
    *statuses: Status,
    vehicle: Vehicle = Vehicle.TWO_WHEELER,
    at: float | None = None,
    box: Box = BOX,
    camera: str = "gate-1",
) -> Passage:
    """A passage of two seconds whose persons have these statuses, rider or driver first."""
    roles = (
        (Role.RIDER, Role.PILLION, Role.PILLION)
        if vehicle is Vehicle.TWO_WHEELER
        else (Role.DRIVER, Role.FRONT_PASSENGER)
    )
    gate_s = float(track) if at is None else at
    persons = tuple(observation(roles[i], status, seat=i) for i, status in enumerate(statuses))
    first, gate, last = moment(gate_s - 1, box), moment(gate_s, box), moment(gate_s + 1, box)
    return Passage(camera, track, vehicle, Direction.TOWARD, first, gate, last, gate, persons)


def closed(made: Passage, images: Sequence[Image] = ()) -> Closed:
    """A finished passage with one view per picture; every `not_worn` seat is good enough for evidence."""
    seats = tuple(o.seat for o in made.observations if o.status is NOT_WORN)
    heads = tuple(HeadView(seat, (20.0, 8.0, 30.0, 18.0), NOT_WORN) for seat in seats)
    times = (made.first, made.gate)
    views = tuple(View(times[i], image, heads) for i, image in enumerate(images))
    return Closed(made, views, seats)


def sighting(
    track: int,
    *persons: tuple[Role, Status, Box | None],
    vehicle: Vehicle = Vehicle.TWO_WHEELER,
    box: Box = BOX,
    confirmed: bool = True,
    counted: bool = False,
    windshield: Box | None = None,
) -> Sighting:
    """A vehicle in view."""
    return Sighting(track, vehicle, box, confirmed, counted, tuple(PersonSighting(*p) for p in persons), windshield)
