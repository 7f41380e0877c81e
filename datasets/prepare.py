"""From the labelled pictures and the simulated junction to a training set on disk."""

import logging
from dataclasses import replace
from pathlib import Path

import cv2

from helmetbelt.datasets import head_set, road_set
from helmetbelt.datasets.manifest import Label, LabelledPicture, load_manifest
from helmetbelt.datasets.prepare_cabins import prepare_belts, prepare_cabins
from helmetbelt.datasets.simulated_set import add_simulated_frames, add_simulated_heads
from helmetbelt.datasets.teacher import teach, teach_by_model
from helmetbelt.datasets.upright import upright
from helmetbelt.datasets.yolo_files import YoloFolder
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.finder import Finder
from helmetbelt.detector.perception import HEAD_CLASSES, ROAD_CLASSES
from helmetbelt.detector.pictures import read_picture

log = logging.getLogger(__name__)

COCO_TEACHER = "yolo26n_coco_recovered.pt"
CAR_PICTURES = {"belt": "belt/images", "frontglass": "belt/frontglass/images"}
"""Pictures of cars beside the manifest, by source."""

TURNED = "alfia"
"""Source with pictures turned by quarter turns: trained on where they can be turned back, never scored on."""

LEFT_OUT = frozenset({TURNED})
"""Sources not scored on."""

SIMULATED = 360
"""Pictures of the simulated junction."""


def prepare(model: str, data: Path, work: Path, seed: int) -> Path:
    """Writes the training set of a model and returns its YAML file; an already written one is taken as it is.

    Args:
        model: "road", "heads", "cabin" or "belts".
        data: the folder with `helmet/manifest.jsonl` and `weights/`.
        work: for the set and the teachers' answers.
        seed: of every random choice.

    Raises:
        ManifestError: the labelled pictures aren't there.
        ModelFileError: the teachers' weights aren't there.
    """
    if model in ("cabin", "belts"):
        return (prepare_cabins if model == "cabin" else prepare_belts)(data, work, seed)
    done = work / model / "data.yaml"
    if done.exists():
        log.info("%s: written already; remove the folder to write it anew", done.parent)
        return done
    work.mkdir(parents=True, exist_ok=True)
    pictures = _usable(data, work)
    return _prepare_road(pictures, data, work, seed) if model == "road" else _prepare_heads(pictures, data, work, seed)


def _usable(data: Path, work: Path) -> list[LabelledPicture]:
    """The labelled pictures, those of `TURNED` turned back and written to `work`."""
    known = load_manifest(data / "helmet")
    heads = Finder.load("heads", 2)
    kept = [p for p in known if p.source != TURNED]
    turned = [p for p in known if p.source == TURNED and p.split == "train"]
    (work / "turned").mkdir(exist_ok=True)
    for picture in turned:
        back = upright(picture, read_picture(picture.path), heads)
        if back is not None:
            path = work / "turned" / f"{picture.path.stem}.png"
            cv2.imwrite(str(path), back[1])
            kept.append(replace(back[0], path=path))
    log.info("%s: %d of %d pictures turned back", TURNED, sum(p.source == TURNED for p in kept), len(turned))
    return kept


def _prepare_road(pictures: list[LabelledPicture], data: Path, work: Path, seed: int) -> Path:
    drawn = [p for p in pictures if p.split == "train" or Label.TWO_WHEELER in p.labelled]
    coco = teach(data / "weights" / COCO_TEACHER, (p.path for p in drawn), work / "teacher-coco.jsonl")
    folder = YoloFolder(work / "road", ROAD_CLASSES)
    counts = road_set.write_road_set(drawn, _two_wheelers(pictures, work), coco, folder, seed)
    log.info("road set: %s", counts)
    for source, place in CAR_PICTURES.items():
        cars = teach(
            data / "weights" / COCO_TEACHER, sorted((data / place).iterdir()), work / "teacher-coco-cars.jsonl"
        )
        road_set.add_car_pictures(folder, cars, source, seed)
    add_simulated_frames(folder, work / "simulated", SIMULATED, seed)
    return folder.close(road_set.MOST | {"frontglass": 150}, seed)


def _prepare_heads(pictures: list[LabelledPicture], data: Path, work: Path, seed: int) -> Path:
    folder = YoloFolder(work / "heads", HEAD_CLASSES)
    taught = _two_wheelers(pictures, work)
    head_set.write_head_set(pictures, taught, folder, Finder.load("heads", 2), seed)
    add_simulated_heads(folder, work / "simulated", SIMULATED, seed)
    return folder.close(head_set.MOST | {"simulated": 600}, seed)


def _two_wheelers(pictures: list[LabelledPicture], work: Path) -> dict[Path, Detections]:
    """What the road model that came with the program sees: the teacher of its successor."""
    return teach_by_model(Finder.load("road", 2), (p.path for p in pictures), work / "teacher-road.jsonl")
