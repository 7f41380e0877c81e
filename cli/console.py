"""What `helmetbelt evaluate` says on the terminal: how far it is, and what came out."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text

from helmetbelt.api.evaluations import ALL, Evaluation, joint_basis, joint_tally, rates_of
from helmetbelt.compliance.rates import Rate
from helmetbelt.pipelines.passages import Item, Role, Vehicle
from helmetbelt.pipelines.runner import Progress
from helmetbelt.pipelines.tally import Tally
from helmetbelt.records.facts import Begun, Saved

HASHED_IN_SILENCE = 100_000_000
"""Bytes of a file whose checksum takes less than a second."""


class FramesPerSecond(ProgressColumn):
    """Analysed frames a second, and how many times faster than the street that is."""

    def render(self, task: Task) -> Text:
        """Empty before the first frame."""
        done: Progress | None = task.fields.get("done")
        if done is None or done.wall_s <= 0:
            return Text("")
        return Text(f"{done.frames / done.wall_s:.1f} frames/s  {done.seconds / done.wall_s:.1f}x", style="cyan")


@contextmanager
def frames_bar(console: Console, name: str, duration_s: float | None) -> Iterator[Callable[[Progress], None]]:
    """A bar over the seconds of one source, with frames per second and the time left."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=28),
        TaskProgressColumn(),
        FramesPerSecond(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Bars(*columns, **_bar_settings(console)) as bars:
        task = bars.add_task(escape(name), total=duration_s, done=None)
        yield lambda progress: bars.update(task, completed=progress.seconds, done=progress)


@contextmanager
def bytes_bar(console: Console, name: str, size: int) -> Iterator[Callable[[int], None]]:
    """A bar over the bytes of a large file; nothing for a small one."""
    if size < HASHED_IN_SILENCE:
        yield lambda _: None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("checksum of {task.description}"),
        BarColumn(bar_width=28),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, **_bar_settings(console)) as bars:
        task = bars.add_task(escape(name), total=size)
        yield lambda part: bars.advance(task, part)


def result_table(evaluations: Sequence[Evaluation]) -> Table:
    """Passages and rates of all videos together; never a percentage without its interval and numbers."""
    tally, basis = joint_tally(evaluations), joint_basis(evaluations)
    names = evaluations[0].source.name if len(evaluations) == 1 else f"{len(evaluations)} videos"
    caption = _caption(tally, rates_of(tally, basis)[Item.HELMET][ALL])
    table = Table(title=escape(names), caption=caption, title_justify="left", caption_justify="left", box=SIMPLE_HEAD)
    table.add_column("persons", no_wrap=True)
    for heading, style in (("worn", "green"), ("not worn", "red"), ("unknown (share)", "yellow")):
        table.add_column(heading, justify="right", style=style, no_wrap=True)
    table.add_column("rate (95 % interval)", justify="right", no_wrap=True)
    for item, rates in rates_of(tally, basis).items():
        if item is Item.HELMET or tally.vehicles(Vehicle.CAR):
            for who, rate in rates.items():
                table.add_row(*_row(item, who, rate), style="bold" if who == ALL else "", end_section=who == ALL)
    return table


def stored_text(begun: Begun, saved: Saved, store: str) -> str:
    """What became of the passages in the store."""
    where = escape(store)
    if begun is Begun.COMPLETE:
        return f"Already recorded in {where}: nothing changed there."
    if begun is Begun.RESUMED:
        return f"Resumed in {where}: {saved.known} passages were there already, {saved.new} are new."
    return f"Stored in {where}: {_plural(saved.new, 'passage')}."


def speed_text(evaluation: Evaluation) -> str:
    """How fast it went."""
    speed = evaluation.speed
    if not speed.wall_s:
        return f"{speed.frames} frames."
    return (
        f"{speed.frames} frames of {evaluation.seconds:.1f} s in {speed.wall_s:.1f} s:"
        f" {speed.frames / speed.wall_s:.1f} frames/s, {evaluation.seconds / speed.wall_s:.1f} times real time,"
        f" {speed.inference_s / speed.wall_s:.0%} of it inside the models."
    )


def _row(item: Item, who: str, rate: Rate) -> list[str]:
    name = f"all, {item}" if who == ALL else Role(who).value.replace("_", " ")
    counts = rate.counts
    unknown = str(counts.unknown) if rate.unknown_share is None else f"{counts.unknown} ({rate.unknown_share:.0%})"
    shown = "–"
    if rate.value is not None and rate.interval is not None:
        shown = f"{rate.value:.1%} ({rate.interval.low * 100:.1f}–{rate.interval.high:.1%})"
    return [name, str(counts.worn), str(counts.not_worn), unknown, shown]


def _caption(tally: Tally, rate: Rate) -> str:
    passages = ", ".join(
        _plural(tally.vehicles(vehicle), f"{vehicle.value.replace('_', '-')} passage") for vehicle in Vehicle
    )
    return f"{passages}\nhelmet rate: {', '.join(rate.flags) or 'no flags'}"


def _bar_settings(console: Console) -> dict[str, Any]:
    """A bar is gone when it is done, and not drawn into a file."""
    return {"console": console, "transient": True, "refresh_per_second": 4, "disable": not console.is_terminal}


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
