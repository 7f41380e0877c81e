"""Scores of the shipped models on labelled pictures that were not trained on, through the product's own path."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.average_precision import Interval, Matches, Resampler, average_precision, match, recall_at
from helmetbelt.datasets.boxes import iou
from helmetbelt.datasets.calibration import Named
from helmetbelt.datasets.manifest import Label, LabelledPicture
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.perception import Perception
from helmetbelt.detector.pictures import read_picture
from helmetbelt.pipelines.seats import assign_heads, joined

LEAST_SCORE = 0.02
"""Low enough to draw the whole precision-recall curve."""

SMALLEST_HEAD_PX = 12.0
SAME_HEAD_IOU = 0.3
CLASSES = ((Label.HELMET, "helmet", 0), (Label.BARE, "bare", 1))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table of scores: what, on which source ("all" for all of them), the figure."""

    what: str
    source: str
    figure: Interval


@dataclass(frozen=True, slots=True)
class Scores:
    """What was found out.

    Attributes:
        rows: the table.
        named: heads found at the working thresholds in pictures where both classes are drawn.
    """

    rows: list[Row]
    named: Named


@dataclass(slots=True)
class _Tally:
    """Matches by (what, source); score and rightness of each found head."""

    rows: dict[tuple[str, str], list[Matches]] = field(default_factory=dict)
    named: list[tuple[float, bool]] = field(default_factory=list)

    def add(self, what: str, source: str, matches: Matches) -> None:
        self.rows.setdefault((what, source), []).append(matches)
        self.rows.setdefault((what, "all"), []).append(matches)


def score(perception: Perception, pictures: Iterable[LabelledPicture]) -> Scores:
    """Scores of road model and head model.

    Per source and over all: average precision of two-wheelers in frames; of heads in the crops of labelled
    two-wheelers; of heads through the whole path; the share of heads of 12 pixels and more that is found at the
    working thresholds (IoU 0.3), and the share of those that is named right. Only classes that the source labels
    are scored in a picture.

    Args:
        perception: the models.
        pictures: not trained on.
    """
    tally = _Tally()
    for picture in pictures:
        image = read_picture(picture.path)
        users = perception.road_users(image, LEAST_SCORE)
        two_wheelers = users[users.class_id == 0]
        if Label.TWO_WHEELER in picture.labelled:
            _score_road(two_wheelers, picture, tally)
            _score_crops(perception, image, picture, tally)
        if {Label.HELMET, Label.BARE} & picture.labelled:
            _score_path(perception, image, two_wheelers, picture, tally)
    rows = [row for key in sorted(tally.rows) for row in _figures(key, tally.rows[key])]
    score, right = zip(*tally.named, strict=True) if tally.named else ((), ())
    return Scores(rows, Named(np.array(score, np.float64), np.array(right, np.bool_)))


def _figures(key: tuple[str, str], matches: list[Matches]) -> list[Row]:
    what, source = key
    resampler = Resampler.over(matches)
    kinds: dict[str, Callable[..., float]] = {f"{what}": average_precision}
    if what.startswith(("found", "named")):
        kinds = {what: _share}
    elif what.startswith("two_wheeler AP50"):
        kinds["two_wheeler recall at 1 false per picture"] = lambda m: recall_at(m, 1.0)
    return [Row(name, source, resampler.interval(matches, figure)) for name, figure in kinds.items()]


def _share(matches: Iterable[Matches]) -> float:
    rows = list(matches)
    true = sum(m.true for m in rows)
    return sum(int(m.hit.sum()) for m in rows) / true if true else float("nan")


def _score_road(found: Detections, picture: LabelledPicture, tally: _Tally) -> None:
    truth = picture.boxes(Label.TWO_WHEELER)
    tally.add("two_wheeler AP50", picture.source, match(found, truth, picture.group, 0.5))


def _score_crops(
    perception: Perception, image: NDArray[np.uint8], picture: LabelledPicture, tally: _Tally
) -> None:
    vehicles = picture.boxes(Label.TWO_WHEELER)
    if not len(vehicles) or not {Label.HELMET, Label.BARE} & picture.labelled:
        return
    heads = joined(assign_heads(vehicles, perception.heads(image, vehicles, LEAST_SCORE)))
    _score_heads("in labelled two-wheelers", heads, picture, tally)


def _score_path(
    perception: Perception,
    image: NDArray[np.uint8],
    two_wheelers: Detections,
    picture: LabelledPicture,
    tally: _Tally,
) -> None:
    likely = two_wheelers[two_wheelers.score >= 0.1]
    heads = joined(assign_heads(likely.xyxy, perception.heads(image, likely.xyxy, LEAST_SCORE)))
    _score_heads("whole path", heads, picture, tally)
    sure = np.array([s >= perception.road_model.card.min_score for s in likely.score], np.bool_)
    working = likely[sure]
    heads = joined(
        assign_heads(
            working.xyxy, perception.heads(image, working.xyxy, perception.head_model.card.min_score)
        )
    )
    _score_names(heads, picture, tally)


def _score_heads(where: str, heads: Detections, picture: LabelledPicture, tally: _Tally) -> None:
    for label, name, class_id in CLASSES:
        if label in picture.labelled and "helmets_unlabelled" not in picture.flags:
            of_class = heads[heads.class_id == class_id]
            for least in (0.5, 0.3):
                what = f"{name} AP{least * 100:.0f}, {where}"
                tally.add(what, picture.source, match(of_class, picture.boxes(label), picture.group, least))


def _score_names(heads: Detections, picture: LabelledPicture, tally: _Tally) -> None:
    """Heads found at all, and named right among the found, whatever the score."""
    for label, name, class_id in CLASSES:
        truth = picture.boxes(label)
        truth = truth[truth[:, 3] - truth[:, 1] >= SMALLEST_HEAD_PX]
        overlap = iou(truth, heads.xyxy)
        found = overlap.max(1) >= SAME_HEAD_IOU if len(heads) else np.zeros(len(truth), np.bool_)
        best = overlap.argmax(1) if len(heads) else np.zeros(len(truth), np.intp)
        right = np.array([f and heads.class_id[b] == class_id for f, b in zip(found, best, strict=True)], np.bool_)
        ones = np.ones(len(truth), np.float32)
        tally.add(f"found {name} heads", picture.source, Matches(picture.group, ones, found, len(truth)))
        named = Matches(picture.group, ones[found], right[found], int(found.sum()))
        tally.add(f"named right of found {name} heads", picture.source, named)
        if {Label.HELMET, Label.BARE} <= picture.labelled:
            tally.named += zip(heads.score[best[found]].tolist(), right[found].tolist(), strict=True)
