"""Shows the second models the vehicles of a frame that deserve a look: riders in one batch, cars in another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helmetbelt.detector.cabins import Cabin
from helmetbelt.detector.detections import Detections
from helmetbelt.pipelines.frames import Frame
from helmetbelt.pipelines.front_seats import owned_cabins
from helmetbelt.pipelines.looks import Look, sharpness
from helmetbelt.pipelines.passages import Vehicle
from helmetbelt.pipelines.perception import Perception
from helmetbelt.pipelines.rules import Rules
from helmetbelt.pipelines.seats import assign_heads
from helmetbelt.pipelines.track import Track
from helmetbelt.pipelines.visit import Visit

LEAST_HITS = 2
"""Sights before the first look: a false box comes once."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A vehicle found in the frame, and how clear the view of it is."""

    track: Track
    visit: Visit
    quality: float


Seen = list[tuple[Found, Look]]


def look_at_riders(perception: Perception, rules: Rules, frame: Frame, found: Sequence[Found]) -> Seen:
    """Heads of the two-wheelers among `found` that deserve a look."""
    riders = [f for f in found if f.track.vehicle is Vehicle.TWO_WHEELER]
    wanted = [f.track.hits >= LEAST_HITS and f.visit.looks.wants(frame.seconds, f.quality) for f in riders]
    if not any(wanted):
        return []
    boxes = np.array([f.track.place.xyxy for f in riders], np.float32)
    seen = iter(perception.heads(frame.image, boxes[np.array(wanted)], rules.helmet.min_score))
    heads = assign_heads(boxes, [next(seen) if wants else Detections.empty() for wants in wanted])
    return [
        (f, Look(f.visit.last, f.quality, f.track.velocity, heads=own))
        for f, wants, own in zip(riders, wanted, heads, strict=True)
        if wants
    ]


def look_at_cars(perception: Perception, rules: Rules, frame: Frame, found: Sequence[Found]) -> Seen:
    """Cabins of the cars among `found` that deserve a look; a parked car does not.

    The quality of their looks is that of the view times the root of its sharpness.
    """
    if rules.belt is None:
        return []
    cars = [
        Found(f.track, f.visit, f.quality * sharpness(frame.image, f.visit.last.xyxy) ** 0.5)
        for f in found
        if f.track.vehicle is Vehicle.CAR and f.track.travel.moved and f.visit.looks.is_due(frame.seconds)
    ]
    cars = [f for f in cars if f.visit.looks.wants(frame.seconds, f.quality)]
    if not cars:
        return []
    boxes = np.array([f.track.place.xyxy for f in cars], np.float32)
    cabins = perception.cabins(frame.image, boxes, rules.belt.min_score)
    owned: list[Cabin] = owned_cabins(boxes, cabins, np.ones(len(cars), np.bool_))
    return [(f, Look(f.visit.last, f.quality, f.track.velocity, cabin=own)) for f, own in zip(cars, owned, strict=True)]
