"""The scores as a page of docs/: every row, written by `helmetbelt score --write` and never by hand."""

from collections.abc import Iterator, Sequence

import numpy as np

from helmetbelt.datasets.answers import DARK, Light
from helmetbelt.datasets.bootstrap import DRAWS, SEED, Interval
from helmetbelt.datasets.comparison import Compared
from helmetbelt.datasets.head_scoring import LARGE, SIZES
from helmetbelt.datasets.rows import ALL, Row
from helmetbelt.datasets.scoring import Scores

BEGIN, END = "<!-- scores: written by `helmetbelt score --write` -->", "<!-- end of scores -->"

WHOLE = (ALL, LARGE, "both classes drawn", "mean of sources")
"""Parts that stand for all pictures."""

ABOUT = """# Scores

Written by `helmetbelt score --write`; not by hand. [accuracy.md](accuracy.md) says what they mean.

{pictures} pictures of scenes that were not trained on, through the product's own path (`helmetbelt detect`). Square
brackets hold 95 % intervals: {draws} draws of whole scenes with replacement, seed {seed}. A class is asked for only
in pictures whose source draws it everywhere.

"Whole path" is the full picture: road model, crop, head model, each head at one vehicle. "In labelled two-wheelers"
gives the head model the true boxes, and asks for the heads inside their crops. Sizes are heights of heads in the
picture; other heads are ignored then, as COCO's evaluation does for its ranges of area. "{dark}" is a mean luma
(BT.601) below {luma:.0f} of 255. Tall riders are those of 60 px in a 1080p frame, scaled to the picture's height.
Found, named and judged is at the working thresholds, IoU 0.3.
"""


def page(scores: Scores, models: str, compared: Sequence[Compared]) -> str:
    """The whole page.

    Args:
        scores: of the shipped models.
        models: which they are, one line.
        compared: columns of the table of peers, ours first.
    """
    dark = Light.DUSK_OR_DARK.capitalize()
    about = ABOUT.format(pictures=scores.pictures, draws=DRAWS, seed=SEED, dark=dark, luma=DARK)
    sizes, lights = [*SIZES], [str(light) for light in Light]
    sources = sorted({r.part for r in scores.rows} - {*WHOLE, *sizes, *lights})
    blocks = [
        about + f"\nModels: {models}.\n",
        "## All\n\n" + overall(scores.rows),
        "## Persons\n\n" + _persons(scores),
        "## Thresholds\n\n" + _choices(scores),
        "## Calibration\n\n" + _calibration(scores),
        "## Beside others\n\n" + _beside(compared),
        "## By size of head\n\n" + _across(scores.rows, sizes),
        "## By light\n\n" + _across(scores.rows, lights),
        "## By source\n\n" + _listed(r for r in scores.rows if r.part in sources),
        "## What can go wrong\n\n" + CAVEATS,
    ]
    return "\n".join(blocks)


CAVEATS = """- Many "dusk or dark" pictures are day pictures that their source darkened. Night is not in the data.
- A source that leaves heads of people on foot undrawn makes right boxes count as false ones.
- Bootstrap intervals know the scenes that are here; a new city is not among them.
- A source with few heads has an interval that says so, or none where it has one scene.
"""


def overall(rows: Sequence[Row]) -> str:
    """The rows that stand for all pictures."""
    lines = [f"| {_named(r)} | {shown(r)} | {r.figure.n} |" for r in rows if r.part in WHOLE]
    return _table(["what", "value [95 % interval]", "n"], lines)


def with_block(text: str, block: str) -> str:
    """A page with what stands between its two marks replaced.

    Raises:
        ValueError: the marks are not there, once each and in order.
    """
    before, found, rest = text.partition(BEGIN)
    _, closed, after = rest.partition(END)
    if not found or not closed:
        raise ValueError(f"expected the marks {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{block}\n{END}{after}"


def shown(row: Row) -> str:
    """A figure with its interval: shares with three digits, points with sign and one."""
    f, sign = row.figure, "+.1f" if row.what.endswith("points") else ".3f"
    return _plain(f, sign)


def _plain(f: Interval, form: str) -> str:
    if np.isnan(f.value):
        return "–"
    return f"{f.value:{form}}" if np.isnan(f.low) else f"{f.value:{form}} [{f.low:{form}}, {f.high:{form}}]"


def _named(row: Row) -> str:
    return row.what if row.part == ALL else f"{row.what} ({row.part})"


def _persons(scores: Scores) -> str:
    c = scores.confusion
    rows = {"helmet drawn": c.helmet, "bare head drawn": c.bare, "nobody drawn": c.nobody}
    lines = [f"| {name} | {' | '.join(map(str, row))} |" for name, row in rows.items()]
    says = (
        "Answers to the persons inside the envelope, from one picture, by rules that were tuned without the person's"
        " scene:\n\n"
    )
    return says + _table(["labels say", "worn", "not worn", "unknown", "not seen"], lines)


def _choices(scores: Scores) -> str:
    by = scores.rules.thresholds
    says = (
        f"Shipped: worn at {by.worn:.2f} or more, not worn at {by.not_worn:.2f} or less. What the way of choosing does"
        " to the persons of sources that draw both classes. The judge's error is that of the rate among the drawn"
        " who were seen; the published rate has the unseen and the falsely found as well.\n\n"
    )
    lines = [
        f"| {c.name} | {_plain(c.right, '.3f')} | {c.unknown:.3f} | {c.false_worn} | {c.false_not_worn} |"
        f" {c.judge_error:+.1f} | {c.published_error:+.1f} |"
        for c in scores.choices
    ]
    head = [
        "way", "right, of the decided", "unknown, of the seen", "false worn", "false not worn",
        "judge's error, points", "published error, points",
    ]  # fmt: skip
    return says + _table(head, lines)


def _calibration(scores: Scores) -> str:
    c = scores.calibrated
    return (
        f"![Reliability diagram](reliability.svg)\n\nExpected calibration error of the probability that a helmet is"
        f" worn, {c.heads} heads: {c.error_left_out:.3f} on left-out scenes (five folds); {c.error_before:.3f} with"
        " the scores taken as they are. The card ships the curve fitted on all of them.\n"
    )


def _beside(compared: Sequence[Compared]) -> str:
    names = [c.name for c in compared]
    tables = [{(r.what, r.part): shown(r) for r in c.rows} for c in compared]
    keys = list(dict.fromkeys(key for table in tables for key in table))
    lines = [
        f"| {_named(Row(what, part, Interval(0, 0, 0, 0)))} | {' | '.join(t.get((what, part), '–') for t in tables)} |"
        for what, part in keys
    ]
    says = (
        "The same sample of the pictures for all: its share of each source, six at least. A model without a judge"
        " answers by the class it names. Beginnings of the weights' sha256: "
        + "; ".join(f"{c.name} {c.weights}" for c in compared)
        + ".\n\n"
    )
    return says + _table(["what", *names], lines)


def _across(rows: Sequence[Row], parts: Sequence[str]) -> str:
    cells = {(r.what, r.part): f"{shown(r)} n={r.figure.n}" for r in rows}
    whats = list(dict.fromkeys(r.what for r in rows if r.part in parts))
    lines = [f"| {what} | {' | '.join(cells.get((what, part), '–') for part in parts)} |" for what in whats]
    return _table(["what", *parts], lines)


def _listed(rows: Iterator[Row]) -> str:
    lines = [f"| {r.what} | {r.part.removesuffix(f', {LARGE}')} | {shown(r)} | {r.figure.n} |" for r in rows]
    return _table(["what", "source", "value [95 % interval]", "n"], lines)


def _table(head: Sequence[str], lines: Sequence[str]) -> str:
    return "\n".join(["| " + " | ".join(head) + " |", "|---" * len(head) + "|", *lines, ""])
