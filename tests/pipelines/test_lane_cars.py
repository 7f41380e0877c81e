"""Belts over whole passages, on scripted streets."""

import pytest
from builders_lane import USUAL, Actor, Faults, Street, crossing, drive, lane_for
from builders_rules import BELT, BOTH, belts, with_evidence

from helmetbelt.pipelines.closed import Closed
from helmetbelt.pipelines.passages import Item, Reason, Role, Status, Vehicle
from helmetbelt.pipelines.rules import Wheel
from helmetbelt.pipelines.sightings import Sighting

D, F = Role.DRIVER, Role.FRONT_PASSENGER


def car(start: float, *people: str, height: float = 100) -> Actor:
    """A car that crosses the picture, driver first; from behind without people."""
    return crossing(start, height=height, heads=(), vehicle=Vehicle.CAR, belts=people or None)


def one(street: Street, wheel: Wheel = Wheel.LEFT) -> Closed:
    """The only passage of a street."""
    (closed,) = drive(street, rules=belts(BELT, wheel))
    return closed


def answers(closed: Closed) -> list[tuple[Role, Status]]:
    """Role and status, driver first."""
    return [(o.role, o.status) for o in closed.passage.observations]


@pytest.mark.parametrize("fps", [25, 5])
def test_driver_and_passenger_are_judged_apart(fps: float) -> None:
    """At any rate of frames."""
    found = answers(one(Street([car(0, "belted", "unbelted")], 6, fps, USUAL)))
    assert found == [(D, Status.WORN), (F, Status.NOT_WORN)]


def test_with_the_wheel_on_the_right_they_change_places() -> None:
    """Where traffic keeps left."""
    found = answers(one(Street([car(0, "belted", "unbelted")], 6), Wheel.RIGHT))
    assert found == [(D, Status.NOT_WORN), (F, Status.WORN)]


@pytest.mark.parametrize(
    ("actor", "reason"),
    [
        (car(0), Reason.NO_WINDSHIELD),
        (car(0, "unclear"), Reason.GLARE),
        (car(0, "belted", height=56), Reason.TOO_SMALL),
    ],
    ids=["from behind", "haze", "far away"],
)
def test_a_car_that_cannot_be_looked_into_has_an_unknown_driver(actor: Actor, reason: Reason) -> None:
    """Passages = sum over statuses."""
    (driver,) = one(Street([actor], 7)).passage.observations
    assert (driver.role, driver.item, driver.status, driver.reason) == (D, Item.SEATBELT, Status.UNKNOWN, reason)


def test_cars_are_looked_at_a_few_times_only() -> None:
    """A minute of waiting at the light costs no more looks than driving through."""
    way = ((0, -60, 250, 90), (3, 300, 250, 90), (63, 300, 250, 90), (66, 700, 250, 90))
    street = Street([Actor(way, (), Vehicle.CAR, belts=("belted",))], 68)
    drive(street, rules=BOTH)
    assert 3 <= street.cars_looked_at <= 30


def test_parked_cars_and_two_wheelers_are_not_looked_into() -> None:
    """Nor is anything without a belt model."""
    parked = Actor(((0, 300, 250, 90), (20, 300, 250, 90)), (), Vehicle.CAR, belts=("belted",))
    street = Street([parked, crossing(2)], 20)
    drive(street, rules=BOTH)
    assert street.cars_looked_at == 0
    passing = Street([car(0, "belted")], 6)
    drive(passing)
    assert passing.cars_looked_at == 0


def test_evidence_shows_who_has_no_belt_and_only_him() -> None:
    """Two pictures apart in time, with the boxes of both people and their answers."""
    closed = one(Street([car(0, "belted", "unbelted")], 6))
    first, second = closed.views
    assert second.moment.seconds - first.moment.seconds >= 0.4
    assert [(head.seat, head.status) for head in first.heads] == [(0, Status.WORN), (1, Status.NOT_WORN)]
    assert closed.evidence == (1,)
    belted = one(Street([car(0, "belted", "belted")], 6))
    assert (belted.views, belted.evidence) == ((), ())


def test_the_threshold_of_enforcement_moves_no_status() -> None:
    """Statistics and enforcement use different thresholds."""

    def run(evidence_not_worn: float) -> tuple[list[Status], int]:
        street = Street([car(i, "unbelted") for i in (0, 2, 4)], 10, faults=Faults(misses=0.1))
        closed = drive(street, rules=belts(with_evidence(BELT, evidence_not_worn)))
        statuses = [o.status for c in closed for o in c.passage.observations]
        return statuses, sum(len(c.evidence) for c in closed)

    strict, lax = run(0.0), run(0.2)
    assert strict[0] == lax[0]
    assert strict[1] == 0 < lax[1]


def test_sightings_show_windshield_and_people() -> None:
    """In the frame in which they were looked at; the answers so far in every frame."""
    street = Street([car(0, "unbelted")], 3)
    lane, shown = lane_for(street, rules=BOTH), list[Sighting]()
    for frame in street.frames():
        lane.step(frame)
        shown += lane.sightings()
    assert shown[0].persons == ()
    assert [(p.role, p.status) for p in shown[-1].persons] == [(D, Status.NOT_WORN)]
    looked = [s for s in shown if s.windshield is not None]
    assert 3 <= len(looked) < len(shown)
    for sighting in looked:
        (driver,) = sighting.persons
        assert driver.head is not None
        assert sighting.windshield is not None
        assert sighting.xyxy[0] < sighting.windshield[0] < driver.head[0] < driver.head[2] < sighting.windshield[2]


def test_the_best_moment_is_one_that_shows_the_driver() -> None:
    """Its box lies in the car."""
    passage = one(Street([car(0, "belted")], 6)).passage
    head, box = passage.observations[0].head, passage.best.xyxy
    assert head is not None
    assert box[0] < head[0] < head[2] < box[2]
    assert box[1] < head[1] < head[3] < (box[1] + box[3]) / 2
