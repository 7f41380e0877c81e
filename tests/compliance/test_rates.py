"""A rate and everything it must not be shown without."""

from math import sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helmetbelt.compliance.rates import Basis, Counts, Flag, Rate, Unit, rate, standard_error, worst_case

GOOD = Basis(clusters=4, calibrated=True)


def test_guangdong_2020_is_reproduced() -> None:
    """The province's published figure comes out, with an interval and nothing to complain about."""
    answer = rate(Counts(2778, 1171, 0), GOOD)
    assert answer.value == pytest.approx(0.7035, abs=5e-5)
    assert answer.interval is not None
    assert answer.interval.low < 0.7035 < answer.interval.high
    assert answer.flags == ()


def test_unknown_is_reported_and_never_imputed() -> None:
    """Unknown people move the bounds, not the rate."""
    answer = rate(Counts(60, 20, 20), GOOD)
    assert answer.value == 0.75
    assert answer.unknown_share == 0.2
    assert answer.bounds is not None
    assert (answer.bounds.low, answer.bounds.high) == (0.6, 0.8)


def test_nobody_has_no_rate_but_says_so() -> None:
    """Nobody observed gives no number at all, and flags."""
    nobody = Counts(0, 0, 0)
    flags = (Flag.LOW_N, Flag.UNCALIBRATED, Flag.SINGLE_CLUSTER)
    assert rate(nobody, Basis(clusters=0)) == Rate(nobody, Unit.PERSON, None, None, None, None, None, flags)


def test_only_unknown_has_bounds_but_no_rate() -> None:
    """With only unknown people the rate could be anything."""
    answer = rate(Counts(0, 0, 5), GOOD)
    assert (answer.value, answer.interval, answer.unknown_share) == (None, None, 1.0)
    assert answer.bounds is not None
    assert (answer.bounds.low, answer.bounds.high) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("counts", "basis", "flags"),
    [
        pytest.param(Counts(700, 300, 0), GOOD, (), id="clean"),
        pytest.param(Counts(29, 0, 0), GOOD, (Flag.LOW_N, Flag.HIGH_SE), id="few"),
        pytest.param(Counts(30, 0, 0), GOOD, (Flag.HIGH_SE,), id="thirty-perfect-ones-are-not-certain"),
        pytest.param(Counts(700, 200, 100), GOOD, (), id="ten-percent-unknown-passes"),
        pytest.param(Counts(700, 200, 101), GOOD, (Flag.HIGH_UNKNOWN,), id="more-does-not"),
        pytest.param(Counts(200, 200, 0), GOOD, (), id="se-2.49-points"),
        pytest.param(Counts(195, 195, 0), GOOD, (Flag.HIGH_SE,), id="se-2.52-points"),
        pytest.param(Counts(700, 300, 0), Basis(clusters=2), (Flag.UNCALIBRATED,), id="uncalibrated"),
        pytest.param(
            Counts(700, 300, 0), Basis(1, True, False, True),
            (Flag.SINGLE_CLUSTER, Flag.SIMULATED, Flag.CLOCK_UNTRUSTED), id="basis",
        ),
    ],
)  # fmt: skip
def test_flags(counts: Counts, basis: Basis, flags: tuple[Flag, ...]) -> None:
    """Each flag is raised on its side of its limit and not on the other."""
    assert rate(counts, basis).flags == flags


def test_negative_counts_are_refused() -> None:
    """Counts are not negative."""
    with pytest.raises(ValueError, match="negative"):
        Counts(1, -1, 0)


def test_the_standard_error_is_the_textbook_one_for_large_counts() -> None:
    """For large counts it equals sqrt(p(1-p)/n)."""
    assert standard_error(Counts(7000, 3000, 5)) == pytest.approx(sqrt(0.7 * 0.3 / 10000), rel=1e-3)


some_counts = st.builds(Counts, *[st.integers(0, 10**6)] * 3)


@given(some_counts)
def test_bounds_contain_the_rate(counts: Counts) -> None:
    """Whatever the counts, bounds and interval contain the rate."""
    answer, bounds = rate(counts, GOOD), worst_case(counts)
    assert answer.bounds == bounds
    if answer.value is not None:
        assert bounds is not None
        assert bounds.low - 1e-12 <= answer.value <= bounds.high + 1e-12
        assert answer.interval is not None
        assert answer.value in answer.interval


@given(st.lists(some_counts, min_size=1, max_size=6), st.randoms())
def test_the_order_of_the_rows_changes_nothing(rows: list[Counts], random: Random) -> None:
    """Adding counts up in another order gives the same rate."""
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert rate(sum(rows, Counts(0, 0, 0)), GOOD) == rate(sum(shuffled, Counts(0, 0, 0)), GOOD)
