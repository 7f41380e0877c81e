"""Writes model cards: what is known of a model, put down by the commands that found it out."""

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from helmetbelt.datasets.answers import Light
from helmetbelt.datasets.bootstrap import DRAWS, SEED
from helmetbelt.datasets.rows import ALL
from helmetbelt.datasets.score_page import WHOLE, shown
from helmetbelt.datasets.scoring import Scores
from helmetbelt.datasets.toml import toml
from helmetbelt.detector.cabins import BELT_CLASSES, CABIN_CLASSES
from helmetbelt.detector.perception import HEAD_CLASSES, ROAD_CLASSES

SOURCES = [
    "zeel: MIT repository, claims public domain",
    "vijay: no licence stated",
    "kavya: no licence stated",
    "jaikrishna: CC BY 4.0",
    "saiteja: MIT",
    "ntien: CC BY 4.0",
    "tuananh: Kaggle, no licence stated",
    "naga: Kaggle, no licence stated",
    "teerdha: CC BY 4.0",
    "alfia: CC BY 4.0",
    "simulated: drawn by helmetbelt, AGPL-3.0-or-later",
]

HEAD_SOURCES = [*SOURCES, "ntien, heads: labelled by eye for helmetbelt"]

CAR_SOURCES = [
    "belt: 119 pictures of cars, one highway camera and a few press pictures: CC BY 4.0, six without a licence",
    "simulated: drawn by helmetbelt, AGPL-3.0-or-later",
]
CABIN_SOURCES = [
    *CAR_SOURCES,
    "frontglass: parked cars, windshields only: no licence stated",
    "81 cars from behind, of the helmet pictures: vijay and others without a licence, ntien CC BY 4.0",
]
ROAD_SOURCES = [*SOURCES, *(source for source in CABIN_SOURCES if source not in SOURCES)]
BELT_SOURCES = [*CAR_SOURCES, "crops_gantry: MIT repository", "crops_dusk: CC BY 4.0"]

ABOUT: dict[str, dict[str, Any]] = {
    "road": {
        "task": "two-wheelers with their riders (one box each), and cars, vans, trucks and buses, in a frame",
        "classes": list(ROAD_CLASSES),
        "input": [384, 640],
        "min_score": 0.3,
        "envelope": {"min_head_px": 0.0, "light": ["day", "dusk"]},
        "sources": ROAD_SOURCES,
    },
    "heads": {
        "task": "heads with a helmet and bare heads, in the padded crop of one two-wheeler",
        "classes": list(HEAD_CLASSES),
        "input": [224, 224],
        "min_score": 0.2,
        "envelope": {"min_head_px": 10.0, "light": ["day", "dusk"]},
        "thresholds": {"worn": 0.8, "not_worn": 0.2},
        "sources": HEAD_SOURCES,
    },
    "cabin": {
        "task": "windshields and the occupants behind them, in the padded crop of one car",
        "classes": list(CABIN_CLASSES),
        "input": [256, 320],
        "min_score": 0.3,
        "sources": CABIN_SOURCES,
    },
    "belts": {
        "task": "whether a car occupant's belt is worn, isn't, or can't be told, in the padded crop of one occupant",
        "classes": list(BELT_CLASSES),
        "input": [128, 128],
        "min_score": 0.0,
        "envelope": {"min_occupant_px": 40.0, "light": ["day", "dusk"]},
        "thresholds": {"worn": 0.95, "not_worn": 0.1},
        "sources": BELT_SOURCES,
    },
}

LIGHTS = tuple(str(light) for light in Light)

NOT_FOR = (
    "Not for finding or following persons, and not for fining anybody without a human's look at the picture."
    " Untried on night, snow, rain capes and sunshades of e-bikes."
)


def new_card(model: str, onnx_file: Path, training: Mapping[str, Any]) -> str:
    """The text of a card for a freshly exported model.

    Args:
        model: a key of `ABOUT`.
        onnx_file: the export.
        training: how it came about.
    """
    about = dict(ABOUT[model])
    tables: dict[str, Any] = {key: about.pop(key) for key in ("envelope", "thresholds") if key in about}
    digest = hashlib.sha256(onnx_file.read_bytes()).hexdigest()
    sources = about.pop("sources")
    head = {"name": model, "file": onnx_file.name, "sha256": digest} | about
    tables["training"] = {"exported": date.today(), "licence": "AGPL-3.0-or-later", "not_for": NOT_FOR} | dict(training)
    tables["data"] = {"sources": sources}
    return toml(head, tables)


def with_scores(card: Path, scores: Scores) -> str:
    """The text of a road or head model's card with its main scores replaced.

    The head model's card gets the calibration and the thresholds that were fitted on all scenes, too.

    Args:
        card: to read.
        scores: all of them; docs/scores.md has the rest.
    """
    head = tomllib.loads(card.read_text("utf-8"))
    tables = {key: head.pop(key) for key in [k for k, v in head.items() if isinstance(v, dict)]}
    is_road = head["name"] == "road"
    tables["scores"] = {
        "how": f"helmetbelt score --write, on {scores.pictures} pictures of scenes not trained on; 95 % intervals by"
        f" {DRAWS} draws of scenes, seed {SEED}; by source, size, light and beside others: docs/scores.md"
    }
    if not is_road:
        curve, thresholds, c = scores.rules.calibration, scores.rules.thresholds, scores.calibrated
        tables["calibration"] = {"temperature": round(curve.temperature, 3), "bias": round(curve.bias, 3)}
        tables["thresholds"] = {"worn": thresholds.worn, "not_worn": thresholds.not_worn}
        tables["scores"]["calibration"] = (
            f"fitted on {c.heads} found heads; expected error of left-out scenes {c.error_left_out:.3f}, of the scores"
            f" as they are {c.error_before:.3f}"
        )
        tables["scores"]["thresholds"] = "chosen so that false worn and false not worn balance; shares below are of"
        tables["scores"]["thresholds"] += " rules that were tuned without the person's scene"
    tables["scores"] |= {
        row.what if row.part == ALL else f"{row.what} ({row.part})": f"{shown(row)} n={row.figure.n}"
        for row in scores.rows
        if row.what.startswith("two_wheeler") == is_road and row.part in (WHOLE + LIGHTS if is_road else WHOLE)
    }
    return toml(head, tables)
