"""The belt model's training set: occupants as the product cuts them, written to a folder with one line on each."""

import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.belt_data import CarPicture, SeatCrop, State, read
from helmetbelt.datasets.degrade import shrink
from helmetbelt.datasets.simulated_cabins import SimulatedCar
from helmetbelt.detector.crops import OCCUPANT_PAD
from helmetbelt.detector.finder import Finder
from helmetbelt.detector.pictures import read_picture

log = logging.getLogger(__name__)

Image = NDArray[np.uint8]

INDEX = "occupants.jsonl"
MARGIN = 0.25
"""Surroundings kept on each side, as a share of the occupant's box, so that boxes can be off in training."""

LARGEST_PX = 150.0
"""Occupants are kept no taller than this: the model sees 128 pixels."""

LEAST_SIMULATED_PX = 30.0
HEAD_SCORE = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Occupant:
    """One seat's occupant with a little of the surroundings.

    Attributes:
        image: the picture.
        xyxy: (4,) float32 the occupant's box in it.
        state: of the belt, as labelled, or unclear where our own look found nothing to tell it by.
        labelled: as labelled.
        camera: "highway", "gantry", "dusk", "other" or "simulated".
        scene: pictures of one car share it.
        head_xyxy: (4,) where the head model sees one, else None.
    """

    image: Image
    xyxy: NDArray[np.float32]
    state: State
    labelled: State
    camera: str
    scene: str
    head_xyxy: NDArray[np.float32] | None


def write_belt_set(
    cars: Iterable[CarPicture],
    seats: Iterable[SeatCrop],
    simulated: Iterable[SimulatedCar],
    heads: Finder,
    folder: Path,
) -> Path:
    """Writes all occupants and gives the index, one JSON object a line.

    Args:
        cars: pictures with occupants' boxes.
        seats: pictures of one occupant each.
        simulated: cars of the simulated junction.
        heads: finds the heads below which straps are drawn.
        folder: to write to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    everybody = [*_of_cars(cars, heads), *_of_seats(seats, heads), *_of_simulation(simulated)]
    for number, one in enumerate(map(_no_larger_than_needed, everybody)):
        name = f"{number:04d}.png"
        cv2.imwrite(str(folder / name), one.image)
        row = {"image": name, "xyxy": one.xyxy.tolist(), "state": int(one.state), "labelled": int(one.labelled)}
        row |= {"camera": one.camera, "scene": one.scene}
        lines.append(json.dumps(row | {"head": None if one.head_xyxy is None else one.head_xyxy.tolist()}))
    (folder / INDEX).write_text("".join(line + "\n" for line in lines))
    return folder / INDEX


def load_belt_set(index: Path) -> list[Occupant]:
    """The occupants of a written set."""
    rows = [json.loads(line) for line in index.read_text().splitlines()]
    return [
        Occupant(
            read_picture(index.parent / row["image"]),
            np.array(row["xyxy"], np.float32),
            State(row["state"]),
            State(row["labelled"]),
            row["camera"],
            row["scene"],
            None if row["head"] is None else np.array(row["head"], np.float32),
        )
        for row in rows
    ]


def _of_cars(cars: Iterable[CarPicture], heads: Finder) -> Iterator[Occupant]:
    for car in cars:
        image = read(car)
        for xyxy, state, readable in zip(car.occupants, car.states, car.readable, strict=True):
            part, box = _with_margin(image, xyxy)
            labelled = State(state)
            seen = labelled if readable else State.UNCLEAR
            yield Occupant(part, box, seen, labelled, car.camera, car.scene, _head(part, heads))


def _of_seats(seats: Iterable[SeatCrop], heads: Finder) -> Iterator[Occupant]:
    """Their box is the picture less the padding that the product will add."""
    for seat in seats:
        image = read(seat)
        height, width = image.shape[:2]
        cut = OCCUPANT_PAD / (1 + 2 * OCCUPANT_PAD)
        box = np.array([cut * width, cut * height, (1 - cut) * width, (1 - cut) * height], np.float32)
        yield Occupant(image, box, seat.state, seat.state, seat.camera, seat.path.stem, _head(image, heads))


def _of_simulation(cars: Iterable[SimulatedCar]) -> Iterator[Occupant]:
    for car in cars:
        image = read_picture(car.picture)
        for xyxy, belted in zip(car.occupants_xyxy, car.is_belted, strict=True):
            if xyxy[3] - xyxy[1] >= LEAST_SIMULATED_PX:
                state = State.BELTED if belted else State.UNBELTED
                part, box = _with_margin(image, xyxy)
                yield Occupant(part, box, state, state, "simulated", f"simulated-{car.number}", None)


def _no_larger_than_needed(one: Occupant) -> Occupant:
    factor = LARGEST_PX / float(one.xyxy[3] - one.xyxy[1])
    if factor >= 1:
        return one
    scale, head = np.float32(factor), one.head_xyxy
    smaller = shrink(one.image, factor), one.xyxy * scale, None if head is None else head * scale
    return replace(one, image=smaller[0], xyxy=smaller[1], head_xyxy=smaller[2])


def _with_margin(image: Image, xyxy: NDArray[np.float32]) -> tuple[Image, NDArray[np.float32]]:
    height, width = image.shape[:2]
    pad = MARGIN * (xyxy[2:] - xyxy[:2])
    left, top = (int(v) for v in np.maximum(np.floor(xyxy[:2] - pad), 0))
    right, bottom = (int(v) for v in np.minimum(np.ceil(xyxy[2:] + pad), [width, height]))
    return image[top:bottom, left:right], (xyxy - np.array([left, top, left, top])).astype(np.float32)


def _head(image: Image, heads: Finder) -> NDArray[np.float32] | None:
    """The likeliest head where one can be: in the upper two thirds, neither tiny nor huge."""
    height, width = image.shape[:2]
    for box in heads.find(np.ascontiguousarray(image), HEAD_SCORE).xyxy:
        tall, middle = (box[3] - box[1]) / height, (box[0] + box[2]) / 2 / width
        if 0.12 < tall < 0.5 and 0.15 < middle < 0.85 and box[3] < 0.7 * height:
            return np.asarray(box, np.float32)
    return None
