"""Draws the vehicles of a scene for its camera and its light, and remembers what it drew."""

from collections import OrderedDict
from dataclasses import dataclass, replace

import cv2
import numpy as np

from helmetbelt.datasets.simulation import parts
from helmetbelt.datasets.simulation.camera import Camera
from helmetbelt.datasets.simulation.car_looks import CarLook, windshield_corners
from helmetbelt.datasets.simulation.cars import car
from helmetbelt.datasets.simulation.cast import Actor
from helmetbelt.datasets.simulation.light import Light
from helmetbelt.datasets.simulation.mesh import Floats, Point
from helmetbelt.datasets.simulation.sprite import ANCHOR_UP, Model, Sprite, View, draw
from helmetbelt.datasets.simulation.two_wheelers import two_wheeler

AZIMUTH, ELEVATION, STEP = np.radians(1.0), np.radians(1.0), np.log(1.04)
"""A sprite is drawn for views this far apart: radians, radians, logarithm of distance and of scale."""
TURN = np.radians(5.0)
"""The light on a vehicle follows its heading in steps of so many radians."""
KEPT_SPRITES, KEPT_MODELS = 160, 80


@dataclass(frozen=True, slots=True)
class Standing:
    """A vehicle at one instant.

    Attributes:
        actor: the vehicle.
        x, y: metres on the ground, between its wheels.
        heading: radians from straight down the road (away from the camera), left positive.
        speed: metres a second.
    """

    actor: Actor
    x: float
    y: float
    heading: float
    speed: float


@dataclass(frozen=True, slots=True, eq=False)
class Pinned:
    """A sprite in the picture.

    Attributes:
        sprite: as drawn.
        u, v: pixels of its anchor in the picture.
        scale: picture pixels per sprite pixel.
    """

    sprite: Sprite
    u: float
    v: float
    scale: float


@dataclass(frozen=True, slots=True, eq=False)
class Hung(Pinned):
    """A vehicle in the picture.

    Attributes:
        standing: which vehicle, where.
        depth: metres from the lens, for painting far ones first.
        windshield: (4,) pixels from the anchor of the front glass; None where it is not seen.
    """

    standing: Standing
    depth: float
    windshield: Floats | None

    def box(self, xyxy: Floats) -> Floats:
        """(4,) in pixels of the picture, of a box in pixels from the anchor."""
        return xyxy * np.float32(self.scale) + np.array((self.u, self.v, self.u, self.v), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Fixture:
    """Something that stands at x, y for ever."""

    model: Model
    x: float
    y: float


def hang_fixture(fixture: Fixture, camera: Camera, light: Light) -> Pinned:
    """Its sprite, and where it goes."""
    u, v, _ = camera.anchor(fixture.x, fixture.y)
    view = _view_of(fixture.x, fixture.y, camera)
    return Pinned(draw(fixture.model, view, np.array(light.sun, np.float32), light), u, v, 1.0)


def point_of_fixture(x: float, y: float, point: Point, camera: Camera) -> tuple[float, float]:
    """Pixels right and down of a point of something that stands at x, y, as its sprite shows it."""
    u, v, _ = camera.anchor(x, y)
    du, dv = _view_of(x, y, camera).project(np.array([point], np.float32))[0]
    return u + float(du), v + float(dv)


def point_of_vehicle(standing: Standing, point: Point, camera: Camera) -> tuple[float, float]:
    """Pixels right and down of a point in a vehicle's own metres, as its sprite shows it."""
    u, v, px_per_m = camera.anchor(standing.x, standing.y)
    eye = eye_of(standing, camera) + np.array((0, 0, ANCHOR_UP), np.float32)
    du, dv = View(eye, px_per_m).project(np.array([point], np.float32))[0]
    return u + float(du), v + float(dv)


def eye_of(standing: Standing, camera: Camera) -> Floats:
    """(3,) the lens in the axes of a vehicle, from its anchor."""
    dx, dy = camera.x - standing.x, -standing.y
    c, s = np.cos(standing.heading), np.sin(standing.heading)
    return np.array((c * dx + s * dy, -s * dx + c * dy, camera.height - ANCHOR_UP), np.float32)


def _view_of(x: float, y: float, camera: Camera) -> View:
    return View(np.array((camera.x - x, -y, camera.height), np.float32), camera.anchor(x, y)[2])


class Studio:
    """Sprites for one camera and one light. The same view gives the same sprite, whatever was drawn before."""

    def __init__(self, camera: Camera, light: Light) -> None:
        self._camera = camera
        self._light = light
        self._models: OrderedDict[tuple[int, bool], Model] = OrderedDict()
        self._sprites: OrderedDict[tuple[int, ...], tuple[Sprite, Floats | None]] = OrderedDict()

    def hang(self, standing: Standing) -> Hung:
        """The sprite of a vehicle and where it goes."""
        u, v, px_per_m = self._camera.anchor(standing.x, standing.y)
        eye = eye_of(standing, self._camera)
        reach = float(np.hypot(eye[0], eye[1]))
        distance = float(np.hypot(reach, eye[2]))
        key = (
            standing.actor.number,
            int(standing.speed < 0.3),
            round(np.arctan2(eye[0], eye[1]) / AZIMUTH),
            round(np.arctan2(eye[2], reach) / ELEVATION),
            round(np.log(distance) / STEP),
            round(np.log(px_per_m) / STEP),
            round(standing.heading / TURN),
        )
        if key not in self._sprites:
            self._sprites[key] = self._drawn(standing, key)
        self._sprites.move_to_end(key)
        sprite, glass = self._sprites[key]
        if len(self._sprites) > KEPT_SPRITES:
            self._sprites.popitem(last=False)
        scale = px_per_m / float(np.exp(key[5] * STEP))
        return Hung(sprite, u, v, scale, standing, distance, glass)

    def _model(self, actor: Actor, stopped: bool) -> Model:
        key = (actor.number, stopped)
        if key not in self._models:
            look = actor.look
            self._models[key] = Model.of(car(look) if isinstance(look, CarLook) else two_wheeler(look, stopped))
        self._models.move_to_end(key)
        model = self._models[key]
        if len(self._models) > KEPT_MODELS:
            self._models.popitem(last=False)
        return model

    def _drawn(self, standing: Standing, key: tuple[int, ...]) -> tuple[Sprite, Floats | None]:
        _, stopped, azimuth, elevation, far, size, turn = key
        a, e, d = azimuth * AZIMUTH, elevation * ELEVATION, np.exp(far * STEP)
        eye = np.array((np.sin(a) * np.cos(e) * d, np.cos(a) * np.cos(e) * d, np.sin(e) * d + ANCHOR_UP), np.float32)
        view = View(eye, float(np.exp(size * STEP)))
        sun = np.array(self._light.sun, np.float32)
        c, s = np.cos(turn * TURN), np.sin(turn * TURN)
        own_sun = np.array((c * sun[0] + s * sun[1], -s * sun[0] + c * sun[1], sun[2]), np.float32)
        sprite = draw(self._model(standing.actor, bool(stopped)), view, own_sun, self._light)
        look = standing.actor.look
        return _glazed(sprite, look, view, self._light) if isinstance(look, CarLook) else (sprite, None)


def _glazed(sprite: Sprite, look: CarLook, view: View, light: Light) -> tuple[Sprite, Floats | None]:
    """The front glass over the people behind it: a mirrored sky that fades downward, and a streak."""
    corners = view.project(np.array(windshield_corners(look.body), np.float32))
    a, b = corners[1] - corners[0], corners[2] - corners[0]
    facing = float(a[0] * b[1] - a[1] * b[0])
    if facing < 12.0:
        return sprite, None
    box = np.concatenate([corners.min(axis=0), corners.max(axis=0)]).astype(np.float32)
    mask = np.zeros(sprite.ids.shape, np.float32)
    cv2.fillPoly(mask, [np.round(corners - (sprite.left, sprite.top)).astype(np.int32)], 1.0, cv2.LINE_8)
    behind = (sprite.ids == parts.SHIELD) | (sprite.ids >= parts.torso_of(0))
    height, width = sprite.ids.shape
    rows = np.arange(height, dtype=np.float32)[:, None] + sprite.top
    columns = np.arange(width, dtype=np.float32)[None] + sprite.left
    up = np.clip((box[3] - rows) / max(box[3] - box[1], 1.0), 0, 1)
    slant = (columns - box[0]) / max(box[2] - box[0], 1.0) * 2 + up
    streak = np.clip(1 - np.abs(slant - 1.1) * 4, 0, 1) * 0.5
    cover = (mask * behind * np.minimum(look.haze * (0.35 + 0.9 * up + streak), 0.75))[..., None]
    sky = np.array([*(min(255.0, 235 * c + 30) for c in light.sky_colour)], np.float32)
    image = sprite.image.copy()
    image[..., :3] = np.round(image[..., :3] * (1 - cover) + sky * cover * (image[..., 3:] / 255.0))
    return replace(sprite, image=image), box
