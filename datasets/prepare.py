"""From the labelled pictures and the simulated junction to a training set on disk."""

import logging
from pathlib import Path

from helmetbelt.datasets import head_set, road_set
from helmetbelt.datasets.manifest import Label, LabelledPicture, load_manifest
from helmetbelt.datasets.simulated_set import add_simulated_frames, add_simulated_heads
from helmetbelt.datasets.teacher import teach
from helmetbelt.datasets.yolo_files import YoloFolder
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.perception import HEAD_CLASSES, ROAD_CLASSES

log = logging.getLogger(__name__)

ROAD_TEACHER, COCO_TEACHER = "road_trial_yolo26n_512.pt", "yolo26n_coco_recovered.pt"
LEFT_OUT = frozenset({"alfia"})
"""Sources not trained on: turned by 90 and 180 degrees, labels of quality 2."""

SIMULATED = 300
"""Pictures of the simulated junction."""


def prepare(model: str, data: Path, work: Path, seed: int) -> Path:
    """Writes the training set of a model and returns its YAML file; an already written one is taken as it is.

    Args:
        model: "road" or "heads".
        data: the folder with `helmet/manifest.jsonl` and `weights/`.
        work: for the set and the teachers' answers.
        seed: of every random choice.

    Raises:
        ManifestError: the labelled pictures aren't there.
        ModelFileError: the teachers' weights aren't there.
    """
    done = work / model / "data.yaml"
    if done.exists():
        log.info("%s: written already; remove the folder to write it anew", done.parent)
        return done
    pictures = [p for p in load_manifest(data / "helmet") if p.source not in LEFT_OUT]
    work.mkdir(parents=True, exist_ok=True)
    return _prepare_road(pictures, data, work, seed) if model == "road" else _prepare_heads(pictures, data, work, seed)


def _prepare_road(pictures: list[LabelledPicture], data: Path, work: Path, seed: int) -> Path:
    eye_level = [p for p in pictures if p.source == "zeel"][::5]
    drawn = [p for p in pictures if Label.TWO_WHEELER in p.labelled] + eye_level
    coco = teach(data / "weights" / COCO_TEACHER, (p.path for p in drawn), work / "teacher-coco.jsonl")
    folder = YoloFolder(work / "road", ROAD_CLASSES)
    counts = road_set.write_road_set(drawn, _two_wheelers(pictures, data, work), coco, folder, seed)
    log.info("road set: %s", counts)
    add_simulated_frames(folder, work / "simulated", SIMULATED, seed)
    return folder.close({}, seed)


def _prepare_heads(pictures: list[LabelledPicture], data: Path, work: Path, seed: int) -> Path:
    folder = YoloFolder(work / "heads", HEAD_CLASSES)
    head_set.write_head_set(pictures, _two_wheelers(pictures, data, work), folder, seed)
    add_simulated_heads(folder, work / "simulated", SIMULATED, seed)
    return folder.close(head_set.MOST | {"simulated": 600}, seed)


def _two_wheelers(pictures: list[LabelledPicture], data: Path, work: Path) -> dict[Path, Detections]:
    return teach(data / "weights" / ROAD_TEACHER, (p.path for p in pictures), work / "teacher-road.jsonl", 512)
