"""The cabin model's training set: crops of cars, cut as the product cuts them, with windshield and occupants.

Sources differ in what they say. The highway pictures draw windshields and front occupants, belted or not; the simulated
junction both; the parked cars windshields alone, so their glass is frosted from within: nothing is taught about
occupants there. Cars from behind, parked and in traffic, have no windshield and teach that a rear window is none.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.belt_data import CarPicture, RearView, read
from helmetbelt.datasets.boxes import cover
from helmetbelt.datasets.degrade import degrade, shrink
from helmetbelt.datasets.glass import behind_glass, frosted
from helmetbelt.datasets.road_set import COCO_CARS
from helmetbelt.datasets.simulated_cabins import SimulatedCar
from helmetbelt.datasets.views import seen_from_elsewhere
from helmetbelt.datasets.yolo_files import YoloFolder
from helmetbelt.detector.crops import cabin_crop_xyxy
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.pictures import read_picture

Image = NDArray[np.uint8]
Boxes = tuple[NDArray[np.float32], NDArray[np.int64]]

FOLDS = 3

COPIES = 5
"""Training crops of one highway picture; all but the first are other views, smaller and worse."""

WINDSHIELD_PX = (40.0, 250.0)
"""Widths to which windshields are shrunk in degraded crops: those of real cameras."""

LEAST_WINDSHIELD_PX = 34.0
SIMULATED_HELD_OUT, REAR_HELD_OUT = 10, 4


@dataclass(frozen=True, slots=True, eq=False)
class Cabin:
    """A picture with one car of interest.

    Attributes:
        image: the picture.
        car_xyxy: (4,) pixels.
        boxes: windshields and occupants of the picture, class ids of `CABIN_CLASSES`.
    """

    image: Image
    car_xyxy: NDArray[np.float32]
    boxes: Boxes


def fold_of(scene: str) -> int:
    """Which fold of the cross-validation a scene is held out in."""
    return zlib.crc32(scene.encode()) % FOLDS


def car_of(picture: CarPicture, seen: Detections) -> NDArray[np.float32]:
    """The (4,) box of the car whose windshield is labelled, as a detector gives it, else the whole picture.

    Without a windshield it is the largest car.
    """
    cars = seen.xyxy[np.isin(seen.class_id, COCO_CARS)]
    if len(picture.windshields) and len(cars):
        cars = cars[cover(picture.windshields[:1], cars)[0] >= 0.9]
    if not len(cars):
        return np.array([0, 0, picture.width, picture.height], np.float32)
    area = (cars[:, 2] - cars[:, 0]) * (cars[:, 3] - cars[:, 1])
    return np.asarray(cars[area.argmax()], np.float32)


def add_car_pictures(
    pictures: Iterable[CarPicture],
    seen: dict[Path, Detections],
    folder: YoloFolder,
    held_out: int | None,
    rng: np.random.Generator,
) -> None:
    """Adds the highway's and single cameras' crops.

    Args:
        pictures: with windshields and occupants.
        seen: cars that a detector sees in them.
        folder: to write to.
        held_out: fold that goes to validation and isn't trained on; None trains on all and watches the first fold.
        rng: of views and degradation.
    """
    for picture in pictures:
        cabin = Cabin(read(picture), car_of(picture, seen[picture.path]), labelled_boxes(picture))
        fold, name = fold_of(picture.scene), picture.path.stem
        if fold == (held_out or 0):
            folder.add("val", picture.camera, f"{name}-v", *crop_of(cabin))
        if fold != held_out:
            for k in range(COPIES):
                folder.add("train", picture.camera, f"{name}-{k}", *_training_crop(cabin, k > 0, rng))


def add_held_out(pictures: Iterable[CarPicture], seen: dict[Path, Detections], folder: YoloFolder) -> None:
    """Adds pictures for validation alone, cut as the product cuts them."""
    for picture in pictures:
        cabin = Cabin(read(picture), car_of(picture, seen[picture.path]), labelled_boxes(picture))
        folder.add("val", picture.camera, picture.path.stem, *crop_of(cabin))


def add_front_glass(
    pictures: Iterable[CarPicture], seen: dict[Path, Detections], folder: YoloFolder, rng: np.random.Generator
) -> None:
    """Adds the parked cars, their glass frosted; half of those from behind."""
    for number, picture in enumerate(pictures):
        if not len(picture.windshields) and number % 2:
            continue
        image = read(picture)
        for glass in picture.windshields:
            image = frosted(image, glass, rng)
        cabin = Cabin(image, car_of(picture, seen[picture.path]), labelled_boxes(picture))
        folder.add("train", picture.camera, picture.path.stem, *_training_crop(cabin, rng.random() < 0.6, rng))


def add_rear_views(views: Iterable[RearView], folder: YoloFolder, rng: np.random.Generator) -> None:
    """Adds cars that road cameras see from behind: three training crops each, every fourth view held out."""
    nothing = np.zeros((0, 4), np.float32), np.zeros(0, np.int64)
    for number, view in enumerate(views):
        cabin = Cabin(read_picture(view.path), view.car_xyxy, nothing)
        if number % REAR_HELD_OUT == 0:
            folder.add("val", "rear", f"rear-{number}", *crop_of(cabin))
            continue
        for k in range(3):
            folder.add("train", "rear", f"rear-{number}-{k}", *_training_crop(cabin, k > 0, rng))


def add_simulated_cabins(cars: Iterable[SimulatedCar], folder: YoloFolder, rng: np.random.Generator) -> None:
    """Adds the simulated junction's cars; those whose windshield is too small to be one are left out."""
    for number, car in enumerate(cars):
        glass = car.windshield_xyxy
        too_small = len(glass) and glass[0, 2] - glass[0, 0] < LEAST_WINDSHIELD_PX
        if too_small or (not len(glass) and number % 3):
            continue
        class_id = np.repeat(np.array([0, 1]), [len(glass), len(car.occupants_xyxy)])
        boxes = np.concatenate([glass, car.occupants_xyxy]), class_id
        cabin, name = Cabin(read_picture(car.picture), car.car_xyxy, boxes), f"sim-{car.picture.stem}-{number}"
        if car.number % SIMULATED_HELD_OUT == 0:
            folder.add("val", "simulated", name, *crop_of(cabin))
        else:
            folder.add("train", "simulated", name, *_training_crop(cabin, rng.random() < 0.4, rng))


def labelled_boxes(picture: CarPicture) -> Boxes:
    """Windshields (0) and occupants (1), whatever is said of their belts."""
    class_id = np.repeat(np.array([0, 1]), [len(picture.windshields), len(picture.occupants)])
    return np.concatenate([picture.windshields, picture.occupants]), class_id


def crop_of(cabin: Cabin) -> tuple[Image, Boxes]:
    """The product's crop of the car, and the boxes in it of which at least six tenths are inside, clipped to it."""
    height, width = cabin.image.shape[:2]
    left, top, right, bottom = cabin_crop_xyxy(cabin.car_xyxy, width, height)
    xyxy, class_id = cabin.boxes
    inside = cover(xyxy, np.array([[left, top, right, bottom]], np.float32))[:, 0] >= 0.6
    shifted = xyxy[inside] - np.array([left, top, left, top], np.float32)
    limits = np.array([right - left, bottom - top] * 2, np.float32)
    boxes = np.clip(shifted, 0, limits).astype(np.float32), class_id[inside]
    return cabin.image[top:bottom, left:right], boxes


def _training_crop(cabin: Cabin, worse: bool, rng: np.random.Generator) -> tuple[Image, Boxes]:
    size = np.tile(cabin.car_xyxy[2:] - cabin.car_xyxy[:2], 2)
    loose = (cabin.car_xyxy + rng.uniform(-0.08, 0.08, 4) * size).astype(np.float32)
    image, (xyxy, class_id) = crop_of(Cabin(cabin.image, loose, cabin.boxes))
    if not worse:
        return image, (xyxy, class_id)
    if rng.random() < 0.6:
        image, xyxy = seen_from_elsewhere(image, xyxy, rng)
    image = _worse_glass(image, xyxy[class_id == 0], rng)
    factor = _shrinking(xyxy[class_id == 0], rng)
    if factor < 0.95 and min(image.shape[:2]) * factor >= 24:
        image, xyxy = shrink(image, factor), (xyxy * np.float32(factor)).astype(np.float32)
    return degrade(image, rng), (xyxy, class_id)


def _shrinking(glass: NDArray[np.float32], rng: np.random.Generator) -> float:
    if not len(glass):
        return float(rng.uniform(0.2, 1.0))
    wanted = np.exp(rng.uniform(*np.log(WINDSHIELD_PX)))
    return float(wanted / max(float(glass[0, 2] - glass[0, 0]), 1.0))


def _worse_glass(image: Image, glass: NDArray[np.float32], rng: np.random.Generator) -> Image:
    """The windshield's pixels behind reflections, a veil or in the dark, softly set into the picture."""
    if not len(glass) or rng.random() < 0.35:
        return image
    height, width = image.shape[:2]
    x1, y1, x2, y2 = (int(v) for v in np.clip(glass[0], 0, [width, height, width, height]))
    if min(x2 - x1, y2 - y1) < 8:
        return image
    edge = np.zeros((y2 - y1, x2 - x1), np.float32)
    inset = max((y2 - y1) // 10, 1)
    edge[inset:-inset, inset:-inset] = 1
    soft = np.asarray(cv2.GaussianBlur(edge, (0, 0), inset), np.float32)[..., None]
    out = image.copy()
    seen = out[y1:y2, x1:x2]
    out[y1:y2, x1:x2] = (seen * (1 - soft) + behind_glass(seen, rng) * soft).astype(np.uint8)
    return out
