"""Thresholds that leave the rate where it is."""

from dataclasses import replace

import numpy as np
import pytest
from builders_scoring import RULES, person

from helmetbelt.datasets.calibration import CalibrationError
from helmetbelt.datasets.judging import Verdict, judged
from helmetbelt.datasets.persons import Person
from helmetbelt.datasets.rate_error import rate_error
from helmetbelt.datasets.tuning import MOST_UNKNOWN, judged_left_out, tuned


def lopsided(count: int = 400) -> list[Person]:
    """Persons of whom half wear one. Bare heads are named less surely, and wrongly more often; errors are unsure."""
    rng = np.random.default_rng(3)
    persons = []
    for i in range(count):
        truth = bool(i % 2)
        right = bool(rng.random() < (0.97 if truth else 0.85))
        helmet = truth if right else not truth
        score = float(rng.uniform(0.5, 0.99) if helmet else rng.uniform(0.45, 0.8))
        persons.append(person(truth, helmet, score if right else max(score - 0.3, 0.1), group=f"g{i // 6}"))
    return persons


def test_the_balanced_choice_has_the_smaller_bias() -> None:
    """Choosing by the cost of single answers leaves out unsure bare heads, and the rate goes up."""
    persons = lopsided()
    balanced, cheap = judged(persons, tuned(persons, RULES)), judged(persons, tuned(persons, RULES, float("inf")))
    assert abs(rate_error(balanced)) <= 0.02
    assert rate_error(cheap) > 2 * abs(rate_error(balanced))
    assert (balanced.verdict == Verdict.UNKNOWN).mean() <= MOST_UNKNOWN


def test_only_calibration_and_thresholds_are_tuned() -> None:
    """What enforcement goes by stays as it was."""
    rules = tuned(lopsided(), RULES)
    assert rules.calibration != RULES.calibration
    assert (rules.evidence_not_worn, rules.least_px, rules.min_score, rules.most) == (
        RULES.evidence_not_worn, RULES.least_px, RULES.min_score, RULES.most,
    )  # fmt: skip


def test_nobody_is_judged_by_rules_that_know_his_scene() -> None:
    """Labels of one scene turned around change no verdict in it."""
    persons = lopsided()
    own = np.array([p.group == "g7" for p in persons])
    turned = [replace(p, truth=not p.truth) if p.group == "g7" else p for p in persons]
    before, after = judged_left_out(persons, RULES).verdict, judged_left_out(turned, RULES).verdict
    assert np.array_equal(before[own], after[own])


def test_too_few_persons_are_an_error() -> None:
    """It says how many there are."""
    with pytest.raises(CalibrationError, match="6 heads: a curve needs 20"):
        tuned(lopsided(6), RULES)
