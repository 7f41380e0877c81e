"""`helmetbelt quantize`: an INT8 form of a model, measured beside its float form."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from helmetbelt.cli.training import DATA, DataFolder

if TYPE_CHECKING:
    from helmetbelt.datasets.int8_models import Comparison

SEED = 20261124


class Quantizable(StrEnum):
    """What can be quantised."""

    ROAD = "road"
    HEADS = "heads"


def quantize(
    model: Annotated[Quantizable, typer.Argument(help="Which model.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the INT8 .onnx and its card.")],
    data: DataFolder = DATA,
    models: Annotated[Path | None, typer.Option(metavar="DIR", help="Other models than those that came along.")] = None,
    calibrate: Annotated[int, typer.Option(min=1, help="Pictures of the training split to take the ranges from.")] = 60,
    compare: Annotated[int, typer.Option(min=1, help="Pictures not trained on to compare both on.")] = 120,
) -> None:
    """Writes an INT8 form of a model with its card, and compares both on real pictures.

    DIR then holds NAME.onnx and NAME.toml: with both models in it,
    `helmetbelt evaluate --models DIR` runs them. Only for processors with
    INT8 instructions (VNNI) and without bfloat16: where there is bfloat16,
    --runtime openvino is as fast and changes less.

    Needs the package onnx.
    """
    from helmetbelt.datasets.int8_models import calibrating_inputs, int8_card
    from helmetbelt.datasets.int8_models import compare as side_by_side
    from helmetbelt.datasets.manifest import in_split, load_manifest
    from helmetbelt.datasets.quantize import quantize as write_int8
    from helmetbelt.datasets.sampling import sample
    from helmetbelt.datasets.variants import SCORED_LABELS
    from helmetbelt.detector.card import models_folder
    from helmetbelt.detector.finder import Finder

    folder = models or models_folder()
    floats = Finder.load(folder / "road.toml"), Finder.load(folder / "heads.toml")
    finder = floats[0] if model is Quantizable.ROAD else floats[1]
    labelled = load_manifest(data / "helmet")
    inputs = calibrating_inputs(finder, list(in_split(labelled, "train")), calibrate, SEED)
    out.mkdir(parents=True, exist_ok=True)
    onnx_file = write_int8(finder.card.path, out / f"{model}.onnx", inputs)
    card = out / f"{model}.toml"
    card.write_text(int8_card(folder / f"{model}.toml", onnx_file, len(inputs), None), "utf-8")
    held_out = sample(list(in_split(labelled, "val")), compare, *SCORED_LABELS[model])
    found = side_by_side(floats, Finder.load(card), held_out)
    card.write_text(int8_card(folder / f"{model}.toml", onnx_file, len(inputs), found), "utf-8")
    show(found, Console())
    Console().print(f"{escape(str(card))}: {onnx_file.stat().st_size / 1e6:.1f} MB")


def show(found: "Comparison", console: Console) -> None:
    """The comparison, for people."""
    table = Table("what", "float32", "int8", title=f"{found.pictures} pictures not trained or calibrated on")
    for ours, theirs in found.rows:
        cells = (f"{f.value:.3f} ({f.low:.3f}-{f.high:.3f})" for f in (ours.figure, theirs.figure))
        table.add_row(ours.what, *cells)
    f1 = found.agreement
    table.add_row("F1 of boxes beside float32", "1", f"{f1.value:.3f} ({f1.low:.3f}-{f1.high:.3f})")
    spent = (f"{s.ms:.1f} ({s.low_ms:.1f}-{s.high_ms:.1f})" for s in found.spent.values())
    table.add_row("processor ms of a run, one thread", *spent)
    console.print(table)
