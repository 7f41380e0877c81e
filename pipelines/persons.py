"""Who sits where: the heads of a vehicle at several moments → its persons, rider first.

How many they are is the largest number that a third of the looks shows. Who is in front is who is farther on
in the direction of motion in the picture: toward the camera the lower and larger head, away from it the upper
one, sideways the leading one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.detections import Detections
from helmetbelt.pipelines.association import greedy_pairs
from helmetbelt.pipelines.looks import Look
from helmetbelt.pipelines.passages import Box, Moment

Doubles = NDArray[np.float64]

SHARE_OF_LOOKS = 1 / 3
SLOW = 0.15
"""Below so many box heights a second a vehicle has no direction; its nearest head is taken as the rider's."""

TOWARD_CAMERA = np.array([0.0, 1.0])


@dataclass(frozen=True, slots=True)
class HeadVote:
    """One head at one moment.

    Attributes:
        moment: of the look.
        xyxy: pixels of the source's picture.
        helmet: the model says that it has a helmet; otherwise that it is bare.
        score: of the model, 0..1.
    """

    moment: Moment
    xyxy: Box
    helmet: bool
    score: float

    @property
    def height_px(self) -> float:
        """Height of the head in the source's picture."""
        return self.xyxy[3] - self.xyxy[1]


def seat_persons(looks: Sequence[Look]) -> tuple[tuple[HeadVote, ...], ...]:
    """The votes of each person, rider first; empty where no head was seen.

    Args:
        looks: of one vehicle.
    """
    seen = [look for look in looks if len(look.heads)]
    count = count_persons([len(look.heads) for look in seen])
    if count == 0:
        return ()
    full = [(look, _front_to_back(look, count)) for look in seen if len(look.heads) >= count]
    part = [(look, look.heads) for look in seen if len(look.heads) < count]
    places = np.mean([_places(look.moment.xyxy, heads) for look, heads in full], axis=0)
    votes: list[list[HeadVote]] = [[] for _ in range(count)]
    for look, heads in full:
        for seat in range(count):
            votes[seat].append(_vote(look, heads, seat))
    for look, heads in part:
        for index, seat in enumerate(_nearest_seats(look, places)):
            votes[seat].append(_vote(look, heads, index))
    return tuple(tuple(of_person) for of_person in votes)


def count_persons(heads: Sequence[int]) -> int:
    """The largest number of heads that a third of the looks shows (two looks at least, or the only one).

    Args:
        heads: number of heads in each look that shows any.
    """
    needed = looks_needed(len(heads))
    return max((n for n in set(heads) if sum(h >= n for h in heads) >= needed), default=0)


def looks_needed(looks: int) -> int:
    """In how many looks a person must be seen: a third, two at least, or the only one."""
    return max(min(2, looks), int(np.ceil(SHARE_OF_LOOKS * looks)))


def _front_to_back(look: Look, count: int) -> Detections:
    """The `count` surest heads of a look, rider first."""
    surest = look.heads[np.argsort(-look.heads.score, kind="stable")[:count]]
    boxes = surest.xyxy.astype(np.float64)
    size = np.maximum(boxes[:, 3] - boxes[:, 1], 1.0)
    centres = (boxes[:, :2] + boxes[:, 2:]) / 2
    heading = _heading(look)
    ahead = centres @ heading / size.mean() + heading[1] * np.log(size)
    return surest[np.argsort(-ahead, kind="stable")]


def _heading(look: Look) -> Doubles:
    heading = np.array(look.heading)
    speed = float(np.hypot(*heading))
    height = look.moment.xyxy[3] - look.moment.xyxy[1]
    return TOWARD_CAMERA if speed < SLOW * height else heading / speed


def _places(vehicle: Box, heads: Detections) -> Doubles:
    """(n, 2) centres as shares of the vehicle's box."""
    corner, size = np.array(vehicle[:2]), np.array(vehicle[2:]) - np.array(vehicle[:2])
    centres = (heads.xyxy[:, :2] + heads.xyxy[:, 2:]).astype(np.float64) / 2
    return np.asarray((centres - corner) / np.maximum(size, 1.0))


def _nearest_seats(look: Look, places: Doubles) -> list[int]:
    """The seat of each head of a look that shows fewer heads than there are persons."""
    found = _places(look.moment.xyxy, look.heads)
    apart = np.hypot(*(found[:, None, :] - places[None, :, :]).transpose(2, 0, 1))
    return [seat for _, seat in sorted(greedy_pairs(-apart, -np.inf))]


def _vote(look: Look, heads: Detections, index: int) -> HeadVote:
    x1, y1, x2, y2 = (float(v) for v in heads.xyxy[index])
    is_helmet = int(heads.class_id[index]) == 0
    return HeadVote(look.moment, (x1, y1, x2, y2), is_helmet, float(heads.score[index]))
