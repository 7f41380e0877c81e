"""The simulated junction is repeatable, and its truth is the truth of its pictures."""

from dataclasses import replace

import numpy as np
import pytest
from builders_simulation import (
    AWAY,
    CAMERA,
    HEIGHT,
    TOWARD,
    WIDTH,
    driven_car,
    rider,
    scene,
    shared_scene,
    standing,
    truth_of,
)

from helmetbelt.datasets.simulation import Scene, VehicleTruth
from helmetbelt.datasets.simulation.cast import Actor
from helmetbelt.datasets.simulation.light import DAY
from helmetbelt.datasets.simulation.scene import SETTINGS
from helmetbelt.datasets.simulation.sprite import Sprite
from helmetbelt.datasets.simulation.studio import Studio
from helmetbelt.pipelines.frames import Image
from helmetbelt.pipelines.passages import Box, Direction, Vehicle

MOMENTS = (0.0, 21.6, 36.4)
FULL_SIZE = (0.0, 0.0, 1280.0, 720.0)


def inside(box: Box, other: Box, slack: float = 0.01) -> bool:
    """Whether a box lies in another."""
    return (
        box[0] >= other[0] - slack
        and box[1] >= other[1] - slack
        and box[2] <= other[2] + slack
        and box[3] <= other[3] + slack
    )


def sprite(actor: Actor, heading: float = TOWARD) -> Sprite:
    """How a vehicle 14 m down the road looks."""
    return Studio(CAMERA, DAY).hang(standing(actor, heading=heading)).sprite


def boxes(truth: list[VehicleTruth]) -> list[Box]:
    """All boxes of a picture."""
    people = [p for v in truth for p in v.persons]
    every = [b for v in truth for b in (v.xyxy, v.windshield)] + [b for p in people for b in (p.head, p.body)]
    return [b for b in every if b is not None]


def test_a_seed_gives_the_same_pictures_and_the_same_truth() -> None:
    """Two scenes of one seed cannot be told apart."""
    one, other = scene(), scene()
    assert np.array_equal(one.render(20.0, 500), other.render(20.0, 500))
    assert one.truth_at(20.0) == other.truth_at(20.0)


def test_another_seed_gives_other_traffic() -> None:
    """A seed decides who is on the road."""
    assert shared_scene(seed=7).truth_at(20.0) != shared_scene(seed=8).truth_at(20.0)


def test_a_picture_does_not_depend_on_what_was_drawn_before() -> None:
    """A reader at 5 pictures a second sees the same pictures as one at 25, whatever the order."""
    asked_once, asked_often = scene("dense", 3), scene("dense", 3)
    for index in (500, 3, 190):
        asked_often.render(index / 25, index)
    assert np.array_equal(asked_once.render(8.0, 200), asked_often.render(8.0, 200))
    assert asked_once.truth_at(8.0) == asked_often.truth_at(8.0)


def test_each_frame_has_its_own_noise() -> None:
    """The noise of a sensor does not stand still while the cars do."""
    still = shared_scene()
    first, second = still.render(20.0, 1), still.render(20.0, 2)
    assert not np.array_equal(first, second)
    assert np.abs(first.astype(int) - second.astype(int)).mean() < 8


def test_pictures_are_given_away() -> None:
    """Whoever writes into a picture does not paint the next one."""
    still = shared_scene()
    still.render(20.0, 0)[:] = 0
    assert still.render(20.0, 0).mean() > 20


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_all_boxes_lie_in_the_picture(name: str) -> None:
    """Boxes are cut at the border and never turned inside out."""
    for t in MOMENTS:
        for box in boxes(shared_scene(name).truth_at(t)):
            assert inside(box, (0.0, 0.0, WIDTH, HEIGHT))
            assert box[0] < box[2]
            assert box[1] < box[3]


def test_where_the_truth_has_a_vehicle_the_picture_has_one() -> None:
    """Pixels in the box of a visible vehicle differ from the empty street, and elsewhere few do."""
    busy = shared_scene("dense")
    changed = changed_pixels(busy, 36.4)
    elsewhere = changed.copy()
    for vehicle in busy.truth_at(36.4):
        x1, y1, x2, y2 = (int(v) for v in vehicle.xyxy)
        elsewhere[max(y1 - 4, 0) : y2 + 8, max(x1 - 12, 0) : x2 + 40] = False
        if vehicle.visible > 0.5 and y2 - y1 > 12:
            assert changed[y1:y2, x1:x2].mean() > 0.3
    assert elsewhere.mean() < 0.02 < changed.mean()


def changed_pixels(where: Scene, t: float) -> Image:
    """Where a picture differs from the empty street by more than noise."""
    difference = where.render(t, 0).astype(int) - where.empty(t).astype(int)
    return np.asarray(np.abs(difference).max(axis=2) > 14)


def test_a_head_is_a_sixth_of_its_two_wheeler() -> None:
    """Proportions are those of real pictures: heads are 0.15 to 0.21 of the box's height."""
    for seed in range(12):
        for heading in (TOWARD, AWAY):
            (vehicle,) = truth_of(standing(rider(seed=seed), heading=heading))
            head = vehicle.persons[0].head
            assert head is not None
            assert inside(head, vehicle.xyxy)
            assert 0.12 < (head[3] - head[1]) / (vehicle.xyxy[3] - vehicle.xyxy[1]) < 0.22


def test_near_heads_are_large_enough_to_judge() -> None:
    """The nearest heads are about thirty pixels high at full size."""
    (vehicle,) = truth_of(standing(rider(), y=9.5))
    head = vehicle.persons[0].head
    assert head is not None
    assert 26 < head[3] - head[1] < 48


def test_a_helmet_changes_the_head_and_nothing_else() -> None:
    """Bare and helmeted riders of one seed differ above the shoulders only."""
    worn, bare = (sprite(rider(seed=4, worn=w)) for w in (1.0, 0.0))
    high, low = ([middle(s, rows) for s in (worn, bare)] for rows in (slice(-66, -50), slice(-20, 40)))
    assert not np.array_equal(high[0], high[1])
    assert np.array_equal(low[0], low[1])
    assert high[0].any()
    assert low[0].any()


@pytest.mark.parametrize("worn", [0.0, 1.0])
def test_the_truth_is_what_is_on_the_heads(worn: float) -> None:
    """Caps, straw hats and hair are bare; full-face, open and half shells are helmets."""
    actors = [rider(seed=seed, worn=worn) for seed in range(40)]
    looks = [a.look.people[0].head.wear for a in actors]
    assert len(set(looks)) >= 3
    assert [look.is_helmet for look in looks] == [a.occupants[0].worn for a in actors]


def middle(one: Sprite, rows: slice) -> Image:
    """Rows, counted from the anchor, of the twenty columns around it."""
    across = slice(-10 - one.left, 10 - one.left)
    return one.image[rows.start - one.top : rows.stop - one.top, across]


@pytest.mark.parametrize("seed", range(4))
def test_a_belt_shows_through_the_windshield_and_nowhere_else(seed: int) -> None:
    """Belted and unbelted drivers of one seed differ within the glass, by the strap."""
    belted, loose = (Studio(CAMERA, DAY).hang(standing(driven_car(seed=seed, worn=w))) for w in (1.0, 0.0))
    assert belted.windshield is not None
    assert belted.sprite.image.shape == loose.sprite.image.shape
    differs = (belted.sprite.image != loose.sprite.image).any(axis=2)
    x1, y1, x2, y2 = belted.windshield - np.array([belted.sprite.left, belted.sprite.top] * 2)
    assert differs.sum() > 40
    differs[int(y1) - 2 : int(y2) + 3, int(x1) - 2 : int(x2) + 3] = False
    assert differs.sum() == 0


def test_a_car_from_behind_hides_its_people() -> None:
    """No glass, no heads, but still somebody whose belt is unknown to the camera."""
    (front,) = truth_of(standing(driven_car()))
    (back,) = truth_of(standing(driven_car(), heading=AWAY))
    assert front.windshield is not None
    assert front.persons[0].body is not None
    assert inside(front.persons[0].body, front.windshield)
    assert back.windshield is None
    assert back.persons[0].body is None
    assert back.persons[0].head is None
    assert back.persons[0].head_visible == 0


def test_the_driver_sits_on_the_left() -> None:
    """Seen from the front that is the right half of the windshield."""
    (car,) = truth_of(standing(driven_car()))
    assert car.windshield is not None
    assert car.persons[0].body is not None
    assert sum(car.persons[0].body[::2]) > sum(car.windshield[::2])


def test_whoever_is_nearer_hides_whoever_is_farther() -> None:
    """Visible shares of vehicle and head fall behind another vehicle; boxes stay whole."""
    (alone,) = truth_of(standing(rider(), y=19.0))
    behind, before = truth_of(standing(rider(), y=19.0), standing(driven_car(number=2), y=15.5))
    assert alone.visible > 0.95
    assert before.visible > 0.95
    assert behind.visible < 0.6 * alone.visible
    assert behind.xyxy == alone.xyxy


def test_whoever_is_hidden_altogether_is_not_in_the_truth() -> None:
    """Nobody is asked to find what no pixel shows."""
    low = replace(CAMERA, height=1.2, tilt=0.0)
    told = truth_of(standing(rider(), y=35.0), standing(driven_car(number=2), y=8.0), camera=low)
    assert [v.vehicle for v in told] == [2]


def test_a_head_in_full_view_is_visible() -> None:
    """Seen from the front nothing hides a rider's head."""
    (vehicle,) = truth_of(standing(rider(seed=1)))
    assert vehicle.persons[0].head_visible > 0.85


def test_the_border_of_the_picture_hides_too() -> None:
    """Half out of the picture is half visible, and the box ends at the border."""
    (vehicle,) = truth_of(standing(rider(), x=7.9))
    assert inside(vehicle.xyxy, FULL_SIZE)
    assert vehicle.xyxy[2] == 1280.0
    assert 0.1 < vehicle.visible < 0.9


@pytest.mark.parametrize(
    ("heading", "way"),
    [
        (TOWARD, Direction.TOWARD),
        (AWAY, Direction.AWAY),
        (np.pi / 2, Direction.LEFT),
        (-np.pi / 2, Direction.RIGHT),
    ],
)
def test_directions_are_those_seen_by_the_camera(heading: float, way: Direction) -> None:
    """Headings count from straight down the road, to the left."""
    (vehicle,) = truth_of(standing(rider(), heading=heading))
    assert vehicle.direction is way


def test_an_unknown_scene_is_named_with_those_there_are() -> None:
    """A typing error is answered with the list."""
    with pytest.raises(ValueError, match=r"no scene 'moon'; there are dense, dusk, junction, night, quiet"):
        Scene("moon", 1)


def test_the_scenes_show_both_kinds_and_company() -> None:
    """A minute of the junction has cars, two-wheelers, pillions, and both answers for both items."""
    busy = shared_scene("dense")
    seen = {v.vehicle: v for t in (0.0, 21.6, 36.4, 50.0) for v in busy.truth_at(float(t))}
    people = [(v.kind, p.worn) for v in seen.values() for p in v.persons]
    assert set(people) == {(kind, worn) for kind in Vehicle for worn in (True, False)}
    assert {len(v.persons) for v in seen.values()} >= {0, 1, 2, 3}
