"""The votes of a finished track → its observations.

Each vote is a probability turned into log-odds: the model's score is calibrated (a logistic curve fitted on
labelled heads), capped, and weighted by the size of the head. Votes of one track are far from independent:
the same light, the same cap from the same side. Were they independent their log-odds would add up; were they
copies, any one would do. The sum is divided by the root of the number of votes, which lies half-way: four
agreeing looks weigh as two independent ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helmetbelt.pipelines.looks import Look
from helmetbelt.pipelines.passages import Item, Observation, Reason, Role, Status, Vehicle
from helmetbelt.pipelines.persons import HeadVote, seat_persons

USUAL_HEAD = 0.18
"""Height of a head as a share of its two-wheeler's box."""


@dataclass(frozen=True, slots=True)
class JudgeRules:
    """Thresholds on the probability that a helmet is worn, and the envelope outside which none is believed.

    `worn` and `not_worn` make the statistics. `evidence_not_worn` is that of enforcement: it only chooses
    which riders are shown to a person, and moving it moves no status.

    Attributes:
        worn: at or above it is worn.
        not_worn: at or below it is not worn; unknown between the two.
        evidence_not_worn: at or below it, with two looks or more, evidence is kept.
        min_head_px: a smaller head in the source's picture is not judged.
        intercept: log-odds that the named class is right, at a score of one half.
        slope: of these log-odds on the log-odds of the score.
        most: greatest log-odds of one vote.
    """

    worn: float = 0.80
    not_worn: float = 0.20
    evidence_not_worn: float = 0.05
    min_head_px: float = 10.0
    intercept: float = 2.1
    slope: float = 0.4
    most: float = 3.0

    def __post_init__(self) -> None:
        if not 0 <= self.not_worn < self.worn <= 1:
            raise ValueError(f"thresholds {self.not_worn}, {self.worn}: expected 0 ≤ not_worn < worn ≤ 1")


@dataclass(frozen=True, slots=True)
class Verdict:
    """An observation, and what it rests on.

    Attributes:
        observation: the answer.
        votes: all heads of this person, too small ones too.
        worn: probability that a helmet is worn.
        is_evidence: not worn, and sure enough for enforcement to show it to a person.
    """

    observation: Observation
    votes: tuple[HeadVote, ...]
    worn: float
    is_evidence: bool


def judge(vehicle: Vehicle, looks: Sequence[Look], best_frame: int, rules: JudgeRules) -> tuple[Verdict, ...]:
    """One verdict for each person and item of a vehicle.

    A two-wheeler always has a rider, even where no head was seen. A car has a driver whose belt is unknown
    while there is no cabin model; whether somebody sits beside is not known either, so nobody is reported.

    Args:
        vehicle: kind.
        looks: of the vehicle, earliest first.
        best_frame: index of the frame whose head boxes go into the observations.
        rules: thresholds.
    """
    if vehicle is Vehicle.CAR:
        return (_no_model(),)
    persons = seat_persons(looks)
    if not persons:
        return (_no_head(looks, rules),)
    return tuple(judge_person(seat, votes, best_frame, rules) for seat, votes in enumerate(persons))


def judge_person(seat: int, votes: tuple[HeadVote, ...], best_frame: int, rules: JudgeRules) -> Verdict:
    """The verdict on one person's helmet."""
    usable = [vote for vote in votes if vote.height_px >= rules.min_head_px]
    worn = probability_worn(usable, rules)
    status, reason = _answer(worn, usable, rules)
    head = next((vote.xyxy for vote in votes if vote.moment.frame == best_frame), None)
    role = Role.RIDER if seat == 0 else Role.PILLION
    sure = max(worn, 1 - worn)
    observation = Observation(role, seat, Item.HELMET, status, reason, sure, len(usable), head)
    shown = status is Status.NOT_WORN and worn <= rules.evidence_not_worn and len(usable) >= 2
    return Verdict(observation, votes, worn, shown)


def probability_worn(votes: Sequence[HeadVote], rules: JudgeRules) -> float:
    """Probability that a helmet is worn, 0.5 without votes."""
    if not votes:
        return 0.5
    weight = np.array([min(vote.height_px / (2 * rules.min_head_px), 1.0) for vote in votes])
    evidence = np.array([_log_odds(vote, rules) for vote in votes])
    total = float((weight * evidence).sum()) / np.sqrt(max(float(weight.sum()), 1.0))
    return float(1 / (1 + np.exp(-total)))


def _log_odds(vote: HeadVote, rules: JudgeRules) -> float:
    """Above 0 for a helmet."""
    score = min(max(vote.score, 1e-3), 1 - 1e-3)
    right = rules.intercept + rules.slope * float(np.log(score / (1 - score)))
    right = min(max(right, 0.0), rules.most)
    return right if vote.helmet else -right


def _answer(worn: float, usable: Sequence[HeadVote], rules: JudgeRules) -> tuple[Status, Reason | None]:
    if not usable:
        return Status.UNKNOWN, Reason.TOO_SMALL
    if worn >= rules.worn:
        return Status.WORN, None
    if worn <= rules.not_worn:
        return Status.NOT_WORN, None
    disagree = len({vote.helmet for vote in usable}) > 1
    return Status.UNKNOWN, Reason.CONFLICT if disagree else Reason.TOO_SHORT


def _no_head(looks: Sequence[Look], rules: JudgeRules) -> Verdict:
    """A rider whose head was never found."""
    heights = [look.moment.xyxy[3] - look.moment.xyxy[1] for look in looks]
    if not heights:
        reason = Reason.TOO_SHORT
    else:
        reason = Reason.TOO_SMALL if USUAL_HEAD * max(heights) < rules.min_head_px else Reason.OCCLUDED
    return Verdict(_unknown(Role.RIDER, Item.HELMET, reason), (), 0.5, False)


def _no_model() -> Verdict:
    return Verdict(_unknown(Role.DRIVER, Item.SEATBELT, Reason.NO_MODEL), (), 0.5, False)


def _unknown(role: Role, item: Item, reason: Reason) -> Observation:
    return Observation(role, 0, item, Status.UNKNOWN, reason, 0.5, 0, None)
