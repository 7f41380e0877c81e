"""A user's own pictures: a folder of ours, a YOLO set or a COCO file, read into labelled pictures with scenes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from helmetbelt.datasets.corrections import CorrectionError
from helmetbelt.datasets.formats.class_names import labels_for
from helmetbelt.datasets.formats.coco import read_coco
from helmetbelt.datasets.formats.foreign import Fault, ForeignPicture, ForeignSet, FormatError, Problem
from helmetbelt.datasets.formats.scenes import scene_of, split_scenes
from helmetbelt.datasets.formats.yolo import read_yolo
from helmetbelt.datasets.manifest import (
    Label,
    LabelledPicture,
    ManifestError,
    corrections_for,
    manifest_lines,
    one_convention,
    picture_of,
    with_corrections,
)
from helmetbelt.detector.errors import PictureError
from helmetbelt.detector.pictures import read_picture

Watched = Callable[[Sequence[ForeignPicture]], Iterable[ForeignPicture]]
"""Goes over pictures and may show how far it is."""


@dataclass(frozen=True, slots=True)
class HowToRead:
    """What the user says of a set that is not in our form.

    Attributes:
        names: our class (or "ignore") by the authors' name, where it isn't known.
        group: regular expression that finds the scene in a picture's path; None for folders or file names.
        keep_split: the authors' own split is taken, where there is one; else scenes are held out by our rule.
        seed: of the choice of scenes.
        source: what the set is called; None for the name of its folder.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    group: str | None = None
    keep_split: bool = False
    seed: int = 20261124
    source: str | None = None


@dataclass(frozen=True, slots=True)
class OwnData:
    """What was read.

    Attributes:
        kind: "manifest", "YOLO" or "COCO".
        pictures: with boxes in pixels, scene and split.
        problems: pictures and labels that couldn't be read; those are not among `pictures`.
        notes: what was left out or turned into something else, with counts.
        mapping: our class by the authors' name, None for one left out.
    """

    kind: str
    pictures: list[LabelledPicture]
    problems: list[Problem]
    notes: list[str]
    mapping: dict[str, Label | None]


def read_own(where: Path, how: HowToRead, watched: Watched = iter) -> OwnData:
    """Reads a set of any known form.

    Args:
        where: a folder with manifest.jsonl, a data.yaml or its folder, a COCO file or a folder of them.
        how: for other forms than ours.
        watched: shows how far it is.

    Raises:
        FormatError: an unknown form, unknown class names, or a rule for scenes that doesn't fit.
    """
    if where.is_dir() and (where / "manifest.jsonl").is_file():
        return _manifest(where)
    kind, foreign = _foreign(where)
    pictures, problems = _ours(foreign, how, where, watched)
    mapping = dict(zip(foreign.names, labels_for(foreign.names, how.names), strict=True))
    return OwnData(kind, pictures, foreign.problems + problems, foreign.notes, mapping)


def _manifest(folder: Path) -> OwnData:
    pictures: list[LabelledPicture] = []
    problems: list[Problem] = []
    for number, line in enumerate(manifest_lines(folder), 1):
        try:
            pictures.append(picture_of(line, number, folder))
        except ManifestError as error:
            problems.append(Problem(Fault.UNREADABLE, f"{folder / 'manifest.jsonl'} line {number}", str(error)))
    try:
        pictures = with_corrections(pictures, corrections_for(folder))
    except CorrectionError as error:
        problems.append(Problem(Fault.UNREADABLE, "corrections", str(error)))
    return OwnData("manifest", pictures, problems, [], {label.name.lower(): label for label in Label})


def _foreign(where: Path) -> tuple[str, ForeignSet]:
    """Kind and content of a set that isn't in our form."""
    yaml = [where] if where.suffix in (".yaml", ".yml") else sorted(where.glob("*.y*ml")) if where.is_dir() else []
    if len(yaml) == 1:
        return "YOLO", read_yolo(yaml[0])
    if len(yaml) > 1:
        raise FormatError(f"{where}: {', '.join(p.name for p in yaml)}: name the one YAML file that is meant")
    coco = [where] if where.suffix == ".json" else []
    if where.is_dir():
        coco = sorted(where.glob("*.json")) or sorted(where.glob("annotations/*.json"))
    if coco:
        return "COCO", read_coco(coco)
    seen = "no such file or folder" if not where.exists() else "labels in no known form"
    raise FormatError(
        f"{where}: {seen}; expected a folder with manifest.jsonl, a YOLO set with its data.yaml, or a COCO .json"
    )


def _ours(
    foreign: ForeignSet, how: HowToRead, where: Path, watched: Watched
) -> tuple[list[LabelledPicture], list[Problem]]:
    labels = labels_for(foreign.names, how.names)
    source = how.source or (where if where.is_dir() else where.parent).resolve().name
    scenes = [p.carried.group if p.carried else scene_of(p.name, how.group) for p in foreign.pictures]
    split = _splits(foreign.pictures, scenes, how)
    pictures: list[LabelledPicture] = []
    problems: list[Problem] = []
    if set(split) == {"train"}:
        detail = f"all {len(scenes)} pictures are one scene: say with --group REGEX what in a picture's path names it"
        problems.append(Problem(Fault.ONE_SCENE, str(where), detail))
    chosen = {id(p): (scene, s) for p, scene, s in zip(foreign.pictures, scenes, split, strict=True)}
    for picture in watched(foreign.pictures):
        try:
            made, more = _picture(picture, labels, source, chosen[id(picture)])
        except PictureError as error:
            fault = Fault.DAMAGED if picture.path.is_file() else Fault.MISSING
            problems.append(Problem(fault, str(picture.path), str(error)))
            continue
        pictures.append(made)
        problems += more
    return pictures, problems


def _splits(pictures: Sequence[ForeignPicture], scenes: Sequence[str], how: HowToRead) -> list[str]:
    """Split of each picture: carried by our own files, else the authors' if asked for, else by scene."""
    if pictures and all(p.carried for p in pictures):
        return [p.carried.split for p in pictures if p.carried]
    if how.keep_split and pictures and all(p.split for p in pictures):
        return [p.split or "train" for p in pictures]
    if len(set(scenes)) < 2:
        return ["train"] * len(scenes)
    by_scene = split_scenes(scenes, how.seed)
    return [by_scene[scene] for scene in scenes]


def _picture(
    foreign: ForeignPicture, labels: Sequence[Label | None], source: str, place: tuple[str, str]
) -> tuple[LabelledPicture, list[Problem]]:
    height, width = read_picture(foreign.path).shape[:2]
    ours = np.array([-1 if label is None else int(label) for label in labels], np.int64)
    label = ours[foreign.class_id] if len(foreign.class_id) else foreign.class_id
    kept = label >= 0
    xyxy = foreign.unit_xyxy[kept] * np.array([width, height] * 2, np.float32)
    carried = foreign.carried
    picture = LabelledPicture(
        path=foreign.path,
        width=width,
        height=height,
        source=carried.source if carried else source,
        group=place[0],
        split=place[1],
        labelled=carried.labelled if carried else frozenset(x for x in labels if x is not None),
        xyxy=one_convention(xyxy, label[kept]),
        label=label[kept],
        flags=carried.flags if carried else frozenset(),
    )
    problems = []
    if foreign.size is not None and foreign.size != (width, height):
        detail = f"the labels are of {foreign.size[0]}x{foreign.size[1]}, the picture is {width}x{height}"
        problems.append(Problem(Fault.ANOTHER_SIZE, str(foreign.path), detail))
    return picture, problems


def require_held_out(data: OwnData) -> None:
    """Both splits have pictures.

    Raises:
        FormatError: one has none.
    """
    lonely = [p.detail for p in data.problems if p.fault is Fault.ONE_SCENE]
    missing = {"train", "val"} - {p.split for p in data.pictures}
    if lonely or missing:
        raise FormatError("".join(lonely) or f"no pictures of split {', '.join(sorted(missing))}")


def usable(picture: LabelledPicture) -> LabelledPicture:
    """The picture with its boxes cut to its edges; those of which less than a pixel is left are dropped."""
    limits = np.array([picture.width, picture.height] * 2, np.float32)
    xyxy = np.clip(picture.xyxy, 0, limits)
    kept = (xyxy[:, 2] - xyxy[:, 0] >= 1) & (xyxy[:, 3] - xyxy[:, 1] >= 1)
    return replace(picture, xyxy=xyxy[kept], label=picture.label[kept])
