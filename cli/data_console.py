"""What `helmetbelt data` says on the terminal: counts, how names were understood, problems, what a format loses."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from helmetbelt.datasets import corrections, label_counts
from helmetbelt.datasets.formats.foreign import Problem
from helmetbelt.datasets.manifest import Label, LabelledPicture, corrections_for
from helmetbelt.datasets.own_data import OwnData

SHOWN_PROBLEMS = 12


def say_reading(console: Console, read: OwnData) -> None:
    """How the names were understood, and what was turned into something else."""
    if read.kind != "manifest":
        meant = {name: "ignored" if ours is None else ours.name.lower() for name, ours in read.mapping.items()}
        pairs = ", ".join(f"{name} = {ours}" for name, ours in meant.items())
        console.print(f"{read.kind}, classes: {escape(pairs)}", soft_wrap=True, highlight=False)
    for note in read.notes:
        console.print(note, highlight=False)


def counts_table(pictures: Sequence[LabelledPicture]) -> Table:
    """Pictures, scenes and boxes by source and split."""
    rows = label_counts.count(pictures)
    drawn = [label for label in Label if any(r.boxes[label] or r.unsaid[label] < r.pictures for r in rows)]
    caption = "? not labelled: may be there (with a number: in so many pictures)"
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), caption=caption, caption_justify="left")
    for heading in ("source", "split"):
        table.add_column(heading, no_wrap=True)
    for heading in ("pictures", "scenes", *(label.name.lower().replace("_", " ") for label in drawn)):
        table.add_column(heading, justify="right")
    for row in rows:
        boxes = [row.text_of(label) for label in drawn]
        table.add_row(escape(row.source), row.split, str(row.pictures), str(row.scenes), *boxes)
    never = ", ".join(label.name.lower() for label in Label if label not in drawn)
    table.caption = f"{caption}\nnowhere labelled: {never}" if never else caption
    return table


def flags_text(pictures: Sequence[LabelledPicture]) -> list[str]:
    """How many pictures have each flag, by source and split."""
    rows = label_counts.count(pictures)
    return [f"flag {flag}: {n} of {row.source} {row.split}" for row in rows for flag, n in row.flags.items()]


def corrections_text(where: Path, read: OwnData, chosen: Sequence[LabelledPicture]) -> list[str]:
    """How many corrections of each kind apply."""
    if read.kind != "manifest":
        return []
    sources = {p.source for p in chosen}
    counts = corrections.counts([c for c in corrections_for(where) if c.source in sources])
    return [f"corrections of {source}: {n} {action}" for (source, action), n in sorted(counts.items())]


def print_problems(console: Console, problems: Sequence[Problem]) -> None:
    """Each kind with its number and the first few, errors first."""
    kinds = Counter(p.fault for p in problems)
    for fault in sorted(kinds, key=lambda f: (not Problem(f, "", "").is_error, f)):
        of_kind = [p for p in problems if p.fault is fault]
        word = "[red]error[/red]" if of_kind[0].is_error else "[yellow]suspect[/yellow]"
        console.print(f"{word} {fault}: {len(of_kind)}", highlight=False)
        for p in of_kind[:SHOWN_PROBLEMS]:
            console.print(f"  {escape(p.where)}: {escape(p.detail)}", soft_wrap=True, highlight=False)
        if len(of_kind) > SHOWN_PROBLEMS:
            console.print(f"  ... and {len(of_kind) - SHOWN_PROBLEMS} more", highlight=False)


def lost_in_yolo(pictures: Sequence[LabelledPicture]) -> list[str]:
    """What a reader of a YOLO set will not know."""
    drawn = {label for p in pictures for label in p.labelled}
    partly = sum(p.labelled != drawn for p in pictures)
    lines = ["Carried: classes, boxes, split and scenes (as folders). Not carried: sources and flags."]
    if partly:
        lines.append(
            f"YOLO can't say that a class is not labelled in a picture: {partly} of {len(pictures)} pictures leave a"
            " class unsaid, and whoever trains on this set will take it as not being there."
        )
    return lines
