"""The same thing as another camera would see it: from higher up, from the side, tilted."""

import cv2
import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.letterbox import GREY

Image = NDArray[np.uint8]


def seen_from_elsewhere(
    image: Image, xyxy: NDArray[np.float32], rng: np.random.Generator, strength: float = 1.0
) -> tuple[Image, NDArray[np.float32]]:
    """A perspective view of a flat picture, and the boxes around what they held.

    Args:
        image: (height, width, 3), or 4 where a mask that is nothing outside goes along.
        xyxy: (n, 4) boxes in its pixels.
        rng: of the view.
        strength: of the distortion, 1 for that of a gantry or a drone against a roadside camera.

    Returns:
        a picture of another size, (n, 4) boxes in its pixels.
    """
    height, width = image.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    moved = _turned(corners * _stretch(rng, strength), rng, strength)
    moved -= moved.min(0)
    size = np.ceil(moved.max(0)).astype(int)
    view = cv2.getPerspectiveTransform(corners, moved)
    grey = (float(GREY),) * 3 + (0.0,)
    out = cv2.warpPerspective(image, view, (int(size[0]), int(size[1])), flags=cv2.INTER_LINEAR, borderValue=grey)
    return np.asarray(out, np.uint8), warped_boxes(xyxy, np.asarray(view, np.float64))


def warped_boxes(xyxy: NDArray[np.float32], view: NDArray[np.float64]) -> NDArray[np.float32]:
    """(n, 4) boxes around the warped boxes; their four corners are replaced by the middles of the edges, which fits
    rounded things better than the corners do."""
    x1, y1, x2, y2 = xyxy.astype(np.float64).T
    cx, cy = (x1 + x2) / 2, (y1 + y2) / 2
    middles = np.stack([np.stack(p, -1) for p in ((x1, cy), (x2, cy), (cx, y1), (cx, y2))], 1)
    bare = np.concatenate([middles, np.ones((*middles.shape[:2], 1))], -1) @ view.T
    points = bare[..., :2] / bare[..., 2:]
    return np.concatenate([points.min(1), points.max(1)], 1).reshape(-1, 4).astype(np.float32)


def _stretch(rng: np.random.Generator, strength: float) -> NDArray[np.float32]:
    """From above a car grows longer, from low it grows flatter."""
    return np.array([1.0, float(np.exp(rng.uniform(-0.35, 0.4) * strength))], np.float32)


def _turned(corners: NDArray[np.float32], rng: np.random.Generator, strength: float) -> NDArray[np.float32]:
    angle = np.radians(float(rng.normal(0, 5)) * strength)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    size = corners.max(0)
    pinch = rng.uniform(-0.12, 0.12, (4, 2)) * size * strength
    return np.asarray((corners + pinch) @ turn.T, np.float32)
