"""The labelled pictures of cars seen through the windshield: whose belt is worn, whose is not, whose can't be said."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.manifest import ManifestError
from helmetbelt.detector.pictures import picture_size, read_picture

Image = NDArray[np.uint8]

WINDSHIELD = 0


class State(IntEnum):
    """What is said of an occupant's belt, in the order of the belt model's classes."""

    BELTED = 0
    UNBELTED = 1
    UNCLEAR = 2


@dataclass(frozen=True, slots=True, eq=False)
class CarPicture:
    """A picture of a car.

    Attributes:
        path: of the picture.
        width: pixels.
        height: pixels.
        camera: "highway" for the one that gave most of them, "other" for single pictures of any, "frontglass".
        scene: pictures of one car share it; split by it.
        windshields: (n, 4) float32 pixels.
        occupants: (m, 4) float32 pixels, each about one seat's half of the windshield.
        states: (m,) as labelled.
        readable: (m,) false where our own look at the picture found nothing to tell the state by.
    """

    path: Path
    width: int
    height: int
    camera: str
    scene: str
    windshields: NDArray[np.float32]
    occupants: NDArray[np.float32]
    states: NDArray[np.int64]
    readable: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class SeatCrop:
    """A picture of one seat, cut by somebody else.

    Attributes:
        path: of the picture.
        camera: "gantry" or "dusk".
        state: of the belt.
    """

    path: Path
    camera: str
    state: State


@dataclass(frozen=True, slots=True, eq=False)
class RearView:
    """A car that a road camera sees from behind, chosen by eye.

    Attributes:
        path: of the picture.
        car_xyxy: (4,) float32 pixels.
    """

    path: Path
    car_xyxy: NDArray[np.float32]


def load_rear_views(folder: Path) -> list[RearView]:
    """The training pictures of `folder` (with `manifest.jsonl`) that `rear_views.csv` names.

    Raises:
        ManifestError: one isn't there.
    """
    views = []
    for row in _table("rear_views.csv"):
        path = folder / row["image"]
        if not path.is_file():
            raise ManifestError(f"{path}: no such picture; expected those of ../shared/data/helmet")
        views.append(RearView(path, np.array([row[k] for k in ("x1", "y1", "x2", "y2")], np.float32)))
    return views


def load_car_pictures(folder: Path) -> list[CarPicture]:
    """Pictures of `folder/belt` with windshields and occupants.

    Raises:
        ManifestError: no such pictures, or a label that isn't one.
    """
    scenes = {row["image"]: (row["camera"], row["scene"]) for row in _table("belt_scenes.csv")}
    unreadable = {(row["image"], int(row["occupant"])) for row in _table("belt_corrections.csv")}
    return [_car_picture(p, *scenes.get(p.name, ("highway", p.stem)), unreadable) for p in _images(folder / "images")]


def load_front_glass(folder: Path) -> list[CarPicture]:
    """Parked cars of `folder/frontglass`: windshields only, none in a view from behind; occupants aren't labelled.

    Raises:
        ManifestError: as `load_car_pictures`.
    """
    return [_car_picture(p, "frontglass", p.stem, set()) for p in _images(folder / "frontglass" / "images")]


def load_seat_crops(folder: Path) -> list[SeatCrop]:
    """Crops of one seat: an overhead camera (`crops_gantry`) and a camera at dusk (`crops_dusk`).

    Raises:
        ManifestError: no such pictures.
    """
    said = {"belted": State.BELTED, "unbelted": State.UNBELTED, "unclear_or_empty": State.UNCLEAR}
    table = folder / "crops_gantry" / "labels.csv"
    if not table.is_file():
        raise ManifestError(f"{table}: no such file; expected the states of ../shared/data/belt/crops_gantry")
    with table.open(newline="") as lines:
        crops = [SeatCrop(table.parent / row["file"], "gantry", said[row["state"]]) for row in csv.DictReader(lines)]
    for name in ("belted", "unbelted"):
        crops += [SeatCrop(p, "dusk", said[name]) for p in _images(folder / "crops_dusk" / name)]
    return crops


def read(picture: CarPicture | SeatCrop) -> Image:
    """The picture's pixels."""
    return read_picture(picture.path)


def _table(name: str) -> Iterator[dict[str, str]]:
    with Path(__file__).with_name(name).open(newline="") as lines:
        yield from csv.DictReader(lines)


def _images(folder: Path) -> list[Path]:
    found = sorted(p for p in folder.glob("*") if p.suffix in (".jpg", ".webp", ".png"))
    if not found:
        raise ManifestError(f"{folder}: no pictures there; expected those of ../shared/data/belt")
    return found


def _car_picture(path: Path, camera: str, scene: str, unreadable: set[tuple[str, int]]) -> CarPicture:
    label = path.parent.parent / "labels" / f"{path.stem}.txt"
    try:
        rows = np.array([line.split() for line in label.read_text().splitlines()], np.float32).reshape(-1, 5)
    except (OSError, ValueError) as e:
        raise ManifestError(f"{label}: expected lines of class, centre and size ({e})") from e
    width, height = picture_size(path.read_bytes())
    centre, half = rows[:, 1:3], rows[:, 3:] / 2
    xyxy = (np.concatenate([centre - half, centre + half], 1) * np.array([width, height] * 2)).astype(np.float32)
    is_glass = rows[:, 0] == WINDSHIELD
    states = rows[~is_glass, 0].astype(np.int64) - 1
    readable = np.array([(path.name, k) not in unreadable for k in range(len(states))], np.bool_)
    return CarPicture(path, width, height, camera, scene, xyxy[is_glass], xyxy[~is_glass], states, readable)
