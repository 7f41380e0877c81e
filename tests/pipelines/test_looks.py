"""When the second model looks, what is kept, and how clear a view is."""

import cv2
import numpy as np
import pytest
from builders_looks import DRIVER_X, cabin, car_look, look

from helmetbelt.pipelines.looks import Look, LookRules, Looks, sharpness, view_quality
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


def test_a_car_is_hidden_sooner_than_a_rider() -> None:
    """Its people sit lower: what hides the upper half to 0.55 hides them, a rider's head ends at 0.4."""
    before = np.array([[0, 45, 60, 200.0]])
    qualities = [view_quality(kind, (0, 0, 60, 100), WHOLE, before) for kind in Vehicle]
    assert qualities == pytest.approx([100, 100 * (1 - 10 / 55)])


def test_a_look_through_the_windshield_is_kept_before_clearer_ones_without() -> None:
    """A car that turns shows its front for a moment."""
    kept = Looks(LookRules(kept=2))
    for i, (inside, quality) in enumerate([(cabin((DRIVER_X, 0.9, 0.0)), 50), (cabin(glass=None), 90), (cabin(), 60)]):
        kept.add(car_look(0.2 * i, inside, quality))
    assert [look.quality for look in kept.all] == [50, 60]


@pytest.mark.parametrize(
    ("seen", "accuses"),
    [
        (look(0, (0.5, 0.1, "helmet")), False),
        (look(0, (0.5, 0.1, "helmet"), (0.4, 0.1, "bare")), True),
        (car_look(0, cabin((DRIVER_X, 0.9, 0.0))), False),
        (car_look(0, cabin((DRIVER_X, 0.2, 0.0))), True),
        (car_look(0, cabin()), False),
    ],
    ids=["helmet", "bare", "belt", "no belt", "nobody"],
)
def test_a_look_accuses_whoever_seems_to_wear_nothing(seen: Look, accuses: bool) -> None:
    """Only then is its picture kept."""
    assert seen.accuses is accuses


def test_a_sharp_cabin_is_told_from_a_blurred_one_at_any_size() -> None:
    """The body below does not matter, nor does a car at or beyond the border."""
    image = np.random.default_rng(1).integers(0, 256, (200, 300, 3), np.uint8)
    image[100:] = 90
    large = np.kron(image, np.ones((2, 2, 1), np.uint8))
    blurred = cv2.GaussianBlur(image, (0, 0), 6)
    box, twice = (50, 50, 250, 150), (100, 100, 500, 300)
    assert sharpness(image, box) > 2 * sharpness(blurred.astype(np.uint8), box)
    assert sharpness(large, twice) == pytest.approx(sharpness(image, box), rel=0.05)
    assert sharpness(image, (250, 20, 400, 90)) > 0
    assert sharpness(image, (400, 20, 500, 90)) == 0
