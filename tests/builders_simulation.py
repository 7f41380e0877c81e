"""Simulated scenes for tests: small pictures, drawn once."""

from functools import lru_cache

import numpy as np

from helmetbelt.datasets.simulation import Scene
from helmetbelt.datasets.simulation.camera import Camera
from helmetbelt.datasets.simulation.cast import Actor, Rates, car_actor, two_wheeler_actor
from helmetbelt.datasets.simulation.compose import truth
from helmetbelt.datasets.simulation.light import DAY
from helmetbelt.datasets.simulation.scene import direction
from helmetbelt.datasets.simulation.studio import Standing, Studio
from helmetbelt.datasets.simulation.truth import VehicleTruth

WIDTH, HEIGHT = 320, 180
CAMERA = Camera(0.0, 5.0, 0.25, 0.0, 1150.0, 1280, 720)
TOWARD, AWAY = float(np.pi), 0.0


def scene(name: str = "junction", seed: int = 7) -> Scene:
    """A fresh scene with small pictures."""
    return Scene(name, seed, WIDTH, HEIGHT)


@lru_cache(maxsize=8)
def shared_scene(name: str = "junction", seed: int = 7) -> Scene:
    """A scene with small pictures that several tests look at."""
    return scene(name, seed)


def rider(number: int = 1, seed: int = 0, worn: float = 1.0) -> Actor:
    """A two-wheeler with one person."""
    return two_wheeler_actor(number, np.random.default_rng(seed), Rates(rider=worn, pillion=worn, two_up=0, three_up=0))


def driven_car(number: int = 1, seed: int = 0, worn: float = 1.0) -> Actor:
    """A car with a driver and perhaps a passenger."""
    return car_actor(number, np.random.default_rng(seed), Rates(driver=worn, passenger=worn))


def standing(actor: Actor, x: float = 0.0, y: float = 14.0, heading: float = TOWARD) -> Standing:
    """A vehicle on the road, moving."""
    return Standing(actor, x, y, heading, 5.0)


def truth_of(*vehicles: Standing, camera: Camera = CAMERA) -> list[VehicleTruth]:
    """What is true of a picture with these, in the order of their numbers."""
    studio = Studio(camera, DAY)
    hung = sorted((studio.hang(v) for v in vehicles), key=lambda h: -h.depth)
    ways = [direction(h.standing.heading) for h in hung]
    told = truth(hung, (camera.width, camera.height_px), ways, [False] * len(hung))
    return sorted(told, key=lambda v: v.vehicle)
