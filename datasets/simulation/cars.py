"""Cars with drivers and front passengers, from the ground point in their middle; the driver sits on the left."""

from dataclasses import replace

import numpy as np

from helmetbelt.datasets.simulation import parts
from helmetbelt.datasets.simulation.cabins import cabin
from helmetbelt.datasets.simulation.car_looks import SHAPES, Body, CarLook, Shape
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

GLASS: Colour = (0.22, 0.19, 0.17)
LAMP: Colour = (0.94, 0.97, 0.98)
TAIL: Colour = (0.12, 0.08, 0.70)


def car(look: CarLook) -> Mesh:
    """A car; its windshield is open: `car_looks.windshield_corners` says where the glass goes."""
    shape = SHAPES[look.body]
    meshes = [
        _hull(look, shape),
        *_greenhouse(look, shape),
        *_wheels(shape),
        *_front(look, shape),
        *_rear(look, shape),
    ]
    meshes += cabin(look, shape)
    if look.body is Body.TRUCK:
        meshes.append(block((0, -0.95, 1.45), (2.0, 3.2, 1.7), (0.78, 0.80, 0.80), 0.15, round_by=0.1))
    return join(meshes)


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


def _greenhouse(look: CarLook, s: Shape) -> list[Mesh]:
    """Roof, pillars and all glass but the windshield."""
    low, high = s.half_width - 0.05, s.half_width - 0.22
    ys = np.linspace(s.front_roof + 0.04, s.rear_roof - 0.03, 5)
    arch = [s.roof - 0.03 + 0.03 * float(np.cos(k - 2)) for k in range(5)]
    rings = [ring((0, y, z), (high + 0.02, 0, 0), (0, 0, 0.035), 16, 0.6) for y, z in zip(ys, arch, strict=True)]
    back = [
        (-low + 0.08, s.rear_waist, s.waist),
        (low - 0.08, s.rear_waist, s.waist),
        (high - 0.05, s.rear_roof, s.roof - 0.04),
        (-high + 0.05, s.rear_roof, s.roof - 0.04),
    ]
    return [
        loft(np.stack(rings), look.paint, 0.9),
        *(mesh for side in (-1, 1) for mesh in _side(look, s, side, low, high)),
        panel(back, GLASS, 0.95, lift=0.06, cells=(4, 3)),
    ]


def _side(look: CarLook, s: Shape, side: int, low: float, high: float) -> list[Mesh]:
    """Windows, pillars and mirror of one side; `low` and `high` are |x| at the waist and at the roof."""
    sill, top = s.waist - 0.08, s.roof - 0.05
    window = _flank(side, low, high, (s.cowl - 0.12, s.rear_waist + 0.1, s.rear_roof, s.front_roof), (sill, top))
    corner = (s.rear_waist + 0.34, s.rear_waist - 0.04, s.rear_roof - 0.02, s.rear_roof + 0.22)
    front = [(side * (s.half_width - 0.10), s.cowl, s.waist), (side * high, s.front_roof, s.roof - 0.03)]
    rear = [(side * (low - 0.05), s.rear_waist, s.waist - 0.02), (side * (high - 0.02), s.rear_roof, s.roof - 0.03)]
    posts = [
        [(side * low, y - 0.05, s.waist), (side * high, y, s.roof - 0.10)]
        for y in (s.front_roof - 0.65, s.rear_roof + 0.15)
        if s.rear_waist < y < s.front_roof
    ]
    mirror = (side * (s.half_width + 0.09), s.cowl - 0.35, s.waist + 0.06)
    return [
        panel(window, GLASS, 0.9, lift=0.12, cells=(6, 2)),
        tube(front, [0.05, 0.045], look.paint, 0.8, parts.GLASS_EDGE, 0.1),
        *(tube(post, [0.05, 0.045], DARK, 0.5, parts.BODY, 0.06, 6) for post in posts),
        panel(_flank(side, low, high, corner, (sill, s.roof - 0.04)), look.paint, 0.8, parts.BODY, 0.25, (2, 3)),
        tube(rear, [0.055, 0.05], look.paint, 0.8, parts.BODY, 0.08),
        ellipsoid(mirror, (0.11, 0.05, 0.075), look.paint, 0.8),
    ]


def _flank(
    side: int, low: float, high: float, ys: tuple[float, float, float, float], z: tuple[float, float]
) -> list[Point]:
    """Four corners on a side of the car: low front, low rear, high rear, high front, turned outward."""
    corners = [(side * x, y, up) for x, y, up in zip((low, low, high, high), ys, (z[0], z[0], z[1], z[1]), strict=True)]
    return corners if side < 0 else corners[::-1]


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
        block((0, y + 0.02, 0.60 + dz), (0.86, 0.03, 0.016), (0.65, 0.65, 0.65), 0.8, lift=0.2) for dz in (-0.04, 0.02)
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
        block((side * (s.half_width * 0.76), y + 0.06, z), (0.34, 0.14, 0.15), TAIL, 0.8, lift=0.12) for side in (-1, 1)
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
