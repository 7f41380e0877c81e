"""Figures of heads, found and named."""

import pytest
from builders_scoring import answer, found, person, picture

from helmetbelt.datasets.head_scoring import score_heads, score_names
from helmetbelt.datasets.manifest import Label
from helmetbelt.datasets.rows import Row

VEHICLE = (100.0, 100.0, 200.0, 300.0)
RIDER, WALKER = (140.0, 90.0, 170.0, 125.0), (400.0, 100.0, 430.0, 135.0)
LOW = (140.0, 90.0, 170.0, 108.0)
"""The upper half of the rider's head: IoU 0.51."""


def values(rows: list[Row], part: str = "all") -> dict[str, float]:
    """Values by name."""
    return {row.what: row.figure.value for row in rows if row.part == part}


def test_the_overlap_decides_which_precision() -> None:
    """A box of half the head counts at 0.3 and 0.5, and in the first of the ten thresholds."""
    labels = picture((Label.HELMET, RIDER))
    value = values(score_heads([answer(labels, found((0, 0.9, LOW)))]))
    assert value["helmet AP30, whole path"] == value["helmet AP50, whole path"] == 1.0
    assert value["helmet AP50-95, whole path"] == pytest.approx(0.1)


def test_a_class_that_is_not_drawn_is_not_asked() -> None:
    """Neither its figure, nor that of the other by what was found of it."""
    labels = picture((Label.HELMET, RIDER), labelled=frozenset({Label.HELMET}))
    value = values(score_heads([answer(labels, found((0, 0.9, RIDER), (1, 0.95, WALKER)))]))
    assert value["helmet AP50, whole path"] == 1.0
    assert not any(what.startswith("bare") for what in value)


def test_in_crops_only_heads_of_crops_are_asked() -> None:
    """A walker's head can't be found there: no miss; found in the whole picture, it is one."""
    labels = picture((Label.TWO_WHEELER, VEHICLE), (Label.BARE, RIDER), (Label.BARE, WALKER))
    seen = found((1, 0.9, RIDER))
    value = values(score_heads([answer(labels, seen, in_labelled=seen)]))
    assert value["bare AP50, in labelled two-wheelers"] == 1.0
    assert value["bare AP50, whole path"] == 0.5


def test_sizes_are_apart() -> None:
    """The large one is found, the small one isn't: each in its own row, both in that of all."""
    small = (400.0, 100.0, 412.0, 115.0)
    labels = picture((Label.BARE, RIDER), (Label.BARE, small))
    rows = score_heads([answer(labels, found((1, 0.9, RIDER)))])
    assert values(rows, "heads 20-40 px")["bare AP50, whole path"] == 1.0
    assert values(rows, "heads 12-20 px")["bare AP50, whole path"] == 0.0
    assert values(rows)["bare AP50, whole path"] == 0.5


def test_found_and_named_right() -> None:
    """Three of four heads are found, two of those by their right name; a small one is in its own row."""
    persons = [person(True, True), person(True, False), person(False, False), person(False, None)]
    persons.append(person(False, None, height_px=9))
    value = values(score_names(persons), "heads ≥ 12 px")
    assert value["found, all heads"] == 0.75
    assert value["named right of found, all heads"] == pytest.approx(2 / 3)
    assert value["found, bare heads"] == 0.5
    assert values(score_names(persons), "heads < 12 px") == {"found, bare heads": 0.0, "found, all heads": 0.0}
