"""What `helmetbelt train --own` does and says."""

from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from helmetbelt.cli.data_console import print_problems, say_reading
from helmetbelt.datasets.before_after import CLASSES, verdict
from helmetbelt.datasets.bootstrap import Interval
from helmetbelt.datasets.fine_tune import FineTuned, fine_tune, recipe_for_own
from helmetbelt.datasets.own_data import HowToRead, read_own, require_held_out, usable
from helmetbelt.detector.errors import HelmetbeltError

FEW_SCENES = 5


def train_on_own(model: str, own: Path, how: HowToRead, work: Path, epochs: int | None) -> None:
    """Fine-tunes a shipped model on own pictures and shows before and after.

    Args:
        model: "road" or "heads".
        own: folder, YAML or JSON.
        how: to read it.
        work: for the training set, checkpoints and models.
        epochs: None for a number that suits the pictures.

    Raises:
        HelmetbeltError: a model of cars, or data that can't be used.
    """
    if model not in CLASSES:
        raise HelmetbeltError(f"--own: {model} can't be fine-tuned on own pictures, only {' and '.join(CLASSES)}")
    console = Console()
    read = read_own(own, how)
    require_held_out(read)
    say_reading(console, read)
    print_problems(console, read.problems)
    recipe = recipe_for_own(model, sum(p.split == "train" for p in read.pictures), epochs)
    tuned = fine_tune(model, [usable(p) for p in read.pictures], recipe, work)
    console.print(_table(tuned))
    if tuned.held_out_scenes < FEW_SCENES:
        console.print(
            f"Only {tuned.held_out_scenes} scenes are held out: the intervals are too narrow. Label more scenes.",
            style="yellow",
        )
    for what, difference in tuned.differences.items():
        console.print(f"{what}, after - before: {_shown(difference, '+')}: {verdict(difference)}", highlight=False)
    console.print(
        f"helmetbelt evaluate VIDEO --models {tuned.folder} ...", soft_wrap=True, markup=False, highlight=False
    )


def _table(tuned: FineTuned) -> Table:
    title = (
        f"{tuned.held_out_pictures} own pictures of {tuned.held_out_scenes} scenes not trained on"
        f" (trained on {tuned.train_pictures} pictures)"
    )
    table = Table("what", title=title, title_justify="left", box=SIMPLE_HEAD)
    for heading in ("before (95 %)", "after (95 %)", "n"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in tuned.figures:
        n = str(row.before.n) if row.before.n == row.after.n else f"{row.before.n}, {row.after.n}"
        table.add_row(row.what, _shown(row.before), _shown(row.after), n)
    return table


def _shown(figure: Interval, sign: str = "") -> str:
    return f"{figure.value:{sign}.3f} ({figure.low:{sign}.3f} to {figure.high:{sign}.3f})"
