"""One video file opened by OpenCV with everything closed that a hostile file could use."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import cv2
import numpy as np

from helmetbelt.detector.errors import SourceError
from helmetbelt.pipelines.frames import Image
from helmetbelt.pipelines.sniff import Container

OPEN_MSEC, READ_MSEC = 20_000, 20_000
"""A file on a dead network drive is given up after this long (OpenCV's own limits are 30 s)."""

LEAST_FPS, MOST_FPS = 1.0, 240.0
"""A frame rate outside is the container's unit of time and not a frame rate."""

PROBED_FRAMES = 10
QUIET = "-8"
BACKWARD_JUMP_S = 1.0

_environment = threading.Lock()
"""OpenCV takes FFmpeg's options from the environment alone, which belongs to the whole process."""


class Capture:
    """A decoder at the beginning of a file; `grab` moves it on, `retrieve` gives the picture it stands on."""

    def __init__(self, path: Path, container: Container) -> None:
        """Opens the file with one decoding thread.

        Raises:
            SourceError: FFmpeg finds no video in it.
        """
        self._path = path
        with _ffmpeg_options(f"protocol_whitelist;file|format_whitelist;{container}"):
            self._capture = cv2.VideoCapture(
                str(path.resolve()),
                cv2.CAP_FFMPEG,
                [
                    cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
                    OPEN_MSEC,
                    cv2.CAP_PROP_READ_TIMEOUT_MSEC,
                    READ_MSEC,
                    cv2.CAP_PROP_N_THREADS,
                    1,
                ],
            )
        if not self._capture.isOpened():
            raise SourceError(f"{path}: cannot be opened: damaged, cut off, or without a picture track")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._capture.release()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels, turned as the file says it should be shown."""
        get = self._capture.get
        return int(get(cv2.CAP_PROP_FRAME_WIDTH)), int(get(cv2.CAP_PROP_FRAME_HEIGHT))

    @property
    def promised_frames(self) -> int:
        """How many frames the container promises; an estimate in some; 0 where it says nothing."""
        return max(int(self._capture.get(cv2.CAP_PROP_FRAME_COUNT)), 0)

    @property
    def stated_fps(self) -> float:
        """The container's frame rate; in some containers the unit of time instead."""
        return float(self._capture.get(cv2.CAP_PROP_FPS))

    @property
    def begins_at_s(self) -> float:
        """Time stamp of the first frame on the container's own clock; to be asked after the first `grab`."""
        pts, fps = self._capture.get(cv2.CAP_PROP_PTS), self.stated_fps
        return max(float(pts) / fps, 0.0) if fps > 0 else 0.0

    def grab(self) -> float | None:
        """Decodes the next frame and gives its time stamp in seconds from the first; None at the end."""
        if not self._capture.grab():
            return None
        return float(self._capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000

    def retrieve(self) -> Image:
        """The picture of the frame grabbed last, in an array of its own.

        Raises:
            SourceError: it could not be decoded.
        """
        done, image = self._capture.retrieve()
        if not done or image is None:
            raise SourceError(f"{self._path.name}: a frame could not be decoded")
        return np.asarray(image, np.uint8)


class RisingSeconds:
    """Time stamps made to rise from 0, whatever the file does.

    A stamp that repeats or goes back a little is put one frame after the last; one that goes back far (parts
    joined into one file) begins again there.
    """

    def __init__(self, fps: float) -> None:
        self._step = 1 / fps
        self._shift: float | None = None
        self._last = 0.0

    def after(self, stamp: float) -> float:
        """The seconds of the next frame, whose stamp this is."""
        if self._shift is None:
            self._shift = -stamp
            return 0.0
        at = stamp + self._shift
        if at <= self._last:
            if self._last - at > BACKWARD_JUMP_S:
                self._shift += self._last + self._step - at
            at = self._last + self._step
        self._last = at
        return at


def believable_fps(capture: Capture) -> float:
    """Frames per second: the container's where it can be true, or what the next few frames show."""
    if LEAST_FPS <= capture.stated_fps <= MOST_FPS:
        return capture.stated_fps
    stamps = [at for at in (capture.grab() for _ in range(PROBED_FRAMES)) if at is not None]
    span = stamps[-1] - stamps[0] if stamps else 0.0
    return min(max((len(stamps) - 1) / span, LEAST_FPS), MOST_FPS) if span > 0 else LEAST_FPS


@contextmanager
def _ffmpeg_options(options: str) -> Iterator[None]:
    """Sets FFmpeg's options for what is opened inside, and keeps its messages off the terminal."""
    wanted = {"OPENCV_FFMPEG_CAPTURE_OPTIONS": options, "OPENCV_FFMPEG_LOGLEVEL": QUIET}
    with _environment:
        before = {name: os.environ.get(name) for name in wanted}
        level = cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
        os.environ.update(wanted)
        try:
            yield
        finally:
            cv2.utils.logging.setLogLevel(level)
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
