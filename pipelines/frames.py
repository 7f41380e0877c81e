"""A frame: one picture with the time at which it was taken."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""(height, width, 3) BGR, never written into once it is in a Frame."""


class ClockProvenance(StrEnum):
    """Where the wall-clock time of a source comes from, best first."""

    CAMERA = "camera"
    OPERATOR = "operator"
    FILE_NAME = "file_name"
    CONTAINER = "container"
    RECEIVED = "received"
    FILE_TIME = "file_time"
    SIMULATED = "simulated"


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of one camera.

    Attributes:
        camera: identifier of the camera.
        index: number of the frame in its source, from 0, counted before any sampling.
        seconds: since the first frame of the source, from presentation time stamps.
        taken_at: aware, UTC.
        image: BGR.
    """

    camera: str
    index: int
    seconds: float
    taken_at: datetime
    image: Image

    def __post_init__(self) -> None:
        if self.taken_at.tzinfo is None:
            raise ValueError(f"taken_at {self.taken_at.isoformat()} of camera {self.camera} has no time zone")
        if self.image.ndim != 3 or self.image.shape[2] != 3 or self.image.dtype != np.uint8:
            raise ValueError(f"image {self.image.shape} {self.image.dtype}: expected (height, width, 3) uint8")


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What is known of a source before its first frame.

    Attributes:
        name: what a person may see: never holds a password.
        digest: sha256 (hex) of the file or of the simulation's description: the same video has the same.
        width: pixels.
        height: pixels.
        fps: nominal frames per second.
        duration_s: seconds; None where it is not known.
        started_at: aware, UTC, of the first frame.
        clock: where `started_at` comes from.
        simulated: drawn pictures, whose rates carry the flag SIMULATED.
    """

    name: str
    digest: str
    width: int
    height: int
    fps: float
    duration_s: float | None
    started_at: datetime
    clock: ClockProvenance
    simulated: bool


class Source(Protocol):
    """Gives the frames of one camera in order. A file waits for its reader."""

    @property
    def info(self) -> SourceInfo:
        """What is known before the first frame."""

    def frames(self, at_most_fps: float) -> Iterator[Frame]:
        """The frames, evenly thinned in time to at most so many a second.

        Raises:
            SourceError: the source broke before its end.
        """
