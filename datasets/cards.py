"""Writes model cards: what is known of a model, put down by the commands that found it out."""

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from helmetbelt.datasets.calibration import expected_error, fit
from helmetbelt.datasets.scoring import Scores
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
    "simulated: drawn by helmetbelt, AGPL-3.0-or-later",
]

ABOUT: dict[str, dict[str, Any]] = {
    "road": {
        "task": "two-wheelers with their riders (one box each), and cars, vans, trucks and buses, in a frame",
        "classes": list(ROAD_CLASSES),
        "input": [384, 640],
        "min_score": 0.3,
        "envelope": {"min_head_px": 0.0, "light": ["day", "dusk"]},
    },
    "heads": {
        "task": "heads with a helmet and bare heads, in the padded crop of one two-wheeler",
        "classes": list(HEAD_CLASSES),
        "input": [224, 224],
        "min_score": 0.25,
        "envelope": {"min_head_px": 10.0, "light": ["day", "dusk"]},
        "thresholds": {"worn": 0.8, "not_worn": 0.2},
    },
}

NOT_FOR = (
    "Not for finding or following persons, and not for fining anybody without a human's look at the picture."
    " Untried on night, snow, rain capes and sunshades of e-bikes."
)


def new_card(model: str, onnx_file: Path, training: Mapping[str, Any]) -> str:
    """The text of a card for a freshly exported model.

    Args:
        model: "road" or "heads".
        onnx_file: the export.
        training: how it came about.
    """
    about = dict(ABOUT[model])
    tables: dict[str, Any] = {key: about.pop(key) for key in ("envelope", "thresholds") if key in about}
    digest = hashlib.sha256(onnx_file.read_bytes()).hexdigest()
    head = {"name": model, "file": onnx_file.name, "sha256": digest} | about
    tables["training"] = {"exported": date.today(), "licence": "AGPL-3.0-or-later", "not_for": NOT_FOR} | dict(training)
    tables["data"] = {"sources": SOURCES}
    return toml(head, tables)


def with_scores(card: Path, scores: Scores, pictures: int) -> str:
    """The text of a card with its scores, and the head model's calibration, replaced.

    Args:
        card: to read.
        scores: "figure [95 % interval] n" is put down for all sources and for each.
        pictures: scored on.

    Raises:
        ValueError: too few heads were found to calibrate on.
    """
    head = tomllib.loads(card.read_text("utf-8"))
    tables = {key: head.pop(key) for key in [k for k, v in head.items() if isinstance(v, dict)]}
    is_road = head["name"] == "road"
    if not is_road:
        curve = fit(scores.named)
        tables["calibration"] = {"temperature": round(curve.temperature, 3), "bias": round(curve.bias, 3)}
    tables["scores"] = {
        "how": f"helmetbelt score on {pictures} pictures of scenes not trained on; 95 % bootstrap by scene"
    } | {
        f"{r.what} ({r.source})": f"{r.figure.value:.3f} [{r.figure.low:.3f}, {r.figure.high:.3f}] n={r.figure.n}"
        for r in scores.rows
        if r.what.startswith("two_wheeler") == is_road and r.figure.n > 0
    }
    if not is_road:
        tables["scores"]["calibration"] = (
            f"fitted on the {len(scores.named.score)} found heads of these pictures; expected error there"
            f" {expected_error(scores.named, curve):.3f}"
        )
    return toml(head, tables)


def toml(head: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]]) -> str:
    """TOML text of plain values and one level of tables."""
    lines = [f"{_key(k)} = {_value(v)}" for k, v in head.items()]
    for name, table in tables.items():
        lines += ["", f"[{name}]", *(f"{_key(k)} = {_value(v)}" for k, v in table.items())]
    return "\n".join(lines) + "\n"


def _key(key: str) -> str:
    return key if key.replace("_", "").isalnum() and key.isascii() else _value(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list | tuple):
        inner = [_value(v) for v in value]
        long = sum(map(len, inner)) > 80
        return "[\n" + "".join(f"    {v},\n" for v in inner) + "]" if long else "[" + ", ".join(inner) + "]"
    return str(value)
