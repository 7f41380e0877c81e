"""The Wilson interval against published numbers and its own promises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helmetbelt.compliance.intervals import Interval, wilson, z_of


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17:857-872, table I, method 3
        pytest.param(81, 263, 0.2553, 0.3662, id="newcombe-81-of-263"),
        pytest.param(15, 148, 0.0624, 0.1605, id="newcombe-15-of-148"),
        pytest.param(0, 20, 0.0000, 0.1611, id="newcombe-0-of-20"),
        pytest.param(1, 29, 0.0061, 0.1718, id="newcombe-1-of-29"),
        # Guangdong, August 2020: 2,778 of 3,949 e-bike riders; z = 1.959964 worked out by hand
        pytest.param(2778, 3949, 0.6890, 0.7175, id="guangdong-2020-08"),
        pytest.param(29, 29, 0.8830, 1.0000, id="all"),
    ],
)
def test_it_gives_the_published_limits(successes: int, n: int, low: float, high: float) -> None:
    """The limits printed in the literature come out."""
    interval = wilson(successes, n)
    assert interval is not None
    assert interval.low == pytest.approx(low, abs=6e-5)
    assert interval.high == pytest.approx(high, abs=6e-5)


def test_nothing_observed_has_no_interval() -> None:
    """No observation gives no interval, not NaN."""
    assert wilson(0, 0) is None


@pytest.mark.parametrize(("successes", "n"), [(-1, 3), (4, 3), (0, -1)])
def test_an_impossible_count_is_refused(successes: int, n: int) -> None:
    """More successes than draws, or fewer than none, are an error."""
    with pytest.raises(ValueError, match="expected 0 <= successes <= n"):
        wilson(successes, n)


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95.0, float("nan")])
def test_an_impossible_confidence_is_refused(confidence: float) -> None:
    """A confidence is a number between 0 and 1."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        z_of(confidence)


def test_a_backward_interval_is_refused() -> None:
    """An interval runs from low to high."""
    with pytest.raises(ValueError, match="low <= high"):
        Interval(0.6, 0.4)


counts = st.integers(1, 10**7).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts)
def test_it_contains_the_share_and_mirrors(count: tuple[int, int]) -> None:
    """The share lies inside, and failures have the mirrored interval."""
    successes, n = count
    interval, mirrored = wilson(successes, n), wilson(n - successes, n)
    assert interval is not None
    assert mirrored is not None
    assert successes / n in interval
    assert interval.low == pytest.approx(1 - mirrored.high, abs=1e-12)


@given(counts, st.integers(2, 50))
def test_it_shrinks_with_more_of_the_same(count: tuple[int, int], times: int) -> None:
    """More data of the same share makes it narrower."""
    once, often = wilson(*count), wilson(count[0] * times, count[1] * times)
    assert once is not None
    assert often is not None
    assert often.width < once.width


@given(counts)
def test_more_confidence_is_wider(count: tuple[int, int]) -> None:
    """More confidence makes it wider."""
    narrow, wide = wilson(*count, confidence=0.8), wilson(*count, confidence=0.99)
    assert narrow is not None
    assert wide is not None
    assert narrow.width < wide.width
