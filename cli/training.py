"""`helmetbelt train` and `export`: the commands of the engineer who retrains the models."""

import logging
import time
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.logging import RichHandler

DATA = Path("../shared/data")

DataFolder = Annotated[
    Path, typer.Option("--data", help="Folder with helmet/manifest.jsonl (and weights/, to train).", metavar="FOLDER")
]


class Model(StrEnum):
    """What can be trained."""

    ROAD = "road"
    HEADS = "heads"
    CABIN = "cabin"
    BELTS = "belts"


def train(
    model: Annotated[Model, typer.Argument(help="Which model.")],
    data: DataFolder = DATA,
    work: Annotated[Path, typer.Option(help="For the training set and the checkpoints.")] = Path("runs"),
    start: Annotated[Path | None, typer.Option(help="Weights (.pt) to start from instead of the recipe's.")] = None,
    own: Annotated[
        Path | None,
        typer.Option(metavar="DATA", help="Fine-tune the shipped model on own pictures (see helmetbelt data)."),
    ] = None,
    names: Annotated[
        list[str] | None, typer.Option("--map", metavar="NAME=CLASS", help="With --own: our class for their name.")
    ] = None,
    group: Annotated[str | None, typer.Option(metavar="REGEX", help="With --own: finds the scene in a path.")] = None,
    keep_split: Annotated[bool, typer.Option("--keep-split", help="With --own: take the split that it has.")] = False,
    epochs: Annotated[int | None, typer.Option(min=1, help="With --own; default: fewer for more pictures.")] = None,
    relu: Annotated[
        bool, typer.Option("--relu", help="Road and heads: with ReLU, taught by the start, for helmetbelt quantize.")
    ] = False,
) -> None:
    """Trains a model by its recipe. Interrupted, the same command goes on after the last finished epoch.

    With --own the shipped model is fine-tuned on the user's own pictures, whole scenes of which are held out, and both
    are compared on those.

    Needs the training environment: make train-env, then .venv-train/bin/helmetbelt train heads
    """
    if relu and (own is not None or model not in (Model.ROAD, Model.HEADS)):
        raise typer.BadParameter("--relu is for the recipes of road and heads")
    _log_to_terminal()
    if own is not None:
        from helmetbelt.cli.own_training import train_on_own
        from helmetbelt.datasets.formats.class_names import parse_map
        from helmetbelt.datasets.own_data import HowToRead

        how = HowToRead(parse_map(names or []), group, keep_split)
        train_on_own(model, own, how, work, epochs)
        return
    from helmetbelt.datasets.activations import write_relu_start
    from helmetbelt.datasets.belt_training import train_belts
    from helmetbelt.datasets.first_weights import first_weights
    from helmetbelt.datasets.prepare import prepare
    from helmetbelt.datasets.training import RECIPES
    from helmetbelt.datasets.training import train as fine_tune

    recipe = RECIPES[model]
    began = time.monotonic()
    yaml = prepare(model, data, work / "sets", recipe.seed)
    first = start or first_weights(recipe, model, data / "weights", yaml, work / model)
    if model is Model.BELTS:
        best = train_belts(recipe, yaml, first, work / model)
    elif relu:
        run = work / f"{model}-relu"
        best = fine_tune(recipe, yaml, write_relu_start(first, run / "start.pt"), run, first)
    else:
        best = fine_tune(recipe, yaml, first, work / model)
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
    from helmetbelt.datasets.belt_export import ship_belts
    from helmetbelt.datasets.cards import ABOUT, new_card
    from helmetbelt.datasets.export import export_onnx
    from helmetbelt.datasets.manifest import in_split, load_manifest
    from helmetbelt.datasets.parity import compare
    from helmetbelt.datasets.training import RECIPES
    from helmetbelt.datasets.training_log import training_hours
    from helmetbelt.detector.finder import Finder

    out.mkdir(parents=True, exist_ok=True)
    if model is Model.BELTS:
        Console().print(ship_belts(weights, data, out / "belts.toml", note))
        return
    height, width = ABOUT[model]["input"]
    onnx_file = export_onnx(weights, out / f"{model}.onnx", height, width, any_shape=model is Model.ROAD)
    facts = {"recipe": f"helmetbelt train {model}"} | asdict(RECIPES[model]) | training_hours(weights)
    facts |= {"note": note} if note else {}
    card = out / f"{model}.toml"
    card.write_text(new_card(model, onnx_file, facts), "utf-8")
    if model is Model.CABIN:
        pictures = sorted((data / "belt" / "images").iterdir())[::4]
    else:
        pictures = [p.path for p in in_split(load_manifest(data / "helmet"), "val")][::10]
    parity = compare(weights, Finder.load(card), pictures)
    facts["parity"] = (
        f"{parity.boxes} boxes of {parity.pictures} pictures: worst edge {parity.worst_px} px,"
        f" worst score {parity.worst_score}"
    )
    card.write_text(new_card(model, onnx_file, facts), "utf-8")
    Console().print(f"{onnx_file} ({onnx_file.stat().st_size / 1e6:.1f} MB)  {facts['parity']}")


def _log_to_terminal() -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s", handlers=[RichHandler(show_path=False)])
