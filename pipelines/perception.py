"""What a lane needs of the models."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.cabins import Cabin
from helmetbelt.detector.detections import Detections
from helmetbelt.pipelines.frames import Image


class Perception(Protocol):
    """Sees road users in a frame, heads on its two-wheelers, and who sits in its cars."""

    def road_users(self, image: Image, min_score: float) -> Detections:
        """Two-wheelers with their riders (class 0) and cars (class 1), in pixels of the image."""

    def heads(self, image: Image, vehicles_xyxy: NDArray[np.float32], min_score: float) -> list[Detections]:
        """Heads with (class 0) and without (class 1) a helmet in the crop of each vehicle.

        Args:
            image: the whole frame.
            vehicles_xyxy: (n, 4) pixels of the image.
            min_score: least score of a head.

        Returns:
            n, boxes in pixels of the image.
        """

    def cabins(self, image: Image, cars_xyxy: NDArray[np.float32], min_score: float) -> list[Cabin]:
        """Windshield, occupants and their belts in the crop of each car.

        Args:
            image: the whole frame.
            cars_xyxy: (n, 4) pixels of the image.
            min_score: least score of a windshield and of an occupant.

        Returns:
            n, boxes in pixels of the image.
        """
