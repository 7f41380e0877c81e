"""A lane runs for months: what has ended is forgotten."""

import gc

import numpy as np
from builders_lane import USUAL, Faults, Street, crossing, drive, lane_for


def test_an_hour_of_traffic_leaves_nothing_behind() -> None:
    """Three hundred vehicles later the lane holds as many objects as after the first minutes."""
    actors = [crossing(12.0 * i, speed=100, heads=("bare",) if i % 3 else ("helmet",)) for i in range(300)]
    street = Street((), 3600, 2.5, Faults(misses=0.05, jitter=0.02, ghosts=0.02))
    lane = lane_for(street)
    passed, objects = 0, []
    for frame in street.frames():
        first = max(int(frame.seconds // 12) - 1, 0)
        street.actors = actors[first : first + 3]
        passed += len(lane.step(frame))
        if frame.index % 3000 == 1500:
            gc.collect()
            objects.append(len(gc.get_objects()))
    passed += len(lane.finish())
    assert passed == 300
    assert len(lane._visits) == 0
    assert max(objects) - min(objects) < 200


def test_pictures_are_kept_only_for_who_seems_bare_headed() -> None:
    """At most two for each of them, none for the others."""
    street = Street([crossing(0), crossing(1, 330, heads=("bare",))], 4, 12.5, USUAL)
    lane = lane_for(street)
    most = 0
    for frame in street.frames():
        lane.step(frame)
        kept = [len(visit.looks.views) for visit in lane._visits.values()]
        most = max(most, sum(kept))
    assert most <= 2


def test_a_mistaken_bare_head_leaves_no_picture_once_outvoted() -> None:
    """Pictures of people who wear a helmet are not kept."""
    street = Street([crossing(2.0 * i) for i in range(8)], 22, 12.5, Faults(wrong_heads=0.25), seed=2)
    lane, mistaken = lane_for(street), 0
    for frame in street.frames():
        lane.step(frame)
        for visit in lane._visits.values():
            leans_bare = any(verdict.worn < 0.5 for verdict in visit.verdicts)
            assert leans_bare or not visit.looks.views
            mistaken += bool(visit.looks.views)
    assert mistaken > 0


def test_two_lanes_number_their_tracks_apart() -> None:
    """Each camera's tracks begin at 1."""
    tracks = [[c.passage.track for c in drive(Street([crossing(0), crossing(3)], 9))] for _ in range(2)]
    assert tracks == [[1, 2], [1, 2]]
    assert np.array(tracks).dtype == np.int64
