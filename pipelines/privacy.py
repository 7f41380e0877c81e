"""Faces and plates made unrecognisable in whatever is shown; a helmet can still be told from hair.

Heads are looked for in some frames only and not always found, so the whole part of a vehicle where heads are
is hidden in every frame, and with it the heads that are known.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from helmetbelt.pipelines.frames import Image
from helmetbelt.pipelines.passages import Box, Vehicle
from helmetbelt.pipelines.sightings import Sighting

BLOCKS_PER_HEAD = 5
"""A face needs about 20 pixels across to be known again, the colour of what is on a head two or three."""

SMALLEST_BLOCK_PX = 3
HEAD_SHARE = 0.18
"""Usual height of a head as a share of its two-wheeler's box."""

HEAD_MARGIN = 0.15
"""Head boxes are drawn around helmet or hair; a chin sticks out below."""

CABIN_HEAD_SHARE = 0.14
"""Height of a head behind the windshield as a share of the car's box."""

STRAP_BLOCK_SHARE = 0.035
"""A block where a belt may be, as a share of the height of the occupant's box: a strap is about two blocks wide, the
face of a child on a lap about seven."""

Share = tuple[float, float, float, float]
"""left, top, right, bottom of a part of a box, 0..1 of its width and height."""

RIDERS: Share = (-0.05, -0.12, 1.05, 0.5)
RIDER_PLATE: Share = (0.2, 0.55, 0.8, 0.85)
CABIN: Share = (0.05, 0.05, 0.95, 0.55)
CAR_PLATE: Share = (0.0, 0.6, 1.0, 1.0)
FACE: Share = (0.0, 0.0, 1.0, 0.55)
CHEST: Share = (0.0, 0.55, 1.0, 1.0)
"""Of the box of a car's occupant: chins are at about half its height."""

PLATE_BLOCK_SHARE = 0.06
"""A block covers the height of a plate, so that no character keeps its shape."""

BACKGROUND_BLUR = 24
"""What surrounds the vehicle of an evidence picture is averaged over the picture's width divided by this."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """A part of a picture to be made unrecognisable; `block_px` is the side of the blocks it becomes."""

    xyxy: Box
    block_px: float


def hidden_parts(vehicle: Vehicle, xyxy: Box, heads: Iterable[Box] = (), windshield: Box | None = None) -> list[Hidden]:
    """What must not be shown of one vehicle.

    Args:
        vehicle: its kind.
        xyxy: its box in pixels of the picture.
        heads: found on it, of people in cars their upper bodies, pixels of the picture; they may reach out of the
            part that is hidden anyway.
        windshield: of a car, where it was found.
    """
    height = xyxy[3] - xyxy[1]
    plate_px = height * PLATE_BLOCK_SHARE
    if vehicle is Vehicle.CAR:
        head_px = height * CABIN_HEAD_SHARE / BLOCKS_PER_HEAD
        glass = [part_of(xyxy, CABIN), *([windshield] if windshield else []), *heads]
        return [Hidden(part_of(xyxy, CAR_PLATE), plate_px), *(Hidden(part, head_px) for part in glass)]
    parts = [
        Hidden(part_of(xyxy, RIDER_PLATE), plate_px),
        Hidden(part_of(xyxy, RIDERS), height * HEAD_SHARE / BLOCKS_PER_HEAD),
    ]
    return parts + [Hidden(_widened(head), (head[3] - head[1]) / BLOCKS_PER_HEAD) for head in heads]


def hidden_of(sighting: Sighting) -> list[Hidden]:
    """What must not be shown of a vehicle in view."""
    heads = [p.head for p in sighting.persons if p.head is not None]
    return hidden_parts(sighting.vehicle, sighting.xyxy, heads, sighting.windshield)


def pixelated(image: Image, hidden: Iterable[Hidden]) -> Image:
    """A copy in which each part is reduced to blocks of its mean colours; parts outside are cut off."""
    shown = image.copy()
    for part in hidden:
        _cover(shown, shown, part)
    return shown


def only_vehicle(image: Image, vehicle: Vehicle, xyxy: Box, heads: Sequence[Box], chests: Sequence[Box] = ()) -> Image:
    """A copy that shows one vehicle without its faces and plate, in front of a blurred street.

    Args:
        image: only read.
        vehicle: its kind.
        xyxy: its box.
        heads: of its people; of people in cars their upper bodies.
        chests: those of `heads` behind whose glass a strap must still be told from a shirt.
    """
    left, top, right, bottom = inside(part_of(xyxy, (-0.05, -0.12, 1.05, 1.03)), image)
    clear = pixelated(image, hidden_parts(vehicle, xyxy, heads))
    for box in chests:
        _cover(clear, image, Hidden(part_of(box, CHEST), (box[3] - box[1]) * STRAP_BLOCK_SHARE))
    if chests:
        for box in heads:
            _cover(clear, image, Hidden(part_of(box, FACE), (xyxy[3] - xyxy[1]) * CABIN_HEAD_SHARE / BLOCKS_PER_HEAD))
    shown = _blurred(image)
    shown[top:bottom, left:right] = clear[top:bottom, left:right]
    return shown


def part_of(xyxy: Box, share: Share) -> Box:
    """A part of a box; shares below 0 and above 1 lie outside of it."""
    left, top, right, bottom = xyxy
    width, height = right - left, bottom - top
    return left + share[0] * width, top + share[1] * height, left + share[2] * width, top + share[3] * height


def share_of(xyxy: Box, part: Box) -> Share:
    """What `part_of` makes the part of; a box without an area is taken as one pixel wide or high."""
    left, top, right, bottom = xyxy
    width, height = max(right - left, 1.0), max(bottom - top, 1.0)
    return (
        (part[0] - left) / width,
        (part[1] - top) / height,
        (part[2] - left) / width,
        (part[3] - top) / height,
    )


def inside(xyxy: Box, image: Image) -> tuple[int, int, int, int]:
    """The box in whole pixels of the picture, widened to them and cut at its borders; may be empty."""
    height, width = image.shape[:2]
    left, top = max(int(xyxy[0]), 0), max(int(xyxy[1]), 0)
    return left, top, min(int(-(-xyxy[2] // 1)), width), min(int(-(-xyxy[3] // 1)), height)


def _widened(head: Box) -> Box:
    return part_of(head, (-HEAD_MARGIN, -HEAD_MARGIN, 1 + HEAD_MARGIN, 1 + 2 * HEAD_MARGIN))


def _cover(canvas: Image, image: Image, hidden: Hidden) -> None:
    """Writes the blocks of a part of `image` onto `canvas`, which belongs to the caller."""
    left, top, right, bottom = inside(hidden.xyxy, image)
    if right > left and bottom > top:
        canvas[top:bottom, left:right] = _blocks(image[top:bottom, left:right], hidden.block_px)


def _blocks(part: Image, block_px: float) -> Image:
    height, width = part.shape[:2]
    block = max(block_px, SMALLEST_BLOCK_PX)
    few = (max(round(width / block), 1), max(round(height / block), 1))
    small = cv2.resize(part, few, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)


def _blurred(image: Image) -> Image:
    height, width = image.shape[:2]
    few = (BACKGROUND_BLUR * 2, max(round(height / width * BACKGROUND_BLUR * 2), 1))
    small = cv2.resize(image, few, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)
