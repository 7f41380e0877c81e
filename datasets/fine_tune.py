"""Fine-tuning on a user's own pictures: from the shipped weights to models that are shown to be better, or not."""

import hashlib
import logging
import shutil
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from helmetbelt.datasets.answers import answers
from helmetbelt.datasets.before_after import Compared, compared, differences
from helmetbelt.datasets.bootstrap import Interval
from helmetbelt.datasets.export import export_onnx
from helmetbelt.datasets.from_onnx import write_start
from helmetbelt.datasets.manifest import LabelledPicture
from helmetbelt.datasets.own_set import write_own_set
from helmetbelt.datasets.parity import compare
from helmetbelt.datasets.toml import toml
from helmetbelt.datasets.training import RECIPES, Recipe, train
from helmetbelt.datasets.training_environment import require
from helmetbelt.detector.card import models_folder, read_card
from helmetbelt.detector.finder import Finder
from helmetbelt.detector.perception import Perception

log = logging.getLogger(__name__)

SLOWER = 0.4
"""Learning rate over the recipe's: the weights know the street, they only have to get used to this one."""

FEWEST, MOST = 8, 60
"""Epochs; between them as many as show `SHOWN` pictures."""

SHOWN = 5000
PARITY_PICTURES = 20


@dataclass(frozen=True, slots=True)
class FineTuned:
    """What came of it.

    Attributes:
        folder: the shipped models with the new one in its place, for `--models`.
        train_pictures: that were labelled for this model, of scenes trained on.
        held_out_pictures: of scenes that were not.
        held_out_scenes: how many.
        figures: before and after.
        differences: AP50 after minus before, by class.
    """

    folder: Path
    train_pictures: int
    held_out_pictures: int
    held_out_scenes: int
    figures: list[Compared]
    differences: dict[str, Interval]


def recipe_for_own(model: str, pictures: int, epochs: int | None = None) -> Recipe:
    """The model's recipe, slower, and longer for few pictures.

    Args:
        model: "road" or "heads".
        pictures: that are trained on.
        epochs: None for a number that suits the pictures.
    """
    stock = RECIPES[model]
    return replace(
        stock,
        start="shipped ONNX",
        epochs=epochs or min(max(SHOWN // max(pictures, 1), FEWEST), MOST),
        learning_rate=round(stock.learning_rate * SLOWER, 6),
        mosaic=min(stock.mosaic, 0.3),
        bias_rate=0.0,
    )


def fine_tune(model: str, pictures: Sequence[LabelledPicture], recipe: Recipe, work: Path) -> FineTuned:
    """Trains the shipped model on own pictures and compares both on the held-out scenes.

    Interrupted, the same call goes on: the folder in `work` is named after pictures, labels and recipe.

    Args:
        model: "road" or "heads".
        pictures: of both splits.
        recipe: of `recipe_for_own`.
        work: for the training set, checkpoints and models.

    Raises:
        FormatError: nothing is labelled that this model could learn.
        ParityError: the export doesn't see what the trained weights see.
        TrainingEnvironmentError: ultralytics isn't installed here.
    """
    require()
    folder = work / f"own-{model}-{_digest(pictures, recipe)}"
    shipped = _perception(models_folder())
    yaml = folder / "set" / "data.yaml"
    if not yaml.exists():
        _, counts = write_own_set(model, pictures, shipped, folder / "set", recipe.seed)
        log.info("boxes: %s", ", ".join(f"{n} {what}" for what, n in counts.items()))
    card = read_card(model)
    shown = [Path(line) for line in (folder / "set" / "train.txt").read_text().splitlines()]
    start = folder / "start.pt"
    if not start.exists():
        write_start(card.path, card.classes, shown, recipe.input_px, start)
    best = train(recipe, yaml, start, folder / "run")
    held_out = [p for p in pictures if p.split != "train"]
    models = _export(model, best, [p.path for p in held_out], recipe, folder / "models")
    before, after = (list(answers(those, held_out)) for those in (shipped, _perception(models)))
    tuned = FineTuned(
        folder=models,
        train_pictures=len(pictures) - len(held_out),
        held_out_pictures=len(held_out),
        held_out_scenes=len({p.group for p in held_out}),
        figures=compared(model, before, after),
        differences=differences(model, before, after),
    )
    _write_scores(models / f"{model}.toml", tuned)
    return tuned


def _perception(folder: Path) -> Perception:
    """The models of two-wheelers alone: seat belts have no part in this."""
    return Perception(Finder.load(folder / "road.toml"), Finder.load(folder / "heads.toml"))


def _digest(pictures: Sequence[LabelledPicture], recipe: Recipe) -> str:
    seen = hashlib.sha256(repr(recipe).encode())
    for p in pictures:
        seen.update(repr((str(p.path), p.split, sorted(p.labelled), p.label.tolist(), p.xyxy.tolist())).encode())
    return seen.hexdigest()[:8]


def _export(model: str, best: Path, pictures: Sequence[Path], recipe: Recipe, folder: Path) -> Path:
    """The folder with all shipped models, the new one in the place of the old."""
    folder.mkdir(exist_ok=True)
    for file in models_folder().iterdir():
        if file.suffix in (".onnx", ".toml"):
            shutil.copyfile(file, folder / file.name)
    old = read_card(model)
    height, width = old.input_px
    onnx_file = export_onnx(best, folder / old.path.name, height, width, any_shape=model == "road")
    facts = {"recipe": f"helmetbelt train {model} --own"} | asdict(recipe)
    facts["note"] = f"fine-tuned from {old.sha256[:12]}; calibration and thresholds are still the old"
    _write_card(folder / f"{model}.toml", onnx_file, facts)
    step = max(len(pictures) // PARITY_PICTURES, 1)
    compare(best, Finder.load(folder / f"{model}.toml"), pictures[::step])
    return folder


def _write_card(card: Path, onnx_file: Path, facts: dict[str, Any]) -> None:
    """The shipped card with another file, another training and no scores."""
    head, tables = _read(card)
    head["sha256"] = hashlib.sha256(onnx_file.read_bytes()).hexdigest()
    kept = {key: tables["training"][key] for key in ("licence", "not_for") if key in tables["training"]}
    tables["training"] = {"exported": date.today()} | kept | facts
    tables.pop("scores", None)
    card.write_text(toml(head, tables), "utf-8")


def _write_scores(card: Path, tuned: FineTuned) -> None:
    head, tables = _read(card)
    how = f"on {tuned.held_out_pictures} own pictures of {tuned.held_out_scenes} scenes not trained on; before -> after"
    tables["scores"] = {"how": how} | {
        row.what: f"{row.before.value:.3f} -> {row.after.value:.3f} [{row.after.low:.3f}, {row.after.high:.3f}]"
        f" n={row.after.n}"
        for row in tuned.figures
    }
    card.write_text(toml(head, tables), "utf-8")


def _read(card: Path) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    head = tomllib.loads(card.read_text("utf-8"))
    tables = {key: head.pop(key) for key in [k for k, v in head.items() if isinstance(v, dict)]}
    return head, tables
