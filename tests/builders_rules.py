"""Rules of the judge in one line, for tests of what is made of them."""

from dataclasses import replace

from helmetbelt.detector.card import Calibration, Thresholds
from helmetbelt.pipelines.rules import JudgeRules, Rules, Wheel

HELMET = JudgeRules(0.25, 10, Thresholds(0.8, 0.2), Calibration(2.5, 2.1))
BELT = JudgeRules(0.25, 16, Thresholds(0.9, 0.1), Calibration(1.0, 0.0))

NO_BELTS = Rules(HELMET, None)
"""Without a cabin and a belt model."""

BOTH = Rules(HELMET, BELT)


def helmets(rules: JudgeRules) -> Rules:
    """These for helmets, none for belts."""
    return Rules(rules, None)


def belts(rules: JudgeRules, wheel: Wheel = Wheel.LEFT) -> Rules:
    """The usual ones for helmets, these for belts."""
    return Rules(HELMET, rules, wheel)


def with_thresholds(rules: JudgeRules, worn: float, not_worn: float) -> JudgeRules:
    """The same with other thresholds of the statistics."""
    return replace(rules, thresholds=Thresholds(worn, not_worn))


def with_evidence(rules: JudgeRules, not_worn: float) -> JudgeRules:
    """The same with another threshold of enforcement."""
    return replace(rules, evidence_not_worn=not_worn)
