"""Model cards: a TOML file beside each model that says what it is and how far it can be trusted.

    name = "heads"                    # what it is called
    file = "heads.onnx"               # in the card's own folder
    sha256 = "9f86d0…"                # of that file, 64 hexadecimal digits
    task = "…"                        # one sentence: what is found in what
    classes = ["helmet", "bare"]      # in the order of the model
    input = [224, 224]                # height, width; only the longer side counts where the model is open
    min_score = 0.25                  # working threshold: boxes below it are dropped
    layout = "end_to_end"             # optional, or "raw": form of the output, else found from the model

    [envelope]                        # optional: where the scores hold
    min_head_px = 10.0                # smallest height of a head in the frame
    light = ["day", "dusk"]

    [thresholds]                      # optional: of the judge, probabilities that a helmet is worn
    worn = 0.7
    not_worn = 0.3

    [calibration]                     # optional: probability = sigmoid(logit(score) / temperature + bias)
    temperature = 1.0
    bias = 0.0

    [training]                        # optional, free: text, numbers, true or false, dates, lists of them
    [data]
    [scores]

Any other key is an error, so that a misspelt one is not passed over.
"""

import datetime as dt
import importlib.resources
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from helmetbelt.detector.decode import Layout
from helmetbelt.detector.errors import ModelDamagedError, ModelFileError

Plain: TypeAlias = str | int | float | bool | dt.date | dt.time | list["Plain"]
"""A value of a free table."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Where the scores of a model hold.

    Attributes:
        min_head_px: smallest height of a head in the frame, pixels.
        light: kinds of light that it was measured in.
    """

    min_head_px: float
    light: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Limits of the judge: probability of a worn helmet above which it is worn, below which it is not."""

    worn: float
    not_worn: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """From a score to a probability: sigmoid(logit(score) / temperature + bias)."""

    temperature: float
    bias: float


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What is known of one model. The keys are explained at the top of this file.

    Attributes:
        path: of the model file, next to the card.
        input_px: height, width.
    """

    name: str
    path: Path
    sha256: str
    task: str
    classes: tuple[str, ...]
    input_px: tuple[int, int]
    min_score: float
    layout: Layout | None
    envelope: Envelope | None
    thresholds: Thresholds | None
    calibration: Calibration | None
    training: Mapping[str, Plain]
    data: Mapping[str, Plain]
    scores: Mapping[str, Plain]


def read_card(where: str | Path) -> ModelCard:
    """Reads a card.

    Args:
        where: name of a shipped model ("road"), or path of a .toml file.

    Raises:
        ModelFileError: no such card.
        ModelDamagedError: not TOML, or with unknown, missing or impossible values.
    """
    path = Path(where) if str(where).endswith(".toml") else models_folder() / f"{where}.toml"
    try:
        text = path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        known = ", ".join(card_names()) or "none"
        raise ModelFileError(f"no model card {path} (models that came with the program: {known})") from error
    except UnicodeDecodeError as error:
        raise ModelDamagedError(f"{path}: not a text file ({error})") from error
    try:
        return _Table(str(path), tomllib.loads(text)).card(path.parent)
    except tomllib.TOMLDecodeError as error:
        raise ModelDamagedError(f"{path}: not TOML ({error})") from error


def models_folder() -> Path:
    """Where the models that came with the program are."""
    return Path(str(importlib.resources.files("helmetbelt.models")))


def card_names() -> list[str]:
    """Names of the models that came with the program."""
    return sorted(p.stem for p in models_folder().glob("*.toml"))


class _Table:
    """One table of a card, taken key by key; what is left over at the end is unknown."""

    def __init__(self, where: str, values: dict[str, Any]) -> None:
        self.where = where
        self.values = dict(values)

    def card(self, folder: Path) -> ModelCard:
        """The whole card."""
        self.require("name", "file", "sha256", "task", "classes", "input", "min_score")
        envelope, thresholds, calibration = map(self.table, ("envelope", "thresholds", "calibration"))
        card = ModelCard(
            name=self.text("name"),
            path=folder / self.text("file", r"[^/\\]+\.onnx"),
            sha256=self.text("sha256", r"[0-9a-f]{64}"),
            task=self.text("task"),
            classes=self.texts("classes"),
            input_px=self.sides("input"),
            min_score=self.number("min_score", 0, 1),
            layout=Layout(self.text("layout", "raw|end_to_end")) if "layout" in self.values else None,
            envelope=envelope.envelope() if envelope else None,
            thresholds=thresholds.thresholds() if thresholds else None,
            calibration=calibration.calibration() if calibration else None,
            training=self.free("training"),
            data=self.free("data"),
            scores=self.free("scores"),
        )
        self.finish()
        return card

    def envelope(self) -> Envelope:
        """The table [envelope]."""
        self.require("min_head_px", "light")
        made = Envelope(self.number("min_head_px", 0, 10_000), self.texts("light"))
        self.finish()
        return made

    def thresholds(self) -> Thresholds:
        """The table [thresholds]."""
        self.require("worn", "not_worn")
        made = Thresholds(self.number("worn", 0, 1), self.number("not_worn", 0, 1))
        if made.not_worn > made.worn:
            raise self.wrong("not_worn", "not above worn", made.not_worn)
        self.finish()
        return made

    def calibration(self) -> Calibration:
        """The table [calibration]."""
        self.require("temperature", "bias")
        made = Calibration(self.number("temperature", 0.01, 100), self.number("bias", -100, 100))
        self.finish()
        return made

    def require(self, *keys: str) -> None:
        """Every key is there."""
        missing = [k for k in keys if k not in self.values]
        if missing:
            raise ModelDamagedError(f"{self.where}: missing {', '.join(missing)}")

    def finish(self) -> None:
        """No key is left over."""
        if self.values:
            raise ModelDamagedError(f"{self.where}: unknown {', '.join(self.values)}")

    def wrong(self, key: str, expected: str, seen: object) -> ModelDamagedError:
        """The error for a value that cannot be."""
        return ModelDamagedError(f"{self.where}: {key} is {seen!r}: expected {expected}")

    def text(self, key: str, pattern: str = ".+") -> str:
        """A text that fits the whole pattern."""
        value = self.values.pop(key)
        if not isinstance(value, str) or not re.fullmatch(pattern, value, re.DOTALL):
            raise self.wrong(key, f"text like {pattern}", value)
        return value

    def number(self, key: str, least: float, most: float) -> float:
        """A number between two limits."""
        value = self.values.pop(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise self.wrong(key, f"a number from {least} to {most}", value)
        return float(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of different texts, at least one."""
        value = self.values.pop(key)
        if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
            raise self.wrong(key, "a list of texts", value)
        if len(set(value)) != len(value):
            raise self.wrong(key, "each text once", value)
        return tuple(value)

    def sides(self, key: str) -> tuple[int, int]:
        """Height and width."""
        value = self.values.pop(key)
        if not isinstance(value, list) or [type(v) for v in value] != [int, int] or min(value) < 1:
            raise self.wrong(key, "[height, width] in pixels", value)
        return value[0], value[1]

    def table(self, key: str) -> "_Table | None":
        """A table of its own, None where there is none."""
        value = self.values.pop(key, None)
        if value is not None and not isinstance(value, dict):
            raise self.wrong(key, f"a table [{key}]", value)
        return None if value is None else _Table(f"{self.where}: [{key}]", value)

    def free(self, key: str) -> Mapping[str, Plain]:
        """A free table as it is, read-only."""
        inner = self.table(key)
        values = inner.values if inner else {}
        nested = [k for k, v in values.items() if isinstance(v, dict)]
        if nested:
            raise self.wrong(key, "no tables inside", nested)
        return MappingProxyType(values)
