"""What the camera adds to a picture: motion blur, lamps that glare, gamma and noise."""

import cv2
import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.simulation.camera import Camera
from helmetbelt.datasets.simulation.glow import glow
from helmetbelt.datasets.simulation.lamps import lamps_of
from helmetbelt.datasets.simulation.light import Light
from helmetbelt.datasets.simulation.studio import Hung
from helmetbelt.pipelines.frames import Image

MARGIN = 64
"""The noise is shifted by up to so many pixels from frame to frame."""


class Sensor:
    """The camera's own part, for one light and one picture size."""

    def __init__(self, light: Light, width: int, height: int) -> None:
        self._light = light
        rng = np.random.default_rng(5)
        grain = rng.normal(0, light.noise, (height + MARGIN, width + MARGIN, 1)) + rng.normal(
            0, light.noise * 0.4, (height + MARGIN, width + MARGIN, 3)
        )
        soft = cv2.GaussianBlur(grain.astype(np.float32), (0, 0), 0.55) * 1.5
        self._lift = np.clip(soft, 0, 60).astype(np.uint8)
        self._drop = np.clip(-soft, 0, 60).astype(np.uint8)
        levels = 255 * (np.arange(256) / 255) ** light.gamma
        self._curve = np.clip(np.round(levels), 0, 255).astype(np.uint8)

    def smear(self, hung: Hung, camera: Camera) -> NDArray[np.float32] | None:
        """Kernel of motion blur of one vehicle; None where it moves less than a pixel and a half."""
        standing = hung.standing
        way = standing.speed * self._light.exposure_s
        ahead = np.array((-np.sin(standing.heading), np.cos(standing.heading), 0.0)) * way
        here = np.array((standing.x, standing.y, 0.8))
        a, b = camera.project(np.stack([here, here + ahead]))[:, :2]
        length = float(np.hypot(*(b - a)))
        if length < 1.5:
            return None
        half = int(np.ceil(length / 2))
        kernel = np.zeros((2 * half + 1, 2 * half + 1), np.float32)
        d = (b - a) / 2
        ends = [tuple(round(float(v) * 16) for v in (half + s * d[0], half + s * d[1])) for s in (-1, 1)]
        cv2.line(kernel, ends[0], ends[1], 1.0, 1, cv2.LINE_AA, 4)
        return np.asarray(kernel / kernel.sum(), np.float32)

    def develop(self, picture: Image, hung: list[Hung], camera: Camera, index: int) -> Image:
        """A picture with lamps, gamma and the noise of frame `index`; changes and gives the array it was given."""
        if self._light.lamps > 0:
            self._shine(picture, hung, camera)
        if self._light.gamma != 1.0:
            cv2.LUT(picture, self._curve, dst=picture)
        rng = np.random.default_rng([9, index])
        x, y = (int(v) for v in rng.integers(0, MARGIN, 2))
        h, w = picture.shape[:2]
        cv2.add(picture, self._lift[y : y + h, x : x + w], dst=picture)
        cv2.subtract(picture, self._drop[y : y + h, x : x + w], dst=picture)
        return picture

    def _shine(self, picture: Image, hung: list[Hung], camera: Camera) -> None:
        for one in hung:
            for lamp in lamps_of(one.standing, camera):
                glow(picture, lamp.place, lamp.colour, lamp.reach_px, self._light.lamps)
