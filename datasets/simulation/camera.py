"""The camera over the road: a pinhole that looks along the street from above."""

from dataclasses import dataclass

import numpy as np
from helmetbelt.datasets.simulation.sprite import ANCHOR_UP
from numpy.typing import NDArray

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the camera hangs and where it looks. The world: x to the right, y down the road, z up, metres.

    Attributes:
        x, height: of the lens, over y = 0.
        tilt: radians down from the horizon.
        turn: radians to the left.
        focal_px: focal length in pixels.
        width, height_px: of the picture.
    """

    x: float
    height: float
    tilt: float
    turn: float
    focal_px: float
    width: int
    height_px: int

    @property
    def eye(self) -> Doubles:
        """(3,) the lens in the world."""
        return np.array((self.x, 0.0, self.height))

    def axes(self) -> Doubles:
        """(3, 3) rows right, down, ahead in the world."""
        ct, st, cl, sl = np.cos(self.turn), np.sin(self.turn), np.cos(self.tilt), np.sin(self.tilt)
        ahead = np.array((-st * cl, ct * cl, -sl))
        right = np.array((ct, st, 0.0))
        return np.stack([right, np.cross(ahead, right), ahead])

    def project(self, points: Doubles) -> Doubles:
        """(n, 3) pixels right, down, and metres ahead of the lens, of (n, 3) points of the world."""
        seen = (points - self.eye) @ self.axes().T
        depth = np.maximum(seen[:, 2], 0.1)
        flat = seen[:, :2] / depth[:, None] * self.focal_px + (self.width / 2, self.height_px / 2)
        return np.column_stack([flat, seen[:, 2]])

    def ground(self, fine: int = 1) -> tuple[Doubles, Doubles, NDArray[np.bool_]]:
        """x and y of the ground under each pixel, and where there is ground, on a grid `fine` times as dense."""
        columns = (np.arange(self.width * fine) + 0.5) / fine - self.width / 2
        rows = (np.arange(self.height_px * fine) + 0.5) / fine - self.height_px / 2
        u, v = np.meshgrid(columns / self.focal_px, rows / self.focal_px)
        right, down, ahead = self.axes()
        sink = -(u * right[2] + v * down[2] + ahead[2])
        below = sink > 0.004
        reach = self.height / np.where(below, sink, 1.0)
        x = self.x + reach * (u * right[0] + v * down[0] + ahead[0])
        y = reach * (u * right[1] + v * down[1] + ahead[1])
        return x, y, below

    def anchor(self, x: float, y: float) -> tuple[float, float, float]:
        """Pixels right and down of a vehicle's anchor, and its pixels per metre."""
        u, v, depth = self.project(np.array([[x, y, ANCHOR_UP]]))[0]
        return float(u), float(v), float(self.focal_px / max(depth, 0.5))
