"""Looks for labels that are wrong or look wrong, picture by picture and across the splits."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.boxes import cover, iou
from helmetbelt.datasets.formats.foreign import Fault, Problem
from helmetbelt.datasets.look_alikes import look_alikes
from helmetbelt.datasets.manifest import Label, LabelledPicture
from helmetbelt.detector.crops import head_crop_xyxy

OVER_EDGE_PX = 2.0
"""Boxes may reach so far over the edge: rounding."""

SAME_BOX_IOU = 0.9
TWO_ANSWERS_IOU = 0.7
LARGEST_HEAD = 0.5
"""Height of a head over that of its two-wheeler with riders; labelled ones are at 0.15 to 0.21, close-ups at 0.35."""

HEADS = (Label.HELMET, Label.BARE)


def check_boxes(picture: LabelledPicture) -> list[Problem]:
    """Faults of one picture's boxes; those without an area or outside are looked at no further."""
    found = []
    size = picture.xyxy[:, 2:] - picture.xyxy[:, :2]
    limits = np.array([picture.width, picture.height], np.float32)
    flat = (size <= 0).any(1) | ~np.isfinite(picture.xyxy).all(1)
    outside = ~flat & ((picture.xyxy[:, 2:] <= 0) | (picture.xyxy[:, :2] >= limits)).any(1)
    over = np.maximum(-picture.xyxy[:, :2], picture.xyxy[:, 2:] - limits).max(1) > OVER_EDGE_PX
    known = np.isin(picture.label, list(Label))
    for fault, which in (
        (Fault.UNKNOWN_CLASS, ~known),
        (Fault.NO_AREA, flat),
        (Fault.OUTSIDE, outside),
        (Fault.OVER_EDGE, over & ~flat & ~outside),
    ):
        found += [Problem(fault, picture.path.name, _box(picture, i)) for i in np.flatnonzero(which)]
    sound = np.flatnonzero(known & ~flat & ~outside)
    return found + [Problem(fault, picture.path.name, text) for fault, text in _suspects(picture, sound)]


def check_splits(pictures: Sequence[LabelledPicture], hashes: Sequence[int]) -> list[Problem]:
    """Faults between pictures: repeated names, scenes in both splits, look-alikes on both sides.

    Args:
        pictures: of both splits.
        hashes: of `look_of`, one for each picture.
    """
    return [*_repeated(pictures), *_both_splits(pictures), *_look_alikes(pictures, hashes)]


def _suspects(picture: LabelledPicture, sound: NDArray[np.intp]) -> Iterator[tuple[Fault, str]]:
    """Doubles, two answers for one head, heads too large for the vehicle that they sit on."""
    xyxy, label = picture.xyxy[sound], picture.label[sound]
    overlap = iou(xyxy, xyxy)
    for i, j in zip(*np.nonzero(np.triu(overlap > TWO_ANSWERS_IOU, 1)), strict=True):
        if label[i] == label[j] and overlap[i, j] > SAME_BOX_IOU:
            yield Fault.DOUBLE, f"{_box(picture, sound[j])}: overlaps another by {overlap[i, j]:.2f}"
        if {label[i], label[j]} == set(HEADS):
            yield Fault.TWO_ANSWERS, f"{_box(picture, sound[i])} and {_box(picture, sound[j])}"
    vehicles = xyxy[label == Label.TWO_WHEELER]
    crops = [head_crop_xyxy(v, picture.width, picture.height) for v in vehicles]
    for i in np.flatnonzero(np.isin(label, HEADS)) if len(vehicles) else ():
        inside = cover(xyxy[i][None], np.array(crops, np.float32))[0] > 0.6
        tallest = (vehicles[inside, 3] - vehicles[inside, 1]).max(initial=0)
        height = xyxy[i, 3] - xyxy[i, 1]
        if inside.any() and height > LARGEST_HEAD * tallest:
            yield Fault.LARGE_HEAD, f"{_box(picture, sound[i])}: {height / tallest:.2f} of the vehicle's height"


def _repeated(pictures: Sequence[LabelledPicture]) -> Iterator[Problem]:
    places: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for p in pictures:
        places[p.source, p.group, p.path.name].append(str(p.path))
    for (source, group, name), paths in places.items():
        if len(paths) > 1:
            yield Problem(Fault.REPEATED_NAME, name, f"{len(paths)} pictures of {source}, scene {group}, are called so")


def _both_splits(pictures: Sequence[LabelledPicture]) -> Iterator[Problem]:
    splits: dict[tuple[str, str], list[str]] = defaultdict(list)
    for p in pictures:
        splits[p.source, p.group].append(p.split)
    for (source, group), seen in splits.items():
        if len(set(seen)) > 1:
            held = sum(s != "train" for s in seen)
            yield Problem(Fault.BOTH_SPLITS, f"{source} {group}", f"{held} of {len(seen)} pictures are held out")


def _look_alikes(pictures: Sequence[LabelledPicture], hashes: Sequence[int]) -> Iterator[Problem]:
    looks = np.array(hashes, np.uint64)
    held = np.array([p.split != "train" for p in pictures], np.bool_)
    for i, j, bits in look_alikes(looks, held):
        detail = f"looks like {pictures[j].path.name}, which is trained on ({bits} of 64 bits differ)"
        yield Problem(Fault.LOOK_ALIKE, pictures[i].path.name, detail)


def _box(picture: LabelledPicture, i: int | np.intp) -> str:
    label = int(picture.label[i])
    name = Label(label).name.lower() if label in list(Label) else f"class {label}"
    return f"{name} {','.join(f'{v:.0f}' for v in picture.xyxy[i])}"
