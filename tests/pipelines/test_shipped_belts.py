"""The shipped models look into the cars of the simulated junction, where who wears a belt is known."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from helmetbelt.datasets.simulation import Scene
from helmetbelt.datasets.simulation.truth import PersonTruth, VehicleTruth
from helmetbelt.detector.card import card_names
from helmetbelt.detector.perception import load_perception
from helmetbelt.pipelines.belts import UNCLEAR
from helmetbelt.pipelines.passages import Box, Status, Vehicle
from helmetbelt.pipelines.stills import Interior, Sight, look

pytestmark = pytest.mark.skipif(
    not {"cabin", "belts"} <= set(card_names()), reason="the models that came with the program have none for belts"
)

SEEDS, MOMENTS_S = (7, 21, 33), range(3, 40, 3)
GLASS_PX, VISIBLE = 36, 0.9


@dataclass(frozen=True)
class Seen:
    """A car that comes near the camera, and what was found in it; None without a windshield there."""

    truth: VehicleTruth
    interior: Interior | None

    def occupant_of(self, person: PersonTruth) -> int | None:
        """Which of the occupants found is this person."""
        if self.interior is None or person.body is None:
            return None
        boxes = self.interior.cabin.occupants.xyxy
        same = [i for i in range(len(boxes)) if _iou(boxes[i], person.body) >= 0.4]
        return same[0] if same else None


@pytest.fixture(scope="module")
def cars() -> list[Seen]:
    """Every near car of three scenes, every three seconds."""
    perception, seen = load_perception(), list[Seen]()
    for seed in SEEDS:
        scene = Scene("junction", seed)
        for second in MOMENTS_S:
            near = [v for v in scene.truth_at(second) if is_near(v)]
            if near:
                sight = look(perception, scene.render(second, second * 25), None)
                seen += [Seen(vehicle, found_in(sight, vehicle)) for vehicle in near]
    assert len(seen) >= 10
    return seen


def is_near(vehicle: VehicleTruth) -> bool:
    """Its windshield is large and nothing hides it."""
    glass = vehicle.windshield
    return (
        vehicle.kind is Vehicle.CAR
        and glass is not None
        and vehicle.visible >= VISIBLE
        and glass[3] - glass[1] >= GLASS_PX
        and not vehicle.parked
    )


def found_in(sight: Sight, vehicle: VehicleTruth) -> Interior | None:
    """What was found behind this windshield."""
    assert vehicle.windshield is not None
    for interior in sight.interiors:
        glass = interior.cabin.windshield.xyxy
        if len(glass) and _iou(glass[0], vehicle.windshield) >= 0.5:
            return interior
    return None


def test_windshields_are_found(cars: list[Seen]) -> None:
    """Nine of ten that come near."""
    assert sum(car.interior is not None for car in cars) >= 0.9 * len(cars)


def test_people_have_the_roles_of_their_places(cars: list[Seen]) -> None:
    """Four of five are found, and those are who they are."""
    people = [(car, person) for car in cars for person in car.truth.persons if person.body is not None]
    found = [(car.interior, car.occupant_of(person), person.role) for car, person in people]
    roles = [(i.roles[k], role) for i, k, role in found if i is not None and k is not None]
    assert len(roles) >= 0.8 * len(people)
    assert all(given is true for given, true in roles)


def test_belts_are_told_from_their_absence(cars: list[Seen]) -> None:
    """The likelier answer is right for nine of ten who are seen clearly, and every status given is right.

    One picture alone is seldom sure enough for a status; the votes of a track are.
    """
    likelier, told = list[bool](), list[bool]()
    for car in cars:
        for person in car.truth.persons:
            index = car.occupant_of(person)
            if car.interior is not None and index is not None:
                belted, unbelted, unclear = car.interior.cabin.belts[index]
                status = car.interior.statuses[index]
                if unclear < UNCLEAR:
                    likelier.append((belted > unbelted) == person.worn)
                if status is not Status.UNKNOWN:
                    told.append((status is Status.WORN) == person.worn)
    assert len(likelier) >= 8
    assert sum(likelier) >= 0.9 * len(likelier)
    assert all(told)


def _iou(found: NDArray[np.float32], true: Box) -> float:
    a, b = np.array(found, np.float64), np.array(true)
    inner = np.clip(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0, None).prod()
    return float(inner / (np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]) - inner))
