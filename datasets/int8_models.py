"""An INT8 road or head model beside its float one: what it is calibrated on, how it compares, and its card."""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.agreement import AGREED_IOU, agreement
from helmetbelt.datasets.bootstrap import Interval
from helmetbelt.datasets.manifest import Label, LabelledPicture
from helmetbelt.datasets.quantize import CUT_OFF
from helmetbelt.datasets.rows import Row
from helmetbelt.datasets.timing import Spent, side_by_side
from helmetbelt.datasets.toml import toml
from helmetbelt.datasets.variants import HEADS, ROAD, head_answers, road_answers, scored, working
from helmetbelt.detector.card import read_card
from helmetbelt.detector.crops import head_crop_xyxy
from helmetbelt.detector.finder import Finder
from helmetbelt.detector.letterbox import Image, paste
from helmetbelt.detector.pictures import read_picture

SMALLEST_CROP_PX = 24
FLOAT, INT8 = "float32", "int8"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The INT8 model beside the float one, on the same pictures.

    Attributes:
        pictures: how many; none of them was calibrated on.
        agreement: F1 with the float model's boxes taken as the truth.
        rows: each figure that tells whether it became worse, by the float model and by the INT8 one.
        spent: processor time of one run, one thread, by "float32" and "int8".
    """

    pictures: int
    agreement: Interval
    rows: list[tuple[Row, Row]]
    spent: dict[str, Spent]


def calibrating_inputs(
    finder: Finder, pictures: Sequence[LabelledPicture], count: int, seed: int
) -> list[NDArray[np.uint8]]:
    """Real frames, or crops of labelled two-wheelers, drawn at random, as the model is shown them.

    Args:
        finder: of the float model, "road" or "heads".
        pictures: of the training split.
        count: how many.
        seed: of the draw.

    Returns:
        each (1, height, width, 3).
    """
    asked = [p for p in pictures if Label.TWO_WHEELER in p.labelled and len(p.boxes(Label.TWO_WHEELER))]
    order = np.random.default_rng(seed).permutation(len(asked))
    images = _frames_or_crops((asked[i] for i in order), finder.card.name == HEADS, seed)
    return [as_input(finder, image) for _, image in zip(range(count), images, strict=False)]


def as_input(finder: Finder, image: Image) -> NDArray[np.uint8]:
    """(1, height, width, 3): the picture as the model is shown it."""
    canvas = np.empty((1, *finder.input_hw((image.shape[0], image.shape[1])), 3), np.uint8)
    paste(image, canvas[0])
    return canvas


def compare(floats: tuple[Finder, Finder], int8: Finder, pictures: Sequence[LabelledPicture]) -> Comparison:
    """Runs the whole path twice, once with the INT8 model in the float one's place.

    Args:
        floats: road and head model.
        int8: the INT8 form of one of them.
        pictures: of scenes that nothing was trained or calibrated on.
    """
    road, heads = floats
    model = int8.card.name
    ours = theirs = road_answers(road, pictures)
    if model == ROAD:
        theirs = road_answers(int8, pictures)
    else:
        ours, theirs = head_answers(road, heads, ours), head_answers(road, int8, ours)
    theirs_seen, ours_seen = ([working(a, model, int8.card.min_score) for a in given] for given in (theirs, ours))
    found = agreement(theirs_seen, ours_seen, [a.group for a in ours])
    rows = list(zip(scored(ours, model), scored(theirs, model), strict=True))
    float_model = road if model == ROAD else heads
    canvas = as_input(float_model, read_picture(pictures[0].path))
    runs = {FLOAT: lambda: float_model.session.run(canvas), INT8: lambda: int8.session.run(canvas)}
    return Comparison(len(pictures), found, rows, side_by_side(runs))


def int8_card(float_card: Path, onnx_file: Path, calibrated_on: int, comparison: Comparison | None) -> str:
    """The text of the INT8 model's card: the float one's, with its own file and what was measured of it.

    Args:
        float_card: to start from; its scores are not those of this model and are left out.
        onnx_file: the INT8 model.
        calibrated_on: pictures.
        comparison: None before it was compared.
    """
    head = tomllib.loads(float_card.read_text("utf-8"))
    tables = {key: head.pop(key) for key in [k for k, v in head.items() if isinstance(v, dict)]}
    head |= {"file": onnx_file.name, "sha256": hashlib.sha256(onnx_file.read_bytes()).hexdigest()}
    tables.setdefault("training", {})
    tables["training"] |= {
        "exported": date.today(),
        "quantised": f"helmetbelt quantize {head['name']}: U8S8, per channel, ranges of {CUT_OFF:g} % of the values on"
        f" {calibrated_on} pictures of the training split",
        "quantised_from": read_card(float_card).sha256,
    }
    tables.pop("scores", None)
    if comparison is not None:
        tables["scores"] = _scores(comparison)
    return toml(head, tables)


def _scores(comparison: Comparison) -> dict[str, str]:
    spent = comparison.spent[INT8]
    shown = {
        f"{ours.what}, float32 then int8": f"{_text(ours.figure)} then {_text(theirs.figure)}"
        for ours, theirs in comparison.rows
    }
    return {
        "how": f"helmetbelt quantize on {comparison.pictures} pictures not trained or calibrated on; 95 % by scene",
        f"F1 of boxes beside float32, IoU {AGREED_IOU}": _text(comparison.agreement),
        "processor time of a run, one thread": f"{spent.ratio:.2f} of float32 ({spent.ms:.1f} ms)",
    } | shown


def _text(figure: Interval) -> str:
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}] n={figure.n}"


def _frames_or_crops(pictures: Iterable[LabelledPicture], wants_crops: bool, seed: int) -> Iterator[Image]:
    rng = np.random.default_rng(seed)
    for picture in pictures:
        image = read_picture(picture.path)
        if not wants_crops:
            yield image
            continue
        vehicles = picture.boxes(Label.TWO_WHEELER)
        box = vehicles[rng.integers(len(vehicles))]
        left, top, right, bottom = head_crop_xyxy(box, image.shape[1], image.shape[0])
        if min(right - left, bottom - top) >= SMALLEST_CROP_PX:
            yield image[top:bottom, left:right]
