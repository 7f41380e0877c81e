"""Houses along the street: walls with windows and shops, drawn flat and put into perspective."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.simulation.camera import Camera
from helmetbelt.datasets.simulation.light import Light
from helmetbelt.datasets.simulation.mesh import Colour

WALLS: tuple[Colour, ...] = (
    (0.70, 0.78, 0.84),
    (0.62, 0.68, 0.80),
    (0.76, 0.76, 0.74),
    (0.60, 0.66, 0.68),
    (0.55, 0.62, 0.78),
    (0.80, 0.82, 0.86),
    (0.66, 0.60, 0.56),
)
SIGNS: tuple[Colour, ...] = (
    (0.15, 0.15, 0.72),
    (0.62, 0.35, 0.10),
    (0.20, 0.62, 0.88),
    (0.35, 0.50, 0.18),
    (0.85, 0.85, 0.85),
    (0.45, 0.18, 0.45),
)
Picture = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class House:
    """A box: its wall along the road at x, from y to y + length, `side` -1 on the left of the road."""

    side: int
    x: float
    y: float
    length: float
    depth: float
    height: float
    wall: Colour
    number: int


def row_of_houses(side: int, x: float, rng: np.random.Generator) -> list[House]:
    """Houses from near to far with gaps between."""
    out: list[House] = []
    y = 24.0
    while y < 170:
        length, depth = float(rng.uniform(13, 24)), float(rng.uniform(10, 14))
        floors = int(rng.integers(3, 8))
        base = np.array(WALLS[rng.integers(len(WALLS))]) * rng.uniform(0.92, 1.06)
        wall = (float(base[0]), float(base[1]), float(base[2]))
        set_back = float(rng.uniform(0, 2.5))
        out.append(House(side, side * (x + set_back), y, length, depth, 3.2 * floors + 1.2, wall, len(out)))
        y += length + float(rng.uniform(1.5, 5))
    return out


def put_up(picture: Picture, house: House, camera: Camera, light: Light, seed: int) -> None:
    """Draws a house into a float picture (0..1), in place: the wall to the camera, then the wall to the road."""
    rng = np.random.default_rng([seed, 23, house.number, house.side + 1])
    outer = house.x + house.side * house.depth
    front = _wall(house.depth, house.height, house.wall, light, rng, shops=False)
    _hang(
        picture,
        front,
        [
            (outer, house.y, house.height),
            (house.x, house.y, house.height),
            (house.x, house.y, 0.0),
            (outer, house.y, 0.0),
        ],
        camera,
        _lit(light, (0.0, -1.0)),
    )
    street = _wall(house.length, house.height, house.wall, light, rng, shops=True)
    ends = (house.y, house.y + house.length) if house.side < 0 else (house.y + house.length, house.y)
    _hang(
        picture,
        street,
        [
            (house.x, ends[0], house.height),
            (house.x, ends[1], house.height),
            (house.x, ends[1], 0.0),
            (house.x, ends[0], 0.0),
        ],
        camera,
        _lit(light, (-float(house.side), 0.0)),
    )


def _lit(light: Light, normal: tuple[float, float]) -> Picture:
    sun = np.array(light.sun) / np.linalg.norm(light.sun)
    direct = max(float(sun[0] * normal[0] + sun[1] * normal[1]), 0.0)
    ambient = 0.5 * (np.array(light.sky_colour) + np.array(light.ground_colour))
    return np.asarray(ambient * 1.15 + direct * np.array(light.sun_colour), np.float32)


def _wall(
    width: float, height: float, colour: Colour, light: Light, rng: np.random.Generator, shops: bool
) -> tuple[Picture, Picture]:
    """Colour (h, w, 3), and how much of it shines by itself (h, w, 1), at 14 pixels a metre."""
    m = 14
    w, h = int(width * m), int(height * m)
    wall, shining = np.empty((h, w, 3), np.float32), np.zeros((h, w, 1), np.float32)
    wall[:] = colour
    wall *= 1 + rng.normal(0, 0.015, (h, w, 1)).astype(np.float32)
    wall[: int(0.5 * m)] *= 0.82
    floors, columns = int((height - 1.2) / 3.2), max(int(width / 2.9), 1)
    pitch = w / columns
    for floor in range(1 if shops else 0, floors):
        low = h - int((floor * 3.2 + 0.9) * m)
        wall[low + int(0.75 * m) : low + int(0.85 * m)] *= 0.9
        for column in range(columns):
            left = int(column * pitch + 0.55 * m)
            _window(wall, shining, (left, low - int(1.6 * m), left + int(1.7 * m), low), light, rng)
    if shops:
        _shops(wall, shining, m, light, rng)
    return wall, shining


def _window(
    wall: Picture, shining: Picture, box: tuple[int, int, int, int], light: Light, rng: np.random.Generator
) -> None:
    x1, y1, x2, y2 = box
    x2, y1 = min(x2, wall.shape[1] - 2), max(y1, 1)
    if x2 <= x1 or y2 <= y1:
        return
    wall[y1 - 1 : y2 + 2, x1 - 2 : x2 + 2] = np.array((0.88, 0.88, 0.88), np.float32)
    ramp = np.linspace(1.25, 0.8, y2 - y1, dtype=np.float32)[:, None, None]
    glass = np.array((0.46, 0.40, 0.34), np.float32) * float(rng.uniform(0.6, 1.2))
    wall[y1:y2, x1:x2] = glass * ramp
    wall[y1:y2, (x1 + x2) // 2 - 1 : (x1 + x2) // 2 + 1] = 0.85
    if rng.random() < 0.3:
        wall[y1 : y1 + (y2 - y1) // 2, x1:x2] = np.array((0.66, 0.70, 0.74), np.float32)
    if rng.random() < 0.22:
        wall[y2 + 3 : y2 + 11, x1 + 3 : x1 + 15] = 0.80
    if light.lamps > 0 and rng.random() < 0.42 * light.lamps:
        wall[y1:y2, x1:x2] = np.array((0.45, 0.72, 0.92), np.float32) * float(rng.uniform(0.6, 1.0))
        shining[y1:y2, x1:x2] = 0.9


def _shops(wall: Picture, shining: Picture, m: int, light: Light, rng: np.random.Generator) -> None:
    h, w = wall.shape[:2]
    top, board = h - int(3.3 * m), int(0.95 * m)
    x = 4
    while x < w - 3 * m:
        wide = min(int(rng.uniform(3.5, 6.5) * m), w - x - 4)
        sign = np.array(SIGNS[rng.integers(len(SIGNS))], np.float32)
        wall[top : top + board, x : x + wide] = sign
        ink = np.array((0.92, 0.94, 0.95), np.float32) if sign.max() < 0.8 else np.array((0.2, 0.2, 0.6), np.float32)
        for k in range(int((wide - m) / (0.75 * m))):
            left = x + int(0.5 * m) + int(k * 0.75 * m)
            glyph = rng.random((6, 5)) < 0.55
            mark = cv2.resize(glyph.astype(np.uint8), (int(0.5 * m), int(0.5 * m)), interpolation=cv2.INTER_NEAREST) > 0
            area = wall[top + int(0.22 * m) : top + int(0.22 * m) + mark.shape[0], left : left + mark.shape[1]]
            area[mark[:, : area.shape[1]]] = ink
        wall[top + board : h - 3, x : x + wide] = np.array((0.32, 0.30, 0.28), np.float32)
        for door in range(x, x + wide, int(1.3 * m)):
            wall[top + board : h - 3, door : door + 2] = 0.7
        if light.lamps > 0:
            shining[top : h - 3, x : x + wide] = 0.75 * light.lamps
            wall[top + board : h - 3, x : x + wide] = np.array((0.50, 0.68, 0.80), np.float32) * float(
                rng.uniform(0.35, 0.9)
            )
        x += wide + int(rng.uniform(0.3, 0.8) * m)


def _hang(
    picture: Picture,
    wall: tuple[Picture, Picture],
    corners: list[tuple[float, float, float]],
    camera: Camera,
    lit: Picture,
) -> None:
    """Warps a wall onto four corners of the world, left high first and clockwise."""
    flat = camera.project(np.array(corners))
    if flat[:, 2].min() < 2.0:
        return
    target = flat[:, :2].astype(np.float32)
    x1, y1 = (max(int(v), 0) for v in np.floor(target.min(axis=0)))
    x2, y2 = (min(int(v) + 1, end) for v, end in zip(np.ceil(target.max(axis=0)), picture.shape[1::-1], strict=True))
    if x1 >= x2 or y1 >= y2:
        return
    shown = _shrunk(wall[0] * np.maximum(lit, wall[1]), target)
    haze = float(np.clip((flat[:, 2].mean() - 40) / 260, 0, 0.55))
    shown = shown * (1 - haze) + haze * lit * np.float32(0.85)
    h, w = shown.shape[:2]
    target -= np.array((x1, y1), np.float32)
    matrix = cv2.getPerspectiveTransform(np.array([(0, 0), (w, 0), (w, h), (0, h)], np.float32), target)
    size = (x2 - x1, y2 - y1)
    layer = cv2.warpPerspective(shown, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    cover = np.zeros(size[::-1], np.uint8)
    cv2.fillConvexPoly(cover, np.round(target * 16).astype(np.int32), 255, cv2.LINE_AA, 4)
    region = picture[y1:y2, x1:x2]
    region += (layer - region) * (cover[..., None] / np.float32(255))


def _shrunk(shown: Picture, target: Picture) -> Picture:
    """The wall with about as many pixels as it will have, so that far windows do not flicker."""
    span = max(float(np.ptp(target[:, 1])), float(np.ptp(target[:, 0])), 8.0)
    share = min(1.0, span / max(shown.shape[:2]) * 1.2)
    return np.asarray(cv2.resize(shown, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), np.float32)
