"""Looks into a car become answers about its driver and front passenger."""

from dataclasses import replace

import pytest
from builders_looks import DRIVER_X, PASSENGER_X, cabin, car_look
from builders_rules import BELT, BOTH, NO_BELTS, belts, with_evidence, with_thresholds

from helmetbelt.detector.card import Calibration
from helmetbelt.pipelines.belts import judge_car, still_status
from helmetbelt.pipelines.looks import Look
from helmetbelt.pipelines.passages import Item, Reason, Role, Status
from helmetbelt.pipelines.rules import JudgeRules, Wheel
from helmetbelt.pipelines.verdicts import Verdict

BELTED, UNBELTED, HAZE = (0.95, 0.0), (0.05, 0.0), (0.1, 0.8)
FAR = (100, 100, 190, 160)


def driver_looks(*seen: tuple[float, float] | None, px: float = 60) -> list[Look]:
    """Looks at a driver with these probabilities (belted, unclear); None where nobody was found."""
    return [
        car_look(0.2 * i, cabin(px=px) if one is None else cabin((DRIVER_X, *one), px=px)) for i, one in enumerate(seen)
    ]


def driver(looks: list[Look], rules: JudgeRules = BELT) -> Verdict:
    """The verdict on the driver alone."""
    (verdict,) = judge_car(looks, 0, belts(rules))
    return verdict


@pytest.mark.parametrize(
    ("looks", "status", "reason"),
    [
        (driver_looks(*[BELTED] * 4), Status.WORN, None),
        (driver_looks(*[UNBELTED] * 4), Status.NOT_WORN, None),
        (driver_looks(*[UNBELTED] * 6, BELTED), Status.NOT_WORN, None),
        (driver_looks((0.7, 0.0), HAZE, HAZE), Status.UNKNOWN, Reason.GLARE),
        (driver_looks(*[BELTED] * 2, *[UNBELTED] * 2), Status.UNKNOWN, Reason.CONFLICT),
        (driver_looks((0.6, 0.0)), Status.UNKNOWN, Reason.TOO_SHORT),
        (driver_looks(*[HAZE] * 3), Status.UNKNOWN, Reason.GLARE),
        (driver_looks(*[BELTED] * 4, px=12), Status.UNKNOWN, Reason.TOO_SMALL),
        (driver_looks(None, None), Status.UNKNOWN, Reason.OCCLUDED),
        (driver_looks(BELTED, *[None] * 5), Status.UNKNOWN, Reason.OCCLUDED),
        ([car_look(0, cabin(glass=None)), car_look(1, cabin(glass=None))], Status.UNKNOWN, Reason.NO_WINDSHIELD),
        ([car_look(0, cabin(glass=None), car=FAR)], Status.UNKNOWN, Reason.TOO_SMALL),
        ([], Status.UNKNOWN, Reason.TOO_SHORT),
    ],
    ids=[
        *("belted", "unbelted", "outvoted", "half haze", "conflict", "one doubtful look", "haze", "small"),
        *("nobody found", "found once in six", "from behind", "far away", "never looked at"),
    ],
)
def test_a_car_always_has_a_driver(looks: list[Look], status: Status, reason: Reason | None) -> None:
    """Whose answer may be unknown, with the reason."""
    observation = driver(looks).observation
    assert (observation.role, observation.seat, observation.item) == (Role.DRIVER, 0, Item.SEATBELT)
    assert (observation.status, observation.reason) == (status, reason)


def test_without_the_models_the_driver_is_unknown() -> None:
    """And nobody is invented beside."""
    (verdict,) = judge_car(driver_looks(BELTED), 0, NO_BELTS)
    assert (verdict.observation.role, verdict.observation.reason) == (Role.DRIVER, Reason.NO_MODEL)


def test_votes_add_up_like_those_for_helmets() -> None:
    """Four agreeing looks weigh as two independent ones."""
    one, four = (driver(driver_looks(*[(0.8, 0.0)] * n)).worn for n in (1, 4))
    odds = [p / (1 - p) for p in (one, four)]
    assert odds[0] == pytest.approx(4)
    assert odds[1] == pytest.approx(odds[0] ** 2)


def test_what_is_unclear_is_no_vote() -> None:
    """And doubt that remains in a clear look takes nothing from either side."""
    assert driver(driver_looks(BELTED, HAZE)).worn == driver(driver_looks(BELTED)).worn
    assert driver(driver_looks((0.72, 0.1))).worn == pytest.approx(0.8)
    assert driver(driver_looks(BELTED, HAZE)).observation.votes == 1


def test_the_card_calibrates_the_votes() -> None:
    """Temperature and bias as in the card."""
    rules = replace(BELT, calibration=Calibration(2.0, 0.0))
    assert driver(driver_looks((0.8, 0.0)), rules).worn == pytest.approx(2 / 3)


def test_no_single_look_counts_without_bound() -> None:
    """However sure the model is."""
    assert driver(driver_looks((0.999, 0.0))).worn == driver(driver_looks((0.97, 0.0))).worn


@pytest.mark.parametrize(("seen", "reported"), [(8, True), (3, True), (2, False), (1, False)])
def test_a_front_passenger_is_reported_where_enough_looks_show_one(seen: int, reported: bool) -> None:
    """A third of eight looks."""
    both = cabin((DRIVER_X, *BELTED), (PASSENGER_X, *UNBELTED))
    looks = [car_look(0.2 * i, both if i < seen else cabin((DRIVER_X, *BELTED))) for i in range(8)]
    roles = [v.observation.role for v in judge_car(looks, 0, BOTH)]
    assert roles == [Role.DRIVER, Role.FRONT_PASSENGER][: 1 + reported]


def test_each_has_an_answer_of_their_own() -> None:
    """By the side of the wheel."""
    looks = [car_look(0.2 * i, cabin((DRIVER_X, *BELTED), (PASSENGER_X, *UNBELTED))) for i in range(4)]
    answers = {
        wheel: [(v.observation.seat, v.observation.status) for v in judge_car(looks, 0, belts(BELT, wheel))]
        for wheel in Wheel
    }
    assert answers[Wheel.LEFT] == [(0, Status.WORN), (1, Status.NOT_WORN)]
    assert answers[Wheel.RIGHT] == [(0, Status.NOT_WORN), (1, Status.WORN)]


def test_somebody_alone_on_the_other_seat_is_no_driver() -> None:
    """The driver was not found, the passenger was."""
    looks = [car_look(0.2 * i, cabin((PASSENGER_X, *BELTED))) for i in range(4)]
    found = [(v.observation.role, v.observation.status, v.observation.reason) for v in judge_car(looks, 0, BOTH)]
    assert found == [
        (Role.DRIVER, Status.UNKNOWN, Reason.OCCLUDED),
        (Role.FRONT_PASSENGER, Status.WORN, None),
    ]


@pytest.mark.parametrize(("evidence", "shown"), [(0.0, False), (0.05, True)])
def test_moving_the_threshold_of_enforcement_moves_no_status(evidence: float, shown: bool) -> None:
    """It only chooses who is shown to a person."""
    looks = driver_looks(*[UNBELTED] * 4)
    verdict = driver(looks, with_evidence(BELT, evidence))
    assert verdict.is_evidence is shown
    assert verdict.observation == driver(looks).observation


@pytest.mark.parametrize("not_worn", [0.06, 0.2, 0.45])
def test_moving_the_thresholds_of_the_statistics_moves_no_evidence(not_worn: float) -> None:
    """The same drivers are shown, however many are counted."""
    tracks = [driver_looks(*[BELTED] * n, *[UNBELTED] * (6 - n)) for n in range(7)]
    shown = [driver(looks, with_thresholds(BELT, 0.9, not_worn)).is_evidence for looks in tracks]
    assert shown == [driver(looks).is_evidence for looks in tracks]
    assert any(shown)
    assert not all(shown)


def test_one_look_is_no_evidence() -> None:
    """However sure."""
    assert not driver(driver_looks(UNBELTED), with_evidence(BELT, 0.1)).is_evidence


def test_the_box_is_that_of_the_best_frame() -> None:
    """None where the driver wasn't seen there."""
    looks = driver_looks(BELTED, BELTED)
    boxes = [judge_car(looks, frame, BOTH)[0].observation.head for frame in (2, 5)]
    assert boxes[0] == pytest.approx((270, 110, 330, 170))
    assert boxes[1] is None


@pytest.mark.parametrize(
    ("belted", "px", "status"),
    [
        ((0.95, 0.0), 60, Status.WORN),
        ((0.05, 0.0), 60, Status.NOT_WORN),
        ((0.7, 0.0), 60, Status.UNKNOWN),
        ((0.45, 0.55), 60, Status.UNKNOWN),
        ((0.95, 0.0), 12, Status.UNKNOWN),
    ],
    ids=["belted", "unbelted", "doubtful", "unclear", "small"],
)
def test_a_still_picture_is_judged_by_the_same_thresholds(
    belted: tuple[float, float], px: float, status: Status
) -> None:
    """Without a cap: it is the only vote."""
    inside = cabin((DRIVER_X, *belted))
    assert still_status(inside.belts[0], px, BELT) is status
    assert still_status(cabin((DRIVER_X, 0.995, 0.0)).belts[0], 60, with_thresholds(BELT, 0.99, 0.01)) is Status.WORN
