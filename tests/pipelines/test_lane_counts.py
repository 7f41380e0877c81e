"""Every vehicle is counted once: scripted streets with a known number of vehicles."""

from dataclasses import replace

import numpy as np
import pytest
from builders_lane import GOOD, USUAL, Actor, Faults, Street, crossing, drive, lane_for

from helmetbelt.pipelines.passages import Direction, Vehicle


def numbers(street: Street, gate: str = "default") -> dict[Vehicle, int]:
    """How many of each kind passed."""
    kinds = [closed.passage.vehicle for closed in drive(street, gate)]
    return {kind: kinds.count(kind) for kind in Vehicle}


def two_wheelers(street: Street, gate: str = "default") -> int:
    """How many two-wheelers passed, and that nothing else did."""
    counted = numbers(street, gate)
    assert counted[Vehicle.CAR] == 0
    return counted[Vehicle.TWO_WHEELER]


def dense(fps: float, seed: int) -> Street:
    """Thirty vehicles on three lanes in forty seconds, with misses and jitter."""
    rng = np.random.default_rng(seed)
    starts = np.cumsum(rng.uniform(1.6, 3.2, 10))
    lanes = ((170, 130, 70), (240, 150, 85), (320, 190, 105))
    actors = [crossing(s + 0.3 * i, y, v, h) for i, (y, v, h) in enumerate(lanes) for s in starts]
    return Street(actors, 42, fps, USUAL, seed=seed)


@pytest.mark.parametrize("fps", [25, 12.5, 5])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_frame_rate_does_not_change_the_count(fps: float, seed: int) -> None:
    """The same thirty vehicles are thirty at 25, 12.5 and 5 pictures a second."""
    assert two_wheelers(dense(fps, seed)) == 30


@pytest.mark.parametrize("fps", [2, 1])
def test_slow_traffic_is_counted_at_one_and_two_frames_a_second(fps: float) -> None:
    """Slow traffic only: a vehicle should not go farther than its length between two frames."""
    actors = [crossing(4.0 * i, speed=40) for i in range(6)]
    assert two_wheelers(Street(actors, 42, fps, Faults(misses=0.05, jitter=0.01), seed=6)) == 6


@pytest.mark.parametrize("fps", [25, 5])
def test_stop_and_go_counts_once(fps: float) -> None:
    """A vehicle that waits at the light for half a minute and goes on has passed once."""
    way = ((0, -60, 250, 90), (3, 300, 250, 90), (33, 300, 250, 90), (36, 700, 250, 90))
    assert two_wheelers(Street([Actor(way)], 38, fps, USUAL)) == 1


def test_overtaking_counts_both() -> None:
    """A fast vehicle comes from behind on the next lane and goes away before a slow one."""
    assert two_wheelers(Street([crossing(0, 250, 90), crossing(2, 265, 200)], 11, 12.5, USUAL)) == 2


@pytest.mark.parametrize("fps", [12.5, 5])
def test_crossing_paths_count_both(fps: float) -> None:
    """Two vehicles meet in the middle, one hides the other for a moment, both keep their way."""
    right = crossing(0, 250, 160)
    left = Actor(((0, 720, 262, 90), (5, -80, 262, 90)))
    closed = drive(Street([right, left], 6, fps, GOOD))
    assert sorted(str(c.passage.direction) for c in closed) == ["left", "right"]


@pytest.mark.parametrize("fps", [25, 5])
def test_a_second_behind_a_car_counts_once(fps: float) -> None:
    """Who disappears behind a parked car and comes out on the other side is the same one."""
    parked = Actor(((0, 330, 300, 150), (9, 330, 300, 150)), vehicle=Vehicle.CAR)
    behind = crossing(1, 240, 130, 70)
    assert numbers(Street([parked, behind], 9, fps, USUAL)) == {Vehicle.TWO_WHEELER: 1, Vehicle.CAR: 0}


def test_parked_vehicles_do_not_pass() -> None:
    """A car and a scooter at the kerb, trembling in the detector for a minute, are not counted."""
    car = Actor(((0, 200, 300, 120), (60, 200, 300, 120)), vehicle=Vehicle.CAR)
    scooter = Actor(((0, 480, 300, 80), (60, 480, 300, 80)))
    passing = [crossing(s, 330, 200, 110) for s in (5, 20, 40)]
    assert two_wheelers(Street([car, scooter, *passing], 60, 5, USUAL)) == 3


def test_a_parked_vehicle_that_leaves_passes_once() -> None:
    """It stood for twenty seconds and then drove off."""
    car = Actor(((0, 200, 300, 120), (20, 200, 300, 120), (24, 800, 300, 120)), vehicle=Vehicle.CAR)
    assert numbers(Street([car], 25, 5, USUAL))[Vehicle.CAR] == 1


def test_waiting_until_the_end_has_not_passed() -> None:
    """A rider who stands during his whole sight didn't go anywhere."""
    assert two_wheelers(Street([Actor(((0, 300, 250, 90), (20, 300, 250, 90)))], 20, 5, USUAL)) == 0


@pytest.mark.parametrize("gone_s", [0.4, 1.0])
def test_out_of_sight_for_a_moment_counts_once(gone_s: float) -> None:
    """A vehicle that the detector loses for up to a second is found again."""
    actor = crossing(0, 250, 120, hidden=((2.5, 2.5 + gone_s),))
    assert two_wheelers(Street([actor], 8, 5, USUAL)) == 1


def test_a_vehicle_taken_for_both_kinds_is_one_of_the_likelier_kind() -> None:
    """A third of its boxes says car."""
    street = Street([crossing(0), crossing(2, 330)], 8, 12.5, Faults(flicker=0.3, jitter=0.02), seed=3)
    assert numbers(street) == {Vehicle.TWO_WHEELER: 2, Vehicle.CAR: 0}


@pytest.mark.parametrize("fps", [12.5, 5])
def test_ghosts_of_one_frame_are_not_counted(fps: float) -> None:
    """False boxes here and there, never where the vehicle drives on."""
    assert two_wheelers(Street([crossing(3)], 20, fps, Faults(ghosts=0.15), seed=4)) == 1


def test_away_and_toward_the_camera() -> None:
    """The direction is that in which the picture of the vehicle goes and grows."""
    toward = Actor(((0, 200, 120, 40), (5, 180, 350, 120)))
    away = Actor(((0, 450, 350, 120), (5, 420, 120, 40)))
    directions = [closed.passage.direction for closed in drive(Street([toward, away], 7))]
    assert sorted(map(str, directions)) == [str(Direction.AWAY), str(Direction.TOWARD)]


def test_passage_tells_first_last_and_best_moment() -> None:
    """A vehicle that comes nearer is seen best at its last whole sight."""
    passage = drive(Street([Actor(((1, 300, 120, 40), (5, 300, 300, 120)))], 8))[0].passage
    assert passage.first.seconds == pytest.approx(1.04)
    assert passage.last.seconds == pytest.approx(4.96, abs=0.05)
    assert passage.best.seconds > 4
    assert passage.best.seconds <= passage.gate.seconds <= passage.last.seconds


def test_a_glimpse_is_not_a_passage_through_the_whole_picture() -> None:
    """Seen for a third of a second between two trees."""
    assert two_wheelers(Street([Actor(((1, 100, 250, 90), (1.36, 250, 250, 90)))], 4, 25)) == 0


def test_who_parked_for_long_passes_when_he_leaves() -> None:
    """Not at the clearest moment of his parking."""
    way = ((0, 300, 350, 120), (60, 300, 350, 120), (64, 300, 120, 50))
    (closed,) = drive(Street([Actor(way)], 66, 5, USUAL))
    assert closed.passage.gate.seconds > 59


def test_a_frame_of_another_size_is_refused() -> None:
    """Gates and tracks are in pixels of the pictures for which the lane was built."""
    street = Street([], 1)
    frame = next(street.frames())
    with pytest.raises(ValueError, match="frame of 320x360 pixels in a lane for 640x360"):
        lane_for(street).step(replace(frame, image=frame.image[:, :320]))


def test_a_faulty_source_that_goes_back_in_time_is_refused() -> None:
    """Frames come in order."""
    street = Street([], 1)
    lane = lane_for(street)
    first, second, *_ = list(street.frames())
    lane.step(second)
    with pytest.raises(ValueError, match="time goes forward"):
        lane.step(first)
