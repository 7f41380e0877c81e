"""A camera that moves: what is parked stays parked, what drives is counted once."""

from dataclasses import replace

import numpy as np
import pytest
from builders_lane import Actor, Camera, Faults, Street, drive, lane_for
from numpy.typing import NDArray

from helmetbelt.pipelines.passages import Vehicle


def shift(x: float, y: float = 0.0, zoom: float = 1.0) -> NDArray[np.float64]:
    """Street → picture: zoomed, then moved by so many pixels."""
    return np.array([[zoom, 0, x], [0, zoom, y]])


def panning(seconds: float) -> NDArray[np.float64]:
    """Sixty pixels a second to the right, with a trembling hand."""
    return shift(-60 * seconds + 2 * np.sin(9 * seconds), 2 * np.cos(7 * seconds))


def jumping(seconds: float) -> NDArray[np.float64]:
    """Still, then another view of the same street."""
    return shift(-40, 0) if seconds < 2.5 else shift(40, 10, 1.1)


FAULTS = Faults(jitter=0.01, misses=0.05)
PARKED = Actor(((0, 500, 300, 110), (8, 500, 300, 110)), vehicle=Vehicle.CAR)
RIDER = Actor(((0, 300, 250, 90), (8, 1100, 260, 95)))


def passed(camera: Camera, *actors: Actor, fps: float = 12.5) -> list[Vehicle]:
    """Who passed."""
    return [c.passage.vehicle for c in drive(Street(actors, 8, fps, FAULTS, camera))]


@pytest.mark.parametrize("fps", [25, 5])
def test_panning_past_a_parked_car_does_not_count_it(fps: float) -> None:
    """It goes through the whole picture, but not against the background."""
    assert passed(panning, PARKED, fps=fps) == []


def test_panning_with_a_rider_counts_him_once() -> None:
    """He stays in the middle of the picture while the street goes by."""
    assert passed(panning, RIDER, PARKED) == [Vehicle.TWO_WHEELER]


def test_a_jump_of_the_camera_does_not_double_the_count() -> None:
    """The view changes from one picture to the next; the vehicle is the same."""
    assert passed(jumping, Actor(((0, 100, 250, 90), (6, 560, 250, 90)))) == [Vehicle.TWO_WHEELER]


def test_repeated_pictures_prove_nothing() -> None:
    """A stream that hangs on one picture for a minute neither counts nor forgets who is in it."""
    street = Street([Actor(((0, -60, 250, 90), (4, 700, 250, 90)))], 5, 12.5, FAULTS, lambda _: shift(0))
    lane = lane_for(street)
    closed, hung_s = [], 0.0
    for frame in street.frames():
        closed += lane.step(replace(frame, seconds=frame.seconds + hung_s))
        while frame.index == 25 and hung_s < 60:
            hung_s += 0.08
            closed += lane.step(replace(frame, seconds=frame.seconds + hung_s))
    assert closed == []
    assert [c.passage.track for c in lane.finish()] == [1]


def test_another_scene_ends_all_tracks() -> None:
    """After a cut nothing is continued: two scenes with one vehicle each are two passages."""
    street = Street([Actor(((0, 0, 250, 90), (3, 500, 250, 90)))], 3, 12.5, FAULTS, lambda _: shift(0))
    elsewhere = Actor(((0, 1050, 750, 90), (3, 1450, 750, 90)))
    other = Street([elsewhere], 3, 12.5, FAULTS, lambda _: shift(-900, -500))
    lane = lane_for(street)
    closed = [c for frame in street.frames() for c in lane.step(frame)]
    assert closed == []
    lane._perception = other
    for frame in other.frames():
        closed += lane.step(replace(frame, seconds=frame.seconds + 3))
        if frame.index == 0:
            assert len(closed) == 1
    assert len(closed + lane.finish()) == 2
