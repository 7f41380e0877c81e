"""Which part of a frame the second models are shown; training cuts by the same rule."""

import numpy as np
from numpy.typing import NDArray

UP, SIDE, DOWN = 0.25, 0.10, 0.05
"""Padding of a two-wheeler's box as shares of its height (up, down) and width (each side).

Riders' heads touch the upper edge of the box, and a detector often cuts them off."""


def head_crop_xyxy(vehicle_xyxy: NDArray[np.float32], width: int, height: int) -> tuple[int, int, int, int]:
    """The crop for the head model: the vehicle's box padded, clipped to the picture.

    Args:
        vehicle_xyxy: (4,) pixels of the picture.
        width: of the picture, pixels.
        height: of the picture, pixels.

    Returns:
        left, top, right, bottom in whole pixels; at least one pixel wide and high inside the picture.
    """
    x1, y1, x2, y2 = (float(v) for v in vehicle_xyxy)
    w, h = x2 - x1, y2 - y1
    left = min(max(int(np.floor(x1 - SIDE * w)), 0), width - 1)
    top = min(max(int(np.floor(y1 - UP * h)), 0), height - 1)
    right = max(min(int(np.ceil(x2 + SIDE * w)), width), left + 1)
    bottom = max(min(int(np.ceil(y2 + DOWN * h)), height), top + 1)
    return left, top, right, bottom
