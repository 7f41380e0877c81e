"""What is hidden: every face and plate, also those that no model found."""

import numpy as np
import pytest
from builders_passages import BOX, NOT_WORN, UNKNOWN, WORN, sighting

from helmetbelt.pipelines.frames import Image
from helmetbelt.pipelines.passages import Box, Role, Status, Vehicle
from helmetbelt.pipelines.privacy import (
    Hidden,
    hidden_of,
    hidden_parts,
    inside,
    only_vehicle,
    part_of,
    pixelated,
)

HEAD: Box = (20.0, 8.0, 29.0, 17.0)


def noise(height: int = 100, width: int = 120) -> Image:
    """A picture in which every pixel differs from its neighbours, as in a face."""
    return np.random.default_rng(7).integers(0, 256, (height, width, 3), np.uint8)


def detail(image: Image, box: Box) -> float:
    """How much neighbours differ, mean over a part of the picture."""
    left, top, right, bottom = inside(box, image)
    part = image[top:bottom, left:right].astype(float)
    return float(np.abs(np.diff(part, axis=1)).mean())


def covers(hidden: list[Hidden], box: Box) -> bool:
    """One of the hidden parts contains the whole box."""
    return any(
        p.xyxy[0] <= box[0] and p.xyxy[1] <= box[1] and p.xyxy[2] >= box[2] and p.xyxy[3] >= box[3] for p in hidden
    )


@pytest.mark.parametrize(
    "persons",
    [
        (),
        ((Role.RIDER, UNKNOWN, None),),
        ((Role.RIDER, WORN, HEAD), (Role.PILLION, NOT_WORN, None)),
        ((Role.RIDER, WORN, HEAD),),
    ],
    ids=["nobody found", "rider without a head", "pillion without a head", "all found"],
)
def test_upper_part_is_always_hidden(persons: tuple[tuple[Role, Status, Box | None], ...]) -> None:
    """Fail closed: a face that a model misses, or of somebody behind, is not shown."""
    assert covers(hidden_of(sighting(1, *persons)), part_of(BOX, (0.0, -0.1, 1.0, 0.45)))


def test_known_head_is_hidden_wherever_it_is() -> None:
    """A child in front of the rider sits low."""
    low: Box = (20.0, 36.0, 29.0, 45.0)
    assert not covers(hidden_of(sighting(1, (Role.RIDER, WORN, HEAD))), low)
    assert covers(hidden_of(sighting(1, (Role.RIDER, WORN, HEAD), (Role.PILLION, WORN, low))), low)


def test_windshield_and_people_of_a_car_are_hidden_wherever_they_are() -> None:
    """Seen from the side they reach out of the usual part."""
    driver, glass = (38.0, 10.0, 46.0, 20.0), (36.0, 8.0, 50.0, 40.0)
    seen = sighting(1, (Role.DRIVER, WORN, driver), vehicle=Vehicle.CAR, windshield=glass)
    assert covers(hidden_of(seen), driver)
    assert covers(hidden_of(seen), glass)


def test_unconfirmed_vehicles_are_hidden_too() -> None:
    """Privacy does not wait for a track to be sure."""
    assert covers(hidden_of(sighting(1, confirmed=False)), part_of(BOX, (0.0, 0.0, 1.0, 0.3)))


@pytest.mark.parametrize(
    ("vehicle", "part"),
    [
        (Vehicle.TWO_WHEELER, (0.3, 0.6, 0.7, 0.8)),
        (Vehicle.CAR, (0.1, 0.7, 0.9, 0.95)),
        (Vehicle.CAR, (0.1, 0.1, 0.9, 0.5)),
    ],
    ids=["its plate", "car's plate", "windshield"],
)
def test_plates_and_cabins_are_hidden(vehicle: Vehicle, part: Box) -> None:
    """Whoever sits in a car is seen through its glass."""
    assert covers(hidden_parts(vehicle, BOX), part_of(BOX, part))


def test_face_has_few_blocks_left() -> None:
    """Far fewer than a face needs to be known again, enough to tell a helmet from hair."""
    head: Box = (0.0, 0.0, 50.0, 50.0)
    parts = hidden_parts(Vehicle.TWO_WHEELER, (500.0, 500.0, 600.0, 700.0), [head])
    colours = np.unique(pixelated(noise(50, 50), parts).reshape(-1, 3), axis=0)
    assert 4 <= len(colours) <= 49


def test_mean_colour_stays() -> None:
    """A red helmet stays red."""
    image = np.full((60, 60, 3), (20, 30, 220), np.uint8)
    assert np.array_equal(pixelated(image, [Hidden((10.0, 10.0, 40.0, 40.0), 6)]), image)


def test_original_stays_and_the_rest_too() -> None:
    """Only the hidden part of a copy changes."""
    image = noise()
    before = image.copy()
    shown = pixelated(image, [Hidden((10.4, 10.6, 39.2, 39.9), 8)])
    assert np.array_equal(image, before)
    shown[10:40, 10:40] = before[10:40, 10:40]
    assert np.array_equal(shown, before)


@pytest.mark.parametrize(
    ("box", "is_seen"),
    [
        ((-50.0, -50.0, 10.0, 10.0), True),
        ((110.0, 90.0, 500.0, 500.0), True),
        ((300.0, 300.0, 400.0, 400.0), False),
        ((5.0, 5.0, 5.0, 5.0), False),
    ],
    ids=["corner", "other corner", "outside", "empty"],
)
def test_parts_at_the_border_are_cut(box: Box, is_seen: bool) -> None:
    """Vehicles enter and leave the picture."""
    image = noise()
    shown = pixelated(image, [Hidden(box, 8)])
    assert shown.shape == image.shape
    assert np.array_equal(shown, image) != is_seen


def test_evidence_shows_one_vehicle_only() -> None:
    """The street is blurred, the vehicle is clear, its head and plate are not."""
    image = noise(400, 400)
    box: Box = (100.0, 100.0, 200.0, 300.0)
    shown = only_vehicle(image, Vehicle.TWO_WHEELER, box, [(130.0, 100.0, 166.0, 136.0)])
    sharp = detail(image, box)
    assert detail(shown, (220.0, 20.0, 390.0, 390.0)) < sharp / 8
    assert detail(shown, (110.0, 100.0, 190.0, 180.0)) < sharp / 3
    assert detail(shown, (130.0, 220.0, 170.0, 260.0)) < sharp / 3
    assert detail(shown, (105.0, 275.0, 195.0, 295.0)) == pytest.approx(sharp, rel=0.1)


def test_evidence_of_a_belt_shows_the_chest_coarsely_and_no_face() -> None:
    """A strap of a twelfth of the box can be seen on the accused, on nobody else."""
    image = np.full((600, 600, 3), 200, np.uint8)
    car: Box = (100.0, 100.0, 500.0, 500.0)
    accused, other = (320.0, 150.0, 440.0, 270.0), (160.0, 150.0, 280.0, 270.0)
    for left, top in ((320, 216), (160, 216)):
        for i in range(54):
            image[top + i, left + 30 + i : left + 40 + i] = 20
    faces = np.random.default_rng(7).integers(0, 256, (60, 400, 3), np.uint8)
    image[150:210, 100:500] = faces
    shown = only_vehicle(image, Vehicle.CAR, car, [accused, other], [accused])

    def darkest(box: Box) -> int:
        return int(shown[int(box[1]) + 80 : int(box[3]) - 6, int(box[0]) + 10 : int(box[2]) - 10].min())

    assert darkest(accused) < 100
    assert darkest(other) > darkest(accused) + 40
    assert len(np.unique(shown[155:205, 325:435].reshape(-1, 3), axis=0)) < 80
