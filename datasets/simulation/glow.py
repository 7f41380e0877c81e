"""Lamps that glare: a bright core and a wide halo."""

import cv2
import numpy as np

from helmetbelt.datasets.simulation.mesh import Colour
from helmetbelt.pipelines.frames import Image


def glow(picture: Image, place: tuple[float, float], colour: Colour, reach: float, strength: float) -> None:
    """Adds light to a picture, in place.

    Args:
        picture: (h, w, 3).
        place: pixels right and down.
        colour: BGR in 0..1.
        reach: of the halo, pixels.
        strength: 0..1.
    """
    r = int(np.ceil(reach * 3))
    h, w = picture.shape[:2]
    x, y = round(place[0]), round(place[1])
    x1, y1, x2, y2 = max(x - r, 0), max(y - r, 0), min(x + r + 1, w), min(y + r + 1, h)
    if x1 >= x2 or y1 >= y2 or r < 1:
        return
    across = (np.arange(x1, x2, dtype=np.float32) - np.float32(place[0])) ** 2
    down = (np.arange(y1, y2, dtype=np.float32) - np.float32(place[1])) ** 2
    away = down[:, None] + across[None]
    fall = np.exp(-away / (2 * (0.35 * reach) ** 2)) + 0.22 * np.exp(-away / (2 * (1.1 * reach) ** 2))
    light = np.minimum(fall[..., None] * (np.array(colour, np.float32) * np.float32(255 * strength)), 255)
    region = picture[y1:y2, x1:x2]
    cv2.add(region, light.astype(np.uint8), dst=region)
