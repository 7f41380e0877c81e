"""Training sets of a user's own pictures. What they leave unsaid is filled by the shipped models; what they say stands.

Unlike the sources that the shipped models were trained on, a user's labels are neither moved nor completed in the
classes that they draw: a wheel that the shipped model takes for a helmet is what the user wants to teach it.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.boxes import cover, iou
from helmetbelt.datasets.degrade import degrade
from helmetbelt.datasets.formats.foreign import FormatError
from helmetbelt.datasets.head_set import cut
from helmetbelt.datasets.manifest import Label, LabelledPicture
from helmetbelt.datasets.yolo_files import YoloFolder
from helmetbelt.detector.crops import head_crop_xyxy
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.letterbox import Image
from helmetbelt.detector.perception import HEAD_CLASSES, ROAD_CLASSES, Perception
from helmetbelt.detector.pictures import read_picture

Boxes = tuple[NDArray[np.float32], NDArray[np.int64]]

SURE = 0.5
"""Least score of a box that a shipped model fills in."""

SAME_IOU = 0.3
WORSE = 0.3
"""Share of the training pictures that get a degraded copy beside them."""

HEADS = {Label.HELMET: 0, Label.BARE: 1}
ROAD = {Label.TWO_WHEELER: 0, Label.CAR: 1}


def write_own_set(
    model: str, pictures: Iterable[LabelledPicture], shipped: Perception, folder: Path, seed: int
) -> tuple[Path, Counter[str]]:
    """Writes the set and returns its YAML file, and how many boxes came from whom.

    Args:
        model: "road" or "heads".
        pictures: of both splits.
        shipped: fills in what isn't labelled, and finds two-wheelers for the crops of heads.
        folder: to write to.
        seed: of degradation.

    Raises:
        FormatError: nothing is labelled that this model could learn, or too little for both splits.
    """
    needed = [Label.TWO_WHEELER] if model == "road" else list(HEADS)
    asked = [p for p in pictures if p.labelled & set(needed)]
    if not asked:
        names = " or ".join(label.name.lower() for label in needed)
        raise FormatError(f"no picture has {names} labelled: nothing to train the {model} model on")
    into = YoloFolder(folder, ROAD_CLASSES if model == "road" else HEAD_CLASSES)
    counts: Counter[str] = Counter()
    rng = np.random.default_rng(seed)
    for picture in asked:
        image = read_picture(picture.path)
        crops = [_frame(image, picture, shipped, counts)]
        if model == "heads":
            crops = _crops(image, picture, shipped, counts)
        for number, (crop, boxes) in enumerate(crops):
            _add(into, picture, f"{picture.group}-{picture.path.stem}-{number}".replace("/", "_"), (crop, boxes), rng)
    missing = {"train", "val"} - {split for split, _ in into.written}
    if missing:
        raise FormatError(f"no two-wheeler was found in the pictures of split {', '.join(sorted(missing))}")
    return into.close({}, seed), counts


def _add(
    folder: YoloFolder, picture: LabelledPicture, name: str, made: tuple[Image, Boxes], rng: np.random.Generator
) -> None:
    image, boxes = made
    folder.add(picture.split, picture.source, name, image, boxes)
    if picture.split == "train" and rng.random() < WORSE:
        folder.add(picture.split, picture.source, f"{name}-worse", degrade(image, rng), boxes)


def _frame(
    image: Image, picture: LabelledPicture, shipped: Perception, counts: Counter[str]
) -> tuple[Image, Boxes]:
    """The whole picture with two-wheelers and cars."""
    labelled = _labelled(picture, ROAD)
    counts["labelled"] += len(labelled[1])
    return image, _filled(labelled, shipped.road_users(image, SURE), _unsaid(picture, ROAD), counts)


def _crops(
    image: Image, picture: LabelledPicture, shipped: Perception, counts: Counter[str]
) -> list[tuple[Image, Boxes]]:
    """The crop of each two-wheeler with its heads."""
    vehicles = picture.boxes(Label.TWO_WHEELER)
    if Label.TWO_WHEELER not in picture.labelled:
        users = shipped.road_users(image, SURE)
        vehicles = np.concatenate([vehicles, users.xyxy[users.class_id == 0]])
    crops = [cut(image, vehicle, picture) for vehicle in vehicles]
    found = shipped.head_model.find_each([crop for crop, _ in crops], SURE)
    unsaid = _unsaid(picture, HEADS)
    counts["labelled"] += sum(len(boxes[1]) for _, boxes in crops)
    counts["labelled heads outside every two-wheeler"] += _outside(picture, vehicles)
    return [(crop, _filled(boxes, heads, unsaid, counts)) for (crop, boxes), heads in zip(crops, found, strict=True)]


def _outside(picture: LabelledPicture, vehicles: NDArray[np.float32]) -> int:
    heads = picture.boxes(*HEADS)
    crops = [head_crop_xyxy(v, picture.width, picture.height) for v in vehicles]
    inside = cover(heads, np.array(crops, np.float32).reshape(-1, 4)).max(axis=1, initial=0) >= SURE
    return int((~inside).sum())


def _labelled(picture: LabelledPicture, ids: dict[Label, int]) -> Boxes:
    kept = np.isin(picture.label, list(ids))
    class_id = np.array([ids[Label(c)] for c in picture.label[kept]], np.int64)
    return picture.xyxy[kept], class_id


def _unsaid(picture: LabelledPicture, ids: dict[Label, int]) -> list[int]:
    return [class_id for label, class_id in ids.items() if label not in picture.labelled]


def _filled(labelled: Boxes, found: Detections, unsaid: list[int], counts: Counter[str]) -> Boxes:
    """The labels, and what the shipped model found of the classes that aren't labelled, where there is no label yet."""
    more = found[np.isin(found.class_id, unsaid)]
    if len(more) and len(labelled[1]):
        more = more[iou(more.xyxy, labelled[0]).max(axis=1) < SAME_IOU]
    counts["filled by the shipped model"] += len(more)
    return np.concatenate([labelled[0], more.xyxy]), np.concatenate([labelled[1], more.class_id])
