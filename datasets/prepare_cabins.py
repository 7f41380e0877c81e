"""Training sets of the cabin and belt models: from pictures of cars and the simulated junction to folders."""

import logging
from pathlib import Path

import numpy as np

from helmetbelt.datasets import cabin_set
from helmetbelt.datasets.belt_data import (
    CarPicture,
    load_car_pictures,
    load_front_glass,
    load_rear_views,
    load_seat_crops,
)
from helmetbelt.datasets.belt_pool import FILE, write_pool
from helmetbelt.datasets.belt_set import write_belt_set
from helmetbelt.datasets.simulated_cabins import SimulatedCar, simulated_cars
from helmetbelt.datasets.teacher import teach
from helmetbelt.datasets.yolo_files import YoloFolder
from helmetbelt.detector.cabins import CABIN_CLASSES
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.finder import Finder

log = logging.getLogger(__name__)

COCO_TEACHER = "yolo26n_coco_recovered.pt"
SIMULATED = 260
"""Pictures of the simulated junction."""

NO_FOLD = -1
"""Held out: every highway picture; trained on are parked and simulated cars alone."""


def prepare_cabins(data: Path, work: Path, seed: int, held_out: int | None = None) -> Path:
    """Writes the cabin model's set and returns its YAML file; an already written one is taken as it is.

    Args:
        data: the folder with `belt/`, `helmet/` and `weights/`.
        work: for the set, the simulated pictures and the teacher's answers.
        seed: of every random choice.
        held_out: fold of the cross-validation that isn't trained on, `NO_FOLD` for all of them; None trains on all.

    Raises:
        ManifestError: the labelled pictures aren't there.
        ModelFileError: the teacher's weights aren't there.
    """
    root = work / ("cabin" if held_out is None else "cabin-front" if held_out == NO_FOLD else f"cabin-{held_out}")
    if (root / "data.yaml").exists():
        log.info("%s: written already; remove the folder to write it anew", root)
        return root / "data.yaml"
    cars, front = load_car_pictures(data / "belt"), load_front_glass(data / "belt")
    seen = cars_seen(cars + front, data, work)
    folder, rng = YoloFolder(root, CABIN_CLASSES), np.random.default_rng(seed)
    if held_out == NO_FOLD:
        cabin_set.add_held_out(cars, seen, folder)
    else:
        cabin_set.add_car_pictures(cars, seen, folder, held_out, rng)
    if held_out in (None, NO_FOLD):
        cabin_set.add_front_glass(front, seen, folder, rng)
        cabin_set.add_rear_views(load_rear_views(data / "helmet"), folder, rng)
        cabin_set.add_simulated_cabins(_simulated(work, seed), folder, rng)
    log.info("cabin set: %s", {key: len(pictures) for key, pictures in folder.written.items()})
    return folder.close({}, seed)


def prepare_belts(data: Path, work: Path, seed: int) -> Path:
    """Writes the belt model's set and returns the file of its pictures; an already written one is taken as it is.

    Args and errors as of `prepare_cabins`.
    """
    done = work / "belts" / FILE
    if done.exists():
        log.info("%s: written already; remove the folder to write it anew", done.parent)
        return done
    cars, seats = load_car_pictures(data / "belt"), load_seat_crops(data / "belt")
    index = write_belt_set(cars, seats, _simulated(work, seed), Finder.load("heads"), done.parent)
    return write_pool(index, seed)


def cars_seen(pictures: list[CarPicture], data: Path, work: Path) -> dict[Path, Detections]:
    """Cars that the COCO model sees in these pictures."""
    work.mkdir(parents=True, exist_ok=True)
    return teach(data / "weights" / COCO_TEACHER, (p.path for p in pictures), work / "teacher-cabin.jsonl")


def _simulated(work: Path, seed: int) -> list[SimulatedCar]:
    """Others than the road and head models are trained on."""
    return list(simulated_cars(work / "simulated-cars", SIMULATED, seed + 53))
