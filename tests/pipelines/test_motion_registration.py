"""Similarities between pictures: their algebra, and which are believed."""

import numpy as np
import pytest
from numpy.typing import NDArray

from helmetbelt.pipelines.registration import compose, fit_similarity, invert, zoom_of

TURNED = np.array([[0.9, -0.3, 12.0], [0.3, 0.9, -5.0]])
POINTS = np.random.default_rng(1).uniform(0, 300, (40, 2)).astype(np.float32)


def moved(matrix: NDArray[np.float64], points: NDArray[np.float32] = POINTS) -> NDArray[np.float32]:
    """The points under a similarity."""
    return (points @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)


def test_there_and_back_is_nowhere() -> None:
    """Also composed in the other order."""
    for way in (compose(TURNED, invert(TURNED)), compose(invert(TURNED), TURNED)):
        assert way == pytest.approx(np.array([[1, 0, 0], [0, 1, 0]]), abs=1e-12)


def test_composition_goes_the_earlier_way_first() -> None:
    """As applying one after the other."""
    shift = np.array([[1.0, 0, 7], [0, 1, 3]])
    assert moved(compose(TURNED, shift)) == pytest.approx(moved(TURNED, moved(shift)), abs=1e-3)


def test_most_points_decide() -> None:
    """A third that goes elsewhere is traffic."""
    end = moved(TURNED)
    end[:13] += np.array([30, 10], np.float32)
    found = fit_similarity(POINTS, end)
    assert found == pytest.approx(TURNED, abs=1e-3)
    assert zoom_of(TURNED) == pytest.approx(np.hypot(0.9, 0.3))


@pytest.mark.parametrize("zoom", [3.0, 0.3])
def test_a_zoom_beyond_belief_is_no_answer(zoom: float) -> None:
    """No lens triples the picture between two frames."""
    assert fit_similarity(POINTS, POINTS * np.float32(zoom)) is None


def test_points_that_go_their_own_ways_are_no_answer() -> None:
    """Nothing that two fifths agree on."""
    assert fit_similarity(POINTS, np.random.default_rng(2).uniform(0, 300, (40, 2)).astype(np.float32)) is None
