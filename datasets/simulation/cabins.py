"""The inside of a car as seen through its windshield: seats, wheel, people and their belts."""

from itertools import pairwise

import numpy as np

from helmetbelt.datasets.simulation import parts
from helmetbelt.datasets.simulation.car_looks import CarLook, Shape, windshield_corners
from helmetbelt.datasets.simulation.heads import DARK
from helmetbelt.datasets.simulation.mesh import Mesh, block, join, panel, tube
from helmetbelt.datasets.simulation.people import Pose, person


def cabin(look: CarLook, s: Shape) -> list[Mesh]:
    """Everything behind the glass."""
    y, z = s.seat
    out = [*_walls(look, s), *_seats(y, z), _steering_wheel(y, z)]
    for seat, looks in enumerate(look.people):
        side = -1 if seat == 0 else 1
        x, hands = side * 0.37, (0.16, y + 0.38, z + 0.33) if seat == 0 else (0.10, y + 0.25, z + 0.10)
        pose = Pose((x, y, z), -0.06, hands, (0, 0, 0), (0, 0, 0), 0.0)
        out.append(person(looks, pose, seat, legs=False))
        if look.belted[seat]:
            out.append(_belt(look, x, y, z, side, parts.belt_of(seat), looks.size))
    return out


def _walls(look: CarLook, s: Shape) -> list[Mesh]:
    """Dark ground behind the windshield, dashboard, and a wall behind the seats."""
    right, left, high_left, high_right = (windshield_corners(look.body)[k] for k in (1, 0, 3, 2))
    board = [right, left, (-0.7, s.cowl - 0.3, s.waist - 0.02), (0.7, s.cowl - 0.3, s.waist - 0.02)]
    wide, back, top = s.half_width - 0.12, s.seat[0] - 0.75, s.roof - 0.05
    wall = [(wide, back, s.seat[1]), (-wide, back, s.seat[1]), (-wide + 0.15, back, top), (wide - 0.15, back, top)]
    return [
        panel([right, left, high_left, high_right], (0.13, 0.12, 0.12), 0.0, parts.SHIELD, -3.0, (4, 3)),
        panel(board, (0.10, 0.10, 0.10), 0.1, parts.SHIELD, 0.0, (3, 1)),
        panel(wall, (0.12, 0.11, 0.11), 0.0, parts.SHIELD, 0.0),
    ]


def _seats(y: float, z: float) -> list[Mesh]:
    cloth, part = (0.20, 0.21, 0.24), parts.SHIELD
    return [
        mesh
        for x in (-0.37, 0.37)
        for mesh in (
            block((x, y - 0.20, z + 0.28), (0.46, 0.12, 0.56), cloth, 0.0, part),
            block((x, y - 0.22, z + 0.66), (0.25, 0.08, 0.16), cloth, 0.0, part),
        )
    ]


def _steering_wheel(y: float, z: float) -> Mesh:
    turn = np.linspace(0, 2 * np.pi, 13)
    rim = [(-0.37 + 0.17 * np.cos(a), y + 0.43 - 0.07 * np.sin(a), z + 0.29 + 0.15 * np.sin(a)) for a in turn]
    return tube(rim, [0.018] * len(rim), DARK, 0.2, parts.SHIELD, 0.0, 5)


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
    for (a0, b0, c0), (a1, b1, c1) in pairwise(line):
        low = [
            (x + side * (a1 - w), y + b1 - 0.03, z + (c1 - w) * size),
            (x + side * (a1 + w), y + b1 - 0.03, z + (c1 + w) * size),
            (x + side * (a0 + w), y + b0 - 0.03, z + (c0 + w) * size),
            (x + side * (a0 - w), y + b0 - 0.03, z + (c0 - w) * size),
        ]
        quads.append(panel(low[::-1] if side > 0 else low, look.strap, 0.0, part, 0.10))
    return join(quads)
