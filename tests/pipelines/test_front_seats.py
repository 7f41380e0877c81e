"""Driver and front passenger by their place; each person in one car."""

import numpy as np
import pytest
from builders_looks import CAR, GLASS, cabin

from helmetbelt.detector.cabins import Cabin
from helmetbelt.detector.detections import Detections
from helmetbelt.pipelines.front_seats import front_seats, owned_cabins, roles_of
from helmetbelt.pipelines.passages import Box, Role
from helmetbelt.pipelines.rules import Wheel

D, F = Role.DRIVER, Role.FRONT_PASSENGER
CAR_XYXY = np.array(CAR, np.float32)


def at(*middles: float, glass: Box | None = GLASS) -> Cabin:
    """People at these shares of the windshield's width."""
    return cabin(*((x, 0.9, 0.0) for x in middles), glass=glass)


def with_sizes(inside: Cabin, *sizes: float) -> Cabin:
    """The same people, their boxes scaled about their middles."""
    boxes = inside.occupants.xyxy
    middle, half = (boxes[:, :2] + boxes[:, 2:]) / 2, (boxes[:, 2:] - boxes[:, :2]) / 2
    half = half * np.array(sizes, np.float32)[:, None]
    scaled = np.concatenate([middle - half, middle + half], axis=1)
    people = Detections(scaled, inside.occupants.score, inside.occupants.class_id)
    return Cabin(inside.windshield, people, inside.belts)


@pytest.mark.parametrize(
    ("middles", "left", "right"),
    [
        ((0.75, 0.25), [D, F], [F, D]),
        ((0.25, 0.75), [F, D], [D, F]),
        ((0.95, 0.6), [D, F], [F, D]),
        ((0.75,), [D], [F]),
        ((0.25,), [F], [D]),
        ((), [], []),
    ],
    ids=["both", "the other first", "both in one half", "right alone", "left alone", "nobody"],
)
def test_roles_follow_from_the_place_and_the_wheel(
    middles: tuple[float, ...], left: list[Role], right: list[Role]
) -> None:
    """Seen from the front, a wheel on the left is in the picture's right half."""
    for wheel, expected in ((Wheel.LEFT, left), (Wheel.RIGHT, right)):
        roles = {index: role for role, index in front_seats(at(*middles), wheel)}
        assert [roles[i] for i in range(len(middles))] == expected


def test_who_sits_behind_does_not_count() -> None:
    """A smaller one between the seats, and one half hidden behind the driver."""
    between = with_sizes(at(0.75, 0.25, 0.5), 1, 1, 0.6)
    behind = with_sizes(at(0.75, 0.70), 1, 0.6)
    assert sorted(front_seats(between, Wheel.LEFT)) == [(D, 0), (F, 1)]
    assert front_seats(behind, Wheel.LEFT) == [(D, 0)]


def test_without_a_windshield_nobody_has_a_place() -> None:
    """In a track; in a still picture the car's halves must do."""
    inside = at(0.8, 0.2, glass=None)
    assert front_seats(inside, Wheel.LEFT) == []
    assert roles_of(inside, CAR_XYXY, 0.3, Wheel.LEFT) == [D, F]


def test_everybody_in_a_still_picture_has_a_role() -> None:
    """Doubtful ones by their half; they don't change the roles of those who are sure."""
    sure, more = at(0.95, 0.6), at(0.95, 0.6, 0.2)
    doubtful = Detections(more.occupants.xyxy, np.array([0.9, 0.8, 0.1], np.float32), more.occupants.class_id)
    assert roles_of(sure, CAR_XYXY, 0.3, Wheel.LEFT) == [D, F]
    assert roles_of(Cabin(more.windshield, doubtful, more.belts), CAR_XYXY, 0.3, Wheel.LEFT) == [D, F, F]


def test_a_windshield_seen_through_two_crops_belongs_to_one_car() -> None:
    """To the one that it fits; a doubtful car takes nothing from a sure one."""
    behind = np.array([60, 60, 500, 200], np.float32)
    cars = np.stack([behind, CAR_XYXY])
    seen = [at(0.75), at(0.75)]
    owned = owned_cabins(cars, seen, np.array([True, True]))
    assert [len(c.windshield) for c in owned] == [0, 1]
    assert [len(c.occupants) for c in owned] == [0, 1]
    owned = owned_cabins(cars, seen, np.array([True, False]))
    assert [len(c.windshield) for c in owned] == [1, 0]


def test_one_person_with_two_boxes_is_one() -> None:
    """The surer box stays."""
    (owned,) = owned_cabins(CAR_XYXY[None], [at(0.75, 0.72, 0.25)], np.array([True]))
    assert len(owned.occupants) == 2
    np.testing.assert_allclose(owned.occupants.xyxy[:, 0], [270, 170], atol=1)


def test_no_cars_have_no_cabins() -> None:
    """An empty list, not an error."""
    assert owned_cabins(np.zeros((0, 4), np.float32), [], np.zeros(0, np.bool_)) == []
