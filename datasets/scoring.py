"""All scores of the shipped models on labelled pictures that were not trained on, through the product's own path.

One file a question: road_scoring, head_scoring, status_scoring, rate_error, calibration and tuning. All are asked of
the same answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from helmetbelt.datasets.answers import Answer
from helmetbelt.datasets.bootstrap import Interval, share
from helmetbelt.datasets.calibration import AS_IT_IS, Named, Promises, cross_fitted, expected_error, promised_by
from helmetbelt.datasets.head_scoring import score_heads, score_names
from helmetbelt.datasets.judging import Judged, inside_envelope, judged, named
from helmetbelt.datasets.persons import persons_of
from helmetbelt.datasets.rate_error import POINTS, rate_error, score_rate
from helmetbelt.datasets.road_scoring import score_road
from helmetbelt.datasets.rows import Row
from helmetbelt.datasets.status_scoring import Confusion, confusion, score_statuses
from helmetbelt.datasets.tuning import judged_left_out, tuned
from helmetbelt.pipelines.rules import JudgeRules

ANY_BIAS = float("inf")


@dataclass(frozen=True, slots=True, eq=False)
class Calibrated:
    """How sure scores are.

    Attributes:
        heads: that the curve was fitted on.
        error_before: expected calibration error of the scores taken as probabilities.
        error_left_out: of the curve, each head by one that was fitted without its scene.
        promises: of the left-out folds.
    """

    heads: int
    error_before: float
    error_left_out: float
    promises: Promises


@dataclass(frozen=True, slots=True)
class Choice:
    """What a way to choose calibration and thresholds does, on the persons of sources that draw both classes.

    Attributes:
        name: of the way.
        right: of the decided.
        unknown: share of the seen.
        false_worn: bare heads called worn.
        false_not_worn: helmets called not worn.
        judge_error: of the rate among the persons that were drawn and seen, points.
        published_error: of the rate as published, points.
    """

    name: str
    right: Interval
    unknown: float
    false_worn: int
    false_not_worn: int
    judge_error: float
    published_error: float


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """What was found out.

    Attributes:
        pictures: how many.
        rows: the table.
        confusion: of the judge tuned on other scenes than the person's.
        calibrated: how sure scores are.
        choices: what the choice of the thresholds does.
        rules: of the judge, tuned on all scenes.
    """

    pictures: int
    rows: list[Row]
    confusion: Confusion
    calibrated: Calibrated
    choices: list[Choice]
    rules: JudgeRules


def score(answers: Sequence[Answer], rules: JudgeRules) -> Scores:
    """Every figure, each with its interval.

    Statuses, rates and the calibration's error are those of rules that were tuned without the scene in question.

    Args:
        answers: of our models.
        rules: of the judge, as the head model's card has them.

    Raises:
        CalibrationError: too few heads were found to calibrate on.
    """
    everybody = persons_of(answers)
    persons = inside_envelope(everybody, rules.least_px)
    left_out = judged_left_out(persons, rules)
    rows = [
        *score_road(answers),
        *score_heads(answers),
        *score_names(everybody),
        *score_statuses(left_out),
        *score_rate(left_out),
    ]
    ways = {
        "every head by its name, no judge": named(persons),
        "as the card has it": judged(persons, rules),
        "cheapest answers, left-out scenes": judged_left_out(persons, rules, ANY_BIAS),
        "balanced for the rate, left-out scenes": left_out,
    }
    return Scores(
        pictures=len(answers),
        rows=rows,
        confusion=confusion(left_out),
        calibrated=_calibrated(Named.of(persons)),
        choices=[_choice(name, way.of_both_said()) for name, way in ways.items()],
        rules=tuned(persons, rules),
    )


def _calibrated(heads: Named) -> Calibrated:
    promises = cross_fitted(heads)
    before = expected_error(promised_by(heads, AS_IT_IS))
    return Calibrated(len(heads), before, expected_error(promises), promises)


def _choice(name: str, way: Judged) -> Choice:
    seen = way.seen()
    decided = seen.where(seen.decided)
    return Choice(
        name=name,
        right=share(~(decided.false_worn | decided.false_not_worn), decided.groups),
        unknown=float((~seen.decided).mean()),
        false_worn=int(seen.false_worn.sum()),
        false_not_worn=int(seen.false_not_worn.sum()),
        judge_error=rate_error(seen) * POINTS,
        published_error=rate_error(way) * POINTS,
    )
