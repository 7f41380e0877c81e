"""Which part of a frame the second models are shown; training cuts by the same rule."""

import numpy as np
from numpy.typing import NDArray

UP, SIDE, DOWN = 0.25, 0.10, 0.05
"""Padding of a two-wheeler's box as shares of its height (up, down) and width (each side).

Riders' heads touch the upper edge of the box, and a detector often cuts them off."""

CABIN_PAD = 0.05
"""Padding of a car's box on each side as a share of its size: room for a box that is a little too small."""

OCCUPANT_PAD = 0.10
"""Padding of an occupant's box on each side as a share of its size: the belt ends at the box's edges."""


def head_crop_xyxy(vehicle_xyxy: NDArray[np.float32], width: int, height: int) -> tuple[int, int, int, int]:
    """The crop for the head model: the vehicle's box padded, clipped to the picture.

    Args:
        vehicle_xyxy: (4,) pixels of the picture.
        width: of the picture, pixels.
        height: of the picture, pixels.

    Returns:
        left, top, right, bottom in whole pixels; at least one pixel wide and high inside the picture.
    """
    return _padded(vehicle_xyxy, (SIDE, UP, SIDE, DOWN), width, height)


def cabin_crop_xyxy(car_xyxy: NDArray[np.float32], width: int, height: int) -> tuple[int, int, int, int]:
    """The crop for the cabin model: the car's box padded, clipped to the picture.

    Sizes in pixels of the picture, as for `head_crop_xyxy`.
    """
    return _padded(car_xyxy, (CABIN_PAD,) * 4, width, height)


def occupant_crop_xyxy(occupant_xyxy: NDArray[np.float32], width: int, height: int) -> tuple[int, int, int, int]:
    """The crop for the belt model: the occupant's box padded, clipped to the picture.

    Sizes in pixels of the picture, as for `head_crop_xyxy`.
    """
    return _padded(occupant_xyxy, (OCCUPANT_PAD,) * 4, width, height)


def _padded(
    xyxy: NDArray[np.float32], pads: tuple[float, float, float, float], width: int, height: int
) -> tuple[int, int, int, int]:
    """A box grown by shares of its size (left, up, right, down), clipped to the picture."""
    x1, y1, x2, y2 = (float(v) for v in xyxy)
    w, h = x2 - x1, y2 - y1
    left = min(max(int(np.floor(x1 - pads[0] * w)), 0), width - 1)
    top = min(max(int(np.floor(y1 - pads[1] * h)), 0), height - 1)
    right = max(min(int(np.ceil(x2 + pads[2] * w)), width), left + 1)
    bottom = max(min(int(np.ceil(y2 + pads[3] * h)), height), top + 1)
    return left, top, right, bottom
