"""Cars with drivers and front passengers, from the ground point in their middle; the driver sits on the left."""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from helmetbelt.datasets.simulation import parts
from helmetbelt.datasets.simulation.heads import DARK
from helmetbelt.datasets.simulation.mesh import (
    Colour,
    Mesh,
    Point,
    block,
    ellipsoid,
    join,
    loft,
    panel,
    ring,
    tube,
    wheel,
)
from helmetbelt.datasets.simulation.people import PersonLook, Pose, person

GLASS: Colour = (0.22, 0.19, 0.17)
LAMP: Colour = (0.94, 0.97, 0.98)
TAIL: Colour = (0.12, 0.08, 0.70)


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
    Body.SEDAN: Shape(
        2.30, 0.90, 0.22, 0.86, 0.94, 1.45, 1.02, 0.30, -0.95, -1.60, 1.38, 0.33, (-0.10, 0.56)
    ),
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


def car(look: CarLook) -> Mesh:
    """A car; its windshield is open: `windshield_corners` says where the glass goes."""
    shape = SHAPES[look.body]
    meshes = [
        _hull(look, shape),
        *_cabin(look, shape),
        *_wheels(shape),
        *_front(look, shape),
        *_rear(look, shape),
    ]
    meshes += _inside(look, shape)
    if look.body is Body.TRUCK:
        meshes.append(block((0, -0.95, 1.45), (2.0, 3.2, 1.7), (0.78, 0.80, 0.80), 0.15, round_by=0.1))
    return join(meshes)


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


def _hull(look: CarLook, s: Shape) -> Mesh:
    ends = (
        (s.half_length, 0.62, 0.42, 0.62),
        (s.half_length - 0.06, 0.84, 0.28, 0.74),
        (s.half_length - 0.35, 0.97, s.belly, s.hood - 0.03),
        (s.cowl + 0.25, 1.0, s.belly, s.hood + 0.01),
        (s.cowl, 1.0, s.belly, s.waist),
        (0.5, 1.0, s.belly, s.waist),
        (-0.5, 1.0, s.belly, s.waist),
        (s.rear_waist, 1.0, s.belly, s.waist + 0.02),
        (-s.half_length + 0.2, 0.97, s.belly, s.waist),
        (-s.half_length + 0.03, 0.90, 0.30, s.waist - 0.08),
        (-s.half_length, 0.75, 0.42, s.waist - 0.2),
    )
    stations = np.array(sorted(ends, key=lambda e: -e[0]))
    ys = np.unique(np.concatenate([stations[:, 0], np.linspace(-s.half_length, s.half_length, 19)]))[::-1]
    wide, low, high = (np.interp(ys, stations[::-1, 0], stations[::-1, k]) for k in (1, 2, 3))
    rings = [
        ring((0, y, (b + t) / 2), (s.half_width * w, 0, 0), (0, 0, (t - b) / 2), 32, 0.42)
        for y, w, b, t in zip(ys, wide, low, high, strict=True)
    ]
    mesh = loft(np.stack(rings), look.paint, 0.85)
    c = mesh.centres
    sill = c[:, 2] < s.belly + 0.12
    cabin = (mesh.normals[:, 2] > 0.75) & (c[:, 1] < s.cowl - 0.02) & (c[:, 1] > s.rear_waist)
    cabin &= np.abs(c[:, 0]) < s.half_width - 0.16
    return mesh.painted(sill, DARK, 0.1).kept(~cabin)


def _cabin(look: CarLook, s: Shape) -> list[Mesh]:
    low, high = s.half_width - 0.05, s.half_width - 0.22
    ys = np.linspace(s.front_roof + 0.04, s.rear_roof - 0.03, 5)
    rings = [
        ring((0, float(y), s.roof - 0.03 + 0.03 * np.cos(k - 2)), (high + 0.02, 0, 0), (0, 0, 0.035), 16, 0.6)
        for k, y in enumerate(ys)
    ]
    out = [loft(np.stack(rings), look.paint, 0.9)]
    for side in (-1, 1):
        window = [
            (side * low, s.cowl - 0.12, s.waist - 0.08),
            (side * low, s.rear_waist + 0.1, s.waist - 0.08),
            (side * high, s.rear_roof, s.roof - 0.05),
            (side * high, s.front_roof, s.roof - 0.05),
        ]
        out.append(panel(window if side < 0 else window[::-1], GLASS, 0.9, lift=0.07, cells=(6, 2)))
        ground = [
            (side * (s.half_width - 0.10), s.cowl, s.waist),
            (side * (high + 0.0), s.front_roof, s.roof - 0.03),
        ]
        out.append(tube(ground, [0.05, 0.045], look.paint, 0.8, parts.GLASS_EDGE, 0.1, 8))
        for y in (s.front_roof - 0.65, s.rear_roof + 0.15):
            if s.rear_waist < y < s.front_roof:
                out.append(
                    tube(
                        [(side * low, y - 0.05, s.waist), (side * high, y, s.roof - 0.05)],
                        [0.05, 0.045],
                        DARK,
                        0.5,
                        parts.BODY,
                        0.06,
                        6,
                    )
                )
        corner = [
            (side * low, s.rear_waist + 0.34, s.waist - 0.08),
            (side * low, s.rear_waist - 0.04, s.waist - 0.08),
            (side * high, s.rear_roof - 0.02, s.roof - 0.04),
            (side * high, s.rear_roof + 0.22, s.roof - 0.04),
        ]
        out.append(panel(corner if side < 0 else corner[::-1], look.paint, 0.8, parts.BODY, 0.25, (2, 3)))
        slant = [(side * (low - 0.05), s.rear_waist, s.waist - 0.02), (side * (high - 0.02), s.rear_roof, s.roof - 0.03)]
        out.append(tube(slant, [0.055, 0.05], look.paint, 0.8, parts.BODY, 0.08, 8))
        out.append(
            ellipsoid(
                (side * (s.half_width + 0.09), s.cowl - 0.35, s.waist + 0.06),
                (0.11, 0.05, 0.075),
                look.paint,
                0.8,
            )
        )
    back = [
        (low - 0.08, s.rear_waist, s.waist),
        (-low + 0.08, s.rear_waist, s.waist),
        (-high + 0.05, s.rear_roof, s.roof - 0.04),
        (high - 0.05, s.rear_roof, s.roof - 0.04),
    ]
    out.append(panel(back[1::-1] + back[:1:-1], GLASS, 0.95, lift=0.06, cells=(4, 3)))
    return out


def _wheels(s: Shape) -> list[Mesh]:
    out = []
    for side in (-1, 1):
        for y in (s.wheel_y, -s.wheel_y):
            r = s.wheel_radius
            tyre = wheel((side * (s.half_width - 0.09), y, r), r, 0.22, (0.62, 0.62, 0.62))
            arch = ring((side * (s.half_width - 0.01), y, r + 0.02), (0, 1.2 * r, 0), (0, 0, 1.2 * r), 18)
            arch[:, 2] = np.maximum(arch[:, 2], s.belly)
            inner = arch - np.array((side * 0.02, 0, 0), np.float32)
            outward = np.where(tyre.normals[:, 0] * side > 0.5, 0.35, 0.0).astype(np.float32)
            out += [replace(tyre, lift=outward), loft(np.stack([arch, inner]), DARK, 0.0, lift=0.02)]
    return out


def _front(look: CarLook, s: Shape) -> list[Mesh]:
    y = s.half_length
    grille = block((0, y - 0.03, 0.60), (0.95, 0.10, 0.17), DARK, 0.4, lift=0.15)
    bars = [
        block((0, y + 0.02, 0.60 + dz), (0.86, 0.03, 0.016), (0.65, 0.65, 0.65), 0.8, lift=0.2)
        for dz in (-0.04, 0.02)
    ]
    intake = block((0, y - 0.03, 0.36), (1.15, 0.10, 0.12), DARK, 0.1, lift=0.15)
    plate = panel(
        [(0.22, y + 0.04, 0.42), (-0.22, y + 0.04, 0.42), (-0.22, y + 0.04, 0.53), (0.22, y + 0.04, 0.53)],
        (0.72, 0.35, 0.10),
        0.2,
        lift=0.25,
    )
    lamps = [
        ellipsoid(
            (side * (s.half_width * 0.74), y - 0.12, 0.70),
            (0.20, 0.10, 0.085),
            LAMP,
            0.95,
            lift=0.15,
            sectors=14,
            bands=8,
        )
        for side in (-1, 1)
    ]
    wipers = [
        tube(
            [(q - 0.05, s.cowl + 0.02, s.waist + 0.02), (q + 0.42, s.cowl - 0.08, s.waist + 0.07)],
            [0.012, 0.01],
            DARK,
            0.1,
            parts.BODY,
            0.06,
            4,
        )
        for q in (-0.5, 0.02)
    ]
    return [grille, *bars, intake, plate, *lamps, *wipers]


def _rear(look: CarLook, s: Shape) -> list[Mesh]:
    y = -s.half_length
    z = s.waist - 0.17
    lamps = [
        block((side * (s.half_width * 0.76), y + 0.06, z), (0.34, 0.14, 0.15), TAIL, 0.8, lift=0.12)
        for side in (-1, 1)
    ]
    plate = panel(
        [
            (-0.22, y - 0.05, z - 0.2),
            (0.22, y - 0.05, z - 0.2),
            (0.22, y - 0.05, z - 0.08),
            (-0.22, y - 0.05, z - 0.08),
        ],
        (0.72, 0.35, 0.10),
        0.2,
        lift=0.25,
    )
    bumper = block((0, y + 0.02, 0.42), (1.5, 0.12, 0.16), DARK, 0.2, lift=0.05)
    return [*lamps, plate, bumper]


def _inside(look: CarLook, s: Shape) -> list[Mesh]:
    corners = windshield_corners(look.body)
    ground = [corners[1], corners[0], corners[3], corners[2]]
    y, z = s.seat
    out = [
        panel(ground, (0.13, 0.12, 0.12), 0.0, parts.SHIELD, -3.0, (4, 3)),
        panel(
            [
                corners[1],
                corners[0],
                (-0.7, s.cowl - 0.3, s.waist - 0.02),
                (0.7, s.cowl - 0.3, s.waist - 0.02),
            ],
            (0.10, 0.10, 0.10),
            0.1,
            parts.SHIELD,
            0.0,
            (3, 1),
        ),
    ]
    wide, back = s.half_width - 0.12, y - 0.75
    wall = [(wide, back, z), (-wide, back, z), (-wide + 0.15, back, s.roof - 0.05), (wide - 0.15, back, s.roof - 0.05)]
    out.append(panel(wall, (0.12, 0.11, 0.11), 0.0, parts.SHIELD, 0.0))
    for side in (-1, 1):
        out.append(
            block(
                (side * 0.37, y - 0.20, z + 0.28), (0.46, 0.12, 0.56), (0.20, 0.21, 0.24), 0.0, parts.SHIELD
            )
        )
        out.append(
            block(
                (side * 0.37, y - 0.22, z + 0.66), (0.25, 0.08, 0.16), (0.20, 0.21, 0.24), 0.0, parts.SHIELD
            )
        )
    rim = np.linspace(0, 2 * np.pi, 13)
    out.append(
        tube(
            [
                (-0.37 + 0.18 * np.cos(a), y + 0.42 - 0.06 * np.sin(a), z + 0.36 + 0.17 * np.sin(a))
                for a in rim
            ],
            [0.018] * 13,
            DARK,
            0.2,
            parts.SHIELD,
            0.0,
            5,
        )
    )
    for seat, looks in enumerate(look.people):
        side = -1 if seat == 0 else 1
        x, hands = side * 0.37, (0.15, y + 0.36, z + 0.42) if seat == 0 else (0.10, y + 0.25, z + 0.10)
        pose = Pose((x, y, z), -0.06, hands, (0, 0, 0), (0, 0, 0), 0.0)
        out.append(person(looks, pose, seat, legs=False))
        if look.belted[seat]:
            out.append(_belt(look, x, y, z, side, parts.belt_of(seat), looks.size))
    return out


def _belt(look: CarLook, x: float, y: float, z: float, side: int, part: int, size: float) -> Mesh:
    """From the outer shoulder across the chest to the inner hip."""
    line = [
        (0.27, -0.16, 0.60),
        (0.15, 0.02, 0.535),
        (0.08, 0.085, 0.44),
        (0.00, 0.115, 0.32),
        (-0.08, 0.125, 0.18),
        (-0.17, 0.12, 0.02),
    ]
    w = 0.028
    quads = []
    for (a0, b0, c0), (a1, b1, c1) in zip(line[:-1], line[1:], strict=True):
        low = [
            (x + side * (a1 - w), y + b1 - 0.03, z + (c1 - w) * size),
            (x + side * (a1 + w), y + b1 - 0.03, z + (c1 + w) * size),
            (x + side * (a0 + w), y + b0 - 0.03, z + (c0 + w) * size),
            (x + side * (a0 - w), y + b0 - 0.03, z + (c0 - w) * size),
        ]
        quads.append(panel(low[::-1] if side > 0 else low, look.strap, 0.0, part, 0.10))
    return join(quads)
