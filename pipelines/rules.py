"""What the judge decides by: what the models' cards say of themselves, and what the operator says of the country."""

from dataclasses import dataclass
from enum import StrEnum

from helmetbelt.detector.card import Calibration, ModelCard, Thresholds
from helmetbelt.detector.errors import ModelDamagedError
from helmetbelt.detector.perception import Perception

UNCALIBRATED = Calibration(temperature=1.0, bias=0.0)
"""What a card without a calibration means: the score is the probability."""


class Wheel(StrEnum):
    """Side of the steering wheel: left where traffic keeps right."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class JudgeRules:
    """How the votes on one item become an answer.

    `thresholds` make the statistics. `evidence_not_worn` is that of enforcement: it only chooses who is shown to a
    person, and moving it moves no status.

    Attributes:
        min_score: least score of the boxes that are judged.
        least_px: a lower head, or occupant's box, in the source's picture is not judged.
        thresholds: on the probability that helmet or belt is worn.
        calibration: from a score to a probability.
        evidence_not_worn: at or below it, with two looks or more, evidence is kept.
        most: greatest log-odds of one vote.
    """

    min_score: float
    least_px: float
    thresholds: Thresholds
    calibration: Calibration
    evidence_not_worn: float = 0.05
    most: float = 3.0


@dataclass(frozen=True, slots=True)
class Rules:
    """What a lane decides by.

    Attributes:
        helmet: on heads.
        belt: on car occupants; None without a cabin and a belt model.
        wheel: of the cars.
    """

    helmet: JudgeRules
    belt: JudgeRules | None
    wheel: Wheel = Wheel.LEFT


def rules_of(perception: Perception, wheel: Wheel = Wheel.LEFT) -> Rules:
    """The rules that go with these models.

    Raises:
        ModelDamagedError: a card doesn't say what the judge must know.
    """
    card = perception.head_model.card
    least_px = card.envelope.min_head_px if card.envelope else None
    return Rules(_rules(card, card.min_score, "min_head_px", least_px), belt_rules(perception), wheel)


def belt_rules(perception: Perception) -> JudgeRules | None:
    """The rules for belts; None without a cabin and a belt model.

    Raises:
        ModelDamagedError: the belt model's card doesn't say what the judge must know.
    """
    if perception.cabin_model is None or perception.belt_model is None:
        return None
    card = perception.belt_model.card
    least_px = card.envelope.min_occupant_px if card.envelope else None
    return _rules(card, perception.cabin_model.card.min_score, "min_occupant_px", least_px)


def _rules(card: ModelCard, min_score: float, key: str, least_px: float | None) -> JudgeRules:
    if card.thresholds is None or least_px is None:
        missing = "[thresholds]" if card.thresholds is None else f"{key} in [envelope]"
        raise ModelDamagedError(f"{card.path}: its card has no {missing}, by which people are judged")
    return JudgeRules(min_score, least_px, card.thresholds, card.calibration or UNCALIBRATED)
