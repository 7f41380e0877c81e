"""Vehicles of the simulated junction keep to the light and to each other, and are counted once."""

from functools import lru_cache
from itertools import combinations

import numpy as np
import pytest
from builders_simulation import shared_scene

from helmetbelt.datasets.simulation import PassageTruth
from helmetbelt.datasets.simulation.passing import passages
from helmetbelt.datasets.simulation.signal import Lamp, Signal
from helmetbelt.datasets.simulation.studio import Standing
from helmetbelt.pipelines.passages import Direction, Vehicle


@lru_cache(maxsize=4)
def table(name: str = "junction", seconds: float = 60.0) -> list[PassageTruth]:
    """The passages of a clip."""
    return passages(shared_scene(name), seconds)


def at(t: float, name: str = "junction") -> dict[int, Standing]:
    """Where everybody is, by number."""
    return {s.actor.number: s for s in shared_scene(name).standing(t)}


@pytest.mark.parametrize(
    ("t", "lamp", "crossing"),
    [
        (0.0, Lamp.GREEN, False),
        (19.9, Lamp.GREEN, False),
        (20.1, Lamp.YELLOW, False),
        (23.1, Lamp.RED, False),
        (27.0, Lamp.RED, True),
        (35.0, Lamp.RED, False),
        (40.1, Lamp.GREEN, False),
    ],
)
def test_the_light_never_lets_both_roads_go(t: float, lamp: Lamp, crossing: bool) -> None:
    """The crossing road goes in the middle of the red."""
    signal = Signal(start_s=0.0)
    assert signal.main(t) is lamp
    assert signal.crossing_may_go(t) is crossing


def test_vehicles_wait_at_the_red_light_and_start_again() -> None:
    """At the end of the red some stand before the line; ten seconds later they have crossed it."""
    scene = shared_scene("dense")
    red_ends = next(t for t in np.arange(20, 80, 0.5) if scene.signal.main(t) is Lamp.GREEN) - 0.5
    waiting = [
        s
        for s in at(red_ends, "dense").values()
        if s.speed < 0.1 and np.cos(s.heading) < -0.9 and s.actor.occupants and s.y < scene.street.stop_y + 8
    ]
    later = at(red_ends + 10, "dense")
    assert len(waiting) >= 3
    for before in waiting:
        assert before.y - before.actor.half_length > scene.street.stop_y - 0.7
        assert before.actor.number not in later or later[before.actor.number].y < before.y - 5


def test_nobody_passes_the_line_at_red() -> None:
    """Toward the camera the line is crossed at green or yellow, or by who could not stop any more."""
    signal = shared_scene("dense").signal
    crossed = [p.line_s for p in table("dense") if p.direction is Direction.TOWARD and p.line_s is not None]
    assert len(crossed) > 10
    assert all(signal.main(t) is not Lamp.RED or signal.main(t - 1.5) is not Lamp.RED for t in crossed)


@pytest.mark.parametrize("t", [5.0, 33.0, 41.0, 58.0])
def test_nobody_drives_through_another(t: float) -> None:
    """Outlines on the ground never overlap within a direction."""
    for one, other in combinations(at(t, "dense").values(), 2):
        if np.cos(one.heading - other.heading) > 0.9 and abs(np.cos(one.heading)) > 0.9:
            aside = abs(one.x - other.x) >= 0.85 * (one.actor.half_width + other.actor.half_width)
            apart = abs(one.y - other.y) >= 0.93 * (one.actor.half_length + other.actor.half_length)
            assert aside or apart, (one.actor.number, other.actor.number)


def test_faster_two_wheelers_overtake() -> None:
    """In a minute somebody who came later leaves first."""
    ways = [p for p in table("dense") if p.direction is Direction.AWAY and p.kind is Vehicle.TWO_WHEELER]
    pairs = combinations(sorted(ways, key=lambda p: p.first_s), 2)
    assert any(early.last_s > late.last_s + 0.2 for early, late in pairs if late.first_s > early.first_s + 0.2)


def test_movement_is_smooth_between_the_steps() -> None:
    """No vehicle jumps: a fiftieth of a second moves nobody farther than its speed allows."""
    for t in np.arange(30.0, 31.0, 0.02):
        before, after = at(float(t)), at(float(t) + 0.02)
        for number in before.keys() & after.keys():
            assert np.hypot(after[number].x - before[number].x, after[number].y - before[number].y) < 0.26


def test_parked_cars_stay_and_are_no_passages() -> None:
    """They are in every picture and listed as parked, with nobody in them."""
    parked = [p for p in table() if p.parked]
    assert len(parked) == 3
    for p in parked:
        assert (at(0.0)[p.vehicle].x, at(0.0)[p.vehicle].y) == (at(59.0)[p.vehicle].x, at(59.0)[p.vehicle].y)
        assert (p.persons, p.first_s, p.last_s, p.line_s) == ((), 0.0, 60.0, None)
    seen = {v.vehicle: v.parked for t in (0.0, 25.0, 50.0) for v in shared_scene().truth_at(t)}
    assert {number for number, stands in seen.items() if stands} == {p.vehicle for p in parked}


def test_the_table_tells_what_the_pictures_tell() -> None:
    """Vehicles, people and statuses seen in pictures are those of the passage table, and in its time."""
    rows = {p.vehicle: p for p in table()}
    seen: set[int] = set()
    for t in np.arange(0.0, 60.0, 1.5):
        for vehicle in shared_scene().truth_at(float(t)):
            row = rows[vehicle.vehicle]
            seen.add(vehicle.vehicle)
            assert row.first_s - 0.4 <= t <= row.last_s + 0.4
            assert (row.kind, row.direction, row.parked) == (vehicle.kind, vehicle.direction, vehicle.parked)
            assert [(p.role, p.seat, p.item, p.worn) for p in row.persons] == [
                (p.role, p.seat, p.item, p.worn) for p in vehicle.persons
            ]
    assert {number for number, row in rows.items() if row.last_s - row.first_s > 2} <= seen


def test_a_minute_has_the_promised_traffic() -> None:
    """About 15 two-wheelers and 6 cars a minute, over ten minutes."""
    moving = [p for p in passages(shared_scene(seed=1), 300.0) if not p.parked]
    two_wheelers = sum(p.kind is Vehicle.TWO_WHEELER for p in moving) / 5
    cars = sum(p.kind is Vehicle.CAR for p in moving) / 5
    assert 11 < two_wheelers < 20
    assert 4 < cars < 10


def test_the_second_at_the_line_is_the_second_at_the_line() -> None:
    """A moment before it the wheels are behind the line, a moment after it before."""
    stop_y = shared_scene().street.stop_y
    rows = [p for p in table() if p.line_s is not None and p.direction is Direction.TOWARD and p.last_s < 59]
    assert rows
    for p in rows:
        assert p.line_s is not None
        before, after = (at(p.line_s + d)[p.vehicle] for d in (-0.1, 0.1))
        reach = 0.8 * before.actor.half_length
        assert before.y - reach > stop_y > after.y - reach
