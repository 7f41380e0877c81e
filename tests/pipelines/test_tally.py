"""Counting what has passed."""

import pytest
from builders_passages import NOT_WORN, UNKNOWN, WORN, passage

from helmetbelt.pipelines.passages import Item, Role, Status, Vehicle
from helmetbelt.pipelines.tally import Tally

PASSAGES = [
    passage(1, WORN),
    passage(2, WORN, NOT_WORN, NOT_WORN),
    passage(3, UNKNOWN),
    passage(4, UNKNOWN, vehicle=Vehicle.CAR),
]


@pytest.mark.parametrize(
    ("item", "role", "status", "count"),
    [
        (Item.HELMET, Role.RIDER, WORN, 2),
        (Item.HELMET, Role.RIDER, UNKNOWN, 1),
        (Item.HELMET, Role.PILLION, NOT_WORN, 2),
        (Item.SEATBELT, Role.DRIVER, UNKNOWN, 1),
        (Item.SEATBELT, Role.FRONT_PASSENGER, WORN, 0),
    ],
)
def test_persons_are_counted_by_role_and_answer(item: Item, role: Role, status: Status, count: int) -> None:
    """Second pillions are pillions; what did not happen is 0."""
    assert Tally.of(PASSAGES).answer(item, role, status) == count


def test_vehicles_are_counted_once() -> None:
    """Whoever sits on them."""
    tally = Tally.of(PASSAGES)
    assert (tally.vehicles(Vehicle.TWO_WHEELER), tally.vehicles(Vehicle.CAR)) == (3, 1)


def test_adding_makes_a_new_count() -> None:
    """The count that a drawing thread holds does not move under it."""
    before = Tally.of(PASSAGES[:2])
    after = before.plus(PASSAGES[2:])
    assert before.vehicles(Vehicle.TWO_WHEELER) == 2
    assert after == Tally.of(PASSAGES)
