"""`helmetbelt cross-validate`: the cabin and belt models on cameras and cars that they were not trained on."""

import logging
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from helmetbelt.cli.training import DATA, DataFolder


class CarModel(StrEnum):
    """What has too few pictures to hold some out for good."""

    CABIN = "cabin"
    BELTS = "belts"


def cross_validate(
    model: Annotated[CarModel, typer.Argument(help="Which model.")],
    data: DataFolder = DATA,
    work: Annotated[Path, typer.Option(help="For the training sets and the runs.")] = Path("runs"),
    card: Annotated[Path | None, typer.Option(help="A card to put the scores into.", metavar="TOML")] = None,
) -> None:
    """Trains several times, each time without a camera or some cars, and scores what was left out.

    Needs the training environment. The card of the belt model gets calibration and thresholds, too.
    """
    from helmetbelt.datasets import belt_validation, cabin_validation
    from helmetbelt.datasets.prepare import prepare
    from helmetbelt.datasets.score_page import shown
    from helmetbelt.datasets.training import RECIPES

    logging.basicConfig(level=logging.INFO, format="%(message)s")
    recipe = RECIPES[model]
    if model is CarModel.CABIN:
        rows = cabin_validation.validate(recipe, data, work / "cabin-cv")
        text = cabin_validation.with_validation(card, rows) if card else ""
    else:
        pictures = prepare(model, data, work / "sets", recipe.seed)
        found = belt_validation.validate(recipe, pictures, data / "weights", work / "belts-cv")
        rows, text = found.rows, belt_validation.with_validation(card, found) if card else ""
    table = Table("what", "on", "value [95 % interval]")
    for row in rows:
        table.add_row(row.what, row.part, shown(row))
    Console().print(table)
    if card:
        card.write_text(text, "utf-8")
