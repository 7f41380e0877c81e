"""The belt model on cameras and cars that it was not trained on: runs of the cross-validation, and what they say."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.belt_data import State
from helmetbelt.datasets.belt_export import names_by_torch
from helmetbelt.datasets.belt_pool import load_pool
from helmetbelt.datasets.belt_scoring import (
    HELD_OUT,
    SMALL_PX,
    Asked,
    Rule,
    accuracy,
    ask,
    choose_thresholds,
    fit_temperature,
    flips,
    is_held_out,
    likelier,
    turned,
)
from helmetbelt.datasets.belt_set import INDEX, load_belt_set
from helmetbelt.datasets.belt_training import train_belts
from helmetbelt.datasets.rows import Row
from helmetbelt.datasets.score_page import shown
from helmetbelt.datasets.toml import toml
from helmetbelt.datasets.training import Recipe

EPOCHS = 4
WANTED = 0.98
"""Least share of right ones among the answers beyond a threshold."""

Part = tuple[str, list[Asked], Rule]
"""Name of a part of the occupants, those asked, and the rule that was fitted without their run."""


@dataclass(frozen=True, slots=True)
class Validation:
    """What the cross-validation found.

    Attributes:
        rule: fitted on all held-out answers; the one to ship.
        rows: figures, each by a rule that was fitted on the other runs.
    """

    rule: Rule
    rows: list[Row]


def validate(recipe: Recipe, pictures: Path, start: Path, work: Path) -> Validation:
    """Trains once without each camera and scores what was held out; finished runs aren't repeated.

    Args:
        recipe: of the belt model; trained for `EPOCHS` epochs.
        pictures: the file of training pictures, its occupants beside it.
        start: folder of the starting weights.
        work: for the runs.

    Raises:
        ModelFileError: no such starting weights.
        TrainingEnvironmentError: torch or ultralytics isn't installed here.
    """
    occupants, pool = load_belt_set(pictures.with_name(INDEX)), load_pool(pictures)
    answers: dict[str, list[Asked]] = {}
    for run in HELD_OUT:
        out = np.array([is_held_out(o, run) for o in occupants])
        short = replace(recipe, epochs=EPOCHS)
        weights = train_belts(short, pool[~out[pool.occupants]], start, work / run)
        names = names_by_torch(weights, start / recipe.start)
        answers[run] = ask(names, [o for o, is_out in zip(occupants, out, strict=True) if is_out], recipe.seed)
    rules = {run: _rule([a for other in HELD_OUT if other != run for a in answers[other]]) for run in HELD_OUT}
    parts = list(_parts(answers, rules))
    return Validation(_rule([a for some in answers.values() for a in some]), [r for p in parts for r in _rows(*p)])


def with_validation(card: Path, found: Validation) -> str:
    """The text of the belt model's card with calibration, thresholds and scores replaced."""
    head = tomllib.loads(card.read_text("utf-8"))
    tables = {key: head.pop(key) for key in [k for k, v in head.items() if isinstance(v, dict)]}
    rule = found.rule
    tables["thresholds"] = {"worn": rule.thresholds.worn, "not_worn": rule.thresholds.not_worn}
    tables["calibration"] = {"temperature": rule.calibration.temperature, "bias": rule.calibration.bias}
    tables["scores"] = {
        "how": "helmetbelt cross-validate belts --card models/belts.toml: trained without the camera or the car;"
        " 95 % Wilson intervals"
    } | {f"{r.what} ({r.part})": f"{shown(r)} n={r.figure.n}" for r in found.rows}
    return toml(head, tables)


def _rule(asked: Sequence[Asked]) -> Rule:
    calibration = fit_temperature(asked)
    return Rule(calibration, choose_thresholds(asked, calibration, WANTED))


def _parts(answers: dict[str, list[Asked]], rules: dict[str, Rule]) -> Iterator[Part]:
    for run in HELD_OUT:
        yield f"unseen camera: {run}", [a for a in answers[run] if a.occupant.camera == run], rules[run]
        if run != "highway":
            cars = [a for a in answers[run] if a.occupant.camera in ("highway", "other")]
            yield f"unseen cars of the highway, {1 + HELD_OUT.index(run)} of 2", cars, rules[run]


def _rows(part: str, asked: list[Asked], rule: Rule) -> Iterator[Row]:
    labelled = [a for a in asked if a.occupant.labelled is not State.UNCLEAR]
    readable = [a for a in labelled if a.occupant.state is not State.UNCLEAR]
    kinds = (
        ("", labelled, _raw),
        (", readable by eye", readable, _raw),
        (", haze equalised", readable, _hazed),
        (f", {SMALL_PX:.0f} px high", readable, _small),
    )
    for name, some, seen in kinds:
        right, unknown = accuracy((a.occupant.labelled, rule.answer(seen(a))) for a in some)
        yield Row(f"right when it speaks{name}", part, right)
        yield Row(f"unknown{name}", part, unknown)
        sides, _ = accuracy((a.occupant.labelled, likelier(seen(a))) for a in some)
        yield Row(f"likelier side right{name}", part, sides)
    yield Row("pair test: a drawn strap flips the answer", part, flips(asked, rule))
    yield Row("pair test: a drawn strap turns the likelier side", part, turned(asked))


def _raw(asked: Asked) -> NDArray[np.float32]:
    return asked.probabilities


def _small(asked: Asked) -> NDArray[np.float32]:
    return asked.small


def _hazed(asked: Asked) -> NDArray[np.float32]:
    return asked.hazed
