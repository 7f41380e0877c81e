"""The street as paint on the ground: asphalt, lanes, zebra crossing, stop line, kerbs and pavements."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.simulation.camera import Camera, Doubles
from helmetbelt.datasets.simulation.mesh import Colour

Paint = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Street:
    """The plan of the road, metres; x grows to the right of the camera, y down the road.

    Attributes:
        lane: width of a motor lane, two on each side of x = 0.
        curb: half width of the strip between motor and non-motor lane.
        cycle: width of the non-motor lane.
        stop_y: of the stop line before the junction, on the side of the camera.
        zebra_y: nearest and farthest y of the zebra crossing.
        cross_y: nearest and farthest y of the crossing road.
        asphalt, cycle_paint, pavement, grass: colours.
    """

    lane: float = 3.0
    curb: float = 0.25
    cycle: float = 2.4
    stop_y: float = 16.4
    zebra_y: tuple[float, float] = (12.2, 15.2)
    cross_y: tuple[float, float] = (-30.0, 11.6)
    asphalt: Colour = (0.36, 0.355, 0.35)
    cycle_paint: Colour = (0.40, 0.46, 0.40)
    pavement: Colour = (0.60, 0.63, 0.65)
    grass: Colour = (0.28, 0.46, 0.36)

    @property
    def motor_edge(self) -> float:
        """|x| of the outer edge of the outer motor lane."""
        return 2 * self.lane + 0.2

    @property
    def cycle_edge(self) -> float:
        """|x| of the kerb."""
        return self.motor_edge + 2 * self.curb + self.cycle


def speckle(rng: np.random.Generator, side: int = 1024) -> Paint:
    """(side, side) rough texture around 0, of several grain sizes, which tiles."""
    total = np.zeros((side, side), np.float32)
    for cells, weight in ((8, 0.5), (32, 0.35), (128, 0.3), (side, 0.5)):
        grain = rng.normal(0, 1, (cells, cells)).astype(np.float32)
        total += weight * cv2.resize(np.pad(grain, 1, mode="wrap"), (side, side), interpolation=cv2.INTER_LINEAR)
    return total


def painted_ground(camera: Camera, street: Street, rng: np.random.Generator,
                   fine: int = 2) -> tuple[Paint, NDArray[np.bool_]]:
    """(h, w, 3) BGR 0..1 of the ground as the camera sees it, and (h, w) where there is ground.

    `fine` samples are taken across each pixel: 1 is quick and a little jagged.
    """
    x, y, below = camera.ground(fine)
    grain = _sampled(speckle(rng), x, y)
    colour = _surface(street, x, y, grain)
    white = np.array((0.86, 0.87, 0.87), np.float32)
    colour = colour + _white(street, x, y)[..., None] * (1 - 0.12 * np.abs(grain[..., None])) * (white - colour)
    yellow = np.array((0.20, 0.66, 0.85), np.float32)
    colour = colour + (_yellow(street, x, y)[..., None] * 0.9) * (yellow - colour)
    distance = np.clip(np.hypot(x - camera.x, y) / 160, 0, 1)[..., None] ** 1.2
    colour = colour * (1 - 0.5 * distance) + 0.5 * distance * np.array((0.74, 0.72, 0.70), np.float32)
    size = (camera.width, camera.height_px)
    small = cv2.resize(colour.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32), below[::fine, ::fine]




def _sampled(texture: Paint, x: Doubles, y: Doubles) -> Paint:
    side = len(texture)
    u, v = np.mod(x * 24, side).astype(np.intp), np.mod(y * 24, side).astype(np.intp)
    fade = np.clip(14 / np.maximum(y, 1), 0.15, 1.0)
    return (texture[v, u] * fade).astype(np.float32)


def _surface(street: Street, x: Doubles, y: Doubles, grain: Paint) -> Paint:
    a, motor, edge = np.abs(x), street.motor_edge, street.cycle_edge
    crossing = (y > street.cross_y[0]) & (y < street.cross_y[1])
    colour = np.empty((*x.shape, 3), np.float32)
    colour[:] = street.asphalt
    colour[(a > motor + 2 * street.curb) & (a < edge) & (y > street.stop_y)] = street.cycle_paint
    strip = (a > motor) & (a < motor + 2 * street.curb) & (y > street.stop_y + 0.5)
    colour[strip] = (0.55, 0.58, 0.58)
    walk = (a > edge) & ~crossing
    colour[walk] = street.pavement
    tile = (np.mod(x, 0.6) < 0.04) | (np.mod(y, 0.6) < 0.04)
    colour[walk & tile & (y < 45)] *= 0.92
    guide = walk & (np.abs(a - edge - 1.6) < 0.25)
    colour[guide] = (0.30, 0.62, 0.78)
    colour[(a > edge + 3.4) & ~crossing] = street.grass
    kerb = (np.abs(a - edge) < 0.09) & ~crossing
    colour[kerb] = (0.70, 0.72, 0.72)
    wear = 0.03 * np.cos((np.mod(x, street.lane) / street.lane - 0.5) * 4 * np.pi) * (a < motor)
    return np.clip(colour * (1 + 0.05 * grain[..., None] + wear[..., None]), 0, 1).astype(np.float32)


def _bar(position: Doubles, middle: float, half: float) -> Doubles:
    return np.clip((half - np.abs(position - middle)) / 0.02 + 0.5, 0, 1)


def _white(street: Street, x: Doubles, y: Doubles) -> Paint:
    on_road = np.abs(x) < street.cycle_edge
    beyond = (y > street.stop_y).astype(np.float64)
    dashes = _bar(np.abs(x), street.lane + 0.1, 0.07) * ((np.mod(y, 6.0) < 3.0) | (y < street.stop_y + 12)) * beyond
    edges = _bar(np.abs(x), street.motor_edge - 0.1, 0.06) * beyond
    stop = _bar(y, street.stop_y, 0.20) * (x < -0.15) * (x > -street.cycle_edge)
    near, far = street.zebra_y
    zebra = (np.mod(x, 1.0) < 0.5) * _bar(y, (near + far) / 2, (far - near) / 2) * on_road
    arrows = np.zeros_like(x)
    for middle in (-0.1 - street.lane / 2, -0.1 - street.lane * 1.5):
        shaft = _bar(x, middle, 0.08) * (y > street.stop_y + 4.5) * (y < street.stop_y + 7.5)
        tip = np.clip((y - street.stop_y - 3.0) / 1.5 * 0.36 - np.abs(x - middle), 0, 0.02) / 0.02
        arrows = np.maximum(arrows, np.maximum(shaft, tip * (y < street.stop_y + 4.5) * (y > street.stop_y + 3.0)))
    return np.clip(dashes + edges + stop + zebra + arrows, 0, 1).astype(np.float32)


def _yellow(street: Street, x: Doubles, y: Doubles) -> Paint:
    return ((_bar(x, -0.14, 0.06) + _bar(x, 0.14, 0.06)) * (y > street.stop_y)).astype(np.float32)
