"""The head model's training set: crops of two-wheelers, cut as the product cuts them, with their heads."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.boxes import cover
from helmetbelt.datasets.degrade import Image, degrade, shrink
from helmetbelt.datasets.manifest import Label, LabelledPicture
from helmetbelt.datasets.yolo_files import YoloFolder
from helmetbelt.detector.crops import head_crop_xyxy
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.perception import HEAD_CLASSES
from helmetbelt.detector.pictures import read_picture

MOST = {"saiteja": 500, "vijay": 2200, "zeel": 1700}
"""Training crops of the largest sources, so that no camera dominates."""

SMALL_HEAD_PX = (9.0, 22.0)
"""Heights to which heads are shrunk in the degraded half of the crops."""

HEAD_IN_VEHICLE = 0.18
"""A head's height over that of its two-wheeler with riders: median of the labelled sources."""

LEAST_VEHICLE_PX = 36.0


def write_head_set(
    pictures: Iterable[LabelledPicture], taught: dict[Path, Detections], folder: YoloFolder, seed: int
) -> None:
    """Cuts and writes the crops of all pictures whose heads are labelled.

    Args:
        pictures: of both splits.
        taught: two-wheelers by the teacher (class 0), for sources which don't draw them.
        folder: to write to; classes `HEAD_CLASSES`.
        seed: of jitter and degradation.
    """
    assert folder.classes == HEAD_CLASSES
    rng = np.random.default_rng(seed)
    for picture in pictures:
        if not _heads_are_said(picture):
            continue
        image = read_picture(picture.path)
        for number, vehicle in enumerate(_vehicles(picture, taught)):
            crop, boxes = cut(image, _jitter(vehicle, rng) if picture.split == "train" else vehicle, picture)
            if len(boxes[1]) == 0 and not {Label.HELMET, Label.BARE} <= picture.labelled:
                continue
            for kind, worse in _variants(crop, boxes, picture.split, rng):
                scale = worse.shape[0] / crop.shape[0]
                name = f"{picture.path.stem}-{number}{kind}"
                folder.add(
                    picture.split, picture.source, name, worse, (boxes[0] * np.float32(scale), boxes[1])
                )


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


def _heads_are_said(picture: LabelledPicture) -> bool:
    return bool({Label.HELMET, Label.BARE} & picture.labelled) and "helmets_unlabelled" not in picture.flags


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
