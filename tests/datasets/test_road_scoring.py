"""Figures of two-wheelers in whole pictures."""

import pytest
from builders_scoring import answer, found, picture

from helmetbelt.datasets.answers import Light
from helmetbelt.datasets.manifest import Label
from helmetbelt.datasets.road_scoring import score_road
from helmetbelt.datasets.rows import Row

NEAR, FAR = (100.0, 100.0, 160.0, 220.0), (300.0, 50.0, 310.0, 70.0)
TALL = "two_wheeler of 60 px in 1080p, recall at 1 false per picture"


def figures(rows: list[Row], part: str = "all") -> dict[str, float]:
    """Values by name."""
    return {row.what: row.figure.value for row in rows if row.part == part}


def test_far_riders_are_asked_for_apart() -> None:
    """Of 480 lines, 60 pixels in 1080p are 27: the missed one of 20 is no miss among the tall."""
    labels = picture((Label.TWO_WHEELER, NEAR), (Label.TWO_WHEELER, FAR))
    value = figures(score_road([answer(labels, two_wheelers=found((0, 0.9, NEAR)))]))
    assert value["two_wheeler recall at 1 false per picture"] == 0.5
    assert value["two_wheeler AP50"] == pytest.approx(0.5)
    assert value[TALL] == 1.0


def test_a_small_false_box_is_not_held_against_the_tall() -> None:
    """Two small false boxes before the tall rider cost the allowance of all, not that of the tall."""
    small = [(0, 0.95, (400.0, 10.0, 408.0, 28.0)), (0, 0.94, (500.0, 10.0, 508.0, 28.0))]
    seen = found(*small, (0, 0.9, NEAR))
    value = figures(score_road([answer(picture((Label.TWO_WHEELER, NEAR)), two_wheelers=seen)]))
    assert value["two_wheeler recall at 1 false per picture"] == 0.0
    assert value[TALL] == 1.0


def test_only_who_draws_two_wheelers_is_asked() -> None:
    """A source without that class gives no row, whatever was found."""
    labels = picture(labelled=frozenset({Label.HELMET}))
    assert score_road([answer(labels, two_wheelers=found((0, 0.9, NEAR)))]) == []


def test_each_source_and_light_has_its_own_figure() -> None:
    """And all pictures together one in between."""
    labels = [picture((Label.TWO_WHEELER, NEAR), source=s, group=s) for s in ("one", "other")]
    rows = score_road(
        [
            answer(labels[0], two_wheelers=found((0, 0.9, NEAR))),
            answer(labels[1], two_wheelers=found(), light=Light.DUSK_OR_DARK),
        ]
    )
    values = {part: figures(rows, part)["two_wheeler AP50"] for part in ("all", "one", "other", "day", "dusk or dark")}
    assert values == {"all": 0.5, "one": 1.0, "other": 0.0, "day": 1.0, "dusk or dark": 0.0}
