"""`helmetbelt train`, `export` and `score`: the commands of the engineer who retrains the models."""

import json
import logging
import time
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.logging import RichHandler
from rich.table import Table

DATA = Path("../shared/data")

DataFolder = Annotated[
    Path, typer.Option("--data", help="Folder with helmet/manifest.jsonl (and weights/, to train).", metavar="FOLDER")
]


class Model(StrEnum):
    """What can be trained."""

    ROAD = "road"
    HEADS = "heads"


def train(
    model: Annotated[Model, typer.Argument(help="Which model.")],
    data: DataFolder = DATA,
    work: Annotated[Path, typer.Option(help="For the training set and the checkpoints.")] = Path("runs"),
    start: Annotated[Path | None, typer.Option(help="Weights (.pt) to start from instead of the recipe's.")] = None,
) -> None:
    """Trains a model by its recipe. Interrupted, the same command goes on after the last finished epoch.

    Needs the training environment: make train-env, then .venv-train/bin/helmetbelt train heads
    """
    from helmetbelt.datasets.prepare import prepare
    from helmetbelt.datasets.training import RECIPES
    from helmetbelt.datasets.training import train as fine_tune

    _log_to_terminal()
    recipe = RECIPES[model]
    began = time.monotonic()
    yaml = prepare(model, data, work / "sets", recipe.seed)
    best = fine_tune(recipe, yaml, start or data / "weights", work / model)
    Console().print(f"{best}  ({(time.monotonic() - began) / 3600:.1f} h)  next: helmetbelt export {model} {best}")


def export(
    model: Annotated[Model, typer.Argument(help="Which model.")],
    weights: Annotated[Path, typer.Argument(help="Trained weights (.pt).")],
    data: DataFolder = DATA,
    out: Annotated[Path, typer.Option(help="Folder for the .onnx and its card.")] = Path("models"),
    note: Annotated[str, typer.Option(help="What the card should say of this training beside its recipe.")] = "",
) -> None:
    """Exports trained weights to ONNX, compares both on real pictures, and writes the model's card.

    Needs the training environment.
    """
    from helmetbelt.datasets.cards import ABOUT, new_card
    from helmetbelt.datasets.export import export_onnx
    from helmetbelt.datasets.manifest import in_split, load_manifest
    from helmetbelt.datasets.parity import compare
    from helmetbelt.datasets.training import RECIPES
    from helmetbelt.detector.finder import Finder

    out.mkdir(parents=True, exist_ok=True)
    height, width = ABOUT[model]["input"]
    onnx_file = export_onnx(weights, out / f"{model}.onnx", height, width, any_shape=model is Model.ROAD)
    facts = {"recipe": f"helmetbelt train {model}"} | asdict(RECIPES[model]) | ({"note": note} if note else {})
    card = out / f"{model}.toml"
    card.write_text(new_card(model, onnx_file, facts), "utf-8")
    pictures = [p.path for p in in_split(load_manifest(data / "helmet"), "val")][::10]
    parity = compare(weights, Finder.load(card), pictures)
    facts["parity"] = (
        f"{parity.boxes} boxes of {parity.pictures} pictures: worst edge {parity.worst_px} px,"
        f" worst score {parity.worst_score}"
    )
    card.write_text(new_card(model, onnx_file, facts), "utf-8")
    Console().print(f"{onnx_file} ({onnx_file.stat().st_size / 1e6:.1f} MB)  {facts['parity']}")


def score(
    data: DataFolder = DATA,
    models: Annotated[Path | None, typer.Option(help="Folder of other models than the shipped ones.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Put the scores into the models' cards.")] = False,
    out: Annotated[Path | None, typer.Option("--json", help="Write the rows to this file.")] = None,
) -> None:
    """Scores the models on the labelled pictures that were not trained on, with 95 % intervals by scene."""
    from helmetbelt.datasets.cards import with_scores
    from helmetbelt.datasets.manifest import in_split, load_manifest
    from helmetbelt.datasets.prepare import LEFT_OUT
    from helmetbelt.datasets.scoring import score as score_models
    from helmetbelt.detector.card import models_folder
    from helmetbelt.detector.perception import load_perception

    folder = models or models_folder()
    pictures = [p for p in in_split(load_manifest(data / "helmet"), "val") if p.source not in LEFT_OUT]
    scores = score_models(load_perception(1, folder), pictures)
    table = Table("what", "source", "value", "95 % interval", "n", title=f"{len(pictures)} pictures not trained on")
    for row in scores.rows:
        f = row.figure
        table.add_row(row.what, row.source, f"{f.value:.3f}", f"{f.low:.3f}-{f.high:.3f}", str(f.n))
    Console().print(table)
    if out:
        out.write_text(json.dumps([asdict(row) for row in scores.rows], indent=1))
    for card in (folder / "road.toml", folder / "heads.toml") if write else ():
        card.write_text(with_scores(card, scores, len(pictures)), "utf-8")


def _log_to_terminal() -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s", handlers=[RichHandler(show_path=False)])
