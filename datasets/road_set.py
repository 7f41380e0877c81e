"""The road model's training set: whole frames with two-wheelers and cars.

Sources draw two-wheelers and never cars. What they leave unsaid is filled by teachers: cars by a COCO model, and
two-wheelers (in sources that draw none, or miss some) by an earlier road model and by the COCO model's persons on
machines. Where only heads are drawn, they tell whether the teachers saw everybody: a picture with a helmet that no
taught two-wheeler explains is left out, and so is a taught two-wheeler under nobody's head.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.boxes import cover, iou
from helmetbelt.datasets.degrade import degrade
from helmetbelt.datasets.manifest import Label, LabelledPicture
from helmetbelt.datasets.ridden import ridden
from helmetbelt.datasets.yolo_files import YoloFolder
from helmetbelt.detector.crops import head_crop_xyxy
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.perception import ROAD_CLASSES
from helmetbelt.detector.pictures import read_picture

COCO_CARS = (2, 5, 7)
"""car, bus, truck in COCO's order of 80 classes."""

CAR_SCORE, FILL_SCORE, TAUGHT_SCORE = 0.4, 0.6, 0.45
IN_THE_CROP = 0.6
"""Least share of a head inside a two-wheeler's padded crop for it to be that of a rider."""

MOST = {"zeel": 700}
"""Training pictures of the sources at eye level, so that street cameras dominate."""

WORSE = 0.35
"""Share of the training pictures that are degraded."""


def write_road_set(
    pictures: Iterable[LabelledPicture],
    road_teacher: dict[Path, Detections],
    coco_teacher: dict[Path, Detections],
    folder: YoloFolder,
    seed: int,
) -> dict[str, int]:
    """Writes every picture with its two-wheelers and cars.

    Args:
        pictures: of both splits.
        road_teacher: class 0 two_wheeler, 1 car.
        coco_teacher: classes of COCO.
        folder: to write to; classes `ROAD_CLASSES`.
        seed: of degradation.

    Returns:
        how many boxes came from labels and how many from each teacher.
    """
    assert folder.classes == ROAD_CLASSES
    rng = np.random.default_rng(seed)
    counts = {"labelled two_wheelers": 0, "taught two_wheelers": 0, "taught cars": 0, "left out": 0}
    for picture in pictures:
        coco = coco_teacher.get(picture.path, Detections.empty())
        road = road_teacher.get(picture.path, Detections.empty())
        labelled, taught = _two_wheelers(picture, coco, road)
        if taught is None:
            counts["left out"] += 1
            continue
        two_wheelers = np.concatenate([labelled, taught])
        cars = _cars(two_wheelers, coco, road)
        counts["labelled two_wheelers"] += len(labelled)
        counts["taught two_wheelers"] += len(taught)
        counts["taught cars"] += len(cars)
        _add(folder, picture, (two_wheelers, cars), rng)
    return counts


def add_car_pictures(folder: YoloFolder, coco_teacher: dict[Path, Detections], source: str, seed: int) -> None:
    """Adds training pictures that are about cars; a COCO model says where cars and ridden two-wheelers are.

    Args:
        folder: to write to; classes `ROAD_CLASSES`.
        coco_teacher: classes of COCO, by picture.
        source: name of their source.
        seed: of degradation.
    """
    rng = np.random.default_rng(seed)
    for path, seen in coco_teacher.items():
        riders = ridden(seen)
        cars = _cars(riders, seen, Detections.empty())
        if not len(cars):
            continue
        image = read_picture(path)
        image = degrade(image, rng) if rng.random() < WORSE else image
        class_id = np.repeat(np.array([0, 1]), [len(riders), len(cars)])
        folder.add("train", source, f"{source}-{path.stem}", image, (np.concatenate([riders, cars]), class_id))


def _add(
    folder: YoloFolder,
    picture: LabelledPicture,
    boxes: tuple[NDArray[np.float32], NDArray[np.float32]],
    rng: np.random.Generator,
) -> None:
    image = read_picture(picture.path)
    if picture.split == "train" and rng.random() < WORSE:
        image = degrade(image, rng)
    class_id = np.repeat(np.array([0, 1]), [len(boxes[0]), len(boxes[1])])
    xyxy = np.concatenate(boxes).astype(np.float32)
    limits = np.array([picture.width, picture.height] * 2, np.float32)
    folder.add(picture.split, picture.source, picture.path.stem, image, (np.clip(xyxy, 0, limits), class_id))


def _two_wheelers(
    picture: LabelledPicture, coco: Detections, road: Detections
) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """Labelled boxes, and those of the teachers; None in their place where the heads say that they missed some."""
    labelled = picture.boxes(Label.TWO_WHEELER)
    if Label.TWO_WHEELER in picture.labelled:
        return labelled, _new(road.xyxy[(road.class_id == 0) & (road.score >= FILL_SCORE)], labelled)
    sure = road.xyxy[(road.class_id == 0) & (road.score >= TAUGHT_SCORE)]
    taught = np.concatenate([sure, _new(ridden(coco), sure)])
    crops = np.array([head_crop_xyxy(box, picture.width, picture.height) for box in taught], np.float32)
    heads = picture.boxes(Label.HELMET, Label.BARE)
    if not len(heads) or not len(crops):
        return labelled, None
    in_crop = cover(heads, crops) >= IN_THE_CROP
    helmets = np.isin(picture.label[np.isin(picture.label, (Label.HELMET, Label.BARE))], Label.HELMET)
    explained = bool(in_crop[helmets].any(1).all()) if helmets.any() else True
    return labelled, taught[in_crop.any(0)] if explained else None


def _new(seen: NDArray[np.float32], known: NDArray[np.float32]) -> NDArray[np.float32]:
    """Those of `seen` that aren't among the known ones."""
    if not len(known) or not len(seen):
        return seen
    is_new = (iou(seen, known).max(1) < 0.3) & (cover(seen, known).max(1) < 0.6)
    return np.asarray(seen[is_new], np.float32)


def _cars(two_wheelers: NDArray[np.float32], coco: Detections, road: Detections) -> NDArray[np.float32]:
    """Both teachers' cars without doubles, and without motorcycles that were taken for a truck."""
    kept = np.zeros((0, 4), np.float32)
    for teacher, classes in ((coco, COCO_CARS), (road, (1,))):
        seen = teacher.xyxy[np.isin(teacher.class_id, classes) & (teacher.score >= CAR_SCORE)]
        for box in seen:
            one = box[None]
            is_two_wheeler = len(two_wheelers) and iou(one, two_wheelers).max() > 0.5
            is_known = len(kept) and iou(one, kept).max() > 0.5
            if not is_two_wheeler and not is_known:
                kept = np.concatenate([kept, one])
    return kept
