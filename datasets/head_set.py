"""The head model's training set: crops of two-wheelers, cut as the product cuts them, with their heads."""

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.added_heads import AddedHeads, added_heads
from helmetbelt.datasets.boxes import cover
from helmetbelt.datasets.degrade import Image, degrade, shrink
from helmetbelt.datasets.manifest import Label, LabelledPicture
from helmetbelt.datasets.refit import Heads, RefitCounts, refit
from helmetbelt.datasets.yolo_files import YoloFolder
from helmetbelt.detector.crops import head_crop_xyxy
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.finder import Finder
from helmetbelt.detector.perception import HEAD_CLASSES
from helmetbelt.detector.pictures import read_picture

log = logging.getLogger(__name__)

MOST = {"saiteja": 600, "vijay": 2500, "zeel": 2000}
"""Training crops of the largest sources, so that no camera dominates."""

SMALL_HEAD_PX = (9.0, 22.0)
"""Heights to which heads are shrunk in the degraded half of the crops."""

HEAD_IN_VEHICLE = 0.18
"""A head's height over that of its two-wheeler with riders: median of the labelled sources."""

LEAST_VEHICLE_PX = 36.0


def write_head_set(
    pictures: Iterable[LabelledPicture], taught: dict[Path, Detections], folder: YoloFolder, earlier: Finder, seed: int
) -> RefitCounts:
    """Cuts and writes the crops of all pictures whose heads are labelled, by their source or by `added_heads`.

    Args:
        pictures: of both splits. Labels of training pictures are refitted, held-out ones stay as they are.
        taught: two-wheelers by the teacher (class 0), for sources which don't draw them.
        folder: to write to; classes `HEAD_CLASSES`.
        earlier: head model that refits the labels.
        seed: of jitter and degradation.

    Returns:
        how the labels were refitted.
    """
    assert folder.classes == HEAD_CLASSES
    rng, counts, by_eye = np.random.default_rng(seed), RefitCounts(), added_heads()
    for picture in pictures:
        image = read_picture(picture.path)
        own = by_eye.get(picture.path.name, []) if picture.split == "train" else []
        for number, added in enumerate(own):
            crop, boxes = _cut_added(image, added)
            _write(folder, picture, f"added{number}", (crop, boxes), rng)
        said = _said(picture)
        for number, vehicle in enumerate(_vehicles(picture, taught) if said and not own else ()):
            is_train = picture.split == "train"
            crop, boxes = cut(image, _jitter(vehicle, rng) if is_train else vehicle, picture)
            if is_train:
                boxes = refit(boxes, earlier.find(crop, 0.2), said, counts)
            if len(boxes[1]) or {Label.HELMET, Label.BARE} <= picture.labelled:
                _write(folder, picture, str(number), (crop, boxes), rng)
    log.info("labels of heads: %s", counts)
    return counts


def _write(
    folder: YoloFolder, picture: LabelledPicture, number: str, cut_out: tuple[Image, Heads], rng: np.random.Generator
) -> None:
    crop, (xyxy, class_id) = cut_out
    for kind, worse in _variants(crop, (xyxy, class_id), picture.split, rng):
        scale = np.float32(worse.shape[0] / crop.shape[0])
        name = f"{picture.path.stem}-{number}{kind}"
        folder.add(picture.split, picture.source, name, worse, (xyxy * scale, class_id))


def _cut_added(image: Image, added: AddedHeads) -> tuple[Image, Heads]:
    """The crop of a two-wheeler labelled by eye; heads that nobody could tell are painted over."""
    left, top, right, bottom = head_crop_xyxy(added.vehicle, image.shape[1], image.shape[0])
    crop = image[top:bottom, left:right].copy()
    shift = np.array([left, top, left, top], np.float32)
    for x1, y1, x2, y2 in np.round(added.unclear - shift).astype(int):
        colour = crop.reshape(-1, 3).mean(0)
        cv2.rectangle(crop, (int(x1) - 1, int(y1) - 1), (int(x2) + 1, int(y2) + 1), colour.tolist(), -1)
    return crop, (added.xyxy - shift, added.class_id)


def cut(
    image: Image, vehicle_xyxy: NDArray[np.float32], picture: LabelledPicture
) -> tuple[Image, tuple[NDArray[np.float32], NDArray[np.int64]]]:
    """The crop of one vehicle and the heads in it, in pixels of the crop; class ids of `HEAD_CLASSES`."""
    height, width = image.shape[:2]
    left, top, right, bottom = head_crop_xyxy(vehicle_xyxy, width, height)
    head = np.isin(picture.label, (Label.HELMET, Label.BARE))
    xyxy, label = picture.xyxy[head], picture.label[head]
    window = np.array([[left, top, right, bottom]], np.float32)
    inside = cover(xyxy, window)[:, 0] >= 0.6
    shifted = xyxy[inside] - np.array([left, top, left, top], np.float32)
    limits = np.array([right - left, bottom - top] * 2, np.float32)
    clipped = np.clip(shifted, 0, limits).astype(np.float32)
    class_id = (label[inside] == Label.BARE).astype(np.int64)
    return image[top:bottom, left:right], (clipped, class_id)


def _said(picture: LabelledPicture) -> frozenset[int]:
    """Class ids of the head classes that are labelled wherever they occur; held-out pictures lack none."""
    names = {Label.HELMET: 0, Label.BARE: 1}
    lacks_helmets = "helmets_unlabelled" in picture.flags
    if lacks_helmets and picture.split != "train":
        return frozenset()
    return frozenset(
        names[label] for label in names if label in picture.labelled and not (lacks_helmets and label is Label.HELMET)
    )


def _vehicles(picture: LabelledPicture, taught: dict[Path, Detections]) -> NDArray[np.float32]:
    """Labelled two-wheelers, else the teacher's, else boxes imagined around heads that have none."""
    known = picture.boxes(Label.TWO_WHEELER)
    if Label.TWO_WHEELER not in picture.labelled and picture.path in taught:
        seen = taught[picture.path]
        known = np.concatenate([known, seen.xyxy[(seen.class_id == 0) & (seen.score >= 0.4)]])
    heads = picture.boxes(Label.HELMET, Label.BARE)
    padded = [head_crop_xyxy(v, picture.width, picture.height) for v in known]
    crops = np.array(padded, np.float32).reshape(-1, 4)
    lonely = heads[~(cover(heads, crops) > 0.6).any(1)] if len(crops) else heads
    if Label.TWO_WHEELER not in picture.labelled:
        known = np.concatenate([known, _imagined(lonely)])
    return known[known[:, 3] - known[:, 1] >= LEAST_VEHICLE_PX]


def _imagined(heads: NDArray[np.float32]) -> NDArray[np.float32]:
    height = (heads[:, 3] - heads[:, 1]) / HEAD_IN_VEHICLE
    middle = (heads[:, 0] + heads[:, 2]) / 2
    half = height * 0.3
    return np.stack([middle - half, heads[:, 1], middle + half, heads[:, 1] + height], 1).astype(np.float32)


def _jitter(vehicle: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """The box as a detector would give it: each edge off by up to a tenth."""
    size = np.tile(vehicle[2:] - vehicle[:2], 2)
    return (vehicle + rng.uniform(-0.1, 0.1, 4) * size).astype(np.float32)


def _variants(
    crop: Image, boxes: tuple[NDArray[np.float32], NDArray[np.int64]], split: str, rng: np.random.Generator
) -> Iterator[tuple[str, Image]]:
    """The crop itself, or (half of the training crops) as a worse camera further away would have given it.

    Crops with a bare head come as both: such heads are rarer, above all among the small ones, and a model that learns
    "small, so probably a helmet" flatters the rate.
    """
    has_bare = bool((boxes[1] == HEAD_CLASSES.index("bare")).any())
    worse = split == "train" and (has_bare or rng.random() < 0.5)
    if not worse or has_bare:
        yield "", crop
    if worse:
        yield "w", _further_away(crop, boxes[0], rng)


def _further_away(crop: Image, heads: NDArray[np.float32], rng: np.random.Generator) -> Image:
    tallest = float((heads[:, 3] - heads[:, 1]).max()) if len(heads) else 0.2 * crop.shape[0]
    factor = min(rng.uniform(*SMALL_HEAD_PX) / max(tallest, 1.0), 1.0)
    small = shrink(crop, factor) if factor < 0.95 and min(crop.shape[:2]) * factor >= 12 else crop
    return degrade(small, rng)
