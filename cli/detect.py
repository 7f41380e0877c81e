"""`helmetbelt detect`: two-wheelers, heads, cars and belts in still pictures, as JSON lines and as drawings."""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TextIO

import cv2
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from helmetbelt.cli.runtime import RuntimeOption
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.engine import Runtime
from helmetbelt.detector.errors import HelmetbeltError, PictureError
from helmetbelt.detector.letterbox import Image
from helmetbelt.detector.perception import load_perception
from helmetbelt.detector.pictures import list_pictures, read_picture
from helmetbelt.pipelines.passages import Role, Status
from helmetbelt.pipelines.rules import Wheel
from helmetbelt.pipelines.stills import Interior, Sight, look

STATUSES = (Status.WORN, Status.NOT_WORN)
"""Status of a head by its class: helmet, bare."""

GREEN, RED, AMBER, GREY, BLACK = (80, 200, 60), (60, 60, 240), (24, 160, 240), (190, 190, 190), (0, 0, 0)
COLOURS = {Status.WORN: GREEN, Status.NOT_WORN: RED, Status.UNKNOWN: AMBER}
INITIALS = {Role.DRIVER: "D", Role.FRONT_PASSENGER: "F"}


class Speed(ProgressColumn):
    """Pictures a second."""

    def render(self, task: Task) -> Text:
        """Empty until the first is done."""
        return Text("" if task.speed is None else f"{task.speed:.1f}/s")


def detect(
    pictures: Annotated[
        list[str], typer.Argument(metavar="IMAGE|FOLDER", help="Pictures, or folders with pictures.")
    ],
    json_file: Annotated[
        str, typer.Option("--json", metavar="FILE", help="Where the JSON lines go; - is standard output.")
    ] = "-",
    min_score: Annotated[
        float | None,
        typer.Option(
            min=0.01, max=1.0, show_default="that of each model", help="Lowest score of all boxes."
        ),
    ] = None,
    draw: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Also write the pictures with what was found.")
    ] = None,
    wheel: Annotated[
        Wheel, typer.Option(help="Side of the cars' steering wheel: right where traffic keeps left.")
    ] = Wheel.LEFT,
    closely: Annotated[
        bool, typer.Option(help="Look at large pictures a second time, in more detail: finds small vehicles.")
    ] = True,
    threads: Annotated[int, typer.Option(min=1, help="Threads of a model.")] = 1,
    models: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Other models than those that came along.")
    ] = None,
    runtime: RuntimeOption = Runtime.ONNXRUNTIME,
) -> None:
    """Find two-wheelers with their riders' heads, and cars with who sits in front.

    One line of JSON for each picture: boxes are left, top, right, bottom in
    pixels of the picture, turned upright as its EXIF orientation says. Scores
    are those of the box: how sure it is that there is a head, a windshield or
    an occupant. The status of an occupant is by this picture alone.

    Pictures that cannot be read are named on standard error, the others are
    still answered, and the exit code is 1.
    """
    perception = load_perception(threads, models, runtime, closely=closely)
    console = Console(stderr=True)
    bad = 0
    names = picture_names(pictures)
    drawings = dict(zip(names, drawing_names(names), strict=True))
    with _opened(json_file) as lines:
        for name in _with_progress(names, console):
            try:
                image = read_picture(Path(name))
            except PictureError as error:
                console.print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
                bad += 1
                continue
            sight = look(perception, image, min_score, wheel)
            lines.write(json.dumps(as_json(name, image, sight)) + "\n")
            if draw is not None:
                _write_drawing(draw / drawings[name], drawn(image, sight))
    if bad:
        raise typer.Exit(1)


def as_json(name: str, image: Image, sight: Sight) -> dict[str, Any]:
    """One line of the answer: sizes and boxes in pixels of the picture, best score first."""
    return {
        "image": name,
        "width": image.shape[1],
        "height": image.shape[0],
        "two_wheelers": [
            box | {"heads": _with_status(heads)}
            for box, heads in zip(_boxes(sight.two_wheelers), sight.heads, strict=True)
        ],
        "cars": [
            box | {"windshield": next(iter(_boxes(inside.cabin.windshield)), None), "occupants": _occupants(inside)}
            for box, inside in zip(_boxes(sight.cars), sight.interiors, strict=True)
        ],
    }


def drawn(image: Image, sight: Sight) -> Image:
    """A copy of the picture: vehicles and windshields in grey, heads and occupants in the colour of their status."""
    copy = image.copy()
    for vehicles in (sight.cars, sight.two_wheelers):
        for box in _boxes(vehicles):
            _draw_box(copy, box["xyxy"], GREY, f"{box['score']:.2f}")
    for heads in sight.heads:
        for head in _with_status(heads):
            _draw_box(copy, head["xyxy"], COLOURS[head["status"]], f"{head['score']:.2f}")
    for inside in sight.interiors:
        for box in _boxes(inside.cabin.windshield):
            _draw_box(copy, box["xyxy"], GREY, "")
        for one in _occupants(inside):
            _draw_box(copy, one["xyxy"], COLOURS[one["status"]], f"{INITIALS[one['role']]} {one['score']:.2f}")
    return copy


def _boxes(found: Detections) -> list[dict[str, Any]]:
    corners, scores = found.xyxy.astype(float).round(2), found.score.astype(float).round(5)
    return [{"xyxy": c.tolist(), "score": float(s)} for c, s in zip(corners, scores, strict=True)]


def _with_status(heads: Detections) -> list[dict[str, Any]]:
    return [
        {"xyxy": box["xyxy"], "status": STATUSES[class_id], "score": box["score"]}
        for box, class_id in zip(_boxes(heads), heads.class_id.tolist(), strict=True)
    ]


def _occupants(inside: Interior) -> list[dict[str, Any]]:
    boxes = _boxes(inside.cabin.occupants)
    return [
        {"xyxy": box["xyxy"], "role": role, "status": status, "score": box["score"]}
        for box, role, status in zip(boxes, inside.roles, inside.statuses, strict=True)
    ]


def _draw_box(image: Image, xyxy: list[float], colour: tuple[int, int, int], text: str) -> None:
    x1, y1, x2, y2 = (round(side) for side in xyxy)
    side = max(image.shape[:2])
    cv2.rectangle(image, (x1, y1), (x2, y2), colour, max(round(side / 400), 2))
    if not text:
        return
    scale, width = max(side / 1800, 0.35), max(round(side / 1000), 1)
    (text_width, text_height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, width)
    base = max(y1, text_height + 4)
    cv2.rectangle(image, (x1, base - text_height - 4), (x1 + text_width + 4, base), colour, cv2.FILLED)
    corner = (x1 + 2, base - 3)
    cv2.putText(image, text, corner, cv2.FONT_HERSHEY_SIMPLEX, scale, BLACK, width, cv2.LINE_AA)


def _write_drawing(file: Path, image: Image) -> None:
    encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 90])[1]
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(encoded.tobytes())
    except OSError as error:
        raise HelmetbeltError(f"{file}: cannot be written ({error.strerror})") from error


def picture_names(given: list[str]) -> list[str]:
    """Files as they were given, folders opened, each once.

    Raises:
        HelmetbeltError: only folders without pictures.
        PictureError: a folder that cannot be read.
    """
    names: list[str] = []
    for name in given:
        if Path(name).is_dir():
            names.extend(os.path.join(name, p.name) for p in list_pictures(Path(name)))
        else:
            names.append(name)
    if not names:
        raise HelmetbeltError(f"no JPEG, PNG, WebP or BMP pictures in {', '.join(given)}")
    return list(dict.fromkeys(names))


def drawing_names(names: list[str]) -> list[str]:
    """A file name for the drawing of each picture, never that of a picture: a.jpg gives a-detected.jpg."""
    seen: Counter[str] = Counter()
    made = []
    for name in names:
        stem = Path(name).stem
        seen[stem] += 1
        made.append(f"{stem}-detected{'' if seen[stem] == 1 else f'-{seen[stem]}'}.jpg")
    return made


@contextmanager
def _opened(file: str) -> Iterator[TextIO]:
    if file == "-":
        yield sys.stdout
        return
    try:
        with open(file, "w", encoding="utf-8") as opened:
            yield opened
    except HelmetbeltError:
        raise
    except OSError as error:
        raise HelmetbeltError(f"{file}: cannot be written ({error.strerror})") from error


def _with_progress(names: list[str], console: Console) -> Iterator[str]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Speed(),
        TimeRemainingColumn(),
    )
    if len(names) == 1 or not console.is_terminal:
        yield from names
        return
    with Progress(*columns, console=console, transient=True) as progress:
        yield from progress.track(names, description="pictures")
