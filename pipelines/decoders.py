"""Can this installation read a kind of video: proven on a short clip made here."""

import tempfile
import time
from enum import StrEnum
from pathlib import Path
from typing import cast

import cv2
import numpy as np

from helmetbelt.detector.errors import SourceError
from helmetbelt.detector.letterbox import Image

CLIP_HW, CLIP_FRAMES, CLIP_FPS = (720, 1280), 25, 25


class Encoder(StrEnum):
    """What makes the clip; the value is PyAV's name."""

    H264 = "libx264"
    HEVC = "libx265"


OPTIONS = {
    Encoder.H264: {"preset": "veryfast"},
    Encoder.HEVC: {"preset": "ultrafast", "x265-params": "log-level=none"},
}


def decode_ms(encoder: Encoder) -> float:
    """Milliseconds to read one 1280x720 frame of a kind of video, with one thread.

    Raises:
        SourceError: the clip cannot be made, or not all of it can be read.
    """
    try:
        with tempfile.TemporaryDirectory() as folder:
            clip = Path(folder) / "clip.mp4"
            _write_clip(clip, encoder)
            started = time.perf_counter()
            seen = _count_frames(clip)
            spent = time.perf_counter() - started
    except (ImportError, OSError, ValueError) as error:
        raise SourceError(f"no clip could be made to try it ({error})") from error
    if seen != CLIP_FRAMES:
        raise SourceError(f"{seen} of {CLIP_FRAMES} frames of a clip were read")
    return 1000 * spent / CLIP_FRAMES


def scene(step: int) -> Image:
    """A textured picture that moves sideways with each step."""
    coarse = np.random.default_rng(0).integers(0, 255, (45, 80, 3), np.uint8)
    texture = cv2.resize(coarse, CLIP_HW[::-1], interpolation=cv2.INTER_CUBIC)
    return np.roll(np.asarray(texture, np.uint8), 8 * step, axis=1)


def _write_clip(path: Path, encoder: Encoder) -> None:
    import av

    with av.open(str(path), "w") as file:
        stream = cast(av.VideoStream, file.add_stream(encoder, rate=CLIP_FPS, options=OPTIONS[encoder]))
        stream.height, stream.width = CLIP_HW
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        for step in range(CLIP_FRAMES):
            file.mux(stream.encode(av.VideoFrame.from_ndarray(scene(step), format="bgr24")))
        file.mux(stream.encode(None))


def _count_frames(path: Path) -> int:
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    seen = 0
    while True:
        is_read, image = capture.read()
        if not is_read:
            break
        seen += image.shape[:2] == CLIP_HW
    capture.release()
    return seen
