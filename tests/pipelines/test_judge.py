"""Votes become answers: thresholds, envelope, correlated votes, reasons."""

from dataclasses import replace

import pytest
from builders_looks import Head, look
from builders_rules import HELMET as RULES
from builders_rules import NO_BELTS, helmets, with_evidence, with_thresholds

from helmetbelt.pipelines.judge import judge
from helmetbelt.pipelines.looks import Look
from helmetbelt.pipelines.passages import Item, Reason, Role, Status, Vehicle
from helmetbelt.pipelines.rules import JudgeRules
from helmetbelt.pipelines.verdicts import Verdict

HELMET: Head = (0.5, 0.1, "helmet")
BARE: Head = (0.5, 0.1, "bare")


def rider(*looks: Look, rules: JudgeRules = RULES) -> Verdict:
    """The verdict on the only person."""
    (verdict,) = judge(Vehicle.TWO_WHEELER, looks, 0, helmets(rules))
    return verdict


def votes(helmet: int, bare: int, score: float = 0.8, px: float = 36) -> list[Look]:
    """So many looks of each kind."""
    return [look(0.2 * i, HELMET if i < helmet else BARE, score=score, px=px) for i in range(helmet + bare)]


@pytest.mark.parametrize(
    ("looks", "status", "reason"),
    [
        (votes(5, 0), Status.WORN, None),
        (votes(0, 5), Status.NOT_WORN, None),
        (votes(1, 7), Status.NOT_WORN, None),
        (votes(3, 3), Status.UNKNOWN, Reason.CONFLICT),
        (votes(1, 0, score=0.26, px=12), Status.UNKNOWN, Reason.TOO_SHORT),
        (votes(8, 0, px=8), Status.UNKNOWN, Reason.TOO_SMALL),
        ([look(0), look(1)], Status.UNKNOWN, Reason.OCCLUDED),
        ([], Status.UNKNOWN, Reason.TOO_SHORT),
    ],
    ids=["worn", "not worn", "outvoted", "conflict", "one doubtful look", "small", "no head", "never looked at"],
)
def test_answers_and_reasons(looks: list[Look], status: Status, reason: Reason | None) -> None:
    """A two-wheeler always has a rider, whose answer may be unknown."""
    observation = rider(*looks).observation
    assert (observation.role, observation.item) == (Role.RIDER, Item.HELMET)
    assert (observation.status, observation.reason) == (status, reason)


def test_a_far_vehicle_without_a_head_is_too_small() -> None:
    """Its head would be below the envelope; nobody can say that it was hidden."""
    far = look(0)
    tiny = replace(far, moment=replace(far.moment, xyxy=(100, 100, 120, 140)))
    assert rider(tiny).observation.reason is Reason.TOO_SMALL


def test_more_agreeing_looks_are_surer_but_not_as_if_independent() -> None:
    """Four looks weigh as two independent ones."""
    one, four = (rider(*votes(n, 0)).worn for n in (1, 4))
    odds = [p / (1 - p) for p in (one, four)]
    assert odds[1] == pytest.approx(odds[0] ** 2)


def test_a_surer_model_and_a_larger_head_weigh_more() -> None:
    """Confidence grows with the score, and with pixels up to twice the envelope."""
    def worn(score: float, px: float) -> float:
        return rider(*votes(1, 0, score, px)).worn

    assert worn(0.4, 36) < worn(0.9, 36)
    assert worn(0.8, 11) < worn(0.8, 20) == pytest.approx(worn(0.8, 60))


def test_no_vote_counts_without_bound() -> None:
    """Beyond a score of about nine tenths a single look doesn't become surer."""
    assert rider(*votes(1, 0, 0.999)).worn == rider(*votes(1, 0, 0.95)).worn < 0.96


def test_confidence_is_that_of_the_likelier_answer() -> None:
    """Of a conflict too."""
    assert rider(*votes(0, 5)).observation.confidence == pytest.approx(1 - rider(*votes(0, 5)).worn)
    assert rider(*votes(3, 3)).observation.confidence == pytest.approx(0.5)


@pytest.mark.parametrize(("evidence", "shown"), [(0.0, False), (0.05, True)])
def test_moving_the_threshold_of_enforcement_moves_no_status(evidence: float, shown: bool) -> None:
    """It only chooses what a person is shown."""
    verdict = rider(*votes(0, 5), rules=with_evidence(RULES, evidence))
    assert verdict.is_evidence is shown
    assert verdict.observation == rider(*votes(0, 5)).observation


@pytest.mark.parametrize("not_worn", [0.06, 0.2, 0.45])
def test_moving_the_thresholds_of_the_statistics_moves_no_evidence(not_worn: float) -> None:
    """The same people are shown, however many are counted."""
    tracks = [votes(n, 6 - n) for n in range(7)]
    shown = [rider(*looks, rules=with_thresholds(RULES, 0.8, not_worn)).is_evidence for looks in tracks]
    assert shown == [rider(*looks).is_evidence for looks in tracks]
    assert any(shown)
    assert not all(shown)


def test_one_look_is_no_evidence() -> None:
    """However sure."""
    assert not rider(*votes(0, 1, score=0.95), rules=with_evidence(RULES, 0.2)).is_evidence


def test_the_head_is_that_of_the_best_frame() -> None:
    """None where it wasn't seen there."""
    looks = [look(0, HELMET), look(1, HELMET, px=40)]
    heads = [judge(Vehicle.TWO_WHEELER, looks, frame, NO_BELTS)[0].observation.head for frame in (10, 5)]
    assert heads[0] is not None
    assert heads[0][3] - heads[0][1] == pytest.approx(40)
    assert heads[1] is None


def test_a_car_has_a_driver_without_an_answer() -> None:
    """While there is no cabin model."""
    (verdict,) = judge(Vehicle.CAR, [], 0, NO_BELTS)
    assert (verdict.observation.role, verdict.observation.reason) == (Role.DRIVER, Reason.NO_MODEL)
