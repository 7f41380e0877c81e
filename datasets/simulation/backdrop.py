"""Everything that stands still behind the traffic: sky, houses, street, trees, masts and the light they give."""

from dataclasses import dataclass

import cv2
import numpy as np

from helmetbelt.datasets.simulation.buildings import Picture, put_up, row_of_houses
from helmetbelt.datasets.simulation.camera import Camera
from helmetbelt.datasets.simulation.compose import cast_shadow, paste
from helmetbelt.datasets.simulation.glow import glow
from helmetbelt.datasets.simulation.ground import Street, painted_ground
from helmetbelt.datasets.simulation.light import Light
from helmetbelt.datasets.simulation.mesh import Colour, Point
from helmetbelt.datasets.simulation.scenery import LIT, PLACE, hedge, lamp_post, signal_heads, traffic_light, tree
from helmetbelt.datasets.simulation.signal import Lamp
from helmetbelt.datasets.simulation.sprite import Model
from helmetbelt.datasets.simulation.studio import Fixture, hang_fixture, point_of_fixture
from helmetbelt.pipelines.frames import Image

SKIES = {
    "day": ((0.86, 0.68, 0.46), (0.93, 0.89, 0.83)),
    "overcast": ((0.74, 0.72, 0.70), (0.84, 0.83, 0.82)),
    "dusk": ((0.52, 0.36, 0.32), (0.42, 0.60, 0.90)),
    "night": ((0.10, 0.07, 0.05), (0.22, 0.17, 0.14)),
}
"""Colour high up and at the horizon."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A lamp of something that stands at x, y; `point` is in its own metres."""

    x: float
    y: float
    point: Point
    colour: Colour
    reach_m: float
    strength: float


def backdrop(camera: Camera, street: Street, light: Light, seed: int) -> Image:
    """(h, w, 3) BGR of the empty street, without its traffic lights."""
    rng = np.random.default_rng([seed, 19])
    ground, below = painted_ground(camera, street, rng)
    ground = ground * np.array(light.on_the_ground, np.float32)
    picture = np.where(below[..., None], ground, _sky(camera, light, rng)).astype(np.float32)
    _skyline(picture, camera, light, rng)
    houses = [h for side in (-1, 1) for h in row_of_houses(side, street.cycle_edge + 8.0, rng)]
    for house in sorted(houses, key=lambda h: -h.y):
        put_up(picture, house, camera, light, seed)
    if light.lamps > 0:
        _pools(picture, camera, street, light)
    image = np.clip(picture * 255, 0, 255).astype(np.uint8)
    _furnish(image, _things(street, rng), camera, light)
    for side, y in _posts() if light.lamps > 0 else []:
        point = (-side * 1.9, 0.0, 8.0)
        _shine(image, Spot(side * (street.cycle_edge + 0.9), y, point, (0.75, 0.92, 1.0), 0.7, light.lamps), camera)
    return image


def with_signal(empty: Image, camera: Camera, street: Street, light: Light, lamp: Lamp) -> Image:
    """A copy of a backdrop with the traffic lights showing `lamp`."""
    image = empty.copy()
    places = [(side, side * (street.cycle_edge + 0.7), street.stop_y + 0.5) for side in (-1, 1)]
    _furnish(image, [Fixture(Model.of(traffic_light(lamp, side)), x, y) for side, x, y in places], camera, light)
    for side, x, y in places:
        for aside, up in signal_heads(side):
            point = (aside, -0.25, up + 0.36 * PLACE[lamp])
            _shine(image, Spot(x, y, point, LIT[lamp], 0.3, min(0.3 + light.lamps, 1.0)), camera)
    return image


def _sky(camera: Camera, light: Light, rng: np.random.Generator) -> Picture:
    high, low = (np.array(c, np.float32) for c in SKIES[light.name])
    horizon = camera.height_px / 2 - camera.focal_px * np.tan(camera.tilt)
    at = np.clip(np.arange(camera.height_px) / max(horizon, 1.0), 0, 1).astype(np.float32)[:, None, None]
    sky = (high * (1 - at) + low * at) * np.ones((1, camera.width, 1), np.float32)
    cloud = sum(
        cv2.resize(
            rng.normal(0, 1, (n, 2 * n)).astype(np.float32),
            (camera.width, camera.height_px),
            interpolation=cv2.INTER_CUBIC,
        )
        / k
        for k, n in ((1, 6), (2, 14), (4, 30))
    )
    cover = np.clip(np.asarray(cloud, np.float32) - 0.5, 0, 1)[..., None] * 0.5
    return np.asarray(sky * (1 - cover) + cover * np.minimum(low * 1.08, 1.0), np.float32)


def _skyline(picture: Picture, camera: Camera, light: Light, rng: np.random.Generator) -> None:
    """Hazy towers and a line of trees at the end of the road."""
    low = np.array(SKIES[light.name][1], np.float32)
    for y, tint, tall in ((420.0, 0.90, 60.0), (260.0, 0.78, 26.0)):
        x = -260.0
        while x < 260:
            wide, height = float(rng.uniform(14, 34)), float(rng.uniform(0.3, 1.0)) * tall
            if abs(x + wide / 2) > 9 or y > 300:
                corners = np.array([(x, y, height), (x + wide, y, height), (x + wide, y, 0.0), (x, y, 0.0)])
                flat = np.round(camera.project(corners)[:, :2] * 16).astype(np.int32)
                colour = tuple(float(c) for c in low * tint * rng.uniform(0.95, 1.03))
                cv2.fillConvexPoly(picture, flat, colour, cv2.LINE_AA, 4)
            x += wide + float(rng.uniform(0, 12))
    for x in np.arange(-60, 60, 3.0):
        u, v, z = camera.project(np.array([[x, 185.0, 2.4 + rng.uniform(-0.5, 1.0)]]))[0]
        green = (
            np.array((0.30, 0.42, 0.34), np.float32) * (np.array(light.sky_colour, np.float32) + 0.15) * 0.8
            + low * 0.25
        )
        radius = int(camera.focal_px * 2.8 / z)
        cv2.circle(picture, (int(u), int(v)), max(radius, 2), tuple(float(c) for c in green), -1, cv2.LINE_AA)


def _pools(picture: Picture, camera: Camera, street: Street, light: Light) -> None:
    """Light of the street lamps on the ground."""
    x, y, below = camera.ground()
    total = np.zeros(x.shape, np.float32)
    for side, post_y in _posts():
        middle = side * (street.cycle_edge - 1.2)
        total += np.exp(-((x - middle) ** 2 / 60 + (y - post_y) ** 2 / 90)).astype(np.float32)
    glow = np.minimum(total, 1.2)[..., None] * np.array((0.55, 0.85, 1.05), np.float32) * (1.1 * light.lamps)
    picture[:] = picture * (1 + np.where(below[..., None], glow, 0))


def _posts() -> list[tuple[int, float]]:
    return [(side, y) for y in (13.0, 36.0, 59.0, 82.0, 105.0) for side in (-1, 1)]


def _shine(image: Image, spot: Spot, camera: Camera) -> None:
    reach = spot.reach_m * camera.anchor(spot.x, spot.y)[2]
    glow(image, point_of_fixture(spot.x, spot.y, spot.point, camera), spot.colour, reach, spot.strength)


def _things(street: Street, rng: np.random.Generator) -> list[Fixture]:
    """Trees, hedges and lamp posts; a few kinds of each are planted again and again."""
    edge, things = street.cycle_edge, list[Fixture]()
    trees, hedges = [Model.of(tree(rng)) for _ in range(5)], [Model.of(hedge(5.6, rng)) for _ in range(2)]
    for side in (-1, 1):
        strip, post = side * (street.motor_edge + street.curb), Model.of(lamp_post(side))
        for k, y in enumerate(np.arange(22.0, 120.0, 9.0)):
            things.append(Fixture(trees[(2 * k + side) % 5], side * (edge + 4.2), float(y)))
        for k, y in enumerate(np.arange(street.stop_y + 6.5, 90.0, 8.0)):
            things.append(Fixture(hedges[k % 2], strip, float(y)))
        things += [Fixture(post, side * (edge + 0.9), y) for s, y in _posts() if s == side]
    return things


def _furnish(image: Image, things: list[Fixture], camera: Camera, light: Light) -> None:
    """Puts things into the picture, in place, far ones first."""
    hung = [hang_fixture(f, camera, light) for f in sorted(things, key=lambda f: -f.y)]
    for one in hung:
        cast_shadow(image, one, light.shadow)
    for one in hung:
        paste(image, one)
