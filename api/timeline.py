"""The timeline of a report: how many persons with which answer in each stretch of time, as bars of an SVG."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from helmetbelt.pipelines.passages import Item, Passage, Status

STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)
MOST_BARS = 48
WIDTH, HEIGHT = 860, 190
LEFT, RIGHT, TOP, BOTTOM = 34, 6, 10, 24
"""Margins around the bars, in the units of the drawing."""

ORDER = (Status.WORN, Status.NOT_WORN, Status.UNKNOWN)
"""From the ground up."""

MOST_LABELS = 8
MOST_LINES = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One coloured piece of a column; `title` is what a pointer over it tells."""

    x: float
    y: float
    width: float
    height: float
    status: Status
    title: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A text at a place of an axis."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything that is drawn.

    Attributes:
        step_s: length of a column, seconds.
        bars: from left to right, each column from the ground up.
        times: along the lower edge.
        lines: heights with their numbers of persons.
    """

    step_s: int
    bars: tuple[Bar, ...]
    times: tuple[Mark, ...]
    lines: tuple[Mark, ...]


def timeline(passages: Sequence[Passage], item: Item, began: datetime, seconds: float, zone: tzinfo) -> Timeline:
    """The persons asked for one item, by the time at which they passed the gate.

    Args:
        passages: of one source.
        item: helmet or belt.
        began: aware, of the first frame.
        seconds: length of the source.
        zone: of the times on the axis.
    """
    step = step_for(seconds)
    columns = max(-(-int(seconds) // step), 1)
    counts = Counter(
        (min(int(p.gate.seconds) // step, columns - 1), seen.status)
        for p in passages
        for seen in p.observations
        if seen.item is item
    )
    highest = max((sum(counts[c, s] for s in ORDER) for c in range(columns)), default=0)
    top = nice_top(highest)
    width = (WIDTH - LEFT - RIGHT) / columns
    local = [(began + timedelta(seconds=c * step)).astimezone(zone) for c in range(columns)]
    bars: list[Bar] = []
    for column in range(columns):
        ground = 0
        for status in ORDER:
            if count := counts[column, status]:
                title = f"{local[column]:%H:%M:%S}  {status.value.replace('_', ' ')}: {count}"
                y = height_of(ground + count, top)
                x = LEFT + column * width
                bars.append(Bar(x + width * 0.08, y, width * 0.84, height_of(ground, top) - y, status, title))
                ground += count
    return Timeline(step, tuple(bars), _times(local, width, step), _lines(top))


def step_for(seconds: float) -> int:
    """The shortest usual length of a column with which `MOST_BARS` columns are enough."""
    return next((s for s in STEPS_S if seconds / s <= MOST_BARS), -(-int(seconds) // MOST_BARS))


def nice_top(highest: int) -> int:
    """A round number of persons at or above the highest column, at least 4."""
    scale = 1
    while True:
        for step in (4, 6, 8, 10, 12, 16, 20):
            if highest <= step * scale:
                return step * scale
        scale *= 5


def height_of(persons: float, top: int) -> float:
    """Where a number of persons lies on the upright axis."""
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - persons / top)


def _times(local: list[datetime], width: float, step: int) -> tuple[Mark, ...]:
    every = -(-len(local) // MOST_LABELS)
    pattern = "%H:%M" if step * every >= 60 else "%H:%M:%S"
    return tuple(Mark(LEFT + i * width, f"{local[i]:{pattern}}") for i in range(0, len(local), every))


def _lines(top: int) -> tuple[Mark, ...]:
    step = top // MOST_LINES if top % MOST_LINES == 0 else top // 2
    return tuple(Mark(height_of(n, top), str(n)) for n in range(0, top + 1, step))
