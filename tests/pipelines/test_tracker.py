"""Boxes get their vehicle: stages of association, confirmation, patience."""

import numpy as np
import pytest
from numpy.typing import NDArray

from helmetbelt.detector.detections import Detections
from helmetbelt.pipelines.motion import IDENTITY, Shift
from helmetbelt.pipelines.passages import Vehicle
from helmetbelt.pipelines.track import Track
from helmetbelt.pipelines.tracker import Tracker

STILL = Shift(IDENTITY)


def seen(*boxes: tuple[float, float], score: float = 0.8, class_id: int = 0, size: float = 60) -> Detections:
    """Square boxes by their middles."""
    middle = np.array(boxes, np.float32).reshape(-1, 2)
    xyxy = np.concatenate([middle - size / 2, middle + size / 2], axis=1)
    return Detections(xyxy, np.full(len(xyxy), score, np.float32), np.full(len(xyxy), class_id, np.int64))


def run(tracker: Tracker, every_s: float, steps: list[Detections], shift: Shift = STILL) -> list[Track]:
    """Steps through frames; gives all that ended and all alive, in order of their numbers."""
    ended: list[Track] = []
    for index, users in enumerate(steps):
        ended += tracker.step(users, 10 + index * every_s, shift)
    return sorted([*ended, *tracker.tracks], key=lambda track: track.number)


def moving(steps: int, dx: float) -> list[Detections]:
    """One box that goes `dx` pixels a frame."""
    return [seen((100 + dx * i, 200)) for i in range(steps)]


@pytest.mark.parametrize("dx", [0, 20, 55, 70], ids=["still", "overlapping", "hardly", "not overlapping"])
def test_one_vehicle_is_one_track_however_far_it_goes_between_frames(dx: float) -> None:
    """At five frames a second the second box need not overlap the first."""
    (track,) = run(Tracker(1280, 720), 0.2, moving(10, dx))
    assert (track.number, track.hits, track.confirmed) == (1, 10, True)


def test_the_usual_velocity_of_the_place_helps_a_new_track() -> None:
    """In a queue the follower's box is nearer to where a vehicle was than its own next box."""
    tracker = Tracker(1280, 720)
    teachers = [box for _ in range(3) for box in [*moving(18, 60), *[seen()] * 10]]
    gap, entry, steps = 90.0, 100.0, 16
    starts = entry - gap * np.arange(11)
    queue = [seen(*[(x, 200) for x in starts + 60.0 * i if entry <= x < 1200]) for i in range(steps)]
    assert len(run(tracker, 0.2, teachers)) == 3
    made = sum(bool((starts + 60.0 * (steps - 1))[i] >= entry) for i in range(len(starts)))
    later = [tracker.step(users, 100 + 0.2 * i, STILL) for i, users in enumerate(queue)]
    numbers = {t.number for ended in later for t in ended} | {t.number for t in tracker.tracks}
    assert max(numbers) == 3 + made


@pytest.mark.parametrize("hidden", [0, 4])
def test_a_vehicle_that_comes_nearer_fast_stays_one_track(hidden: int) -> None:
    """Its size grows by a fifth each time, and doubles while it is hidden."""
    sizes = [30 * 1.2**i for i in range(12)]
    steps = [seen((300, 200 + size / 2), size=size) for size in sizes]
    steps[5 : 5 + hidden] = [seen()] * hidden
    assert len(run(Tracker(1280, 720), 0.2, steps)) == 1


def test_an_unseen_vehicle_does_not_grow_for_ever() -> None:
    """What came nearer fast is not awaited as a giant."""
    tracker = Tracker(1280, 720)
    run(tracker, 0.1, [*[seen((300, 300), size=60 * 1.1**i) for i in range(6)], *[seen()] * 14])
    assert tracker.tracks[0].place.h < 2 * 60 * 1.1**5


def test_numbers_begin_at_one_in_each_tracker() -> None:
    """Ids are the tracker's, not the program's."""
    assert [run(Tracker(640, 360), 0.2, moving(3, 5))[0].number for _ in range(2)] == [1, 1]


def test_a_doubtful_box_continues_a_track_and_begins_none() -> None:
    """The second threshold: half-hidden vehicles score low."""
    faint = seen((120, 200), score=0.2)
    (track,) = run(Tracker(640, 360), 0.1, [*moving(3, 5), faint, faint])
    assert track.hits == 5
    assert run(Tracker(640, 360), 0.1, [faint] * 5) == []


@pytest.mark.parametrize(("sights", "confirmed"), [(1, False), (2, False), (3, True)])
def test_confirmation_takes_three_sights(sights: int, confirmed: bool) -> None:
    """One or two false boxes are not a vehicle."""
    assert run(Tracker(640, 360), 0.2, moving(sights, 3))[0].confirmed is confirmed


@pytest.mark.parametrize(
    ("score", "missed", "confirmed"),
    [(0.8, 0, True), (0.8, 1, True), (0.4, 0, True), (0.4, 1, False), (0.8, 2, False)],
)
def test_what_scores_low_and_comes_and_goes_is_not_believed(score: float, missed: int, confirmed: bool) -> None:
    """So many misses after each sight: a walker taken for a scooter now and then is not confirmed."""
    steps = [seen((100 + 2 * i, 200), score=score) if i % (missed + 1) == 0 else seen() for i in range(25)]
    assert run(Tracker(640, 360), 0.1, steps)[0].confirmed is confirmed


def test_three_sights_within_a_blink_are_not_enough() -> None:
    """At fifty frames a second three sights last 40 ms."""
    assert not run(Tracker(640, 360), 0.02, moving(3, 1))[0].confirmed


@pytest.mark.parametrize(("unseen_s", "tracks"), [(1.4, 1), (2.0, 2)])
def test_a_lost_vehicle_is_awaited_for_so_many_seconds(unseen_s: float, tracks: int) -> None:
    """Where its velocity takes it, not where it was."""
    gone = round(unseen_s / 0.1)
    steps = [*moving(10, 10), *[seen()] * gone, *[seen((100 + 10 * i, 200)) for i in range(10 + gone, 20 + gone)]]
    assert len(run(Tracker(1280, 720), 0.1, steps)) == tracks


def test_who_slowed_down_out_of_sight_is_found_beside_the_prediction() -> None:
    """Its box no longer overlaps the predicted one; the distance of the centres finds it."""
    before, hidden = moving(10, 20), [seen()] * 5
    after = [seen((100 + 180 + 20 * 6 - 48 + 20 * i, 200)) for i in range(5)]
    assert len(run(Tracker(1280, 720), 0.1, [*before, *hidden, *after])) == 1


def test_a_standing_vehicle_is_awaited_longer() -> None:
    """A bus passes before it for four seconds."""
    stands = [seen((100, 200))] * 20
    assert len(run(Tracker(640, 360), 0.1, [*stands, *[seen()] * 40, *stands])) == 1


def test_an_unconfirmed_track_is_soon_forgotten() -> None:
    """False boxes do not wait for vehicles."""
    tracker = Tracker(640, 360)
    run(tracker, 0.1, [seen((100, 200)), *[seen()] * 6])
    assert tracker.tracks == ()


def test_the_kind_is_the_one_with_more_votes() -> None:
    """A scooter that is taken for a car now and then stays a scooter and one track."""
    steps = [seen((100 + 5 * i, 200), class_id=int(i % 3 == 2)) for i in range(9)]
    (track,) = run(Tracker(640, 360), 0.1, steps)
    assert track.vehicle is Vehicle.TWO_WHEELER


def test_one_vehicle_found_as_both_kinds_is_one_track() -> None:
    """Two boxes at the same place in one frame are one vehicle."""
    users = Detections(*(np.concatenate(parts) for parts in zip(
        *[(d.xyxy, d.score, d.class_id) for d in (seen((100, 200)), seen((103, 201), class_id=1, score=0.6))],
        strict=True,
    )))
    (track,) = run(Tracker(640, 360), 0.1, [users] * 4)
    assert track.vehicle is Vehicle.TWO_WHEELER


def test_found_is_the_index_of_the_box_in_the_frame() -> None:
    """So that what belongs to the box can be looked up."""
    tracker = Tracker(640, 360)
    run(tracker, 0.1, [seen((500, 200), (100, 200))] * 2)
    assert sorted((t.place.x, t.found) for t in tracker.tracks) == [(100, 1), (500, 0)]


def test_a_box_inside_another_begins_no_track() -> None:
    """A rider found apart from his scooter is no second vehicle."""
    whole, part = seen((200, 200), size=100), seen((200, 185), size=50)
    both = Detections(
        np.concatenate([whole.xyxy, part.xyxy]), np.array([0.9, 0.6], np.float32), np.zeros(2, np.int64)
    )
    assert len(run(Tracker(640, 360), 0.1, [whole, both, both, both])) == 1


def matrix(x: float, y: float) -> NDArray[np.float64]:
    """A camera that moved everything by so much."""
    return np.array([[1, 0, x], [0, 1, y]], np.float64)


def test_predictions_move_with_the_camera() -> None:
    """The picture jumps by three sizes of the box; the track is at the new place, and hasn't moved."""
    tracker = Tracker(1280, 720)
    run(tracker, 0.1, [seen((100, 200))] * 5)
    tracker.step(seen((280, 230)), 10.6, Shift(matrix(180, 30)))
    (track,) = tracker.tracks
    assert track.hits == 6
    assert track.travel.way == pytest.approx((0, 0), abs=0.01)


def test_a_cut_ends_all_tracks() -> None:
    """Another scene has other vehicles."""
    tracker = Tracker(640, 360)
    run(tracker, 0.1, moving(4, 3))
    (ended,) = tracker.step(seen((109, 200)), 11, Shift(IDENTITY, is_cut=True))
    assert (ended.number, tracker.tracks[0].number) == (1, 2)


def test_time_goes_forward() -> None:
    """A frame that isn't later is the caller's mistake."""
    tracker = Tracker(640, 360)
    tracker.step(seen(), 1.0, STILL)
    with pytest.raises(ValueError, match="time goes forward"):
        tracker.step(seen(), 1.0, STILL)
