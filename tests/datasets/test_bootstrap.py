"""Intervals by scene."""

import numpy as np
import pytest

from helmetbelt.datasets.bootstrap import interval, ratio, scene_weights, share


def test_a_scene_is_drawn_as_a_whole() -> None:
    """Its rows have the same weight, a draw has as many scenes as there are, and draw 0 is the data themselves."""
    weight = scene_weights(["a", "b", "a", "c"], draws=50)
    assert weight.shape == (51, 4)
    assert weight[0].tolist() == [1, 1, 1, 1]
    assert np.array_equal(weight[:, 0], weight[:, 2])
    assert np.all(weight[:, [0, 1, 3]].sum(axis=1) == 3)
    assert np.array_equal(weight, scene_weights(["a", "b", "a", "c"], draws=50))


def test_one_scene_is_no_interval_many_are_a_narrow_one() -> None:
    """The interval follows the number of scenes, not that of the rows."""
    hit = np.arange(400) % 4 > 0
    few = share(hit, [f"g{i // 100}" for i in range(400)])
    many = share(hit, [f"g{i}" for i in range(400)])
    assert few.value == many.value == 0.75
    assert few.low == few.high == 0.75
    assert 0.68 < many.low < 0.75 < many.high < 0.82


def test_nothing_to_count_is_no_figure() -> None:
    """Neither an error nor a zero; draws without anything to count are passed over."""
    nothing = ratio(np.zeros(2), np.zeros(2), ["a", "b"])
    assert np.isnan([nothing.value, nothing.low, nothing.high]).all()
    assert interval(np.array([0.5, np.nan, 0.4, 0.6]), 3).low == pytest.approx(0.405)
    assert np.isnan(share(np.zeros(0, np.bool_), []).value)
