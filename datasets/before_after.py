"""Whether fine-tuning helped: shipped and new model on the same held-out scenes, with the difference drawn in pairs."""

from collections.abc import Sequence
from dataclasses import dataclass

from helmetbelt.datasets.answers import Answer
from helmetbelt.datasets.average_precision import Matches, Ranked, match
from helmetbelt.datasets.bootstrap import Interval, interval, scene_weights
from helmetbelt.datasets.head_scoring import LARGE, WHOLE_PATH, score_heads, score_names
from helmetbelt.datasets.manifest import Label
from helmetbelt.datasets.persons import persons_of
from helmetbelt.datasets.road_scoring import score_road
from helmetbelt.datasets.rows import ALL
from helmetbelt.detector.detections import Detections

CLASSES = {
    "road": [(Label.TWO_WHEELER, "two_wheeler")],
    "heads": [(Label.HELMET, "helmet"), (Label.BARE, "bare")],
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure before and after; NaN in what can't be counted.

    Attributes:
        what: the figure.
        before: of the shipped model.
        after: of the new one.
    """

    what: str
    before: Interval
    after: Interval


def compared(model: str, before: Sequence[Answer], after: Sequence[Answer]) -> list[Compared]:
    """The figures that matter for a model, all held-out pictures together.

    Args:
        model: "road" or "heads".
        before: of the shipped models.
        after: of the new ones, on the same pictures in the same order.
    """
    old, new = _figures(model, before), _figures(model, after)
    return [Compared(what, figure, new[what]) for what, figure in old.items() if what in new]


def differences(model: str, before: Sequence[Answer], after: Sequence[Answer]) -> dict[str, Interval]:
    """AP50 after minus before by class, each draw of scenes taken for both.

    Two intervals that overlap say little about two models on the same pictures; the interval of their difference does.
    """
    found = {}
    for label, name in CLASSES[model]:
        pairs = [(a, b) for a, b in zip(before, after, strict=True) if label in a.picture.labelled]
        true = sum(len(a.picture.boxes(label)) for a, _ in pairs)
        if true:
            weight = scene_weights([a.group for a, _ in pairs])
            old = Ranked.of([_matches(a, label) for a, _ in pairs]).average_precision(weight)
            new = Ranked.of([_matches(b, label) for _, b in pairs]).average_precision(weight)
            found[f"{name} AP50"] = interval(new - old, true)
    return found


def verdict(difference: Interval) -> str:
    """What an interval of a difference says in a word."""
    if difference.low > 0:
        return "better"
    return "worse" if difference.high < 0 else "no difference shown"


def _figures(model: str, answers: Sequence[Answer]) -> dict[str, Interval]:
    if model == "road":
        return {row.what: row.figure for row in score_road(answers) if row.part == ALL}
    rows = [r for r in score_heads(answers) if r.part == ALL and r.what.endswith(WHOLE_PATH) and "50-95" not in r.what]
    figures = {row.what.removesuffix(f", {WHOLE_PATH}"): row.figure for row in rows}
    large = [row for row in score_names(persons_of(answers)) if row.part == LARGE]
    return figures | {row.what.replace("heads", LARGE): row.figure for row in large}


def _matches(answer: Answer, label: Label) -> Matches:
    if label is Label.TWO_WHEELER:
        found = answer.two_wheelers or Detections.empty()
    else:
        found = answer.heads[answer.heads.class_id == (label is Label.BARE)]
    return match(found, answer.picture.boxes(label), answer.group, 0.5)
