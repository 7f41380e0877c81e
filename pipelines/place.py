"""Where a vehicle is in the picture, in plain numbers: a track has few, and numpy is slow on few."""

import math
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from helmetbelt.pipelines.passages import Box
from helmetbelt.pipelines.registration import Matrix, zoom_of

EDGE_SHARE = 0.004
"""A box nearer to the picture's edge than this share of its width is cut off by it."""

Cut = tuple[bool, bool, bool, bool]
"""Which of left, top, right, bottom of a box are the picture's edge: the vehicle goes on behind it."""


class Camera(NamedTuple):
    """A similarity in plain numbers: what the camera did to points, vectors and lengths of the background."""

    xx: float
    xy: float
    x: float
    yx: float
    yy: float
    y: float
    zoom: float

    @classmethod
    def from_matrix(cls, matrix: Matrix) -> Self:
        """Of a (2, 3) matrix."""
        (xx, xy, x), (yx, yy, y) = matrix.tolist()
        return cls(xx, xy, x, yx, yy, y, zoom_of(matrix))

    def turned(self, vector: tuple[float, float]) -> tuple[float, float]:
        """The vector as it lies after the camera moved."""
        dx, dy = vector
        return self.xx * dx + self.xy * dy, self.yx * dx + self.yy * dy


class Place(NamedTuple):
    """A box by its centre, width and height, pixels."""

    x: float
    y: float
    w: float
    h: float

    @classmethod
    def from_xyxy(cls, xyxy: NDArray[np.float64]) -> Self:
        """Of left, top, right, bottom; at least one pixel wide and high."""
        left, top, right, bottom = xyxy.tolist()
        return cls((left + right) / 2, (top + bottom) / 2, max(right - left, 1.0), max(bottom - top, 1.0))

    @property
    def xyxy(self) -> Box:
        """Left, top, right, bottom."""
        x, y, w, h = self
        return x - w / 2, y - h / 2, x + w / 2, y + h / 2

    @property
    def size(self) -> float:
        """Root of the area, pixels."""
        return math.sqrt(self.w * self.h)

    def cut_by(self, width: int, height: int) -> Cut:
        """Which edges are those of a picture of `width` by `height`."""
        left, top, right, bottom = self.xyxy
        margin = EDGE_SHARE * width
        return left <= margin, top <= margin, right >= width - margin, bottom >= height - margin

    def seen_by(self, camera: Camera) -> Self:
        """Where the same place of the background is after the camera moved."""
        x, y = camera.turned((self.x, self.y))
        return type(self)(x + camera.x, y + camera.y, self.w * camera.zoom, self.h * camera.zoom)

    def ahead(self, velocity: tuple[float, float], growth: float) -> Self:
        """Moved by so many pixels, its sides grown by so much (natural logarithm)."""
        factor = math.exp(growth)
        return type(self)(self.x + velocity[0], self.y + velocity[1], self.w * factor, self.h * factor)

    def toward(self, other: "Place", share: float) -> Self:
        """A share of the way to another place."""
        return type(self)(*(a + share * (b - a) for a, b in zip(self, other, strict=True)))
