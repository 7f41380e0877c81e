"""One model of the chain: pictures in, boxes in pixels of those pictures out.

A model that leaves height and width open is given each picture in its own aspect, the longer side as in the
card; any other is given what it declares.
"""

import ast
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np

from helmetbelt.detector.card import ModelCard, read_card
from helmetbelt.detector.decode import Layout, decode, find_layout
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.engine import Runtime
from helmetbelt.detector.errors import ModelDamagedError, ModelFileError
from helmetbelt.detector.letterbox import Image, Letterbox, own_aspect, paste
from helmetbelt.detector.session import CPU, Session

SMALLEST_SIDE = 1.0
"""Boxes narrower or lower than this many pixels of the picture are dropped."""


class Finder:
    """A detector. Any number of threads may use it at the same time.

    Attributes:
        card: what is known of the model.
        session: the model in memory.
        layout: form of its output.
        is_open: the model leaves height and width of its input open.
    """

    def __init__(self, card: ModelCard, session: Session) -> None:
        """Checks that card and model agree and runs the model once.

        Raises:
            ModelDamagedError: they do not.
        """
        check_input(card, session)
        check_metadata(card, session)
        probe = session.run(np.zeros((1, *card.input_px, 3), np.uint8))
        try:
            self.layout: Layout = find_layout(probe.shape, len(card.classes), card.layout)
        except ModelDamagedError as error:
            raise ModelDamagedError(f"{session.name}: {error}") from error
        self.card = card
        self.session = session
        self._seconds_before = session.run_seconds
        self.is_open = session.form.height is None and session.form.width is None

    @classmethod
    def load(
        cls,
        name: str | Path,
        threads: int = 1,
        providers: tuple[str, ...] = CPU,
        runtime: Runtime = Runtime.ONNXRUNTIME,
    ) -> Self:
        """A model by its card.

        Args:
            name: of a model that came with the program, or the path of a .toml card.
            threads: of one run.
            providers: of onnxruntime, the preferred one first.
            runtime: what runs it.

        Raises:
            ModelFileError: no such card or model file.
            ModelDamagedError: the file is not what its card says.
            RuntimeAbsentError: the runtime isn't installed.
        """
        card = read_card(name)
        check_file(card)
        return cls(card, Session.open(card.path, threads, providers, runtime))

    @property
    def run_seconds(self) -> float:
        """Time spent inside the model since it was loaded, summed over all threads."""
        return self.session.run_seconds - self._seconds_before

    def find(self, image: Image, min_score: float, longer_px: int | None = None) -> Detections:
        """What the model sees in one picture; boxes in its pixels, best score first.

        Args:
            image: (height, width, 3) BGR, only read.
            min_score: boxes below it are dropped.
            longer_px: longer side of the input, a multiple of 32, for a model that leaves it open; None is the card's.

        Raises:
            ValueError: a size for a model that is fixed to its own.
        """
        if longer_px is None:
            return self.find_each([image], min_score)[0]
        if not self.is_open:
            raise ValueError(f"{self.session.name}: input {longer_px} px: the model is fixed to {self.card.input_px}")
        return self._find_in_own_aspect(image, min_score, longer_px)

    def find_each(self, images: Sequence[Image], min_score: float) -> list[Detections]:
        """What the model sees in each of several pictures of any sizes.

        Args:
            images: each (height, width, 3) BGR, only read.
            min_score: boxes below it are dropped.

        Returns:
            one for each picture, boxes in its pixels, best score first.

        Raises:
            ModelDamagedError: the model's answer is not one of a detector.
        """
        if self.is_open:
            longer = max(self.card.input_px)
            return [self._find_in_own_aspect(image, min_score, longer) for image in images]
        if not images:
            return []
        canvases = np.empty((len(images), *self.card.input_px, 3), np.uint8)
        places = [paste(image, canvas) for image, canvas in zip(images, canvases, strict=True)]
        outputs = self.session.run(canvases)
        count = len(self.card.classes)
        return [
            in_picture(decode(output, self.layout, count, min_score), place)
            for output, place in zip(outputs, places, strict=True)
        ]

    def input_hw(self, picture_hw: tuple[int, int]) -> tuple[int, int]:
        """Height and width of the input that a picture of this height and width is pasted into."""
        return own_aspect(picture_hw, max(self.card.input_px)) if self.is_open else self.card.input_px

    def _find_in_own_aspect(self, image: Image, min_score: float, longer_px: int) -> Detections:
        canvas = np.empty((1, *own_aspect((image.shape[0], image.shape[1]), longer_px), 3), np.uint8)
        place = paste(image, canvas[0])
        output = self.session.run(canvas)[0]
        return in_picture(decode(output, self.layout, len(self.card.classes), min_score), place)


def in_picture(found: Detections, place: Letterbox) -> Detections:
    """Boxes of the input as boxes of the picture; those without an area in it are dropped."""
    xyxy = place.to_picture(found.xyxy)
    has_area = np.all(xyxy[:, 2:] - xyxy[:, :2] >= SMALLEST_SIDE, axis=1)
    return Detections(xyxy, found.score, found.class_id)[has_area]


def check_file(card: ModelCard) -> None:
    """The model file is there and has the checksum of the card.

    Raises:
        ModelFileError: no such file.
        ModelDamagedError: an empty file, or another one than the card describes.
    """
    try:
        with card.path.open("rb") as file:
            seen = hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, IsADirectoryError) as error:
        raise ModelFileError(f"no model file {card.path} (its card is there)") from error
    if card.path.stat().st_size == 0:
        raise ModelDamagedError(f"{card.path}: the file is empty")
    if seen != card.sha256:
        raise ModelDamagedError(
            f"{card.path}: damaged or exchanged: its sha256 is {seen}, its card says {card.sha256}"
        )


def check_input(card: ModelCard, session: Session) -> None:
    """The model takes pictures of the card's size.

    Raises:
        ModelDamagedError: it does not.
    """
    declared = (session.form.height, session.form.width)
    if any(d is not None and d != c for d, c in zip(declared, card.input_px, strict=True)):
        raise _contradiction(session, "input height and width", declared, card.input_px)


def check_metadata(card: ModelCard, session: Session) -> None:
    """What ultralytics wrote into the model (names, imgsz, stride) agrees with the card; each may be absent.

    The size at export binds only a model that is fixed to it.

    Raises:
        ModelDamagedError: it does not, or cannot be read.
    """
    names = _noted(session, "names")
    if isinstance(names, dict):
        names = [names[k] for k in sorted(names)]
    if names is not None and names != list(card.classes):
        raise _contradiction(session, "class names", names, list(card.classes))
    size = _noted(session, "imgsz")
    is_open = session.form.height is None and session.form.width is None
    if size is not None and not is_open and size != list(card.input_px):
        raise _contradiction(session, "imgsz", size, list(card.input_px))
    stride = _noted(session, "stride")
    if isinstance(stride, int) and stride > 0 and any(side % stride for side in card.input_px):
        raise _contradiction(session, "stride", stride, f"input {list(card.input_px)}, not a multiple of it")


def _noted(session: Session, key: str) -> object:
    text = session.metadata.get(key)
    if text is None:
        return None
    try:
        noted: object = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
        raise ModelDamagedError(f"{session.name}: metadata {key} is unreadable: {text[:80]!r}") from error
    return noted


def _contradiction(session: Session, what: str, model: object, card: object) -> ModelDamagedError:
    return ModelDamagedError(f"{session.name}: {what}: the model says {model}, its card says {card}")
