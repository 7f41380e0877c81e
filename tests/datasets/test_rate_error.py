"""Published rates against labels."""

import numpy as np
import pytest
from builders_scoring import crowd, person

from helmetbelt.datasets.judging import named
from helmetbelt.datasets.rate_error import corrected, rate_error, score_rate

BIASED = {(True, True): 540, (True, False): 60, (False, False): 240, (False, True): 160}
"""60 % wear one; Se 0.9, Sp 0.6: 70 % are called worn."""


def test_the_correction_undoes_known_errors() -> None:
    """Rogan and Gladen: q = p Se + (1 - p)(1 - Sp) solved for p, cut to 0..1; a guessing machine has no answer."""
    q = np.array([0.6 * 0.9 + 0.4 * 0.4, 0.05, 0.99, 0.5])
    p = corrected(q, np.array([0.9, 0.9, 0.9, 0.5]), np.array([0.6, 0.9, 0.9, 0.5]))
    assert p[:3].tolist() == pytest.approx([0.6, 0.0, 1.0])
    assert np.isnan(p[3])


def test_error_before_and_after_correction_by_other_scenes() -> None:
    """Ten points too many before, none after."""
    rows = {row.what: row.figure for row in score_rate(named(crowd(BIASED))) if row.part == "all"}
    assert rows["helmet rate of the labels"].value == pytest.approx(0.6)
    assert rows["rate error, points"].value == pytest.approx(10, abs=0.01)
    assert rows["rate error after correction by other scenes, points"].value == pytest.approx(0, abs=1)


def test_a_source_is_corrected_by_the_others() -> None:
    """Where another camera errs otherwise, its Se and Sp make the rate worse: that is what the row is for."""
    right = {(True, True): 60, (False, False): 40}
    persons = [*crowd(right, source="new"), *crowd(BIASED, source="old")]
    rows = {(row.what, row.part): row.figure.value for row in score_rate(named(persons))}
    assert rows["rate error, points", "new"] == pytest.approx(0)
    assert rows["rate error after correction by other sources, points", "new"] == pytest.approx(-20, abs=0.1)
    assert rows["mean size of the rate error, points", "mean of sources"] == pytest.approx(5, abs=0.1)


def test_the_judge_alone_is_asked_of_the_seen() -> None:
    """Missing the bare heads flatters the published rate, not the judge."""
    counts = {(True, True): 50, (False, False): 20, (False, None): 30}
    rows = {row.what: row.figure.value for row in score_rate(named(crowd(counts))) if row.part == "all"}
    assert rows["rate error, points"] == pytest.approx(100 * (50 / 70 - 0.5))
    assert rows["rate error of the judge alone, points"] == 0


def test_falsely_found_heads_are_in_the_published_rate() -> None:
    """Nobody is drawn there, but a passer-by would have been counted."""
    persons = [*crowd({(True, True): 50, (False, False): 50}), *(person(None, True, group="x") for _ in range(25))]
    assert rate_error(named(persons)) == pytest.approx(75 / 125 - 0.5)
    assert rate_error(named([person(True, None)])) == 1.0


def test_sources_that_draw_one_class_have_no_rate() -> None:
    """They are left out of every row."""
    others = [person(True, True, both_said=False) for _ in range(99)]
    persons = [*crowd({(True, True): 30, (False, False): 30}), *others]
    rows = {row.what: row.figure for row in score_rate(named(persons)) if row.part == "all"}
    assert rows["helmet rate of the labels"].n == 60
