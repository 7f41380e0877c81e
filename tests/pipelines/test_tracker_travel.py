"""Whether a vehicle moved against the background: edges, occlusion, the picture's edge, the camera."""

import numpy as np
import pytest

from helmetbelt.pipelines.passages import Direction
from helmetbelt.pipelines.place import Camera, Place
from helmetbelt.pipelines.travel import Travel

WIDTH, HEIGHT = 640, 360
Edges = tuple[float, float, float, float]
PARKED: Edges = (200, 150, 300, 220)


def place(xyxy: Edges) -> Place:
    """Of left, top, right, bottom."""
    return Place.from_xyxy(np.array(xyxy, np.float64))


def travel(*boxes: Edges, every_s: float = 0.2) -> Travel:
    """A vehicle seen at these boxes, one after the other."""
    first, *rest = [place(box) for box in boxes]
    way = Travel(first, first.cut_by(WIDTH, HEIGHT))
    for now in rest:
        way.add(now, now.cut_by(WIDTH, HEIGHT), every_s)
    return way


def slide(start: Edges, step: Edges, steps: int) -> list[Edges]:
    """Boxes whose edges go by `step` each time."""
    rows = np.array(start) + np.arange(steps)[:, None] * np.array(step)
    return [(r[0], r[1], r[2], r[3]) for r in np.clip(rows, 0, [WIDTH, HEIGHT] * 2).tolist()]


@pytest.mark.parametrize(
    ("boxes", "moved"),
    [
        (slide(PARKED, (12, 0, 12, 0), 10), True),
        (slide(PARKED, (-4, -3, 4, 3), 14), True),
        ([PARKED] * 20, False),
        ([PARKED, *slide(PARKED, (9, 0, 0, 0), 9), *slide((200, 150, 219, 220), (0, 0, 9, 0), 9)], False),
        ([(240, 190, 300, 220), *[PARKED] * 10], False),
        ([PARKED, PARKED, (290, 150, 390, 220), *[PARKED] * 10], False),
        (slide((-60, 150, 40, 220), (15, 0, 15, 0), 12), True),
        (slide((500, 150, 600, 220), (15, 0, 15, 0), 10), True),
    ],
    ids=["drives", "comes nearer", "stands", "hidden and freed", "freed", "one wild box", "enters", "leaves"],
)
def test_moved(boxes: list[Edges], moved: bool) -> None:
    """Only when opposite edges agree, and for longer than one box."""
    assert travel(*boxes).moved is moved


@pytest.mark.parametrize("side", [-1, 1])
def test_a_parked_vehicle_that_a_pan_uncovers_has_not_moved(side: int) -> None:
    """Its box grows at the picture's edge while the background carries it inward."""
    pan = Camera.from_matrix(np.array([[1, 0, 10.0 * side], [0, 1, 0]]))
    start = place((0, 150, 20, 220) if side > 0 else (620, 150, 640, 220))
    way = Travel(start, start.cut_by(WIDTH, HEIGHT))
    for i in range(1, 20):
        far = 20 + 10 * i
        box = (max(far - 100, 0), 150, far, 220) if side > 0 else (640 - far, 150, min(740 - far, 640), 220)
        way.follow_camera(pan)
        way.add(place(box), place(box).cut_by(WIDTH, HEIGHT), 0.2)
    assert not way.moved


def uncovered(boxes: list[Edges], pan_px: float) -> Travel:
    """A vehicle at these boxes in the pictures of a camera that pans."""
    pan = Camera.from_matrix(np.array([[1, 0, pan_px], [0, 1, 0]]))
    start = place(boxes[0])
    way = Travel(start, start.cut_by(WIDTH, HEIGHT))
    for box in boxes[1:]:
        way.follow_camera(pan)
        way.add(place(box), place(box).cut_by(WIDTH, HEIGHT), 0.2)
    return way


def test_a_parked_vehicle_wider_than_the_picture_has_not_moved() -> None:
    """Both its edges are the picture's, which go with the camera."""
    assert not uncovered([(0, 100, 640, 300)] * 20, 15).moved


def test_what_a_pan_uncovers_has_not_grown() -> None:
    """First a bumper, then the whole car: wider and higher, but not nearer."""
    boxes = [(0.0, 180.0, 20.0, 200.0), *[(0.0, 150.0, 20.0 + 10 * i, 220.0) for i in range(1, 12)]]
    assert not uncovered(boxes, 10).moved


@pytest.mark.parametrize(
    ("step", "direction"),
    [
        ((12, 1, 12, 1), Direction.RIGHT),
        ((-12, 0, -12, 0), Direction.LEFT),
        ((-1, 3, 1, 10), Direction.TOWARD),
        ((1, -8, -1, -10), Direction.AWAY),
        ((-3, -2, 3, 2), Direction.TOWARD),
        ((0, 0, 0, 0), None),
    ],
    ids=["right", "left", "down", "up", "grows on the spot", "stands"],
)
def test_direction(step: Edges, direction: Direction | None) -> None:
    """Seen from the camera."""
    assert travel(*slide(PARKED, step, 12)).direction is direction


def test_a_camera_turns_points_and_vectors() -> None:
    """A quarter turn and a zoom of two."""
    camera = Camera.from_matrix(np.array([[0, -2, 5], [2, 0, 7]], np.float64))
    assert camera.turned((1, 0)) == (0, 2)
    assert place((0, 0, 2, 4)).seen_by(camera) == pytest.approx((5 - 4, 7 + 2, 4, 8))
