"""Each head has one vehicle."""

import numpy as np
import pytest

from helmetbelt.detector.detections import Detections
from helmetbelt.pipelines.seats import assign_heads


def boxes(*rows: tuple[float, ...], class_id: int = 0, score: float = 0.8) -> Detections:
    """Detections of one class and one score."""
    xyxy = np.array(rows, np.float32).reshape(-1, 4)
    return Detections(xyxy, np.full(len(xyxy), score, np.float32), np.full(len(xyxy), class_id, np.int64))


def test_a_head_seen_through_two_crops_is_listed_once_at_the_vehicle_it_sits_on() -> None:
    """Side by side, crops overlap: the head is the one's in whose middle it is."""
    vehicles = np.array([[100, 100, 160, 240], [150, 100, 210, 240]], np.float32)
    mine = (118, 102, 142, 128)
    again = (119, 103, 143, 129)
    out = assign_heads(vehicles, [boxes(mine), boxes(again, score=0.6)])
    assert [len(d) for d in out] == [1, 0]
    assert out[0].score[0] == np.float32(0.8)


def test_the_head_of_a_near_rider_is_not_given_to_the_vehicle_behind() -> None:
    """The near vehicle covers half of the far one: its rider's head lies in the far one's box too."""
    vehicles = np.array([[100, 60, 160, 200], [102, 120, 172, 290]], np.float32)
    far, near = (118, 62, 142, 86), (122, 124, 152, 154)
    out = assign_heads(vehicles, [boxes(far, near), boxes(near)])
    assert out[0].xyxy.tolist() == [list(far)]
    assert out[1].xyxy.tolist() == [list(near)]


def test_of_two_vehicles_that_nearly_coincide_the_nearer_has_the_head() -> None:
    """The rider in front hides the one behind, so a head between the two is his."""
    vehicles = np.array([[100, 100, 160, 240], [106, 106, 166, 246]], np.float32)
    between = boxes((119, 107, 143, 131))
    assert [len(d) for d in assign_heads(vehicles, [between, between])] == [0, 1]


@pytest.mark.parametrize(
    "head",
    [
        (118, 40, 142, 64),
        (118, 210, 142, 234),
        (200, 110, 224, 134),
        (128, 110, 132, 114),
        (100, 90, 170, 190),
    ],
    ids=["far above", "at the wheel", "beside", "a speck", "a body"],
)
def test_a_head_where_none_can_be_is_dropped(head: tuple[float, ...]) -> None:
    """Helmets on the luggage rack or on the pavement are nobody's."""
    vehicles = np.array([[100, 100, 160, 240]], np.float32)
    assert len(assign_heads(vehicles, [boxes(head)])[0]) == 0


def test_three_riders_in_a_row_stay_three() -> None:
    """Heads of neighbours on one seat touch and are not merged."""
    vehicles = np.array([[100, 100, 260, 250]], np.float32)
    row = [(130, 105, 156, 135), (158, 102, 184, 132), (186, 106, 212, 136)]
    assert len(assign_heads(vehicles, [boxes(*row)])[0]) == 3


def test_no_vehicles_no_heads() -> None:
    """An empty road."""
    assert assign_heads(np.zeros((0, 4), np.float32), []) == []


def test_every_vehicle_needs_its_list() -> None:
    """A missing list is a mistake of the caller, not an empty crop."""
    with pytest.raises(ValueError, match="0 lists of heads for 1 vehicles"):
        assign_heads(np.zeros((1, 4), np.float32), [])
