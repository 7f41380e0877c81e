"""Comparing forms of a model: boxes that both see, time beside one another, a fixed part of the pictures."""

from dataclasses import replace

import numpy as np
import pytest
from builders_scoring import answer, found, picture

from helmetbelt.datasets.agreement import agreement, pairs
from helmetbelt.datasets.manifest import Label
from helmetbelt.datasets.sampling import FEWEST_OF_SOURCE, sample
from helmetbelt.datasets.timing import WARM_UP, side_by_side
from helmetbelt.datasets.variants import HEADS, ROAD, scored, working

BOX, NEAR, FAR = (0, 0, 100, 100), (0, 0, 100, 90), (300, 0, 400, 100)


@pytest.mark.parametrize(
    ("ours", "theirs", "shared"),
    [
        pytest.param(found((0, 0.9, BOX)), found((0, 0.5, NEAR)), 1, id="same"),
        pytest.param(found((0, 0.9, BOX)), found((1, 0.5, NEAR)), 0, id="another class"),
        pytest.param(found((0, 0.9, BOX)), found((0, 0.5, FAR)), 0, id="elsewhere"),
        pytest.param(found((0, 0.9, BOX), (0, 0.8, NEAR)), found((0, 0.5, BOX)), 1, id="one for two"),
        pytest.param(found((0, 0.9, NEAR), (0, 0.8, BOX)), found((0, 0.5, BOX), (0, 0.4, NEAR)), 2, id="crossed"),
        pytest.param(found(), found(), 0, id="nothing"),
    ],
)
def test_boxes_are_paired_once(ours: object, theirs: object, shared: int) -> None:
    """By class and overlap."""
    assert pairs(ours, theirs) == shared  # type: ignore[arg-type]


def test_agreement_is_f1() -> None:
    """Three boxes shared; one more of ours and two more of theirs."""
    two = found((0, 0.9, BOX), (0, 0.8, FAR))
    ours = [two, two, found()]
    theirs = [two, found((0, 0.9, BOX)), found((0, 0.9, BOX), (1, 0.9, FAR))]
    figure = agreement(ours, theirs, ["a", "b", "c"])
    assert figure.value == pytest.approx(2 * 3 / (4 + 5))
    assert figure.n == 9
    assert figure.low <= figure.value <= figure.high


def test_things_are_timed_in_turns() -> None:
    """The first is the measure of the others."""
    calls: list[str] = []
    spent = side_by_side({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, rounds=3)
    assert calls == ["a", "b"] * (WARM_UP + 3)
    assert spent["a"].ratio == 1.0
    assert spent["b"].low_ms <= spent["b"].ms <= spent["b"].high_ms


def test_a_sample_holds_some_of_every_source_and_is_always_the_same() -> None:
    """Only of those that label what is asked for."""
    many = [picture(labelled=frozenset({Label.TWO_WHEELER}), source="large", group=f"l{i}") for i in range(90)]
    few = [picture(labelled=frozenset({Label.TWO_WHEELER}), source="small", group=f"s{i}") for i in range(10)]
    other = [picture(labelled=frozenset({Label.BARE}), group=f"o{i}") for i in range(9)]
    kept = sample([*many, *few, *other], 20, Label.TWO_WHEELER)
    assert [p.source for p in kept] == ["large"] * 18 + ["small"] * FEWEST_OF_SOURCE
    again = sample([*other, *reversed(few), *many], 20, Label.TWO_WHEELER)
    assert {p.path for p in again} == {p.path for p in kept}


def test_what_the_product_goes_on_with() -> None:
    """Two-wheelers at the working threshold; heads as they were found there."""
    labels = picture((Label.TWO_WHEELER, BOX), (Label.HELMET, NEAR))
    given = answer(labels, two_wheelers=found((0, 0.9, BOX), (0, 0.2, FAR)), heads=found((0, 0.9, NEAR)))
    given = replace(given, working=[found((0, 0.9, NEAR)), found()])
    assert len(working(given, ROAD, 0.3)) == 1
    assert len(working(given, HEADS, 0.3)) == 1
    assert [round(row.figure.value, 3) for row in scored([given], ROAD)] == [1.0, 1.0]
    assert [row.what for row in scored([given], HEADS)] == ["helmet AP50, whole path"]
    assert np.isfinite(scored([given], HEADS)[0].figure.value)
