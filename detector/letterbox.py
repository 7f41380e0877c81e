"""A picture pasted into a model's input without distortion, and the way back for boxes."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""(height, width, 3) BGR."""

GREY = 114
"""What surrounds the picture: the grey that YOLO models are trained with."""


STRIDE = 32
"""Pixels of the input to one cell of the coarsest grid of a YOLO model."""


@dataclass(frozen=True, slots=True)
class Letterbox:
    """Where a picture lies in the model's input, in the whole pixels that were really used.

    Attributes:
        left: first column of the picture in the input.
        top: first row.
        width: of the picture in the input, after scaling.
        height: the same.
        picture_width: of the picture itself.
        picture_height: the same.
    """

    left: int
    top: int
    width: int
    height: int
    picture_width: int
    picture_height: int

    def to_picture(self, xyxy: NDArray[np.float32]) -> NDArray[np.float32]:
        """Boxes of the input as boxes of the picture, clipped to it.

        Args:
            xyxy: (n, 4) pixels of the input.

        Returns:
            (n, 4) pixels of the picture.
        """
        limit = np.array([self.picture_width, self.picture_height] * 2, np.float32)
        scale = limit / np.array([self.width, self.height] * 2, np.float32)
        offset = np.array([self.left, self.top] * 2, np.float32)
        return np.clip((xyxy - offset) * scale, 0, limit).astype(np.float32)


def fit(picture_hw: tuple[int, int], input_hw: tuple[int, int]) -> Letterbox:
    """The largest place for a picture in the middle of an input, its aspect kept to the pixel.

    Rounds as `ultralytics.data.augment.LetterBox` does, so that a model meets what it was trained with.

    Args:
        picture_hw: height and width of the picture.
        input_hw: height and width of the input.

    Raises:
        ValueError: one of the four is not positive.
    """
    if min(*picture_hw, *input_hw) < 1:
        raise ValueError(f"picture {picture_hw} in input {input_hw}: height and width must be positive")
    scale = min(input_hw[0] / picture_hw[0], input_hw[1] / picture_hw[1])
    height, width = (max(round(side * scale), 1) for side in picture_hw)
    top = max(round((input_hw[0] - height) / 2 - 0.1), 0)
    left = max(round((input_hw[1] - width) / 2 - 0.1), 0)
    return Letterbox(left, top, width, height, picture_hw[1], picture_hw[0])


def own_aspect(picture_hw: tuple[int, int], longer_px: int, stride: int = STRIDE) -> tuple[int, int]:
    """Height and width of the smallest input for a picture whose longer side is scaled to so many pixels.

    Args:
        picture_hw: height and width of the picture.
        longer_px: of the input, a multiple of the stride.
        stride: both sides are multiples of it.

    Raises:
        ValueError: a side of the picture is not positive.
    """
    if min(picture_hw) < 1:
        raise ValueError(f"picture {picture_hw}: height and width must be positive")
    scale = longer_px / max(picture_hw)
    height, width = (max(-(-round(side * scale) // stride) * stride, stride) for side in picture_hw)
    return height, width


def paste(image: Image, canvas: Image) -> Letterbox:
    """Scales a picture into a canvas and greys what it leaves free.

    Args:
        image: the picture, only read.
        canvas: (height, width, 3), every pixel of it is written.

    Raises:
        ValueError: the picture is not (height, width, 3) uint8 or has no pixels.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        raise ValueError(f"image {image.shape} {image.dtype}: expected (height, width, 3) uint8")
    place = fit((image.shape[0], image.shape[1]), (canvas.shape[0], canvas.shape[1]))
    bottom, right = place.top + place.height, place.left + place.width
    canvas[: place.top], canvas[bottom:] = GREY, GREY
    canvas[place.top : bottom, : place.left], canvas[place.top : bottom, right:] = GREY, GREY
    view = canvas[place.top : bottom, place.left : right]
    cv2.resize(image, (place.width, place.height), dst=view, interpolation=cv2.INTER_LINEAR)
    return place
