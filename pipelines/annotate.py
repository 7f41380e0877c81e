"""The annotated picture: vehicles, answers and counters drawn on a copy, faces and plates hidden."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

import cv2
import numpy as np

from helmetbelt.pipelines.brush import Brush, Colour
from helmetbelt.pipelines.frames import Frame, Image
from helmetbelt.pipelines.gates import Gate, LineGate, WholeGate
from helmetbelt.pipelines.passages import Box, Item, Role, Status, Vehicle
from helmetbelt.pipelines.privacy import Hidden, Share, hidden_of, part_of, pixelated, share_of
from helmetbelt.pipelines.sightings import PersonSighting, Sighting
from helmetbelt.pipelines.tally import PLACES, Tally
from helmetbelt.pipelines.videofile import playable_size

COLOURS: dict[Status, Colour] = {
    Status.WORN: (84, 178, 52),
    Status.NOT_WORN: (58, 52, 226),
    Status.UNKNOWN: (24, 160, 240),
}
"""Blue, green, red: a green, a red and an amber that can be told apart in print and by the colour-blind."""

CAR: Colour = (214, 150, 70)
UNCONFIRMED: Colour = (190, 190, 190)
GATE: Colour = (235, 215, 60)
INK: Colour = (40, 34, 28)
PAPER: Colour = (255, 255, 255)
FAINT: Colour = (205, 205, 205)

LOST_S = 0.5
"""A vehicle that the model misses in one frame is still there, and so is its rider's face."""

RINGS_STAY_S = 0.7
"""Heads are looked for a few times a second; a ring that flickers is hard to look at."""

INITIALS = {Role.RIDER: "R", Role.PILLION: "P", Role.DRIVER: "D", Role.FRONT_PASSENGER: "F"}
ROLE_NAMES = {
    Role.RIDER: "rider",
    Role.PILLION: "pillion",
    Role.DRIVER: "driver",
    Role.FRONT_PASSENGER: "front pass.",
}
STATUS_NAMES = {Status.WORN: "worn", Status.NOT_WORN: "not worn", Status.UNKNOWN: "unknown"}


@dataclass(frozen=True, slots=True)
class _Rings:
    """People and windshield of a vehicle as shares of its box, when they were last found."""

    seconds: float
    heads: tuple[tuple[Share, Status], ...]
    windshield: Share | None


class Annotator:
    """Draws what a lane sees and has counted onto the frames of one source.

    Attributes:
        width: of the drawn pictures, pixels, even.
        height: of the drawn pictures, pixels, even.
    """

    def __init__(self, width: int, height: int, zone: tzinfo, gate: Gate) -> None:
        """Fits everything to a picture size.

        Args:
            width: of the source, pixels.
            height: of the source, pixels.
            zone: of the clock in the corner.
            gate: a line or zone to be drawn; that of the whole picture is not.
        """
        self.width, self.height = playable_size(width, height)
        self._scale = (self.width / width, self.height / height)
        self._zone = zone
        self._gate = [self._scaled_point(x, y) for x, y in gate_points(gate, width, height)]
        self._rings: dict[int, _Rings] = {}
        self._last: dict[int, tuple[float, Sighting]] = {}

    def draw(self, frame: Frame, sightings: Sequence[Sighting], tally: Tally) -> Image:
        """The annotated picture, (height, width, 3) BGR; the frame's own stays as it is."""
        canvas = self._fitted(pixelated(frame.image, self._hidden(sightings, frame.seconds)))
        brush = Brush(canvas)
        brush.path(self._gate, GATE)
        self._rings = {s.track: self._rings_of(s, frame.seconds) for s in sightings}
        for sighting in sorted(sightings, key=lambda s: (s.confirmed, s.xyxy[3])):
            self._vehicle(brush, sighting)
        self._panel(brush, frame, tally)
        return canvas

    def _hidden(self, sightings: Sequence[Sighting], seconds: float) -> list[Hidden]:
        """Faces and plates of the vehicles found, and for a moment those of vehicles that were lost."""
        found = {s.track: (seconds, s) for s in sightings}
        lost = {t: (at, s) for t, (at, s) in self._last.items() if t not in found and seconds - at < LOST_S}
        self._last = found | lost
        return [part for _, sighting in self._last.values() for part in hidden_of(sighting)]

    def _vehicle(self, brush: Brush, sighting: Sighting) -> None:
        box, colour = self._scaled(sighting.xyxy), colour_of(sighting)
        if not sighting.confirmed:
            brush.corners(box, UNCONFIRMED, brush.line)
            return
        rings = self._rings[sighting.track]
        if rings.windshield is not None:
            brush.frame(part_of(box, rings.windshield), CAR)
        mark = brush.frame if sighting.vehicle is Vehicle.CAR else brush.ring
        for share, status in rings.heads:
            mark(part_of(box, share), COLOURS[status])
        brush.frame(box, colour)
        brush.corners(box, colour, brush.line * 2)
        self._tag(brush, box, sighting, colour)

    def _rings_of(self, sighting: Sighting, seconds: float) -> "_Rings":
        """The people of this frame; where they were not looked for, the last ones for a moment."""
        heads = tuple((share_of(sighting.xyxy, p.head), p.status) for p in sighting.persons if p.head is not None)
        before = self._rings.get(sighting.track)
        if not heads and before is not None and seconds - before.seconds < RINGS_STAY_S:
            return before
        glass = sighting.windshield
        return _Rings(seconds, heads, None if glass is None else share_of(sighting.xyxy, glass))

    def _tag(self, brush: Brush, box: Box, sighting: Sighting, colour: Colour) -> None:
        """Number of the track and one chip for each person, above the box."""
        number = str(sighting.track)
        chip = brush.text_px + brush.gap
        width = brush.text_width(number) + 2 * brush.gap + chip * len(sighting.persons)
        left = min(max(int(box[0]), 0), max(self.width - width, 0))
        top = max(int(box[1]) - chip - brush.line, 0)
        brush.fill(left, top, width, chip, INK if sighting.persons else colour)
        brush.text(left + brush.gap, top, chip, number, PAPER, is_bold=sighting.counted)
        for i, person in enumerate(sighting.persons):
            at = left + width - chip * (len(sighting.persons) - i)
            brush.fill(at, top, chip, chip, COLOURS[person.status])
            initial = INITIALS[person.role]
            brush.text(at + (chip - brush.text_width(initial)) // 2, top, chip, initial, PAPER, is_bold=True)

    def _panel(self, brush: Brush, frame: Frame, tally: Tally) -> None:
        """Time and counters in the upper left corner."""
        row, pad = brush.text_px * 3 // 2, brush.gap * 2
        column = brush.text_width("not worn") + 2 * pad
        first = brush.text_width(ROLE_NAMES[Role.FRONT_PASSENGER]) + pad
        places = [p for p in PLACES if p[0] is Item.HELMET or tally.vehicles(Vehicle.CAR)]
        left = top = brush.gap * 2
        width, height = first + column * 3 + pad, row * (3 + len(places)) + pad
        brush.shade(left, top, width, height, INK)
        x, y = left + pad, top + pad // 2
        clock = frame.taken_at.astimezone(self._zone)
        brush.text(x, y, row, f"{clock:%Y-%m-%d  %H:%M:%S}", PAPER, is_bold=True)
        vehicles = f"two-wheelers {tally.vehicles(Vehicle.TWO_WHEELER)}    cars {tally.vehicles(Vehicle.CAR)}"
        brush.text(x, y + row, row, vehicles, PAPER)
        for j, status in enumerate(COLOURS):
            at = x + first + j * column
            brush.text(at, y + 2 * row, row, STATUS_NAMES[status], COLOURS[status], is_bold=True)
        for i, (item, role) in enumerate(places):
            line = y + (3 + i) * row
            brush.text(x, line, row, ROLE_NAMES[role], FAINT)
            for j, status in enumerate(COLOURS):
                count = str(tally.answer(item, role, status))
                brush.text(x + first + j * column, line, row, count, PAPER)

    def _fitted(self, image: Image) -> Image:
        if image.shape[:2] == (self.height, self.width):
            return image
        size = (self.width, self.height)
        return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)

    def _scaled_point(self, x: float, y: float) -> tuple[float, float]:
        return x * self._scale[0], y * self._scale[1]

    def _scaled(self, box: Box) -> Box:
        sx, sy = self._scale
        return box[0] * sx, box[1] * sy, box[2] * sx, box[3] * sy


def colour_of(sighting: Sighting) -> Colour:
    """The colour of a vehicle's box: that of the answer that matters most."""
    if sighting.vehicle is Vehicle.CAR and not _decided(sighting.persons):
        return CAR
    statuses = {p.status for p in sighting.persons}
    for status in (Status.NOT_WORN, Status.UNKNOWN, Status.WORN):
        if status in statuses:
            return COLOURS[status]
    return COLOURS[Status.UNKNOWN]


def gate_points(gate: Gate, width: int, height: int) -> list[tuple[float, float]]:
    """What to draw of a gate: its corners in pixels of a picture of this size; empty for the whole picture."""
    if isinstance(gate, WholeGate):
        return []
    points = [gate.start, gate.end] if isinstance(gate, LineGate) else [*gate.corners, gate.corners[0]]
    return [(x, y) if gate.in_pixels else (x * width, y * height) for x, y in points]


def _decided(persons: Sequence[PersonSighting]) -> bool:
    return any(p.status is not Status.UNKNOWN for p in persons)
