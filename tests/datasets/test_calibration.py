"""A fitted curve promises what is kept."""

import numpy as np
import pytest

from helmetbelt.datasets.calibration import (
    AS_IT_IS,
    CalibrationError,
    Named,
    cross_fitted,
    expected_error,
    fit,
    folds,
    probability,
    promised_by,
)
from helmetbelt.detector.card import Calibration


def named(curve: Calibration, count: int, seed: int = 4) -> Named:
    """Heads whose class is right as often as the curve says, ten to a scene; every other one is named helmet."""
    rng = np.random.default_rng(seed)
    score = rng.uniform(0.1, 0.95, count)
    right = rng.random(count) < probability(curve, score)
    return Named(score, np.arange(count) % 2 == 0, right, np.array([f"g{i // 10}" for i in range(count)]))


@pytest.mark.parametrize("truth", [Calibration(1.0, 0.0), Calibration(2.5, 1.5), Calibration(0.7, -0.5)], ids=str)
def test_the_curve_is_found_again(truth: Calibration) -> None:
    """From twenty thousand heads, to a few hundredths."""
    found = fit(named(truth, 20_000))
    assert 1 / found.temperature == pytest.approx(1 / truth.temperature, abs=0.06)
    assert found.bias == pytest.approx(truth.bias, abs=0.06)


def test_a_fitted_curve_errs_less() -> None:
    """Than taking scores of an over-modest model at their word; on heads that it was not fitted on, too."""
    heads = named(Calibration(2.5, 1.5), 5_000)
    assert expected_error(promised_by(heads, fit(heads))) < 0.03
    assert expected_error(cross_fitted(heads)) < 0.03
    assert expected_error(promised_by(heads, AS_IT_IS)) > 0.1


def test_no_head_is_promised_by_its_own_scene() -> None:
    """Turning the truth of one scene around moves the promises of other scenes, not its own."""
    heads = named(Calibration(1.0, 0.0), 600)
    own = heads.group == "g3"
    turned = Named(heads.score, heads.helmet, heads.right ^ own, heads.group)
    before, after = cross_fitted(heads).promised, cross_fitted(turned).promised
    assert np.array_equal(before[own], after[own])
    assert not np.array_equal(before[~own], after[~own])


def test_promises_are_about_worn_helmets() -> None:
    """A head surely named bare promises little; whether it wore one is what its label says."""
    group = np.array(["a", "b", "c"])
    heads = Named(np.array([0.9, 0.9, 0.9]), np.array([True, False, False]), np.array([True, True, False]), group)
    promises = promised_by(heads, AS_IT_IS)
    assert promises.promised.tolist() == pytest.approx([0.9, 0.1, 0.1])
    assert promises.worn.tolist() == [True, False, True]


def test_folds_are_of_whole_scenes_and_alike() -> None:
    """Four folds of twelve scenes have three each; another seed deals them anew."""
    group = np.array([f"g{i % 12}" for i in range(60)])
    fold = folds(group, 4)
    scenes = {(g, f) for g, f in zip(group.tolist(), fold.tolist(), strict=True)}
    assert len(scenes) == 12
    assert sorted(f for _, f in scenes) == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert not np.array_equal(fold, folds(group, 4, seed=1))


def test_what_cannot_be_fitted_is_said() -> None:
    """Too few heads, and scores that mean the opposite."""
    heads = named(Calibration(1.0, 0.0), 400)
    with pytest.raises(CalibrationError, match="5 heads: a curve needs 20 or more"):
        fit(heads[np.arange(400) < 5])
    with pytest.raises(CalibrationError, match="no surer"):
        fit(Named(heads.score, heads.helmet, ~heads.right, heads.group))
