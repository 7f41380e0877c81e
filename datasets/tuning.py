"""Calibration and thresholds of the judge, chosen so that the rate has no bias; judged on scenes that chose nothing.

A threshold that is best for single answers may publish a wrong rate: where bare heads fall into the unknown zone
more often than helmets, every single answer is surer and the rate too high. So first come the pairs of thresholds
at which false worn and false not worn balance, so that the rate of the decided is nearest to that of the same
persons' labels; among those, which differ by less than chance, a wrong answer costs ten times an unknown one
(reject option: Chow, IEEE Trans. Information Theory 16:41, 1970).

Persons who were not found, and heads found where nobody is drawn, choose nothing: how many there are is a matter of
the scene, and no threshold mends it.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from helmetbelt.datasets.bootstrap import Doubles
from helmetbelt.datasets.calibration import FOLDS, Named, fit, folds
from helmetbelt.datasets.judging import Judged, Verdict, verdicts, worn_probability
from helmetbelt.datasets.persons import Person
from helmetbelt.datasets.rate_error import rate_error
from helmetbelt.detector.card import Thresholds
from helmetbelt.pipelines.rules import JudgeRules

WORN = (0.6, 0.7, 0.75, 0.8, 0.82, 0.84, 0.86, 0.88, 0.9, 0.91, 0.92, 0.93, 0.94)
NOT_WORN = tuple(round(1 - p, 2) for p in WORN)

SAME_BIAS = 0.01
"""Rates that differ by less than a point are equally good: a thousand persons tell no more."""

COST_OF_UNKNOWN = 0.1
MOST_UNKNOWN = 0.15
"""Greatest share of unknown among the persons that were seen."""


def tuned(persons: Sequence[Person], rules: JudgeRules, same_bias: float = SAME_BIAS) -> JudgeRules:
    """The judge's rules with calibration and thresholds fitted on these persons.

    Args:
        persons: inside the envelope, of any sources; those are used whose source draws both classes.
        rules: everything else in them stays.
        same_bias: how far from the least bias of the rate a pair of thresholds may be; infinite to choose by the
            cost of single answers only.

    Raises:
        CalibrationError: too few persons, see `calibration.fit`.
    """
    both = [p for p in persons if p.both_said]
    calibrated = replace(rules, calibration=fit(Named.of(both)))
    seen = [p for p in both if p.truth is not None and p.head is not None]
    return replace(calibrated, thresholds=_thresholds(seen, worn_probability(seen, calibrated), same_bias))


def judged_left_out(persons: Sequence[Person], rules: JudgeRules, same_bias: float = SAME_BIAS) -> Judged:
    """The verdict on each person by rules that were tuned without that person's scene.

    Args:
        persons: inside the envelope.
        rules: to be tuned.
        same_bias: see `tuned`.
    """
    fold = folds(np.array([p.group for p in persons], np.str_), FOLDS)
    verdict = np.zeros(len(persons), np.int64)
    for k in range(FOLDS):
        own = tuned([p for p, f in zip(persons, fold, strict=True) if f != k], rules, same_bias)
        left = [p for p, f in zip(persons, fold, strict=True) if f == k]
        verdict[fold == k] = verdicts(left, worn_probability(left, own), own.thresholds)
    return Judged.of(persons, verdict)


def _thresholds(seen: Sequence[Person], probability: Doubles, same_bias: float) -> Thresholds:
    """The widest unknown zone where several pairs are equal."""
    pairs = [Thresholds(worn, not_worn) for worn, not_worn in product(WORN, NOT_WORN)]
    some = Judged.of(seen, np.zeros(len(seen), np.int64))
    tried = [(pair, replace(some, verdict=verdicts(seen, probability, pair))) for pair in pairs]
    allowed = [t for t in tried if np.mean(t[1].verdict == Verdict.UNKNOWN) <= MOST_UNKNOWN] or tried
    bias = [abs(rate_error(judged)) for _, judged in allowed]
    fair = [t for t, b in zip(allowed, bias, strict=True) if b <= min(bias) + same_bias]
    return min(fair, key=lambda t: (round(_cost(t[1]), 4), t[0].not_worn - t[0].worn))[0]


def _cost(judged: Judged) -> float:
    """Of one answer: 1 a wrong one, `COST_OF_UNKNOWN` an unknown one."""
    wrong, unknown = judged.false_worn | judged.false_not_worn, judged.verdict == Verdict.UNKNOWN
    return float(np.mean(wrong + COST_OF_UNKNOWN * unknown))
