"""The cabin model on cars that it was not trained on: windshields and occupants found in grouped cross-validation.

First weights that never saw the highway's cars (parked and simulated cars alone) are scored on all of them: an unseen
camera. Then each fold goes on from there with the other folds' cars: unseen cars of a known camera.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from helmetbelt.datasets.average_precision import Matches, ap_interval, match
from helmetbelt.datasets.belt_data import CarPicture, load_car_pictures, read
from helmetbelt.datasets.cabin_set import FOLDS, Cabin, car_of, crop_of, fold_of, labelled_boxes
from helmetbelt.datasets.degrade import shrink
from helmetbelt.datasets.prepare_cabins import NO_FOLD, cars_seen, prepare_cabins
from helmetbelt.datasets.rows import Row
from helmetbelt.datasets.score_page import shown
from helmetbelt.datasets.toml import toml
from helmetbelt.datasets.training import Recipe, train
from helmetbelt.datasets.training_environment import yolo
from helmetbelt.detector.cabins import CABIN_CLASSES
from helmetbelt.detector.decode import SAME_IOU
from helmetbelt.detector.detections import Detections

EPOCHS = 2
INPUT = [256, 320]
LEAST_SCORE = 0.02

FAR_WINDSHIELD_PX = 60.0
"""Width to which windshields are shrunk for the scores of far cars."""

Scored = list[tuple[CarPicture, Matches, Matches]]
"""Each picture with what was found of its windshields and of its occupants."""


def validate(recipe: Recipe, data: Path, work: Path) -> list[Row]:
    """Trains without the highway, then without each fold, and scores what was held out; finished runs aren't repeated.

    Args:
        recipe: of the cabin model; trained for `EPOCHS` epochs.
        data: the folder with `belt/` and `weights/`.
        work: for sets and runs.

    Raises:
        ManifestError: the labelled pictures aren't there.
        ModelFileError: the starting weights aren't there.
        TrainingEnvironmentError: ultralytics isn't installed here.
    """
    short, cars = replace(recipe, epochs=EPOCHS), load_car_pictures(data / "belt")
    seen = cars_seen(cars, data, work / "sets")
    front = prepare_cabins(data, work / "sets", recipe.seed, NO_FOLD)
    train(short, front, data / "weights", work / "front")
    without = work / "front" / "weights" / "last.pt"
    rows = list(_rows("unseen camera", lambda far: find(without, cars, seen, far)))
    by_fold: dict[Path, list[CarPicture]] = {}
    for fold in range(FOLDS):
        yaml = prepare_cabins(data, work / "sets", recipe.seed, fold)
        train(short, yaml, without, work / f"fold-{fold}")
        weights = work / f"fold-{fold}" / "weights" / "last.pt"
        by_fold[weights] = [c for c in cars if fold_of(c.scene) == fold]

    def every(is_far: bool) -> Scored:
        return [s for weights, some in by_fold.items() for s in find(weights, some, seen, is_far)]

    return rows + list(_rows("unseen cars of the highway", every))


def find(weights: Path, pictures: Iterable[CarPicture], seen: dict[Path, Detections], is_far: bool) -> Scored:
    """What weights find in the crops of these pictures' cars, beside the labels.

    Args:
        weights: a PyTorch file of ultralytics.
        pictures: with windshields and occupants.
        seen: cars that a detector sees in them.
        is_far: shrink each crop until its windshield is `FAR_WINDSHIELD_PX` wide.
    """
    model = yolo(weights)
    model.model.model[-1].end2end = False
    scored: Scored = []
    for picture in pictures:
        cabin = Cabin(read(picture), car_of(picture, seen[picture.path]), labelled_boxes(picture))
        image, (xyxy, class_id) = crop_of(cabin)
        if is_far and (class_id == 0).any():
            glass = xyxy[class_id == 0][0]
            factor = min(FAR_WINDSHIELD_PX / float(glass[2] - glass[0]), 1.0)
            image, xyxy = shrink(image, factor), (xyxy * np.float32(factor)).astype(np.float32)
        (answer,) = model.predict(
            np.ascontiguousarray(image), imgsz=INPUT, conf=LEAST_SCORE, iou=SAME_IOU, verbose=False
        )
        found = _detections(answer)
        glass, people = (
            match(found[found.class_id == c], xyxy[class_id == c], picture.scene, 0.5)
            for c in range(len(CABIN_CLASSES))
        )
        scored.append((picture, glass, people))
    return scored


def with_validation(card: Path, rows: list[Row]) -> str:
    """The text of the cabin model's card with its scores replaced."""
    head = tomllib.loads(card.read_text("utf-8"))
    tables = {key: head.pop(key) for key in [k for k, v in head.items() if isinstance(v, dict)]}
    tables["scores"] = {
        "how": "helmetbelt cross-validate cabin --card models/cabin.toml: trained without the camera or the car;"
        " 95 % intervals by drawing cars"
    } | {f"{r.what} ({r.part})": f"{shown(r)} n={r.figure.n}" for r in rows}
    return toml(head, tables)


def _rows(part: str, scored: Callable[[bool], Scored]) -> Iterator[Row]:
    for is_far, size in ((False, ""), (True, f", windshields {FAR_WINDSHIELD_PX:.0f} px wide")):
        some = scored(is_far)
        by_class = [glass for _, glass, _ in some], [people for _, _, people in some]
        for name, matches in zip(CABIN_CLASSES, by_class, strict=True):
            yield Row(f"{name} mAP50{size}", part, ap_interval(matches))


def _detections(answer: Any) -> Detections:
    rows = answer.boxes.data.numpy()
    return Detections(rows[:, :4], rows[:, 4], rows[:, 5].astype(np.int64))
