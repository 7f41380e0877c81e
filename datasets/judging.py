"""The product's verdict on each labelled person, from one picture: one vote through the judge's own thresholds."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.bootstrap import Doubles
from helmetbelt.datasets.persons import Head, Person
from helmetbelt.detector.card import Thresholds
from helmetbelt.pipelines.judge import judge_helmet
from helmetbelt.pipelines.passages import Moment
from helmetbelt.pipelines.persons import HeadVote
from helmetbelt.pipelines.rules import JudgeRules

THE_PICTURE = Moment(0, 0.0, dt.datetime(2026, 1, 1, tzinfo=dt.UTC), (0.0, 0.0, 0.0, 0.0))
"""When a still picture was taken doesn't matter to its one vote."""


class Verdict(IntEnum):
    """The judge's answers, and that of a person who wasn't found."""

    WORN = 0
    NOT_WORN = 1
    UNKNOWN = 2
    UNSEEN = 3


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Persons inside the operating envelope, and what was made of them; arrays of equal length.

    Attributes:
        persons: n of them.
        helmet: (n,) a helmet is drawn.
        bare: (n,) a bare head is drawn.
        verdict: (n,) values of `Verdict`.
    """

    persons: Sequence[Person]
    helmet: NDArray[np.bool_]
    bare: NDArray[np.bool_]
    verdict: NDArray[np.int64]

    def __post_init__(self) -> None:
        n = len(self.persons)
        if self.helmet.shape != (n,) or self.bare.shape != (n,) or self.verdict.shape != (n,):
            raise ValueError(
                f"helmet {self.helmet.shape}, bare {self.bare.shape}, verdict {self.verdict.shape}: expected ({n},)"
            )

    @classmethod
    def of(cls, persons: Sequence[Person], verdict: NDArray[np.int64]) -> Self:
        """Persons and the verdict on each."""
        helmet = np.array([p.truth is True for p in persons], np.bool_)
        bare = np.array([p.truth is False for p in persons], np.bool_)
        return cls(persons, helmet, bare, verdict)

    @property
    def false_worn(self) -> NDArray[np.bool_]:
        """(n,) drawn bare and called worn."""
        return np.asarray(self.bare & (self.verdict == Verdict.WORN))

    @property
    def false_not_worn(self) -> NDArray[np.bool_]:
        """(n,) drawn with a helmet and called not worn."""
        return np.asarray(self.helmet & (self.verdict == Verdict.NOT_WORN))

    @property
    def drawn(self) -> NDArray[np.bool_]:
        """(n,) somebody is drawn there."""
        return self.helmet | self.bare

    @property
    def decided(self) -> NDArray[np.bool_]:
        """(n,) called worn or not worn."""
        return np.asarray(self.verdict <= Verdict.NOT_WORN)

    @property
    def groups(self) -> list[str]:
        """n scenes."""
        return [p.group for p in self.persons]

    def of_both_said(self) -> Self:
        """Those of sources that draw both classes: only they have a rate."""
        return self.where(np.array([p.both_said for p in self.persons], np.bool_))

    def seen(self) -> Self:
        """Those who are drawn and were found."""
        return self.where(self.drawn & (self.verdict != Verdict.UNSEEN))

    def where(self, pick: NDArray[np.bool_]) -> Self:
        """Some of them."""
        kept = [p for p, is_kept in zip(self.persons, pick, strict=True) if is_kept]
        return type(self)(kept, self.helmet[pick], self.bare[pick], self.verdict[pick])


def inside_envelope(persons: Sequence[Person], min_head_px: float) -> list[Person]:
    """Persons whose heads are large enough for the judge, by the labels."""
    return [p for p in persons if p.height_px >= min_head_px]


def judged(persons: Sequence[Person], rules: JudgeRules) -> Judged:
    """The judge's verdict on each person.

    Args:
        persons: inside the envelope.
        rules: of the judge.
    """
    return Judged.of(persons, verdicts(persons, worn_probability(persons, rules), rules.thresholds))


def named(persons: Sequence[Person]) -> Judged:
    """The verdict of a model that has no judge: what it names is the answer.

    Args:
        persons: inside the envelope.
    """
    says = [0.5 if p.head is None else float(p.head.helmet) for p in persons]
    return Judged.of(persons, verdicts(persons, np.array(says), Thresholds(1.0, 0.0)))


def worn_probability(persons: Sequence[Person], rules: JudgeRules) -> Doubles:
    """(n,) probability that a helmet is worn; 0.5 for who wasn't seen or is seen too small."""
    votes = [() if p.head is None else (_vote(p.head),) for p in persons]
    return np.array([judge_helmet(0, vote, 0, rules).worn for vote in votes], np.float64)


def verdicts(persons: Sequence[Person], probability: Doubles, by: Thresholds) -> NDArray[np.int64]:
    """(n,) values of `Verdict` by probability of a worn helmet; who has no head was not seen."""
    answer = np.full(len(persons), Verdict.UNKNOWN, np.int64)
    answer[probability >= by.worn] = Verdict.WORN
    answer[probability <= by.not_worn] = Verdict.NOT_WORN
    answer[np.array([p.head is None for p in persons], np.bool_)] = Verdict.UNSEEN
    return answer


def _vote(head: Head) -> HeadVote:
    return HeadVote(THE_PICTURE, (0.0, 0.0, head.height_px, head.height_px), head.helmet, head.score)
