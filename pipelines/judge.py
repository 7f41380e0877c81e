"""The looks at a finished track → its observations; here the helmets, the belts are in belts.py.

Each vote is a probability turned into log-odds: the model's score is calibrated (a logistic curve fitted on
labelled heads, from the model's card), capped, and weighted by the size of the head. How votes add up is in
verdicts.py.
"""

from collections.abc import Sequence

from helmetbelt.pipelines.belts import judge_car
from helmetbelt.pipelines.looks import Look
from helmetbelt.pipelines.passages import Item, Reason, Role, Vehicle
from helmetbelt.pipelines.persons import HeadVote, seat_persons
from helmetbelt.pipelines.rules import JudgeRules, Rules
from helmetbelt.pipelines.verdicts import Person, Verdict, pooled, unseen, verdict_on

USUAL_HEAD = 0.18
"""Height of a head as a share of its two-wheeler's box."""


def judge(vehicle: Vehicle, looks: Sequence[Look], best_frame: int, rules: Rules) -> tuple[Verdict, ...]:
    """One verdict for each person and item of a vehicle.

    A two-wheeler always has a rider, and a car a driver, even where nobody was seen.

    Args:
        vehicle: kind.
        looks: of the vehicle, earliest first.
        best_frame: index of the frame whose boxes go into the observations.
        rules: thresholds.
    """
    if vehicle is Vehicle.CAR:
        return judge_car(looks, best_frame, rules)
    persons = seat_persons(looks)
    if not persons:
        return (unseen(_person(0), _why_no_head(looks, rules.helmet)),)
    return tuple(judge_helmet(seat, votes, best_frame, rules.helmet) for seat, votes in enumerate(persons))


def judge_helmet(seat: int, votes: tuple[HeadVote, ...], best_frame: int, rules: JudgeRules) -> Verdict:
    """The verdict on one person's helmet."""
    usable = [vote for vote in votes if vote.height_px >= rules.least_px]
    weights = [min(vote.height_px / (2 * rules.least_px), 1.0) if rules.least_px else 1.0 for vote in usable]
    worn = pooled([_log_odds(vote, rules) for vote in usable], weights)
    return verdict_on(_person(seat), votes, len(usable), worn, _doubt(usable), best_frame, rules)


def _log_odds(vote: HeadVote, rules: JudgeRules) -> float:
    """Above 0 for a helmet."""
    right = min(max(rules.calibration.log_odds(vote.score), 0.0), rules.most)
    return right if vote.helmet else -right


def _doubt(usable: Sequence[HeadVote]) -> Reason:
    if not usable:
        return Reason.TOO_SMALL
    return Reason.CONFLICT if len({vote.helmet for vote in usable}) > 1 else Reason.TOO_SHORT


def _why_no_head(looks: Sequence[Look], rules: JudgeRules) -> Reason:
    heights = [look.height_px for look in looks]
    if not heights:
        return Reason.TOO_SHORT
    return Reason.TOO_SMALL if USUAL_HEAD * max(heights) < rules.least_px else Reason.OCCLUDED


def _person(seat: int) -> Person:
    return Person(Role.RIDER if seat == 0 else Role.PILLION, seat, Item.HELMET)
