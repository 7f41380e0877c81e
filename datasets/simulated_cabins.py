"""Cars of the simulated junction with their windshields and occupants, belted or not."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.simulation.training import training_pictures
from helmetbelt.datasets.simulation.truth import VehicleTruth
from helmetbelt.pipelines.passages import Box, Vehicle

log = logging.getLogger(__name__)

SOURCE = "simulated"
LEAST_VISIBLE = 0.6
LEAST_CAR_PX = 50.0


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedCar:
    """One car of a simulated picture.

    Attributes:
        picture: path of the picture.
        number: of the picture; the unit of the split.
        car_xyxy: (4,) float32 pixels of the picture.
        windshield_xyxy: (n, 4), one box, or none where the car is seen from behind.
        occupants_xyxy: (m, 4) upper bodies within the windshield.
        is_belted: (m,).
    """

    picture: Path
    number: int
    car_xyxy: NDArray[np.float32]
    windshield_xyxy: NDArray[np.float32]
    occupants_xyxy: NDArray[np.float32]
    is_belted: NDArray[np.bool_]


def simulated_cars(folder: Path, count: int, seed: int) -> Iterator[SimulatedCar]:
    """Draws the pictures (about one a second), or reads those drawn before, and gives their cars.

    Args:
        folder: of the pictures, each a .jpg and a .json.
        count: pictures.
        seed: of the simulation.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(not (folder / f"{k:04d}.json").exists() for k in range(count)):
        for k, (image, truth) in enumerate(training_pictures(count, seed)):
            cv2.imwrite(str(folder / f"{k:04d}.jpg"), image, [cv2.IMWRITE_JPEG_QUALITY, 95])
            (folder / f"{k:04d}.json").write_text(json.dumps(_rows(truth)))
            if k % 50 == 0:
                log.info("simulated pictures with cars: %d of %d", k, count)
    for k in range(count):
        for row in json.loads((folder / f"{k:04d}.json").read_text()):
            yield _car(folder / f"{k:04d}.jpg", k, row)


def _rows(truth: list[VehicleTruth]) -> list[dict[str, object]]:
    """One entry for each car that is large enough and little hidden."""
    rows: list[dict[str, object]] = []
    for car in truth:
        is_large = car.xyxy[3] - car.xyxy[1] >= LEAST_CAR_PX
        if car.kind is not Vehicle.CAR or car.visible < LEAST_VISIBLE or not is_large:
            continue
        seen = [(p.body, p.worn) for p in car.persons if p.body is not None and p.head_visible >= LEAST_VISIBLE]
        rows.append(
            {
                "car": _plain(car.xyxy),
                "windshield": [_plain(car.windshield)] if car.windshield else [],
                "occupants": [_plain(body) for body, _ in seen],
                "belted": [bool(worn) for _, worn in seen],
            }
        )
    return rows


def _plain(box: Box) -> list[float]:
    return [float(v) for v in box]


def _car(picture: Path, number: int, row: dict[str, list[object]]) -> SimulatedCar:
    def boxes(key: str) -> NDArray[np.float32]:
        return np.array(row[key], np.float32).reshape(-1, 4)

    belted = np.array(row["belted"], np.bool_)
    return SimulatedCar(picture, number, boxes("car")[0], boxes("windshield"), boxes("occupants"), belted)
