"""The simulated junction's share of the training pictures, so that the shipped models recognise it."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.head_set import cut
from helmetbelt.datasets.manifest import Label, LabelledPicture
from helmetbelt.datasets.simulation.training import training_picture
from helmetbelt.datasets.simulation.truth import VehicleTruth
from helmetbelt.datasets.yolo_files import YoloFolder
from helmetbelt.detector.pictures import picture_size, read_picture
from helmetbelt.pipelines.passages import Vehicle

log = logging.getLogger(__name__)

SOURCE = "simulated"
LEAST_VISIBLE, LEAST_HEAD_VISIBLE = 0.25, 0.45
LEAST_CROP_PX = 30.0
HELD_OUT = 10
"""Every tenth simulated picture is for validation."""


def simulated_pictures(folder: Path, count: int, seed: int) -> Iterator[LabelledPicture]:
    """Draws the pictures (about one a second), or reads those drawn before, with their boxes.

    Args:
        folder: of the pictures, each a .jpg and a .json.
        count: how many.
        seed: of the simulation.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for k in range(count):
        if (folder / f"{k:04d}.json").exists():
            continue
        image, truth = training_picture(k, seed)
        cv2.imwrite(str(folder / f"{k:04d}.jpg"), image, [cv2.IMWRITE_JPEG_QUALITY, 95])
        (folder / f"{k:04d}.json").write_text(json.dumps(_boxes(truth)))
        if k % 50 == 0:
            log.info("simulated pictures: %d of %d", k, count)
    for k in range(count):
        yield _picture(folder / f"{k:04d}.jpg", k)


def add_simulated_frames(folder: YoloFolder, pictures: Path, count: int, seed: int) -> None:
    """Adds whole frames with two-wheelers (class 0) and cars (class 1)."""
    for picture in simulated_pictures(pictures, count, seed):
        image = read_picture(picture.path)
        kept = np.isin(picture.label, (Label.TWO_WHEELER, CAR))
        class_id = (picture.label[kept] == CAR).astype(np.int64)
        folder.add(picture.split, SOURCE, f"sim-{picture.path.stem}", image, (picture.xyxy[kept], class_id))


def add_simulated_heads(folder: YoloFolder, pictures: Path, count: int, seed: int) -> None:
    """Adds the crops of all two-wheelers that are large enough."""
    for picture in simulated_pictures(pictures, count, seed):
        image = read_picture(picture.path)
        for number, vehicle in enumerate(_tall(picture.boxes(Label.TWO_WHEELER))):
            crop, boxes = cut(image, vehicle, picture)
            folder.add(picture.split, SOURCE, f"sim-{picture.path.stem}-{number}", crop, boxes)


CAR = 5
"""Class of a simulated car beside the values of `Label`, which has none."""


def _tall(xyxy: NDArray[np.float32]) -> NDArray[np.float32]:
    return xyxy[xyxy[:, 3] - xyxy[:, 1] >= LEAST_CROP_PX]


def _boxes(truth: list[VehicleTruth]) -> list[list[float]]:
    """Rows of label, x1, y1, x2, y2."""
    rows: list[list[float]] = []
    for vehicle in truth:
        if vehicle.visible < LEAST_VISIBLE:
            continue
        is_car = vehicle.kind is Vehicle.CAR
        rows.append([CAR if is_car else int(Label.TWO_WHEELER), *vehicle.xyxy])
        for person in () if is_car else vehicle.persons:
            if person.head is not None and person.head_visible >= LEAST_HEAD_VISIBLE:
                rows.append([int(Label.HELMET if person.worn else Label.BARE), *person.head])
    return rows


def _picture(path: Path, number: int) -> LabelledPicture:
    rows = np.array(json.loads(path.with_suffix(".json").read_text()), np.float32).reshape(-1, 5)
    width, height = picture_size(path.read_bytes())
    return LabelledPicture(
        path=path,
        width=width,
        height=height,
        source=SOURCE,
        group=f"{SOURCE}-{number}",
        split="val" if number % HELD_OUT == 0 else "train",
        labelled=frozenset({Label.TWO_WHEELER, Label.HELMET, Label.BARE}),
        xyxy=rows[:, 1:],
        label=rows[:, 0].astype(np.int64),
    )
