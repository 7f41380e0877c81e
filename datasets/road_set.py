"""The road model's training set: whole frames with two-wheelers and cars.

Sources draw two-wheelers and never cars. What they leave unsaid is filled by teachers: cars by a COCO model, and
two-wheelers (in sources that draw none, or miss some) by an earlier road model.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.boxes import cover, iou
from helmetbelt.datasets.degrade import degrade
from helmetbelt.datasets.manifest import Label, LabelledPicture
from helmetbelt.datasets.yolo_files import YoloFolder
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.perception import ROAD_CLASSES
from helmetbelt.detector.pictures import read_picture

COCO_CARS = (2, 5, 7)
"""car, bus, truck in COCO's order of 80 classes."""

CAR_SCORE, FILL_SCORE = 0.4, 0.6


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
    counts = {"labelled two_wheelers": 0, "taught two_wheelers": 0, "taught cars": 0}
    for picture in pictures:
        labelled = picture.boxes(Label.TWO_WHEELER)
        filled = _fill(labelled, road_teacher.get(picture.path, Detections.empty()))
        two_wheelers = np.concatenate([labelled, filled])
        cars = _cars(two_wheelers, coco_teacher.get(picture.path), road_teacher.get(picture.path))
        counts["labelled two_wheelers"] += len(labelled)
        counts["taught two_wheelers"] += len(filled)
        counts["taught cars"] += len(cars)
        image = read_picture(picture.path)
        if picture.split == "train" and rng.random() < 0.3:
            image = degrade(image, rng)
        class_id = np.repeat(np.array([0, 1]), [len(two_wheelers), len(cars)])
        xyxy = np.concatenate([two_wheelers, cars]).astype(np.float32)
        limits = np.array([picture.width, picture.height] * 2, np.float32)
        name = picture.path.stem
        folder.add(picture.split, picture.source, name, image, (np.clip(xyxy, 0, limits), class_id))
    return counts


def _fill(labelled: NDArray[np.float32], teacher: Detections) -> NDArray[np.float32]:
    seen: NDArray[np.float32] = teacher.xyxy[(teacher.class_id == 0) & (teacher.score >= FILL_SCORE)]
    if not len(labelled) or not len(seen):
        return seen
    is_new = (iou(seen, labelled).max(1) < 0.3) & (cover(seen, labelled).max(1) < 0.6)
    return np.asarray(seen[is_new], np.float32)


def _cars(
    two_wheelers: NDArray[np.float32], coco: Detections | None, road: Detections | None
) -> NDArray[np.float32]:
    """Both teachers' cars without doubles, and without motorcycles that were taken for a truck."""
    kept = np.zeros((0, 4), np.float32)
    for teacher, classes in ((coco, COCO_CARS), (road, (1,))):
        if teacher is None:
            continue
        seen = teacher.xyxy[np.isin(teacher.class_id, classes) & (teacher.score >= CAR_SCORE)]
        for box in seen:
            one = box[None]
            is_two_wheeler = len(two_wheelers) and iou(one, two_wheelers).max() > 0.5
            is_known = len(kept) and iou(one, kept).max() > 0.5
            if not is_two_wheeler and not is_known:
                kept = np.concatenate([kept, one])
    return kept
