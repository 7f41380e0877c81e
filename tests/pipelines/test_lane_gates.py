"""Lines and zones count who goes through them, once, in the direction asked for."""

import pytest
from builders_lane import GOOD, USUAL, WIDTH, Actor, Faults, Street, crossing, drive

DOWN = Actor(((0, 300, 90, 60), (6, 300, 350, 110)))
UP = Actor(((0, 420, 350, 110), (6, 420, 90, 60)))


def gates(actor: Actor, gate: str, faults: Faults = USUAL, fps: float = 12.5) -> list[float]:
    """Seconds at which one vehicle went through."""
    return [c.passage.gate.seconds for c in drive(Street([actor], actor.way[-1][0] + 2, fps, faults), gate)]


@pytest.mark.parametrize(
    ("actor", "gate", "passes"),
    [
        (DOWN, "line:0,0.6,1,0.6,down", True),
        (DOWN, "line:0,0.6,1,0.6,up", False),
        (UP, "line:0,0.6,1,0.6,up", True),
        (UP, "line:0,216,640,216,both", True),
        (DOWN, "line:0.7,0.6,1,0.6,down", False),
        (DOWN, "zone:0.4,0.5,0.6,0.5,0.6,0.8,0.4,0.8", True),
        (UP, "zone:0.4,0.5,0.6,0.5,0.6,0.8,0.4,0.8", False),
    ],
    ids=["down", "against it", "up", "both, pixels", "beside its end", "into the zone", "past the zone"],
)
def test_who_goes_through(actor: Actor, gate: str, passes: bool) -> None:
    """The point is the middle of the lower edge."""
    assert len(gates(actor, gate)) == passes


@pytest.mark.parametrize("fps", [25, 12.5, 5])
def test_the_moment_of_crossing_is_interpolated(fps: float) -> None:
    """The line at 220 px is reached three seconds after the start at 90 px, whatever the frame rate."""
    assert gates(DOWN, "line:0,220,640,220,down", GOOD, fps) == [pytest.approx(3.0, abs=0.05)]


def test_stopping_on_the_line_counts_once() -> None:
    """It trembles on the line for ten seconds and goes on."""
    stops = Actor(((0, 300, 90, 60), (3, 300, 220, 80), (13, 300, 220, 80), (16, 300, 350, 110)))
    assert len(gates(stops, "line:0,220,640,220,both", Faults(jitter=0.03))) == 1


def test_backing_up_over_the_line_counts_once() -> None:
    """It went over the line, stopped, and rolled back."""
    backs = Actor(((0, 300, 90, 60), (3, 300, 240, 80), (8, 300, 240, 80), (11, 300, 150, 70)))
    assert len(gates(backs, "line:0,220,640,220,both")) == 1


def test_trembling_does_not_cross_against_the_direction() -> None:
    """A vehicle going down that trembles on the line never goes up through it."""
    stops = Actor(((0, 300, 90, 60), (3, 300, 222, 80), (13, 300, 222, 80), (16, 300, 350, 110)))
    assert gates(stops, "line:0,220,640,220,up", Faults(jitter=0.01)) == []


def test_a_queue_through_a_line_is_counted_vehicle_by_vehicle() -> None:
    """Ten vehicles, one behind the other, at five pictures a second."""
    street = Street([crossing(1.2 * i, speed=200) for i in range(10)], 18, 5, USUAL)
    assert len(drive(street, f"line:{WIDTH / 2},0,{WIDTH / 2},360,right")) == 10
