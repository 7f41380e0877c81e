"""When the second model looks, what is kept, and how clear a view is."""

import numpy as np
import pytest
from builders_looks import look

from helmetbelt.pipelines.looks import LookRules, Looks, view_quality
from helmetbelt.pipelines.passages import Vehicle

WHOLE = (False, False, False, False)
NOBODY = np.zeros((0, 4))
IMAGE = np.zeros((2, 2, 3), np.uint8)


def looks(*qualities: float, every_s: float = 0.2) -> Looks:
    """One look after the other."""
    kept = Looks(LookRules(kept=3))
    for i, quality in enumerate(qualities):
        kept.add(look(every_s * i, quality=quality))
    return kept


@pytest.mark.parametrize(
    ("seconds", "quality", "wanted"),
    [(0.5, 500, False), (0.6, 500, True), (0.6, 60, True), (0.6, 52, False)],
    ids=["too soon", "clearer", "clearer than the worst", "hardly clearer"],
)
def test_a_look_must_tell_something_new(seconds: float, quality: float, wanted: bool) -> None:
    """Three are kept already, the worst of quality 50."""
    assert looks(50, 100, 80).wants(seconds, quality) is wanted


def test_any_view_is_wanted_while_there_are_few() -> None:
    """At first every look helps."""
    assert looks(100).wants(0.2, 1)


def test_the_best_are_kept_in_order_of_time() -> None:
    """The worst goes."""
    assert [kept.quality for kept in looks(50, 100, 40, 90).all] == [50, 100, 90]


@pytest.mark.parametrize(
    ("seconds", "kept"),
    [
        ((0, 0.2, 0.3), [0.3]),
        ((0, 0.2, 0.5), [0, 0.5]),
        ((0, 0.2, 0.4, 0.6, 0.8), [0, 0.8]),
        ((0, 0.5, 1, 1.5), [1, 1.5]),
    ],
    ids=["all at once", "two apart", "coming nearer", "the clearest"],
)
def test_two_pictures_apart_in_time_are_kept(seconds: tuple[float, ...], kept: list[float]) -> None:
    """The later, the clearer; at most two, at least 0.4 s apart."""
    views = Looks(LookRules())
    for i, at in enumerate(seconds):
        views.keep_view(look(at, quality=10 + i), IMAGE)
    assert [of.moment.seconds for of, _ in views.views] == kept


def test_dropped_pictures_are_gone() -> None:
    """When nobody seems bare-headed any more."""
    views = Looks(LookRules())
    views.keep_view(look(0), IMAGE)
    views.drop_views()
    assert views.views == ()


@pytest.mark.parametrize(
    ("cut", "others", "quality"),
    [
        (WHOLE, NOBODY, 100),
        ((False, True, False, False), NOBODY, 30),
        ((False, False, False, True), NOBODY, 100),
        (WHOLE, np.array([[0, 0, 60, 200.0]]), 10),
        (WHOLE, np.array([[30, 0, 90, 200.0]]), 50),
        (WHOLE, np.array([[0, 0, 60, 90.0]]), 100),
        (WHOLE, np.array([[0, 60, 60, 200.0]]), 100),
    ],
    ids=["free", "cut above", "cut below", "hidden", "half hidden", "hides the other", "wheels hidden"],
)
def test_quality_of_a_view(cut: tuple[bool, bool, bool, bool], others: np.ndarray, quality: float) -> None:
    """The height in pixels, less what hides the heads."""
    assert view_quality(Vehicle.TWO_WHEELER, (0, 0, 60, 100), cut, others) == pytest.approx(quality)
