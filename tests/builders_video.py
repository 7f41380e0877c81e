"""Tiny real videos for tests: the grey level of a frame is its number × 40, because codecs are lossy."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from helmetbelt.pipelines.frames import Image

GREY_STEP = 40


def grey_image(number: int, width: int = 96, height: int = 64) -> Image:
    """(height, width, 3) of the grey level that belongs to a frame's number."""
    return np.full((height, width, 3), min(number * GREY_STEP, 255), np.uint8)


def number_in(image: Image) -> int:
    """The frame's number that a decoded picture shows."""
    return round(float(image.mean()) / GREY_STEP)


def write_video(
    path: Path,
    seconds: Sequence[float],
    *,
    images: Sequence[Image] | None = None,
    size: tuple[int, int] = (96, 64),
    codec: str = "libx264",
    container: str | None = None,
    rate: int = 1000,
    made_at: datetime | None = None,
    muxing: dict[str, str] | None = None,
) -> Path:
    """A video whose frames have exactly these time stamps.

    Args:
        path: to write to; its ending names the container unless `container` does.
        seconds: time stamp of each frame, rising.
        images: (h, w, 3) BGR each; grey ones by number where not given.
        size: width and height of the grey ones.
        codec: FFmpeg's name.
        container: FFmpeg's name.
        rate: ticks a second of the time stamps.
        made_at: aware; written as the container's creation time.
        muxing: options of the container.
    """
    pictures = images if images is not None else [grey_image(i, *size) for i in range(len(seconds))]
    with av.open(str(path), "w", format=container, options=muxing or {}) as file:
        if made_at is not None:
            file.metadata["creation_time"] = made_at.isoformat()
        stream = file.add_stream(codec, rate=rate)
        assert isinstance(stream, av.VideoStream)
        stream.height, stream.width = pictures[0].shape[:2] if pictures else size[::-1]
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.codec_context.time_base = Fraction(1, rate)
        for at, picture in zip(seconds, pictures, strict=True):
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = round(at * rate), Fraction(1, rate)
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    return path


def even_seconds(frames: int, fps: float) -> list[float]:
    """Time stamps of a constant frame rate."""
    return [i / fps for i in range(frames)]
