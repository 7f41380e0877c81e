"""A fitted curve promises what is kept."""

import numpy as np
import pytest

from helmetbelt.datasets.calibration import Curve, Named, expected_error, fit


def named(curve: Curve, count: int, seed: int = 4) -> Named:
    """Heads whose class is right as often as the curve says."""
    rng = np.random.default_rng(seed)
    score = rng.uniform(0.1, 0.95, count)
    return Named(score, rng.random(count) < curve.probability(score))


@pytest.mark.parametrize("truth", [Curve(1.0, 0.0), Curve(2.5, 1.5), Curve(0.7, -0.5)], ids=str)
def test_the_curve_is_found_again(truth: Curve) -> None:
    """From twenty thousand heads, to a few hundredths."""
    found = fit(named(truth, 20_000))
    assert 1 / found.temperature == pytest.approx(1 / truth.temperature, abs=0.06)
    assert found.bias == pytest.approx(truth.bias, abs=0.06)


def test_a_fitted_curve_errs_less() -> None:
    """Than taking scores of an over-modest model at their word."""
    heads = named(Curve(2.5, 1.5), 5_000)
    assert expected_error(heads, fit(heads)) < 0.02 < 0.1 < expected_error(heads, Curve(1.0, 0.0))


def test_what_cannot_be_fitted_is_said() -> None:
    """Too few heads, and scores that mean the opposite."""
    heads = named(Curve(1.0, 0.0), 400)
    with pytest.raises(ValueError, match="20 or more"):
        fit(Named(heads.score[:5], heads.right[:5]))
    with pytest.raises(ValueError, match="no surer"):
        fit(Named(heads.score, ~heads.right))
