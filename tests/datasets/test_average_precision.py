"""Average precision against values worked out by hand."""

import numpy as np
import pytest

from helmetbelt.datasets.average_precision import (
    Matches,
    Ranked,
    ap_interval,
    average_precision,
    match,
    recall_at,
    recall_interval,
)
from helmetbelt.detector.detections import Detections


def matches(score: list[float], hit: list[bool], true: int, group: str = "a") -> Matches:
    """One picture's comparison."""
    return Matches(group, np.array(score, np.float32), np.array(hit, np.bool_), true)


def detections(boxes: list[list[float]], score: list[float]) -> Detections:
    """Boxes of one class."""
    return Detections(np.array(boxes, np.float32), np.array(score, np.float32), np.zeros(len(score), np.int64))


@pytest.mark.parametrize(
    ("score", "hit", "true", "expected"),
    [
        pytest.param([0.9, 0.8], [True, True], 2, 1.0, id="all found, nothing else"),
        pytest.param([0.9, 0.8], [True, False], 2, 0.5, id="half found"),
        pytest.param([0.9, 0.8, 0.7], [False, True, True], 2, 2 / 3, id="a false one first"),
        pytest.param([0.9, 0.8, 0.7], [True, False, True], 2, (1 + 2 / 3) / 2, id="a false one between"),
        pytest.param([], [], 3, 0.0, id="nothing found"),
    ],
)
def test_area_under_the_envelope(score: list[float], hit: list[bool], true: int, expected: float) -> None:
    """The mean over the true boxes of the best precision at their recall or beyond."""
    assert average_precision([matches(score, hit, true)]) == pytest.approx(expected)


def test_without_true_boxes_there_is_no_figure() -> None:
    """Not zero: nothing was there to be found."""
    assert np.isnan(average_precision([matches([0.5], [False], 0)]))
    assert np.isnan(ap_interval([matches([0.5], [False], 0)]).low)


def test_a_true_box_is_found_once() -> None:
    """The second detection of the same box is a false one, whichever comes first in the list."""
    found = detections([[0, 0, 10, 10], [0, 0, 10, 9], [50, 50, 60, 60]], [0.6, 0.9, 0.3])
    result = match(found, found.xyxy[:1], "a", 0.5)
    assert result.score.tolist() == pytest.approx([0.9, 0.6, 0.3])
    assert result.hit.tolist() == [True, False, False]


def test_what_is_not_asked_for_is_neither_right_nor_wrong() -> None:
    """A detection on an ignored box vanishes; one that finds a true box stays, though it touches an ignored one."""
    found = detections([[0, 0, 10, 10], [50, 50, 60, 60], [80, 80, 90, 90]], [0.9, 0.8, 0.7])
    ignored = np.array([[0, 0, 10, 9], [50, 50, 60, 60]], np.float32)
    result = match(found, found.xyxy[:1], "a", 0.5, ignored)
    assert result.score.tolist() == pytest.approx([0.9, 0.7])
    assert result.hit.tolist() == [True, False]
    assert result.true == 1


def test_recall_at_a_rate_of_false_boxes() -> None:
    """Two pictures allow two false boxes at one a picture; the third cuts off what comes after."""
    rows = [matches([0.9, 0.8, 0.7], [False, True, False], 2), matches([0.6, 0.5], [False, True], 1, "b")]
    assert recall_at(rows, 1.0) == pytest.approx(1 / 3)
    assert recall_at(rows, 2.0) == pytest.approx(2 / 3)


def test_a_picture_drawn_twice_counts_as_two() -> None:
    """Weights give the figure of the repeated pictures."""
    rows = [matches([0.9, 0.5], [True, False], 2), matches([0.8, 0.4], [False, True], 1, "b")]
    weighted = Ranked.of(rows).average_precision(np.array([[2.0, 1.0], [0.0, 1.0]]))
    assert weighted.tolist() == pytest.approx([average_precision([rows[0], *rows]), average_precision(rows[1:])])


def test_interval_holds_the_figure_and_is_the_same_again() -> None:
    """Seeded, so a card can be checked; a scene moves as a whole."""
    rows = [matches([0.9, 0.4], [i % 3 > 0, i % 2 > 0], 2, f"g{i // 2}") for i in range(20)]
    one = ap_interval(rows)
    assert one == ap_interval(rows)
    assert one.low < one.value < one.high
    assert (one.n, one.value) == (40, average_precision(rows))


def test_the_mean_over_thresholds() -> None:
    """mAP50-95 is one figure of several comparisons of the same pictures."""
    strict, lax = [matches([0.9], [False], 1)], [matches([0.9], [True], 1)]
    assert ap_interval(strict, lax).value == pytest.approx(0.5)
    assert recall_interval(lax, 1.0).value == 1.0
