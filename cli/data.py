"""`helmetbelt data`: shows, checks, imports and exports labelled pictures."""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import numpy as np
import typer
from rich.console import Console
from rich.progress import track

from helmetbelt.cli.data_console import (
    corrections_text,
    counts_table,
    flags_text,
    lost_in_yolo,
    print_problems,
    say_reading,
)
from helmetbelt.datasets import label_check
from helmetbelt.datasets.contact_sheet import Sheet, draw_picture, write_image, write_sheets
from helmetbelt.datasets.formats.class_names import parse_map
from helmetbelt.datasets.formats.coco import write_coco
from helmetbelt.datasets.formats.foreign import Fault, Problem
from helmetbelt.datasets.formats.yolo import write_yolo
from helmetbelt.datasets.look_alikes import look_of
from helmetbelt.datasets.manifest import NAMES, LabelledPicture
from helmetbelt.datasets.manifest_files import write_manifest
from helmetbelt.datasets.own_data import HowToRead, OwnData, read_own, require_held_out, usable
from helmetbelt.detector.errors import HelmetbeltError, PictureError
from helmetbelt.detector.pictures import read_picture

SHARED = Path("../shared/data/helmet")
T = TypeVar("T")


class Format(StrEnum):
    """What is written."""

    YOLO = "yolo"
    COCO = "coco"


class Ending(StrEnum):
    """Form of the sheets."""

    JPG = "jpg"
    PNG = "png"


data = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Show, check, import and export labelled pictures.",
)

Where = Annotated[
    Path,
    typer.Argument(metavar="DATA", help="Folder with manifest.jsonl, a YOLO data.yaml or its folder, or a COCO .json."),
]
NameMap = Annotated[
    list[str] | None, typer.Option("--map", metavar="NAME=CLASS", help="Our class for a name of theirs, or ignore.")
]
Group = Annotated[
    str | None, typer.Option(metavar="REGEX", help="Finds the scene in a picture's path; default: folder or prefix.")
]


@data.command()
def show(
    where: Where = SHARED,
    source: Annotated[str | None, typer.Option(help="Only pictures of this source.")] = None,
    split: Annotated[str | None, typer.Option(help="Only train or val.")] = None,
    label: Annotated[str | None, typer.Option("--class", help="Only pictures with a box of this class.")] = None,
    flag: Annotated[str | None, typer.Option(help="Only pictures with this flag.")] = None,
    picture: Annotated[list[str] | None, typer.Option(help="These pictures, each in its full size.")] = None,
    count: Annotated[int, typer.Option(min=0, help="Pictures on the sheets, drawn at random; 0: the table only.")] = 24,
    seed: Annotated[int, typer.Option(help="Of the draw.")] = 1,
    out: Annotated[Path, typer.Option(metavar="DIR", help="For the sheets.")] = Path("sheets"),
    ending: Annotated[Ending, typer.Option("--format", help="Of the sheets.")] = Ending.JPG,
    names: NameMap = None,
    group: Group = None,
) -> None:
    """Show labelled pictures with their boxes on contact sheets, and what is labelled how often.

    "unknown" means that the source doesn't draw this class: it may be in the pictures all the same.
    """
    console = Console()
    read = _read(where, names, group, keep_split=True)
    chosen = [p for p in read.pictures if _is_meant(p, source, split, label, flag)]
    say_reading(console, read)
    console.print(counts_table(chosen))
    for line in (*flags_text(chosen), *corrections_text(where, read, chosen)):
        console.print(line, soft_wrap=True, markup=False, highlight=False)
    if picture:
        files = _full_size(read.pictures, picture, out, ending)
    else:
        drawn = np.random.default_rng(seed).permutation(len(chosen))[:count]
        files = write_sheets([chosen[i] for i in sorted(drawn)], out, Sheet(), f".{ending}")
    for file in files:
        console.print(str(file), soft_wrap=True, markup=False, highlight=False)


@data.command()
def check(where: Where = SHARED, names: NameMap = None, group: Group = None) -> None:
    """Look for labels that are wrong or look wrong. Exit code 1 when there is an error.

    Errors: pictures missing or damaged, lines that can't be read, unknown classes, boxes without area or outside,
    scenes in both splits. Suspects, for a person to look at: boxes over the edge or twice, a head with two answers or
    too large for its vehicle, a held-out picture that looks like one that is trained on.
    """
    console = Console()
    read = _read(where, names, group, keep_split=True)
    say_reading(console, read)
    problems = list(read.problems)
    sound, looks = [], []
    for one in track(read.pictures, "looking at", console=Console(stderr=True), transient=True):
        problems += label_check.check_boxes(one)
        try:
            looks.append(look_of(read_picture(one.path)))
            sound.append(one)
        except PictureError as error:
            problems.append(Problem(Fault.DAMAGED if one.path.is_file() else Fault.MISSING, one.path.name, str(error)))
    problems += label_check.check_splits(sound, looks)
    errors = sum(p.is_error for p in problems)
    print_problems(console, problems)
    console.print(f"{len(read.pictures)} pictures: {errors} errors, {len(problems) - errors} suspects")
    if errors:
        raise typer.Exit(1)


@data.command(name="import")
def import_(
    where: Annotated[Path, typer.Argument(metavar="DATA", help="A YOLO data.yaml or its folder, or a COCO .json.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="New folder for the pictures and manifest.jsonl.")],
    names: NameMap = None,
    group: Group = None,
    keep_split: Annotated[bool, typer.Option("--keep-split", help="Take the split that the set has.")] = False,
    source: Annotated[str | None, typer.Option(help="What the set is called; default: its folder.")] = None,
    seed: Annotated[int, typer.Option(help="Of the choice of held-out scenes.")] = 20261124,
) -> None:
    """Bring a YOLO or COCO set into our form: our class names, scenes, whole scenes held out.

    Pictures that can't be read are named and left out, and the exit code is 1.
    """
    _refuse_full(out)
    console = Console()
    how = HowToRead(parse_map(names or []), group, keep_split, seed, source)
    read = read_own(where, how, _tracked)
    require_held_out(read)
    say_reading(console, read)
    pictures = [usable(p) for p in read.pictures]
    manifest = write_manifest(pictures, out)
    console.print(counts_table(pictures))
    lost = sum(len(p.label) for p in read.pictures) - sum(len(p.label) for p in pictures)
    if lost:
        console.print(f"{lost} boxes outside their picture or without area were left out")
    print_problems(console, read.problems)
    console.print(f"{manifest}: {len(pictures)} pictures", soft_wrap=True, markup=False, highlight=False)
    if any(p.is_error for p in read.problems):
        raise typer.Exit(1)


@data.command()
def export(
    where: Where,
    ending: Annotated[Format, typer.Option("--format", help="yolo or coco.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="New folder.")],
    names: NameMap = None,
    group: Group = None,
) -> None:
    """Write labelled pictures as a YOLO or COCO set for other programs, and say what the format can't carry."""
    _refuse_full(out)
    console = Console()
    read = _read(where, names, group, keep_split=True)
    pictures = [usable(p) for p in read.pictures]
    written = [write_yolo(pictures, out)] if ending is Format.YOLO else write_coco(pictures, out)
    if ending is Format.COCO:
        console.print("Sources, scenes, flags and labelled classes stand under the key 'helmetbelt' of each image.")
    else:
        for line in lost_in_yolo(pictures):
            console.print(line, soft_wrap=True, highlight=False)
    for file in written:
        console.print(str(file), soft_wrap=True, markup=False, highlight=False)
    if any(p.is_error for p in read.problems):
        print_problems(console, read.problems)
        raise typer.Exit(1)


def _tracked(items: Sequence[T]) -> Iterable[T]:
    return track(items, "reading", console=Console(stderr=True), transient=True)


def _read(where: Path, names: list[str] | None, group: str | None, keep_split: bool) -> OwnData:
    return read_own(where, HowToRead(parse_map(names or []), group, keep_split), _tracked)


def _refuse_full(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise HelmetbeltError(f"{folder}: is there already and not empty; name a new folder")


def _is_meant(
    picture: LabelledPicture, source: str | None, split: str | None, label: str | None, flag: str | None
) -> bool:
    if label is not None and label not in NAMES:
        raise HelmetbeltError(f"--class {label}: expected one of {', '.join(NAMES)}")
    return (
        source in (None, picture.source)
        and split in (None, picture.split)
        and (label is None or bool((picture.label == NAMES[label]).any()))
        and (flag is None or flag in picture.flags)
    )


def _full_size(pictures: Sequence[LabelledPicture], wanted: Sequence[str], out: Path, ending: Ending) -> list[Path]:
    files = []
    for name in wanted:
        found = [p for p in pictures if name in (p.path.name, p.path.stem)]
        if not found:
            raise HelmetbeltError(f"--picture {name}: no such picture")
        for one in found:
            plain = re.sub(r"[^\w-]+", "_", f"{one.group}-{one.path.stem}")
            files.append(out / f"{plain}.{ending}")
            write_image(files[-1], draw_picture(one))
    return files
