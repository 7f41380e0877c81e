"""What is drawn, where, in which colour."""

from datetime import timedelta, timezone

import numpy as np
import pytest
from builders_passages import NOT_WORN, UNKNOWN, WORN, frame, passage, sighting

from helmetbelt.pipelines.annotate import CAR, COLOURS, GATE, UNCONFIRMED, Annotator, colour_of
from helmetbelt.pipelines.brush import Colour
from helmetbelt.pipelines.frames import Image
from helmetbelt.pipelines.gates import WholeGate, parse_gate
from helmetbelt.pipelines.passages import Box, Role, Vehicle
from helmetbelt.pipelines.sightings import Sighting
from helmetbelt.pipelines.tally import Tally

CHINA = timezone(timedelta(hours=8))
LOW_RIGHT: Box = (400.0, 300.0, 460.0, 420.0)
GREY = 90


def drawn(
    sightings: list[Sighting], width: int = 640, height: int = 480, tally: Tally | None = None, gate: str = "default"
) -> Image:
    """The annotated picture of a grey street."""
    street = np.full((height, width, 3), GREY, np.uint8)
    return Annotator(width, height, CHINA, parse_gate(gate)).draw(frame(0, 0.0, street), sightings, tally or Tally())


def pixels_of(image: Image, colour: Colour) -> int:
    """How many pixels have about this colour."""
    return int(np.all(np.abs(image.astype(int) - colour) < 30, axis=2).sum())


@pytest.mark.parametrize(
    ("seen", "colour"),
    [
        (sighting(1, (Role.RIDER, WORN, None)), COLOURS[WORN]),
        (sighting(1, (Role.RIDER, WORN, None), (Role.PILLION, NOT_WORN, None)), COLOURS[NOT_WORN]),
        (sighting(1, (Role.RIDER, WORN, None), (Role.PILLION, UNKNOWN, None)), COLOURS[UNKNOWN]),
        (sighting(1), COLOURS[UNKNOWN]),
        (sighting(1, vehicle=Vehicle.CAR), CAR),
        (sighting(1, (Role.DRIVER, UNKNOWN, None), vehicle=Vehicle.CAR), CAR),
        (sighting(1, (Role.DRIVER, NOT_WORN, None), vehicle=Vehicle.CAR), COLOURS[NOT_WORN]),
    ],
)
def test_box_has_the_colour_of_the_gravest_answer(seen: Sighting, colour: Colour) -> None:
    """Red before amber before green; cars whose belts are not judged are blue."""
    assert colour_of(seen) == colour


@pytest.mark.parametrize(("width", "height"), [(480, 360), (1280, 720), (1600, 1200)])
def test_box_is_drawn_where_the_vehicle_is(width: int, height: int) -> None:
    """At every size of picture."""
    box: Box = (width * 0.7, height * 0.5, width * 0.85, height * 0.9)
    image = drawn([sighting(1, (Role.RIDER, NOT_WORN, None), box=box)], width, height)
    middle = int(height * 0.7)
    for x in (round(box[0]), round(box[2])):
        assert pixels_of(image[middle : middle + 1, x - 1 : x + 2], COLOURS[NOT_WORN]) >= 1
    assert pixels_of(image[middle : middle + 1, round(box[0]) + 6 : round(box[2]) - 6], COLOURS[NOT_WORN]) == 0


def test_unconfirmed_vehicles_have_grey_corners_only() -> None:
    """They may still turn out to be nothing."""
    image = drawn([sighting(1, (Role.RIDER, NOT_WORN, None), box=LOW_RIGHT, confirmed=False)])
    assert pixels_of(image[250:, 300:], UNCONFIRMED) > 20
    assert pixels_of(image[250:, 300:], COLOURS[NOT_WORN]) == 0


def test_heads_are_ringed_in_the_colour_of_their_answer() -> None:
    """Rider and pillion apart."""
    heads: list[Box] = [(410.0, 310.0, 428.0, 328.0), (436.0, 312.0, 454.0, 330.0)]
    image = drawn([sighting(1, (Role.RIDER, WORN, heads[0]), (Role.PILLION, NOT_WORN, heads[1]), box=LOW_RIGHT)])
    assert pixels_of(image[306:332, 404:432], COLOURS[WORN]) > 20
    assert pixels_of(image[308:334, 434:458], COLOURS[NOT_WORN]) > 20


def test_windshield_and_people_of_a_car_are_framed() -> None:
    """The driver in the colour of the answer; people in cars have no rings."""
    driver, glass = (430.0, 312.0, 450.0, 340.0), (405.0, 306.0, 455.0, 345.0)
    seen = sighting(1, (Role.DRIVER, WORN, driver), vehicle=Vehicle.CAR, box=LOW_RIGHT, windshield=glass)
    image = drawn([seen])
    assert pixels_of(image[325:326, 448:453], COLOURS[WORN]) >= 1
    assert pixels_of(image[325:326, 404:407], CAR) >= 1
    assert pixels_of(image[305:311, 432:448], COLOURS[WORN]) == 0


def test_rings_stay_for_a_moment_and_go_with_the_vehicle() -> None:
    """Heads are looked for in some frames only."""
    annotator = Annotator(640, 480, CHINA, WholeGate())
    street = np.full((480, 640, 3), GREY, np.uint8)
    seen = sighting(1, (Role.RIDER, WORN, (420.0, 310.0, 438.0, 328.0)), box=LOW_RIGHT)
    moved = sighting(1, (Role.RIDER, WORN, None), box=(500.0, 300.0, 560.0, 420.0))
    annotator.draw(frame(0, 0.0, street), [seen], Tally())
    soon = annotator.draw(frame(1, 0.3, street), [moved], Tally())
    late = annotator.draw(frame(2, 1.5, street), [moved], Tally())
    assert pixels_of(soon[306:332, 514:544], COLOURS[WORN]) > 20
    assert pixels_of(late[306:332, 514:544], COLOURS[WORN]) == 0


def test_faces_are_hidden_in_the_video() -> None:
    """The frame that comes in is left as it was."""
    street = np.random.default_rng(7).integers(0, 256, (480, 640, 3), np.uint8)
    before = street.copy()
    seen = sighting(1, (Role.RIDER, WORN, (410.0, 310.0, 450.0, 350.0)), box=LOW_RIGHT)
    image = Annotator(640, 480, CHINA, WholeGate()).draw(frame(0, 0.0, street), [seen], Tally())
    assert np.array_equal(street, before)
    assert len(np.unique(image[322:338, 422:438].reshape(-1, 3), axis=0)) <= 16
    assert np.array_equal(image[200:280, 300:390], before[200:280, 300:390])


def test_vehicle_that_is_missed_in_a_frame_stays_hidden() -> None:
    """For half a second where it was last; then it is gone."""
    street = np.random.default_rng(7).integers(0, 256, (480, 640, 3), np.uint8)
    annotator = Annotator(640, 480, CHINA, WholeGate())
    annotator.draw(frame(0, 0.0, street), [sighting(1, box=LOW_RIGHT)], Tally())
    soon = annotator.draw(frame(1, 0.2, street), [], Tally())
    late = annotator.draw(frame(2, 1.0, street), [], Tally())
    assert len(np.unique(soon[310:340, 410:450].reshape(-1, 3), axis=0)) < 200
    assert np.array_equal(late[310:340, 410:450], street[310:340, 410:450])


def test_counters_change_with_the_tally() -> None:
    """The panel shows numbers, not decoration."""
    empty, one = drawn([]), drawn([], tally=Tally.of([passage(1, NOT_WORN)]))
    assert not np.array_equal(empty[:160, :320], one[:160, :320])
    assert np.array_equal(empty[240:], one[240:])


def test_belts_have_rows_once_a_car_passed() -> None:
    """An empty table of a street of scooters would be noise."""
    helmets = drawn([], tally=Tally.of([passage(1, WORN)]))
    belts = drawn([], tally=Tally.of([passage(1, WORN), passage(2, UNKNOWN, vehicle=Vehicle.CAR)]))
    assert (belts[..., 0] < GREY).sum() > (helmets[..., 0] < GREY).sum()


@pytest.mark.parametrize(
    "gate",
    ["line:0,0.75,1,0.75,down", "line:0,360,640,360", "zone:0,0.75,1,0.75,1,0.9,0,0.9", "zone:0,360,640,360,640,420"],
)
def test_gate_is_drawn_where_vehicles_are_counted(gate: str) -> None:
    """Given in shares or in pixels."""
    assert pixels_of(drawn([], gate=gate)[358:363], GATE) > 600
    assert pixels_of(drawn([]), GATE) == 0


@pytest.mark.parametrize("box", [(-30.0, -40.0, 20.0, 60.0), (600.0, 440.0, 700.0, 600.0), (5.0, 5.0, 6.0, 6.0)])
def test_vehicles_at_the_border_are_drawn_without_trouble(box: Box) -> None:
    """Also one of a single pixel."""
    assert drawn([sighting(123, (Role.RIDER, WORN, box), box=box)]).shape == (480, 640, 3)


def test_large_pictures_are_made_playable_and_boxes_go_with_them() -> None:
    """4K becomes 1920 wide, and the box is half as far from the corner."""
    box: Box = (2800.0, 1600.0, 3000.0, 2000.0)
    image = drawn([sighting(1, (Role.RIDER, NOT_WORN, None), box=box)], 3840, 2160)
    assert image.shape == (1080, 1920, 3)
    assert pixels_of(image[900:901, 1396:1405], COLOURS[NOT_WORN]) >= 1


def test_odd_sizes_become_even() -> None:
    """H.264 with 4:2:0 colours needs it."""
    assert drawn([], 853, 481).shape == (480, 852, 3)
