"""Contact sheets: labelled pictures side by side with their boxes, to be looked at before training."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from helmetbelt.datasets.manifest import Label, LabelledPicture
from helmetbelt.detector.errors import HelmetbeltError, PictureError
from helmetbelt.detector.letterbox import Image
from helmetbelt.detector.pictures import read_picture

Colour = tuple[int, int, int]

COLOURS: dict[Label, Colour] = {
    Label.TWO_WHEELER: (220, 220, 220),
    Label.RIDER: (230, 150, 60),
    Label.HELMET: (80, 200, 60),
    Label.BARE: (60, 60, 240),
    Label.PLATE: (60, 220, 240),
    Label.CAR: (220, 120, 220),
}
"""Blue, green, red of each class."""

PAPER, INK, FAINT = (28, 28, 28), (240, 240, 240), (150, 150, 150)
FONT = cv2.FONT_HERSHEY_SIMPLEX
LINE_PX = 18
GAP_PX = 8


@dataclass(frozen=True, slots=True)
class Sheet:
    """Form of a sheet: tiles across and down, and the size of the picture in each, pixels."""

    columns: int = 4
    rows: int = 3
    width: int = 400
    height: int = 360


def write_sheets(pictures: Sequence[LabelledPicture], folder: Path, sheet: Sheet, suffix: str) -> list[Path]:
    """Writes as many sheets as the pictures need; returns their files.

    Args:
        pictures: in the order in which they are shown.
        folder: to write to.
        sheet: the form.
        suffix: ".jpg" or ".png".

    Raises:
        HelmetbeltError: a file can't be written.
    """
    per_sheet = sheet.columns * sheet.rows
    files = []
    for number, start in enumerate(range(0, len(pictures), per_sheet), 1):
        file = folder / f"sheet-{number:02d}{suffix}"
        write_image(file, draw_sheet(pictures[start : start + per_sheet], sheet))
        files.append(file)
    return files


def draw_sheet(pictures: Sequence[LabelledPicture], sheet: Sheet) -> Image:
    """One sheet with a legend and a tile for each picture."""
    tile_hw = (sheet.height + 2 * LINE_PX + GAP_PX, sheet.width + GAP_PX)
    rows = -(-len(pictures) // sheet.columns)
    paper = np.full((LINE_PX + GAP_PX + rows * tile_hw[0], sheet.columns * tile_hw[1], 3), PAPER, np.uint8)
    _legend(paper)
    for i, picture in enumerate(pictures):
        top = LINE_PX + GAP_PX + i // sheet.columns * tile_hw[0]
        left = i % sheet.columns * tile_hw[1]
        paper[top : top + tile_hw[0], left : left + tile_hw[1]] = _tile(picture, sheet, tile_hw)
    return paper


def draw_picture(picture: LabelledPicture) -> Image:
    """A copy of the picture in its own size, each box with its class.

    Raises:
        PictureError: it can't be read.
    """
    image = read_picture(picture.path).copy()
    for (x1, y1, x2, y2), label in zip(picture.xyxy.round().astype(int).tolist(), picture.label, strict=True):
        colour = COLOURS[Label(label)]
        cv2.rectangle(image, (x1, y1), (x2, y2), colour, 1)
        _text(image, Label(label).name.lower(), (x1, max(y1 - 3, 10)), colour)
    return image


def write_image(file: Path, image: Image) -> None:
    """Writes a picture in the form that its name says.

    Raises:
        HelmetbeltError: it can't be written.
    """
    data = cv2.imencode(file.suffix, image, [cv2.IMWRITE_JPEG_QUALITY, 90] if file.suffix == ".jpg" else [])[1]
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data.tobytes())
    except OSError as error:
        raise HelmetbeltError(f"{file}: cannot be written ({error.strerror})") from error


def _tile(picture: LabelledPicture, sheet: Sheet, tile_hw: tuple[int, int]) -> Image:
    tile = np.full((*tile_hw, 3), PAPER, np.uint8)
    try:
        image = read_picture(picture.path)
    except PictureError:
        _text(tile, "cannot be read", (GAP_PX, sheet.height // 2), COLOURS[Label.BARE])
    else:
        _place(tile, image, picture, sheet)
    unsaid = ", ".join(label.name.lower() for label in Label if label not in picture.labelled)
    first = f"{picture.path.name}  {picture.source}  {picture.split}  {picture.group}"
    second = "  ".join([*sorted(picture.flags), f"unknown: {unsaid}" if unsaid else "all classes labelled"])
    _text(tile, first, (2, sheet.height + LINE_PX - 5), INK)
    _text(tile, second, (2, sheet.height + 2 * LINE_PX - 5), FAINT)
    return tile


def _place(tile: Image, image: Image, picture: LabelledPicture, sheet: Sheet) -> None:
    scale = min(sheet.width / image.shape[1], sheet.height / image.shape[0])
    size = (max(round(image.shape[1] * scale), 1), max(round(image.shape[0] * scale), 1))
    shown = tile[: size[1], : size[0]]
    shown[:] = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    corners = (picture.xyxy * scale).round().astype(int).tolist()
    for (x1, y1, x2, y2), label in zip(corners, picture.label, strict=True):
        colour = COLOURS[Label(label)] if label in list(Label) else INK
        cv2.rectangle(shown, (x1, y1), (x2, y2), (0, 0, 0), 3)
        cv2.rectangle(shown, (x1, y1), (x2, y2), colour, 1)


def _legend(paper: Image) -> None:
    left = GAP_PX
    for label, colour in COLOURS.items():
        name = label.name.lower()
        cv2.rectangle(paper, (left, 5), (left + 12, 17), colour, cv2.FILLED)
        _text(paper, name, (left + 18, 16), INK)
        left += 40 + 9 * len(name)


def _text(image: Image, text: str, at: tuple[int, int], colour: Colour) -> None:
    cv2.putText(image, text, at, FONT, 0.42, colour, 1, cv2.LINE_AA)
