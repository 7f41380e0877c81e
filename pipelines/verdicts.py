"""From votes to an answer, the same for helmets and belts.

Votes of one track are far from independent: the same light, the same cap or strap from the same side. Were they
independent their log-odds would add up; were they copies, any one would do. The sum is divided by the root of the
number of votes, which lies half-way: four agreeing looks weigh as two independent ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from helmetbelt.detector.card import Thresholds
from helmetbelt.pipelines.passages import Box, Item, Moment, Observation, Reason, Role, Status
from helmetbelt.pipelines.rules import JudgeRules


class Vote(Protocol):
    """One person at one moment."""

    @property
    def moment(self) -> Moment:
        """Of the look."""

    @property
    def xyxy(self) -> Box:
        """Head, or box of a car occupant, in pixels of the source's picture."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """An observation, and what it rests on.

    Attributes:
        observation: the answer.
        votes: all sights of this person, too small ones too.
        worn: probability that helmet or belt is worn.
        is_evidence: not worn, and sure enough for enforcement to show it to a person.
    """

    observation: Observation
    votes: tuple[Vote, ...]
    worn: float
    is_evidence: bool

    def box_at(self, frame: int) -> Box | None:
        """Where the person was seen in a frame; None where it wasn't."""
        return next((vote.xyxy for vote in self.votes if vote.moment.frame == frame), None)


@dataclass(frozen=True, slots=True)
class Person:
    """Whose verdict it is."""

    role: Role
    seat: int
    item: Item


def pooled(log_odds: Sequence[float], weights: Sequence[float]) -> float:
    """Probability of what the log-odds are for, 0.5 without any."""
    total = float(np.dot(log_odds, weights)) / np.sqrt(max(float(np.sum(weights)), 1.0))
    return float(1 / (1 + np.exp(-total)))


def status_of(worn: float, thresholds: Thresholds) -> Status:
    """The answer that a probability of wearing stands for."""
    if worn >= thresholds.worn:
        return Status.WORN
    return Status.NOT_WORN if worn <= thresholds.not_worn else Status.UNKNOWN


def verdict_on(
    person: Person, votes: tuple[Vote, ...], judged: int, worn: float, doubt: Reason, best_frame: int, rules: JudgeRules
) -> Verdict:
    """The verdict on a person who was seen.

    Args:
        person: whose.
        votes: all of them.
        judged: how many of them could be judged.
        worn: probability by those.
        doubt: the reason where that is no answer.
        best_frame: index of the frame whose box goes into the observation.
        rules: thresholds.
    """
    status = status_of(worn, rules.thresholds) if judged else Status.UNKNOWN
    reason = doubt if status is Status.UNKNOWN else None
    shown = status is Status.NOT_WORN and worn <= rules.evidence_not_worn and judged >= 2
    box = next((vote.xyxy for vote in votes if vote.moment.frame == best_frame), None)
    sure = max(worn, 1 - worn)
    observation = Observation(person.role, person.seat, person.item, status, reason, sure, judged, box)
    return Verdict(observation, votes, worn, shown)


def unseen(person: Person, reason: Reason) -> Verdict:
    """The verdict on a person who must be there and was never seen."""
    return Verdict(
        Observation(person.role, person.seat, person.item, Status.UNKNOWN, reason, 0.5, 0, None), (), 0.5, False
    )
