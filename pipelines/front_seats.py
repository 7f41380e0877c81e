"""Who sits where in a car: driver and front passenger by their place behind the windshield.

Seen from the front, the driver of a car with its wheel on the left sits in the picture's right half.
"""

import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.cabins import Cabin, windshield_fit
from helmetbelt.pipelines.passages import Role
from helmetbelt.pipelines.rules import Wheel
from helmetbelt.pipelines.seats import is_same

Floats = NDArray[np.float32]

APART = 0.2
"""Least distance of two people side by side as a share of the windshield's width; in 41 labelled pairs 0.34 to 0.55.
Who is nearer to somebody larger sits behind."""


def front_seats(cabin: Cabin, wheel: Wheel) -> list[tuple[Role, int]]:
    """Role and index of the one or two people in front; nobody where there is no windshield to tell by.

    Whoever sits behind is farther away and half hidden: of more than two people the largest count.

    Args:
        cabin: its occupants, each once.
        wheel: of the car.
    """
    if not len(cabin.windshield):
        return []
    left, _, right, _ = (float(side) for side in cabin.windshield.xyxy[0])
    boxes = cabin.occupants.xyxy
    middle = (boxes[:, 0] + boxes[:, 2]) / 2
    size = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    front: list[int] = []
    for index in np.argsort(-size, kind="stable").tolist():
        if len(front) < 2 and all(abs(middle[index] - middle[i]) >= APART * (right - left) for i in front):
            front.append(index)
    if len(front) < 2:
        return [(role_at(float(middle[i]), left, right, wheel), i) for i in front]
    from_left = sorted(front, key=lambda i: float(middle[i]))
    roles = (Role.FRONT_PASSENGER, Role.DRIVER) if wheel is Wheel.LEFT else (Role.DRIVER, Role.FRONT_PASSENGER)
    return list(zip(roles, from_left, strict=True))


def role_at(middle: float, left: float, right: float, wheel: Wheel) -> Role:
    """The role of somebody alone, by the half of what lies between `left` and `right`."""
    is_right = middle >= (left + right) / 2
    return Role.DRIVER if is_right is (wheel is Wheel.LEFT) else Role.FRONT_PASSENGER


def roles_of(cabin: Cabin, car_xyxy: Floats, sure_score: float, wheel: Wheel) -> list[Role]:
    """A role for every occupant, doubtful ones too, by its half of the windshield, or else of the car.

    The two in front are told as by `front_seats`, from those at `sure_score` or more.
    """
    left, _, right, _ = cabin.windshield.xyxy[0] if len(cabin.windshield) else car_xyxy
    middle = (cabin.occupants.xyxy[:, 0] + cabin.occupants.xyxy[:, 2]) / 2
    roles = [role_at(float(x), float(left), float(right), wheel) for x in middle]
    sure = np.flatnonzero(cabin.occupants.score >= sure_score)
    for role, index in front_seats(cabin.with_occupants(sure), wheel):
        roles[int(sure[index])] = role
    return roles


def owned_cabins(cars_xyxy: Floats, cabins: list[Cabin], is_sure: NDArray[np.bool_]) -> list[Cabin]:
    """Each windshield and occupant once, in the car that it fits best: the boxes of neighbours overlap.

    Args:
        cars_xyxy: (n, 4).
        cabins: n, what was found in the crop of each car.
        is_sure: (n,) cars that come before all others.
    """
    worth = [
        float(sure) + (float(windshield_fit(c.windshield.xyxy, car)[0]) if len(c.windshield) else 0.0)
        for car, c, sure in zip(cars_xyxy, cabins, is_sure, strict=True)
    ]
    owned, glass, people = list(cabins), list[Floats](), list[Floats]()
    for i in np.argsort(-np.array(worth), kind="stable").tolist():
        owned[i] = _free(cabins[i], glass, people)
        glass += list(owned[i].windshield.xyxy)
        people += list(owned[i].occupants.xyxy)
    return owned


def _free(cabin: Cabin, glass: list[Floats], people: list[Floats]) -> Cabin:
    """What is nobody else's, each occupant once; nothing where the windshield is another car's."""
    if any(is_same(own, other) for own in cabin.windshield.xyxy for other in glass):
        return Cabin.empty()
    keep: list[int] = []
    for i, box in enumerate(cabin.occupants.xyxy):
        if not any(is_same(box, other) for other in [*people, *cabin.occupants.xyxy[keep]]):
            keep.append(i)
    return cabin.with_occupants(np.array(keep, np.intp))
