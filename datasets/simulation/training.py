"""Varied pictures for training, each with its truth; no two are related."""

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np

from helmetbelt.datasets.simulation.backdrop import backdrop
from helmetbelt.datasets.simulation.camera import Camera
from helmetbelt.datasets.simulation.cast import Actor, Rates, car_actor, two_wheeler_actor
from helmetbelt.datasets.simulation.compose import cast_shadow, paste, truth
from helmetbelt.datasets.simulation.glow import glow
from helmetbelt.datasets.simulation.ground import Street, painted_ground
from helmetbelt.datasets.simulation.lamps import lamps_of
from helmetbelt.datasets.simulation.light import DAY, DUSK, NIGHT, OVERCAST, Light
from helmetbelt.datasets.simulation.mesh import Colour
from helmetbelt.datasets.simulation.scene import direction
from helmetbelt.datasets.simulation.studio import Standing, Studio
from helmetbelt.datasets.simulation.truth import VehicleTruth
from helmetbelt.pipelines.frames import Image
from helmetbelt.pipelines.passages import Vehicle

SIZES = ((640, 360), (768, 432), (854, 480), (960, 540), (1024, 576), (1280, 720))
LIGHTS = (DAY, DAY, DAY, OVERCAST, OVERCAST, DUSK, DUSK, NIGHT)
FROM_ABOVE = 0.15
"""Share of pictures taken from high above, where cars show their roofs."""

STEEPEST_RAY_DEG, HIGHEST_AMONG_HOUSES = 72.0, 8.0
"""Ray at the lower edge of a drone's picture; and the camera height in metres below which houses can be drawn."""

RATES = Rates(rider=0.5, pillion=0.5, driver=0.5, passenger=0.5, two_up=0.35, three_up=0.12)


def training_pictures(count: int, seed: int) -> Iterator[tuple[Image, list[VehicleTruth]]]:
    """Pictures of 640x360 to 1280x720 with random cameras, streets, lights and crowds."""
    return (training_picture(k, seed) for k in range(count))


def training_picture(number: int, seed: int) -> tuple[Image, list[VehicleTruth]]:
    """One of them; it depends on its number and the seed alone."""
    return _picture(np.random.default_rng([seed, number, 77]))


def _picture(rng: np.random.Generator) -> tuple[Image, list[VehicleTruth]]:
    camera, street, light = _camera(rng), _street(rng), _light(rng)
    is_plain = rng.random() < 0.65 or camera.height > HIGHEST_AMONG_HOUSES
    picture = (_backdrop if is_plain else _real_street)(camera, street, light, rng)
    studio = Studio(camera, light)
    standing = _crowd(rng, camera, street)
    hung = sorted((studio.hang(s) for s in standing), key=lambda h: -h.depth)
    for one in hung:
        cast_shadow(picture, one, light.shadow)
    for one in hung:
        paste(picture, one, _smear(rng))
    size = (camera.width, camera.height_px)
    told = truth(hung, size, [direction(h.standing.heading) for h in hung], [h.standing.speed == 0 for h in hung])
    for lamp in (lamp for h in hung for lamp in lamps_of(h.standing, camera)) if light.lamps > 0 else ():
        glow(picture, lamp.place, lamp.colour, lamp.reach_px, light.lamps)
    return _developed(picture, light, rng), told


def _real_street(camera: Camera, street: Street, light: Light, rng: np.random.Generator) -> Image:
    """Houses, trees and masts: what a detector must not take for vehicles."""
    return backdrop(camera, street, light, int(rng.integers(1 << 30))).copy()


def _camera(rng: np.random.Generator) -> Camera:
    width, height_px = SIZES[rng.integers(len(SIZES))]
    if rng.random() < FROM_ABOVE:
        return _drone(rng, width, height_px)
    height = float(rng.uniform(2.2, 8.0))
    tilt = float(np.radians(rng.uniform(4, 12) + height * rng.uniform(0.6, 1.6)))
    return Camera(
        float(rng.uniform(-6, 6)),
        height,
        tilt,
        float(np.radians(rng.normal(0, 8))),
        width * float(rng.uniform(0.75, 1.6)),
        width,
        height_px,
    )


def _drone(rng: np.random.Generator, width: int, height_px: int) -> Camera:
    """Looks down on the street from the height of a mast or a drone; its lower edge still ahead of its foot."""
    focal = width * float(rng.uniform(0.9, 1.8))
    steepest = np.radians(STEEPEST_RAY_DEG) - 0.5 * height_px / focal
    tilt = min(float(np.radians(rng.uniform(32, 62))), float(steepest))
    turn = float(np.radians(rng.normal(0, 20)))
    return Camera(float(rng.uniform(-6, 6)), float(rng.uniform(9, 22)), tilt, turn, focal, width, height_px)


def _street(rng: np.random.Generator) -> Street:
    def near(colour: Colour, spread: float) -> Colour:
        b, g, r = np.clip(np.array(colour) * rng.uniform(0.7, 1.3) + rng.normal(0, spread, 3), 0.08, 0.9)
        return float(b), float(g), float(r)

    plain = Street()
    stop = float(rng.uniform(9, 30))
    zebra = (stop - 4.4, stop - 1.2)
    return replace(
        plain,
        lane=float(rng.uniform(2.7, 3.6)),
        cycle=float(rng.uniform(1.5, 3.0)),
        stop_y=stop,
        zebra_y=zebra,
        cross_y=(-30.0, stop - 6),
        asphalt=near(plain.asphalt, 0.02),
        cycle_paint=near(plain.asphalt, 0.06),
        pavement=near(plain.pavement, 0.06),
        grass=near(plain.grass, 0.12),
    )


def _light(rng: np.random.Generator) -> Light:
    light = LIGHTS[rng.integers(len(LIGHTS))]
    turn = float(rng.uniform(0, 2 * np.pi))
    return replace(light, sun=(float(np.cos(turn)), float(np.sin(turn)), float(rng.uniform(0.5, 1.6))))


def _backdrop(camera: Camera, street: Street, light: Light, rng: np.random.Generator) -> Image:
    ground, below = painted_ground(camera, street, rng, fine=1)
    ground = ground * np.array(light.on_the_ground, np.float32)
    top, low = rng.uniform(0.2, 0.9, 3), rng.uniform(0.3, 0.9, 3)
    ramp = np.linspace(0, 1, camera.height_px)[:, None, None]
    sky = (top * (1 - ramp) + low * ramp) * np.array(light.sky_colour) * np.ones((1, camera.width, 1))
    picture = np.clip(np.where(below[..., None], ground, sky) * 255, 0, 255).astype(np.uint8)
    return _cluttered(picture, rng)


def _cluttered(picture: Image, rng: np.random.Generator) -> Image:
    """Blocks, poles and blobs that are no vehicles."""
    h, w = picture.shape[:2]
    for _ in range(int(rng.integers(4, 26))):
        colour = tuple(float(c) for c in rng.uniform(20, 220, 3))
        x, y = int(rng.uniform(0, w)), int(rng.uniform(0, h * 0.45))
        kind = rng.integers(3)
        if kind == 0:
            cv2.rectangle(picture, (x, 0), (x + int(rng.uniform(0.02, 0.2) * w), y), colour, -1)
        elif kind == 1:
            cv2.line(picture, (x, 0), (x, y + int(0.1 * h)), colour, int(rng.integers(2, 9)), cv2.LINE_AA)
        else:
            axes = (int(rng.uniform(0.01, 0.08) * w), int(rng.uniform(0.01, 0.1) * h))
            cv2.ellipse(picture, (x, y), axes, float(rng.uniform(0, 180)), 0, 360, colour, -1, cv2.LINE_AA)
    return picture


def _crowd(rng: np.random.Generator, camera: Camera, street: Street) -> list[Standing]:
    wanted = int(rng.integers(3, 26))
    standing: list[Standing] = []
    for number in range(1, wanted + 1):
        is_car = rng.random() < 0.25
        actor = (car_actor if is_car else two_wheeler_actor)(number, rng, RATES)
        for _ in range(12):
            one = _somewhere(rng, camera, street, actor)
            if all(_apart(one, other) for other in standing):
                standing.append(one)
                break
    return standing


def _somewhere(rng: np.random.Generator, camera: Camera, street: Street, actor: Actor) -> Standing:
    closest = camera.height / np.tan(camera.tilt + 0.5 * camera.height_px / camera.focal_px)
    reach = 16.0 * camera.focal_px / 900
    y = float(closest + 0.5 + rng.gamma(2.2, reach / 2.2))
    half = 0.55 * camera.width / camera.focal_px * np.hypot(y, camera.height)
    x = float(camera.x - np.tan(camera.turn) * y + rng.uniform(-half, half))
    heading = float((np.pi if rng.random() < 0.55 else 0.0) + rng.normal(0, 0.18))
    if rng.random() < 0.15:
        heading += float(rng.choice([-1, 1]) * rng.uniform(0.6, np.pi / 2))
    return Standing(actor, x, y, heading, 0.0 if rng.random() < 0.25 else 6.0)


def _apart(one: Standing, other: Standing) -> bool:
    cars = (one.actor.kind is Vehicle.CAR) + (other.actor.kind is Vehicle.CAR)
    wide, long = (0.85, 1.5, 2.2)[cars], (1.7, 3.6, 5.2)[cars]
    return abs(one.x - other.x) > wide or abs(one.y - other.y) > long


def _smear(rng: np.random.Generator) -> np.ndarray[tuple[int, int], np.dtype[np.float32]] | None:
    if rng.random() < 0.75:
        return None
    length = int(rng.choice([3, 3, 5]))
    kernel = np.zeros((length, length), np.float32)
    kernel[:, length // 2] = 1 / length
    return kernel if rng.random() < 0.7 else kernel.T.copy()


def _developed(picture: Image, light: Light, rng: np.random.Generator) -> Image:
    """What a camera adds: blur, exposure, noise, compression."""
    out = picture.astype(np.float64)
    if rng.random() < 0.5:
        out = np.asarray(cv2.GaussianBlur(out, (0, 0), float(rng.uniform(0.4, 1.3))), np.float64)
    out = 255 * (np.clip(out, 0, 255) / 255) ** (light.gamma * float(rng.uniform(0.8, 1.25)))
    out = out * rng.uniform(0.85, 1.15) + rng.normal(0, light.noise * rng.uniform(0.5, 1.8), out.shape)
    image = np.clip(out, 0, 255).astype(np.uint8)
    if rng.random() < 0.7:
        _, packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(45, 95))])
        image = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    return image
