"""The street as paint on the ground: asphalt, lanes, zebra crossing, stop line, kerbs and pavements."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.simulation.camera import Camera
from helmetbelt.datasets.simulation.mesh import Colour, Floats


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


def speckle(rng: np.random.Generator, side: int = 1024) -> Floats:
    """(side, side) rough texture around 0, of several grain sizes, which tiles."""
    total = np.zeros((side, side), np.float32)
    for cells, weight in ((8, 0.5), (32, 0.35), (128, 0.3), (side, 0.5)):
        grain = rng.normal(0, 1, (cells, cells)).astype(np.float32)
        total += weight * cv2.resize(np.pad(grain, 1, mode="wrap"), (side, side), interpolation=cv2.INTER_LINEAR)
    return total


def painted_ground(
    camera: Camera, street: Street, rng: np.random.Generator, fine: int = 2
) -> tuple[Floats, NDArray[np.bool_]]:
    """(h, w, 3) BGR 0..1 of the ground as the camera sees it, and (h, w) where there is ground.

    `fine` samples are taken across each pixel: 1 is quick and a little jagged.
    """
    x, y, below = camera.ground(fine)
    grain = _sampled(speckle(rng), x, y)
    colour = _surface(street, x, y, grain)
    _cover(colour, np.asarray(_white(street, x, y) * (1 - 0.12 * np.abs(grain)), np.float32), (0.86, 0.87, 0.87))
    _cover(colour, _yellow(street, x, y), (0.20, 0.66, 0.85))
    haze = np.asarray(np.minimum(np.hypot(x - camera.x, y) / 160, 1) ** 1.2 / 2, np.float32)
    _cover(colour, haze, (0.74, 0.72, 0.70))
    small = cv2.resize(colour, (camera.width, camera.height_px), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32), below[::fine, ::fine]


def _cover(colour: Floats, share: Floats, paint: Colour) -> None:
    """Paints over (h, w, 3) in place, by the shares (h, w)."""
    some = share > 0
    colour[some] += share[some, None] * (np.array(paint, np.float32) - colour[some])


def _sampled(texture: Floats, x: Floats, y: Floats) -> Floats:
    side = len(texture)
    u, v = (x * 24).astype(np.int32) % side, (y * 24).astype(np.int32) % side
    return np.asarray(texture[v, u] * np.clip(14 / np.maximum(y, 1), 0.15, 1.0), np.float32)


def _surface(street: Street, x: Floats, y: Floats, grain: Floats) -> Floats:
    """What the ground is made of, with grain and the paler tracks of wheels."""
    a, motor, edge = np.abs(x), street.motor_edge, street.cycle_edge
    verge = ~((y > street.cross_y[0]) & (y < street.cross_y[1]))
    walk = (a > edge) & verge
    tile = ((np.mod(x, 0.6) < 0.04) | (np.mod(y, 0.6) < 0.04)) & (y < 45)
    strip = (a > motor) & (a < motor + 2 * street.curb) & (y > street.stop_y + 0.5)
    zone = np.zeros(x.shape, np.uint8)
    zone[(a > motor + 2 * street.curb) & (a < edge) & (y > street.stop_y)] = 1
    zone[strip] = 2
    zone[walk] = 3
    zone[walk & tile] = 4
    zone[walk & (np.abs(a - edge - 1.6) < 0.25)] = 5
    zone[walk & (a > edge + 3.4)] = 6
    zone[(np.abs(a - edge) < 0.09) & verge] = 7
    seam = tuple(0.92 * c for c in street.pavement)
    palette = np.array(
        (
            street.asphalt,
            street.cycle_paint,
            (0.55, 0.58, 0.58),
            street.pavement,
            seam,
            (0.30, 0.62, 0.78),
            street.grass,
            (0.70, 0.72, 0.72),
        ),
        np.float32,
    )
    wear = np.float32(0.03) * np.cos((np.mod(x, street.lane) / street.lane - 0.5) * (4 * np.pi)) * (a < motor)
    return np.minimum(palette[zone] * (1 + 0.05 * grain + wear)[..., None], 1).astype(np.float32)


def _bar(position: Floats, middle: float, half: float) -> Floats:
    return np.asarray(np.clip((half - np.abs(position - middle)) * 50 + 0.5, 0, 1), np.float32)


def _white(street: Street, x: Floats, y: Floats) -> Floats:
    """Lane lines, stop line, zebra crossing and arrows, as cover 0..1."""
    beyond = y > street.stop_y
    dashed = (np.mod(y, 6.0) < 3.0) | (y < street.stop_y + 12)
    total = _bar(np.abs(x), street.lane + 0.1, 0.07) * (dashed & beyond)
    total += _bar(np.abs(x), street.motor_edge - 0.1, 0.06) * beyond
    total += _bar(y, street.stop_y, 0.20) * ((x < -0.15) & (x > -street.cycle_edge))
    near, far = street.zebra_y
    stripes = (np.mod(x, 1.0) < 0.5) & (np.abs(x) < street.cycle_edge)
    total += _bar(y, (near + far) / 2, (far - near) / 2) * stripes
    for middle in (-0.1 - street.lane / 2, -0.1 - street.lane * 1.5):
        total += _arrow(x - np.float32(middle), y - np.float32(street.stop_y + 3.0))
    return np.asarray(np.minimum(total, 1), np.float32)


def _arrow(x: Floats, y: Floats) -> Floats:
    shaft = _bar(x, 0.0, 0.08) * ((y > 1.5) & (y < 4.5))
    tip = np.clip(y * 0.24 - np.abs(x), 0, 0.02) * 50 * ((y > 0) & (y <= 1.5))
    return np.asarray(shaft + tip, np.float32)


def _yellow(street: Street, x: Floats, y: Floats) -> Floats:
    """The double line between the two directions, as cover 0..1, a little worn."""
    lines = (_bar(x, -0.14, 0.06) + _bar(x, 0.14, 0.06)) * (y > street.stop_y)
    return np.asarray(lines * 0.9, np.float32)
