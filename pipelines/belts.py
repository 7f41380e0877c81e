"""The looks into a car → the belts of its driver and of who sits beside.

The belt model says belted, unbelted or unclear. What it can't see through glare, haze or an arm is no vote; of the
others P(belted) / (P(belted) + P(unbelted)) is calibrated by the model's card, capped, and all weigh the same. How
votes add up is in verdicts.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.card import Calibration
from helmetbelt.pipelines.front_seats import front_seats
from helmetbelt.pipelines.looks import Look
from helmetbelt.pipelines.passages import Box, Item, Moment, Reason, Role, Status
from helmetbelt.pipelines.persons import looks_needed
from helmetbelt.pipelines.rules import JudgeRules, Rules
from helmetbelt.pipelines.verdicts import Person, Verdict, pooled, status_of, unseen, verdict_on

USUAL_OCCUPANT = 0.2
"""Height of an occupant's box as a share of the car's (0.16 to 0.29 in 119 labelled pictures of single cars)."""

UNCLEAR = 0.5
"""From this probability on, what is seen of the person is no vote."""

DRIVER = Person(Role.DRIVER, 0, Item.SEATBELT)
FRONT_PASSENGER = Person(Role.FRONT_PASSENGER, 1, Item.SEATBELT)


@dataclass(frozen=True, slots=True)
class BeltVote:
    """One occupant at one moment.

    Attributes:
        moment: of the look.
        xyxy: pixels of the source's picture.
        belted: probability of a belt, if it can be seen at all; as the model says, not calibrated.
        is_clear: it can be seen.
    """

    moment: Moment
    xyxy: Box
    belted: float
    is_clear: bool

    @property
    def height_px(self) -> float:
        """Height of the occupant's box in the source's picture."""
        return self.xyxy[3] - self.xyxy[1]


def judge_car(looks: Sequence[Look], best_frame: int, rules: Rules) -> tuple[Verdict, ...]:
    """The driver, and the front passenger where one was seen in enough looks.

    Args:
        looks: of the car, earliest first.
        best_frame: index of the frame whose boxes go into the observations.
        rules: thresholds.
    """
    if rules.belt is None:
        return (unseen(DRIVER, Reason.NO_MODEL),)
    into = [look for look in looks if len(look.cabin.windshield)]
    votes = [vote for look in into for vote in _votes(look, rules)]
    verdicts = []
    for person in (DRIVER, FRONT_PASSENGER):
        own = tuple(vote for role, vote in votes if role is person.role)
        if own and len(own) >= looks_needed(len(into)):
            verdicts.append(judge_belt(person, own, best_frame, rules.belt))
        elif person is DRIVER:
            verdicts.append(unseen(DRIVER, _why_no_driver(looks, into, rules.belt)))
    return tuple(verdicts)


def judge_belt(person: Person, votes: tuple[BeltVote, ...], best_frame: int, rules: JudgeRules) -> Verdict:
    """The verdict on one person's belt."""
    large = [vote for vote in votes if vote.height_px >= rules.least_px]
    clear = [vote for vote in large if vote.is_clear]
    odds = [rules.calibration.log_odds(vote.belted) for vote in clear]
    capped = [min(max(each, -rules.most), rules.most) for each in odds]
    worn = pooled(capped, [1.0] * len(capped))
    return verdict_on(person, votes, len(clear), worn, _doubt(large, capped), best_frame, rules)


def still_status(belts: NDArray[np.float32], height_px: float, rules: JudgeRules) -> Status:
    """The answer by one picture alone.

    Args:
        belts: (3,) probabilities of belted, unbelted, unclear.
        height_px: of the occupant's box in the picture.
        rules: thresholds.
    """
    belted, is_clear = _seen(belts)
    if height_px < rules.least_px or not is_clear:
        return Status.UNKNOWN
    return status_of(_probability(belted, rules.calibration), rules.thresholds)


def _probability(score: float, calibration: Calibration) -> float:
    return pooled([calibration.log_odds(score)], [1.0])


def _votes(look: Look, rules: Rules) -> list[tuple[Role, BeltVote]]:
    votes = []
    for role, index in front_seats(look.cabin, rules.wheel):
        x1, y1, x2, y2 = (float(side) for side in look.cabin.occupants.xyxy[index])
        votes.append((role, BeltVote(look.moment, (x1, y1, x2, y2), *_seen(look.cabin.belts[index]))))
    return votes


def _seen(belts: NDArray[np.float32]) -> tuple[float, bool]:
    """Probability of a belt among belted and unbelted, and whether either can be seen."""
    belted, unbelted, unclear = (float(p) for p in belts)
    return belted / max(belted + unbelted, 1e-6), unclear < UNCLEAR


def _doubt(large: Sequence[BeltVote], log_odds: Sequence[float]) -> Reason:
    """Why the votes are no answer: `log_odds` are those of the clear ones among `large`."""
    if not large:
        return Reason.TOO_SMALL
    if 2 * len(log_odds) <= len(large):
        return Reason.GLARE
    return Reason.CONFLICT if min(log_odds) < 0 < max(log_odds) else Reason.TOO_SHORT


def _why_no_driver(looks: Sequence[Look], into: Sequence[Look], rules: JudgeRules) -> Reason:
    if not looks:
        return Reason.TOO_SHORT
    if USUAL_OCCUPANT * max(look.height_px for look in looks) < rules.least_px:
        return Reason.TOO_SMALL
    return Reason.OCCLUDED if into else Reason.NO_WINDSHIELD
