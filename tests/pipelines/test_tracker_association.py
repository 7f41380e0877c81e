"""Similarities of boxes, and the choice of pairs."""

import numpy as np
import pytest
from numpy.typing import NDArray

from helmetbelt.pipelines.association import closeness, distinct, greedy_pairs, iou


def boxes(*rows: tuple[float, ...]) -> NDArray[np.float64]:
    """(n, 4)."""
    return np.array(rows, np.float64).reshape(-1, 4)


ONE = boxes((0, 0, 10, 10))


@pytest.mark.parametrize(
    ("other", "expected"),
    [((0, 0, 10, 10), 1), ((5, 0, 15, 10), 1 / 3), ((10, 0, 20, 10), 0), ((2, 2, 4, 4), 0.04), ((3, 3, 3, 3), 0)],
    ids=["same", "half", "touching", "inside", "empty"],
)
def test_iou(other: tuple[float, ...], expected: float) -> None:
    """Intersection over union."""
    assert iou(ONE, boxes(other))[0, 0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("other", "close"),
    [((0, 0, 10, 10), True), ((4, 0, 14, 10), True), ((6, 0, 16, 10), False), ((-5, -5, 15, 15), False)],
    ids=["same", "near", "beyond reach", "twice the size"],
)
def test_closeness(other: tuple[float, ...], close: bool) -> None:
    """Half a size of reach, and sizes that differ by less than 1.8."""
    assert bool(closeness(ONE, boxes(other), np.array([0.5]), 1.8)[0, 0] >= 0) is close


def test_closeness_of_the_same_is_one() -> None:
    """Neither away nor larger."""
    assert closeness(ONE, ONE, np.array([0.5]), 1.8)[0, 0] == pytest.approx(1)


def test_the_most_similar_pairs_come_first_and_each_is_used_once() -> None:
    """Below the least similarity there is no pair."""
    table = np.array([[0.9, 0.8, 0.0], [0.85, 0.1, 0.0], [0.0, 0.0, 0.05]])
    assert greedy_pairs(table, 0.1) == [(0, 0), (1, 1)]
    assert greedy_pairs(np.zeros((0, 3)), 0.1) == []


def test_distinct_keeps_the_best_of_those_that_overlap() -> None:
    """Not those that overlap only with one that is gone itself."""
    row = boxes((0, 0, 10, 10), (3, 0, 13, 10), (6, 0, 16, 10), (40, 0, 50, 10))
    score = np.array([0.9, 0.8, 0.7, 0.95], np.float32)
    assert distinct(row, score, 0.5).tolist() == [3, 0, 2]
    assert distinct(boxes(), np.zeros(0, np.float32), 0.5).tolist() == []
