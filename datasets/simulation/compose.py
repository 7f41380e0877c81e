"""Hangs sprites in a picture, near ones over far ones, and reads the truth off what is left of each."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.simulation import parts
from helmetbelt.datasets.simulation.cast import Occupant
from helmetbelt.datasets.simulation.mesh import Floats
from helmetbelt.datasets.simulation.studio import Hung, Pinned
from helmetbelt.datasets.simulation.truth import PersonTruth, VehicleTruth
from helmetbelt.pipelines.frames import Image
from helmetbelt.pipelines.passages import Box, Direction, Vehicle

LEAST_PX = 4.0
"""Vehicles lower than this, in pixels, are not in the truth."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sprite falls in the picture: whole pixels, and its place within them."""

    left: int
    top: int
    right: int
    bottom: int
    matrix: Floats


def place(hung: Pinned, left: int, top: int, shape: tuple[int, ...], size: tuple[int, int]) -> Place | None:
    """Where a layer of a sprite with this left and top lies in a picture of (width, height); None outside."""
    x, y = hung.u + left * hung.scale, hung.v + top * hung.scale
    x1, y1 = max(int(np.floor(x)), 0), max(int(np.floor(y)), 0)
    x2 = min(int(np.ceil(x + shape[1] * hung.scale)), size[0])
    y2 = min(int(np.ceil(y + shape[0] * hung.scale)), size[1])
    if x1 >= x2 or y1 >= y2:
        return None
    half = 0.5 * hung.scale - 0.5
    matrix = np.array([[hung.scale, 0, x - x1 + half], [0, hung.scale, y - y1 + half]], np.float32)
    return Place(x1, y1, x2, y2, matrix)


def _warped(layer: NDArray[np.uint8], at: Place, smooth: bool) -> NDArray[np.uint8]:
    size = (at.right - at.left, at.bottom - at.top)
    how = cv2.INTER_LINEAR if smooth else cv2.INTER_NEAREST
    return np.asarray(cv2.warpAffine(layer, at.matrix, size, flags=how), np.uint8)


def cast_shadow(picture: Image, hung: Pinned, strength: float) -> None:
    """Darkens the ground under one sprite, in place."""
    sprite = hung.sprite
    at = place(hung, sprite.shadow_left, sprite.shadow_top, sprite.shadow.shape, picture.shape[1::-1])
    if at is None:
        return
    cover = _warped(sprite.shadow, at, True)
    left_over = cv2.cvtColor(cv2.convertScaleAbs(cover, alpha=-strength, beta=255.0), cv2.COLOR_GRAY2BGR)
    region = picture[at.top : at.bottom, at.left : at.right]
    cv2.multiply(region, left_over, dst=region, scale=1 / 255)


def paste(picture: Image, hung: Pinned, smear: NDArray[np.float32] | None = None) -> None:
    """Draws one sprite, in place; `smear` is a kernel of motion blur."""
    sprite = hung.sprite
    at = place(hung, sprite.left, sprite.top, sprite.ids.shape, picture.shape[1::-1])
    if at is None:
        return
    layer = _warped(sprite.image, at, True)
    if smear is not None:
        layer = np.asarray(cv2.filter2D(layer, -1, smear, borderType=cv2.BORDER_CONSTANT), np.uint8)
    region = picture[at.top : at.bottom, at.left : at.right]
    left_over = cv2.cvtColor(255 - layer[..., 3], cv2.COLOR_GRAY2BGR)
    cv2.multiply(region, left_over, dst=region, scale=1 / 255)
    cv2.add(region, np.ascontiguousarray(layer[..., :3]), dst=region)


def truth(
    hung: Sequence[Hung], size: tuple[int, int], directions: Sequence[Direction], parked: Sequence[bool]
) -> list[VehicleTruth]:
    """What is visible of each vehicle, far ones first as given, in a picture of (width, height).

    A vehicle that is hidden altogether is left out.
    """
    owner, part = np.zeros((size[1], size[0]), np.uint8), np.zeros((size[1], size[0]), np.uint8)
    places = []
    for k, one in enumerate(hung):
        at = place(one, one.sprite.left, one.sprite.top, one.sprite.ids.shape, size)
        places.append(at)
        if at is not None:
            ids = _warped(one.sprite.ids, at, False)
            region = slice(at.top, at.bottom), slice(at.left, at.right)
            owner[region] = np.where(ids > 0, k + 1, owner[region])
            part[region] = np.where(ids > 0, ids, part[region])
    found = []
    for k, (one, at) in enumerate(zip(hung, places, strict=True)):
        if at is None:
            continue
        region = slice(at.top, at.bottom), slice(at.left, at.right)
        seen = np.bincount(part[region][owner[region] == k + 1], minlength=64)
        vehicle = _vehicle(one, seen, size, directions[k], parked[k])
        if vehicle is not None:
            found.append(vehicle)
    return found


def _clipped(xyxy: Floats, size: tuple[int, int]) -> Box | None:
    x1, y1, x2, y2 = (float(v) for v in xyxy)
    x1, y1, x2, y2 = max(x1, 0.0), max(y1, 0.0), min(x2, float(size[0])), min(y2, float(size[1]))
    return (x1, y1, x2, y2) if x2 - x1 >= 1.0 and y2 - y1 >= 1.0 else None


def _vehicle(
    one: Hung, seen: NDArray[np.intp], size: tuple[int, int], direction: Direction, parked: bool
) -> VehicleTruth | None:
    box = _clipped(one.box(one.sprite.xyxy), size)
    if box is None or box[3] - box[1] < LEAST_PX or not seen.any():
        return None
    actor = one.standing.actor
    whole = float((one.sprite.ids > 0).sum()) * one.scale**2
    shield = None if one.windshield is None else _clipped(one.box(one.windshield), size)
    persons = tuple(_person(one, o, seen, size, shield) for o in actor.occupants)
    return VehicleTruth(
        actor.number, actor.kind, box, min(float(seen.sum()) / max(whole, 1.0), 1.0), persons, shield, direction, parked
    )


def _person(
    one: Hung, occupant: Occupant, seen: NDArray[np.intp], size: tuple[int, int], shield: Box | None
) -> PersonTruth:
    hidden = one.standing.actor.kind is Vehicle.CAR and shield is None
    name = parts.head_of(occupant.seat)
    at = int(np.nonzero(one.sprite.part == name)[0][0])
    head = None if hidden else _clipped(one.box(one.sprite.part_xyxy[at]), size)
    area = max(float(one.sprite.part_pixels[at]) * one.scale**2, 1.0)
    share = 0.0 if head is None else min(float(seen[name]) / area, 1.0)
    body = None
    if shield is not None:
        trunk = one.box(one.sprite.part_xyxy[np.nonzero(one.sprite.part == parts.torso_of(occupant.seat))[0][0]])
        whole = one.box(one.sprite.part_xyxy[at])
        body = _clipped(
            np.array(
                (
                    max(min(trunk[0], whole[0]), shield[0]),
                    max(min(trunk[1], whole[1]), shield[1]),
                    min(max(trunk[2], whole[2]), shield[2]),
                    min(trunk[3], shield[3]),
                ),
                np.float32,
            ),
            size,
        )
    return PersonTruth(occupant.role, occupant.seat, occupant.item, occupant.worn, head, share, body)
