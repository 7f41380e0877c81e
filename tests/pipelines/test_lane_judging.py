"""Every rider is judged once, from few looks; who sits where follows from the motion."""

import numpy as np
import pytest
from builders_lane import GOOD, HEIGHT, USUAL, WIDTH, Actor, Faults, Street, crossing, drive, lane_for
from builders_rules import HELMET, NO_BELTS, helmets, with_evidence

from helmetbelt.pipelines.passages import Item, Passage, Reason, Role, Status, Vehicle
from helmetbelt.pipelines.rules import Rules
from helmetbelt.pipelines.sightings import Sighting

LEFTWARD = ((0, 720, 250, 90), (5, -80, 250, 90))


def one(street: Street, rules: Rules = NO_BELTS) -> Passage:
    """The only passage of a street."""
    (closed,) = drive(street, rules=rules)
    return closed.passage


def answers(passage: Passage) -> list[tuple[Role, Status]]:
    """Role and status, rider first."""
    return [(o.role, o.status) for o in passage.observations]


@pytest.mark.parametrize("way", [crossing(0).way, LEFTWARD], ids=["rightward", "leftward"])
@pytest.mark.parametrize("fps", [25, 5])
def test_the_rider_is_the_one_in_front(way: tuple[tuple[float, float, float, float], ...], fps: float) -> None:
    """Driver with a helmet, passenger without."""
    passage = one(Street([Actor(way, ("helmet", "bare"))], 6, fps, USUAL))
    assert answers(passage) == [(Role.RIDER, Status.WORN), (Role.PILLION, Status.NOT_WORN)]


def test_three_on_one_scooter() -> None:
    """Three riders are three observations, seats in order."""
    passage = one(Street([crossing(0, heads=("bare", "helmet", "bare"))], 6, 12.5, USUAL))
    assert [(o.seat, o.status) for o in passage.observations] == [
        (0, Status.NOT_WORN), (1, Status.WORN), (2, Status.NOT_WORN)
    ]


def test_the_answer_survives_one_wrong_vote_in_seven() -> None:
    """Many looks at one rider outvote the model's mistakes."""
    street = Street([crossing(2.0 * i) for i in range(12)], 30, 12.5, Faults(wrong_heads=0.14), seed=7)
    rulings = [c.passage.observations[0].status for c in drive(street)]
    assert rulings.count(Status.WORN) >= 11
    assert Status.NOT_WORN not in rulings


def test_a_rider_without_a_head_is_unknown_and_still_counted() -> None:
    """Passages = sum over statuses: nobody is dropped because nothing was seen."""
    (rider,) = one(Street([crossing(0, heads=())], 6)).observations
    assert (rider.role, rider.status, rider.reason) == (Role.RIDER, Status.UNKNOWN, Reason.OCCLUDED)


def test_heads_below_the_envelope_are_not_judged() -> None:
    """A head of six pixels is too small to say anything."""
    (rider,) = one(Street([crossing(0, height=34, speed=80)], 10)).observations
    assert (rider.status, rider.reason, rider.votes) == (Status.UNKNOWN, Reason.TOO_SMALL, 0)


def test_a_car_has_one_driver_whose_belt_is_unknown() -> None:
    """There is no cabin model, and nobody is invented on the seat beside."""
    (driver,) = one(Street([crossing(0, vehicle=Vehicle.CAR)], 8)).observations
    assert (driver.role, driver.item, driver.reason) == (Role.DRIVER, Item.SEATBELT, Reason.NO_MODEL)


def test_the_second_model_looks_a_few_times_only() -> None:
    """A minute of waiting at the light costs no more looks than riding through."""
    waits = Street([Actor(((0, -60, 250, 90), (3, 300, 250, 90), (63, 300, 250, 90), (66, 700, 250, 90)))], 68)
    drive(waits)
    assert 3 <= waits.looked_at <= 30


def test_ghosts_are_not_looked_at() -> None:
    """A box must be seen twice before the second model looks."""
    street = Street([], 20, 5, Faults(ghosts=0.1))
    drive(street)
    assert street.looked_at == 0


def test_the_best_moment_shows_the_heads() -> None:
    """Head boxes of the observations lie in the upper part of the vehicle at the best moment."""
    passage = one(Street([crossing(0, heads=("helmet", "bare"))], 6))
    for observation in passage.observations:
        assert observation.head is not None
        assert passage.best.xyxy[1] - 20 < observation.head[1] < passage.best.xyxy[1] + 30


def test_evidence_has_two_pictures_apart_in_time_with_the_bare_head_in_them() -> None:
    """And none for who wears a helmet."""
    bare, good = crossing(0, heads=("bare",)), crossing(3)
    closed = {c.passage.is_violation: c for c in drive(Street([bare, good], 9))}
    first, second = closed[True].views
    assert second.moment.seconds - first.moment.seconds >= 0.4
    assert {head.status for view in (first, second) for head in view.heads} == {Status.NOT_WORN}
    assert first.image.shape == (HEIGHT, WIDTH, 3)
    assert closed[True].evidence == (0,)
    assert (closed[False].views, closed[False].evidence) == ((), ())


def test_the_threshold_of_enforcement_moves_no_status() -> None:
    """Statistics and enforcement use different thresholds."""
    def run(evidence_not_worn: float) -> tuple[list[Status], int]:
        street = Street([crossing(i, heads=("bare",)) for i in (0, 2, 4)], 10, faults=Faults(wrong_heads=0.1))
        closed = drive(street, rules=helmets(with_evidence(HELMET, evidence_not_worn)))
        statuses = [o.status for c in closed for o in c.passage.observations]
        return statuses, sum(len(c.evidence) for c in closed)

    strict, lax = run(0.0), run(0.2)
    assert strict[0] == lax[0]
    assert strict[1] == 0 < lax[1]


def test_sightings_show_who_is_in_the_frame_and_what_is_known_so_far() -> None:
    """For drawing: box, role, status so far, and the head where it was just looked at."""
    street = Street([crossing(0, heads=("bare",))], 3)
    lane = lane_for(street)
    assert lane.sightings() == ()
    shown: list[Sighting] = []
    for frame in street.frames():
        lane.step(frame)
        shown += lane.sightings()
    assert not shown[0].confirmed
    assert (shown[-1].confirmed, shown[-1].counted, shown[-1].track) == (True, True, 1)
    assert [(p.role, p.status) for p in shown[-1].persons] == [(Role.RIDER, Status.NOT_WORN)]
    assert any(person.head for sighting in shown for person in sighting.persons)


def test_a_neighbour_who_is_not_looked_at_keeps_his_head() -> None:
    """Two side by side, one with and one without a helmet: each gets his own answer."""
    near, far = crossing(0, 280, 120, 100, heads=("bare",)), crossing(0.2, 240, 120, 90)
    closed = drive(Street([near, far], 9, 12.5, GOOD))
    by_height = sorted(closed, key=lambda c: c.passage.best.xyxy[3])
    assert [c.passage.observations[0].status for c in by_height] == [Status.WORN, Status.NOT_WORN]
    assert np.isclose([len(c.passage.observations) for c in closed], 1).all()
