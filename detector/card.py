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
    min_head_px = 10.0                # smallest height of a head in the frame (head model)
    min_occupant_px = 40.0            # smallest height of an occupant's box in the frame (belt model)
    light = ["day", "dusk"]

    [thresholds]                      # of the judge, probabilities that helmet or belt is worn (head, belt model)
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

import importlib.resources
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helmetbelt.detector.decode import Layout
from helmetbelt.detector.errors import ModelDamagedError, ModelFileError
from helmetbelt.detector.toml_table import Plain, TomlTable


@dataclass(frozen=True, slots=True)
class Envelope:
    """Where the scores of a model hold.

    Attributes:
        min_head_px: smallest height of a head in the frame, pixels; None where it isn't about heads.
        min_occupant_px: smallest height of a car occupant's box; None where it isn't about occupants.
        light: kinds of light that it was measured in.
    """

    min_head_px: float | None
    min_occupant_px: float | None
    light: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Limits of the judge on the probability that helmet or belt is worn.

    Attributes:
        worn: at or above it is worn.
        not_worn: at or below it is not; unknown between the two.
    """

    worn: float
    not_worn: float

    def __post_init__(self) -> None:
        if not 0 <= self.not_worn < self.worn <= 1:
            raise ValueError(f"thresholds {self.not_worn}, {self.worn}: expected 0 ≤ not_worn < worn ≤ 1")


@dataclass(frozen=True, slots=True)
class Calibration:
    """From a score to a probability: sigmoid(logit(score) / temperature + bias)."""

    temperature: float
    bias: float

    def log_odds(self, score: float) -> float:
        """Logarithm of probability / (1 - probability); scores are cut off at one in a thousand from both ends."""
        inside = min(max(score, 1e-3), 1 - 1e-3)
        return math.log(inside / (1 - inside)) / self.temperature + self.bias


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
        return _CardTable(str(path), tomllib.loads(text)).card(path.parent)
    except tomllib.TOMLDecodeError as error:
        raise ModelDamagedError(f"{path}: not TOML ({error})") from error


def models_folder() -> Path:
    """Where the models that came with the program are."""
    return Path(str(importlib.resources.files("helmetbelt.models")))


def card_names() -> list[str]:
    """Names of the models that came with the program."""
    return sorted(p.stem for p in models_folder().glob("*.toml"))


class _CardTable(TomlTable):
    """The tables of a card."""

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
        self.require("light")
        head_px, occupant_px = (
            self.number(key, 0, 10_000) if key in self.values else None for key in ("min_head_px", "min_occupant_px")
        )
        made = Envelope(head_px, occupant_px, self.texts("light"))
        self.finish()
        return made

    def thresholds(self) -> Thresholds:
        """The table [thresholds]."""
        self.require("worn", "not_worn")
        worn, not_worn = self.number("worn", 0, 1), self.number("not_worn", 0, 1)
        if not_worn >= worn:
            raise self.wrong("not_worn", "below worn", not_worn)
        self.finish()
        return Thresholds(worn, not_worn)

    def calibration(self) -> Calibration:
        """The table [calibration]."""
        self.require("temperature", "bias")
        made = Calibration(self.number("temperature", 0.01, 100), self.number("bias", -100, 100))
        self.finish()
        return made
