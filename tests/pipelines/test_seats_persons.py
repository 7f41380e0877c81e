"""From heads at several moments to persons: how many, and who is in front."""

from dataclasses import replace

import numpy as np
import pytest
from builders_looks import Head, look

from helmetbelt.detector.detections import Detections
from helmetbelt.pipelines.persons import count_persons, seat_persons

LEFT, RIGHT, MIDDLE = (0.25, 0.1, "helmet"), (0.75, 0.1, "bare"), (0.5, 0.1, "bare")
HIGH, LOW = (0.5, 0.02, "bare"), (0.5, 0.25, "helmet")


def kinds(*looks_of: tuple[Head, ...], heading: tuple[float, float] = (100, 0)) -> list[list[str]]:
    """The votes of each person, rider first."""
    looks = [look(0.2 * i, *heads, heading=heading) for i, heads in enumerate(looks_of)]
    return [["helmet" if vote.helmet else "bare" for vote in votes] for votes in seat_persons(looks)]


@pytest.mark.parametrize(
    ("heads", "heading", "front"),
    [
        ((LEFT, RIGHT), (100, 0), "bare"),
        ((LEFT, RIGHT), (-100, 0), "helmet"),
        ((HIGH, LOW), (0, 100), "helmet"),
        ((HIGH, LOW), (0, -100), "bare"),
        ((HIGH, LOW), (1, 0), "helmet"),
        ((LEFT, RIGHT), (70, 70), "bare"),
    ],
    ids=["rightward", "leftward", "toward the camera", "away", "standing", "aslant"],
)
def test_the_rider_is_farthest_on(heads: tuple[Head, ...], heading: tuple[float, float], front: str) -> None:
    """In the direction of motion in the picture; of who stands, the nearest head."""
    assert kinds(heads, heads, heading=heading)[0][0] == front


def test_of_two_heads_at_one_height_the_larger_is_nearer() -> None:
    """Toward the camera the rider's head is the larger one."""
    both = look(0, LEFT, RIGHT)
    xyxy = both.heads.xyxy.copy()
    xyxy[1] += np.array([-6, -6, 6, 6], np.float32)
    larger_right = replace(both, heads=Detections(xyxy, both.heads.score, both.heads.class_id))
    assert not seat_persons([larger_right])[0][0].helmet


@pytest.mark.parametrize(
    ("heads", "persons"),
    [
        ([], 0),
        ([2], 2),
        ([1, 1], 1),
        ([2, 1], 1),
        ([2, 2], 2),
        ([1, 1, 2, 2], 2),
        ([1] * 6 + [2, 2], 1),
        ([1] * 5 + [2] * 3, 2),
        ([3, 3, 3, 2, 1, 1], 3),
        ([1, 1, 1, 4], 1),
    ],
)
def test_how_many_they_are(heads: list[int], persons: int) -> None:
    """The largest number that a third of the looks shows, and two at least."""
    assert count_persons(heads) == persons


def test_each_person_gets_his_own_votes() -> None:
    """Also from looks that show only one of the two."""
    votes = kinds((LEFT, RIGHT), (RIGHT,), (LEFT,), (LEFT, RIGHT), (LEFT,))
    assert votes == [["bare"] * 3, ["helmet"] * 4]


def test_a_turn_does_not_mix_the_persons() -> None:
    """First leftward, then rightward: the rider is always the one in front."""
    looks = [
        look(0, LEFT, RIGHT, heading=(-100, 0)),
        look(0.2, LEFT, RIGHT, heading=(-100, 0)),
        look(0.4, (0.25, 0.1, "bare"), (0.75, 0.1, "helmet"), heading=(100, 0)),
    ]
    assert [vote.helmet for vote in seat_persons(looks)[0]] == [True] * 3


def test_one_ghost_among_many_looks_is_nobody() -> None:
    """A helmet on the rack in one of six looks makes no second person."""
    assert kinds((MIDDLE,), (MIDDLE,), (MIDDLE, (0.3, 0.3, "bare")), (MIDDLE,), (MIDDLE,), (MIDDLE,)) == [
        ["bare"] * 6
    ]


def test_nobody_where_no_head_was_seen() -> None:
    """Looks without heads."""
    assert seat_persons([look(0), look(1)]) == ()
