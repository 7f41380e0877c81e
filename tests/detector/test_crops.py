"""Crops for the second models: padded by their own rule, inside the picture."""

from collections.abc import Callable

import numpy as np
import pytest

from helmetbelt.detector.crops import cabin_crop_xyxy, head_crop_xyxy, occupant_crop_xyxy

Crop = Callable[[np.ndarray, int, int], tuple[int, int, int, int]]


@pytest.mark.parametrize(
    ("crop", "expected"),
    [
        pytest.param(head_crop_xyxy, (90, 150, 210, 410), id="heads: a quarter upward"),
        pytest.param(cabin_crop_xyxy, (95, 190, 205, 410), id="cabin: a twentieth each side"),
        pytest.param(occupant_crop_xyxy, (90, 180, 210, 420), id="occupant: a tenth each side"),
    ],
)
def test_a_box_is_padded_by_shares_of_its_own_size(crop: Crop, expected: tuple[int, ...]) -> None:
    """100 wide, 200 high."""
    assert crop(np.array([100, 200, 200, 400], np.float32), 1000, 1000) == expected


@pytest.mark.parametrize("crop", [head_crop_xyxy, cabin_crop_xyxy, occupant_crop_xyxy])
@pytest.mark.parametrize(
    ("box", "expected"),
    [
        pytest.param((-20, -20, 700, 500), (0, 0, 640, 480), id="larger than the picture"),
        pytest.param((800, 600, 900, 700), (639, 479, 640, 480), id="outside it"),
        pytest.param((50, 50, 50, 50), (50, 50, 51, 51), id="empty"),
    ],
)
def test_a_crop_is_inside_the_picture_and_never_empty(
    crop: Crop, box: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    """Whatever the box."""
    assert crop(np.array(box, np.float32), 640, 480) == expected
