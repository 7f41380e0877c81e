"""Answers of one model in several forms (sizes, precisions, runtimes) to the same pictures.

The other models of the chain stay as they are, and what they find is found once.
"""

from collections.abc import Iterable, Sequence

from helmetbelt.datasets.answers import LEAST_SCORE, Answer, light_of
from helmetbelt.datasets.head_scoring import score_heads
from helmetbelt.datasets.manifest import Label, LabelledPicture
from helmetbelt.datasets.road_scoring import score_road
from helmetbelt.datasets.rows import ALL, Row
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.finder import Finder
from helmetbelt.detector.perception import Perception
from helmetbelt.detector.pictures import read_picture
from helmetbelt.pipelines.seats import assign_heads, joined

ROAD, HEADS = "road", "heads"

SCORED_LABELS = {ROAD: (Label.TWO_WHEELER,), HEADS: (Label.HELMET, Label.BARE)}
"""Classes of which a picture must have one labelled to be scored on."""

SCORED = {
    ROAD: ("two_wheeler AP50", "two_wheeler recall at 1 false per picture"),
    HEADS: ("helmet AP50, whole path", "bare AP50, whole path"),
}
"""Rows of the table of scores that tell whether a model has become worse."""

LIKELY = 0.1
"""Score of two-wheelers in which heads are looked for."""


def road_answers(road: Finder, pictures: Iterable[LabelledPicture]) -> list[Answer]:
    """Two-wheelers of each picture; no heads."""
    given = []
    for picture in pictures:
        image = read_picture(picture.path)
        found = road.find(image, LEAST_SCORE)
        two_wheelers = found[found.class_id == 0]
        given.append(Answer(picture, light_of(image), two_wheelers, Detections.empty(), [], None))
    return given


def head_answers(road: Finder, heads: Finder, on_road: Sequence[Answer]) -> list[Answer]:
    """Heads in the two-wheelers that were found.

    Args:
        road: that found them.
        heads: the head model in one of its forms.
        on_road: of `road_answers`.
    """
    perception, given = Perception(road, heads), []
    for answer in on_road:
        found = answer.two_wheelers or Detections.empty()
        vehicles = found[found.score >= LIKELY]
        image = read_picture(answer.picture.path)
        each = assign_heads(vehicles.xyxy, perception.heads(image, vehicles.xyxy, LEAST_SCORE))
        sure = [
            seen[seen.score >= heads.card.min_score]
            for seen, score in zip(each, vehicles.score, strict=True)
            if score >= road.card.min_score
        ]
        given.append(Answer(answer.picture, answer.light, answer.two_wheelers, joined(each), sure, None))
    return given


def working(answer: Answer, model: str, min_score: float) -> Detections:
    """What the product goes on with: two-wheelers, or heads, at the working threshold."""
    if model == HEADS:
        return joined(answer.working)
    two_wheelers = answer.two_wheelers or Detections.empty()
    return two_wheelers[two_wheelers.score >= min_score]


def scored(given: Sequence[Answer], model: str) -> list[Row]:
    """The rows of `SCORED` over all pictures."""
    rows = score_road(given) if model == ROAD else score_heads(given)
    return [row for what in SCORED[model] for row in rows if row.what == what and row.part == ALL]
