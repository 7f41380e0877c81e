"""Two-wheelers without their riders: scooters, light e-bikes and motorcycles."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from helmetbelt.datasets.simulation.heads import DARK
from helmetbelt.datasets.simulation.mesh import Colour, Mesh, block, ellipsoid, loft, panel, ring, tube, wheel
from helmetbelt.datasets.simulation.people import PersonLook

GREY: Colour = (0.45, 0.45, 0.46)
CHROME: Colour = (0.72, 0.72, 0.72)
LAMP: Colour = (0.88, 0.96, 0.98)
TAIL: Colour = (0.10, 0.08, 0.75)
AMBER: Colour = (0.15, 0.55, 0.95)
Sections = tuple[tuple[float, float, float, float], ...]


class Build(StrEnum):
    """Kinds of two-wheeler."""

    SCOOTER = "scooter"
    LIGHT_EBIKE = "light_ebike"
    MOTORCYCLE = "motorcycle"


@dataclass(frozen=True, slots=True)
class TwoWheelerLook:
    """How a two-wheeler looks.

    Attributes:
        build: kind.
        paint: colour of its panels.
        seat: colour of its saddle.
        people: the rider first.
        gaze: radians to the left for each person.
        load: colour of a delivery box behind; None without one.
        apron: colour of a wind apron before the legs; None without one.
        basket: whether a wire basket hangs in front.
        windscreen: whether a small screen stands on the handlebar.
    """

    build: Build
    paint: Colour
    seat: Colour
    people: tuple[PersonLook, ...]
    gaze: tuple[float, ...]
    load: Colour | None = None
    apron: Colour | None = None
    basket: bool = False
    windscreen: bool = False


def machine(look: TwoWheelerLook) -> list[Mesh]:
    """The bare two-wheeler."""
    build = {Build.SCOOTER: _scooter, Build.LIGHT_EBIKE: _light_ebike, Build.MOTORCYCLE: _motorcycle}[look.build]
    return build(look)


def _plate(y: float, z: float, ahead: bool) -> Mesh:
    w, h = 0.11, 0.07
    turn = 1 if ahead else -1
    corners = [(turn * w, y, z - h), (-turn * w, y, z - h), (-turn * w, y, z + h), (turn * w, y, z + h)]
    return panel(corners, (0.92, 0.94, 0.94), 0.2, lift=0.08)


def _upright(sections: Sections, colour: Colour, gloss: float) -> Mesh:
    """Level rings: z, y, half width, half length of each."""
    return loft(np.stack([ring((0, y, z), (w, 0, 0), (0, d, 0), 14, 0.7) for z, y, w, d in sections]), colour, gloss)


def _lengthwise(sections: Sections, colour: Colour, gloss: float) -> Mesh:
    """Rings across: y, z, half width, half height of each."""
    return loft(np.stack([ring((0, y, z), (w, 0, 0), (0, 0, h), 14, 0.7) for y, z, w, h in sections]), colour, gloss)


def _scooter(look: TwoWheelerLook) -> list[Mesh]:
    shield = ((0.30, 0.52, 0.12, 0.07), (0.45, 0.50, 0.19, 0.08), (0.70, 0.47, 0.21, 0.08), (0.92, 0.45, 0.16, 0.09),
              (1.04, 0.46, 0.14, 0.11), (1.09, 0.47, 0.10, 0.08))  # fmt: skip
    rear = ((0.02, 0.52, 0.15, 0.20), (-0.30, 0.56, 0.19, 0.20), (-0.60, 0.62, 0.18, 0.15), (-0.88, 0.68, 0.11, 0.09))
    saddle = ((0.06, 0.77, 0.10, 0.055), (-0.15, 0.79, 0.16, 0.055), (-0.50, 0.82, 0.16, 0.055),
              (-0.80, 0.84, 0.12, 0.055))  # fmt: skip
    return [
        wheel((0, 0.70, 0.23), 0.23, 0.11, GREY),
        wheel((0, -0.62, 0.23), 0.23, 0.12, GREY),
        _upright(shield, look.paint, 0.6),
        block((0, 0.22, 0.30), (0.34, 0.56, 0.10), DARK, 0.1),
        _lengthwise(rear, look.paint, 0.6),
        _lengthwise(saddle, look.seat, 0.15),
        ellipsoid((0, 0.66, 0.36), (0.085, 0.24, 0.14), look.paint, 0.6),
        *_scooter_front(look),
        ellipsoid((0, -0.88, 0.70), (0.10, 0.03, 0.04), TAIL, 0.8, lift=0.05),
        _plate(-0.92, 0.50, False),
    ]


def _scooter_front(look: TwoWheelerLook) -> list[Mesh]:
    b, g, r = (min(1.0, 0.35 + 0.6 * c) for c in look.paint)
    stripe = [(0.035, 0.59, 0.45), (-0.035, 0.59, 0.45), (-0.03, 0.565, 0.82), (0.03, 0.565, 0.82)]
    return [
        ellipsoid((0, 0.565, 0.97), (0.085, 0.03, 0.06), LAMP, 0.9, lift=0.05),
        *(ellipsoid((s * 0.13, 0.555, 0.82), (0.035, 0.02, 0.05), AMBER, 0.6, lift=0.05) for s in (-1, 1)),
        panel(stripe, (b, g, r), 0.6, cells=(1, 3)),
        _plate(0.62, 0.62, True),
    ]


def _light_ebike(look: TwoWheelerLook) -> list[Mesh]:
    fork = [
        tube([(s * 0.06, 0.66, 0.26), (s * 0.05, 0.50, 0.95)], [0.022, 0.022], CHROME, 0.6, sectors=6) for s in (-1, 1)
    ]
    column = tube([(0, 0.54, 0.50), (0, 0.47, 1.05)], [0.05, 0.04], look.paint, 0.6)
    spine = tube(
        [(0, 0.52, 0.58), (0, 0.25, 0.36), (0, -0.1, 0.36), (0, -0.25, 0.62)],
        [0.06, 0.065, 0.065, 0.05],
        look.paint,
        0.6,
    )
    battery = block((0, -0.12, 0.50), (0.17, 0.20, 0.34), DARK, 0.2)
    saddle = block((0, -0.14, 0.79), (0.24, 0.32, 0.09), look.seat, 0.15)
    rack = block((0, -0.58, 0.79), (0.24, 0.46, 0.08), look.seat if len(look.people) > 1 else DARK, 0.15)
    stay = [
        tube([(s * 0.07, -0.60, 0.28), (s * 0.08, -0.50, 0.76)], [0.018, 0.018], CHROME, 0.6, sectors=6)
        for s in (-1, 1)
    ]
    guards = [ellipsoid((0, y, 0.42), (0.06, 0.22, 0.12), look.paint, 0.6) for y in (0.66, -0.62)]
    lamp = ellipsoid((0, 0.60, 0.88), (0.06, 0.05, 0.06), LAMP, 0.9, lift=0.04)
    cover = ellipsoid((0, 0.53, 1.02), (0.11, 0.09, 0.075), look.paint, 0.5)
    tail = ellipsoid((0, -0.83, 0.74), (0.05, 0.02, 0.03), TAIL, 0.8, lift=0.05)
    return [
        wheel((0, 0.68, 0.27), 0.27, 0.075, GREY),
        wheel((0, -0.62, 0.27), 0.27, 0.08, GREY),
        *fork,
        column,
        spine,
        battery,
        saddle,
        rack,
        *stay,
        *guards,
        lamp,
        cover,
        tail,
        _plate(-0.86, 0.56, False),
    ]


def _motorcycle(look: TwoWheelerLook) -> list[Mesh]:
    tank = ((0.45, 0.88, 0.09, 0.09), (0.25, 0.91, 0.15, 0.12), (0.02, 0.87, 0.12, 0.09), (-0.08, 0.84, 0.08, 0.05))
    saddle = ((0.0, 0.82, 0.10, 0.055), (-0.25, 0.83, 0.15, 0.055), (-0.60, 0.87, 0.14, 0.055),
              (-0.85, 0.90, 0.09, 0.055))  # fmt: skip
    forks = [[(s * 0.09, 0.78, 0.30), (s * 0.09, 0.52, 1.0)] for s in (-1, 1)]
    return [
        wheel((0, 0.80, 0.31), 0.31, 0.11, CHROME),
        wheel((0, -0.65, 0.31), 0.31, 0.13, CHROME),
        *(tube(fork, [0.026, 0.028], CHROME, 0.8, sectors=8) for fork in forks),
        _lengthwise(tank, look.paint, 0.85),
        block((0, 0.20, 0.50), (0.30, 0.44, 0.36), (0.25, 0.25, 0.25), 0.4),
        _lengthwise(saddle, look.seat, 0.15),
        block((0, -0.35, 0.66), (0.24, 0.50, 0.22), look.paint, 0.6),
        ellipsoid((0, 0.60, 0.93), (0.105, 0.06, 0.105), LAMP, 0.9, lift=0.04),
        ellipsoid((0, 0.56, 0.93), (0.125, 0.075, 0.125), look.paint, 0.8),
        ellipsoid((0, 0.78, 0.46), (0.075, 0.26, 0.15), look.paint, 0.7),
        tube([(0.17, 0.2, 0.35), (0.20, -0.85, 0.42)], [0.04, 0.055], CHROME, 0.9),
        ellipsoid((0, -0.92, 0.84), (0.10, 0.035, 0.045), TAIL, 0.8, lift=0.05),
        *(ellipsoid((s * 0.2, 0.54, 0.86), (0.03, 0.03, 0.03), AMBER, 0.6) for s in (-1, 1)),
        _plate(-0.96, 0.60, False),
    ]
