"""The camera over the road: a pinhole that looks along the street from above."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.simulation.mesh import Floats
from helmetbelt.datasets.simulation.sprite import ANCHOR_UP

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
        """(3, 3) rows right, down, ahead in the world; right is level."""
        return _axes(self.tilt, self.turn)

    def project(self, points: Doubles) -> Doubles:
        """(n, 3) pixels right, down, and metres ahead of the lens, of (n, 3) points of the world."""
        seen = (points - self.eye) @ self.axes().T
        depth = np.maximum(seen[:, 2], 0.1)
        flat = seen[:, :2] / depth[:, None] * self.focal_px + (self.width / 2, self.height_px / 2)
        return np.column_stack([flat, seen[:, 2]])

    def ground(self, fine: int = 1) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """x and y of the ground under each pixel, and where there is ground, on a grid `fine` times as dense."""
        columns = ((np.arange(self.width * fine) + 0.5) / fine - self.width / 2) / self.focal_px
        rows = ((np.arange(self.height_px * fine) + 0.5) / fine - self.height_px / 2) / self.focal_px
        right, down, ahead = self.axes()
        sink = -(rows * down[2] + ahead[2])
        below = sink > 0.004
        reach = (self.height / np.where(below, sink, 1.0)).astype(np.float32)[:, None]
        u, v = columns.astype(np.float32)[None], rows.astype(np.float32)[:, None]
        x = np.float32(self.x) + reach * (u * np.float32(right[0]) + (v * down[0] + ahead[0]).astype(np.float32))
        y = reach * (u * np.float32(right[1]) + (v * down[1] + ahead[1]).astype(np.float32))
        return x, y, np.broadcast_to(below[:, None], x.shape)

    def anchor(self, x: float, y: float) -> tuple[float, float, float]:
        """Pixels right and down of a vehicle's anchor, and its pixels per metre."""
        u, v, depth = self.project(np.array([[x, y, ANCHOR_UP]]))[0]
        return float(u), float(v), float(self.focal_px / max(depth, 0.5))


@lru_cache(maxsize=64)
def _axes(tilt: float, turn: float) -> Doubles:
    ct, st, cl, sl = np.cos(turn), np.sin(turn), np.cos(tilt), np.sin(tilt)
    ahead = np.array((-st * cl, ct * cl, -sl))
    right = np.array((ct, st, 0.0))
    return np.stack([right, np.cross(ahead, right), ahead])
