"""H.264 video files that play in any browser, with the time stamps of the frames that go in."""

from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from helmetbelt.pipelines.frames import Image
from helmetbelt.pipelines.output import OutputError, replacing

if TYPE_CHECKING:
    from av import Packet, VideoStream

TICKS = 1000
"""Units a second of the time stamps."""

QUALITY = {"crf": "26", "preset": "veryfast", "tune": "zerolatency", "g": "50"}
"""Without `zerolatency` the encoder keeps ten and more pictures in memory to look ahead."""
LONGEST_END_S = 1.0
"""The last picture lasts as long as the one before, but no longer than this."""

LONGEST_SIDE_PX = 1920
"""Larger pictures leave the levels of H.264 that phones and old browsers decode."""


def playable_size(width: int, height: int) -> tuple[int, int]:
    """Width and height of a video that plays everywhere: even, no side over `LONGEST_SIDE_PX`, same shape."""
    scale = min(1.0, LONGEST_SIDE_PX / max(width, height))
    return max(int(width * scale) // 2 * 2, 2), max(int(height * scale) // 2 * 2, 2)


class VideoFile:
    """A video being written: it has its name once it is complete, and leaves nothing behind otherwise."""

    def __init__(self, path: Path, width: int, height: int, threads: int = 1) -> None:
        """What will be written; nothing is before `with`.

        Args:
            path: of the mp4; a file of this name stays until the new one is complete.
            width: of the pictures, pixels, even.
            height: of the pictures, pixels, even.
            threads: of the encoder.

        Raises:
            ValueError: an odd size.
        """
        if width % 2 or height % 2:
            raise ValueError(f"video of {width}x{height}: expected even sides")
        self._path, self._width, self._height, self._threads = path, width, height, threads
        self._last_tick, self._step_s = -1, 0.0

    def __enter__(self) -> Self:
        """Starts the file.

        Raises:
            OutputError: it cannot be written.
        """
        import av

        self._av = av
        with ExitStack() as stack:
            part = stack.enter_context(replacing(self._path))
            try:
                self._file = av.open(str(part), "w", format="mp4", options={"movflags": "+faststart"})
            except OSError as error:
                raise self._failed(error) from error
            stack.push(self._close)
            self._stream = self._file.add_stream("libx264", rate=TICKS, options=QUALITY)
            self._stream.width, self._stream.height = self._width, self._height
            self._stream.pix_fmt = "yuv420p"
            self._stream.codec_context.time_base = Fraction(1, TICKS)
            self._stream.codec_context.thread_count = self._threads
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Completes the file, or removes it when an error passes."""
        self._stack.__exit__(kind, error, trace)

    def add(self, seconds: float, image: Image) -> None:
        """Appends one picture, shown from `seconds` on.

        Raises:
            OutputError: it cannot be written.
            ValueError: another size than the video's.
        """
        if image.shape != (self._height, self._width, 3):
            raise ValueError(f"picture {image.shape} in a video of {self._width}x{self._height}")
        frame = self._av.VideoFrame.from_ndarray(image, format="bgr24")
        tick = max(round(seconds * TICKS), self._last_tick + 1)
        if tick > self._last_tick + 1 and self._last_tick >= 0:
            self._step_s = min((tick - self._last_tick) / TICKS, LONGEST_END_S)
        self._last_tick = tick
        frame.pts, frame.time_base = tick, Fraction(1, TICKS)
        try:
            self._mux(self._stream.encode(frame))
        except OSError as error:
            raise self._failed(error) from error

    def _mux(self, packets: "list[Packet[VideoStream]]") -> None:
        """Writes packets; each lasts as long as the step before, which matters for the last one only."""
        for packet in packets:
            if packet.time_base and self._step_s:
                packet.duration = round(self._step_s / packet.time_base)
            self._file.mux(packet)

    def _close(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._mux(self._stream.encode())
            self._file.close()
        except OSError as failure:
            if kind is None:
                raise self._failed(failure) from failure

    def _failed(self, error: OSError) -> OutputError:
        return OutputError(f"{self._path}: the video cannot be written ({error.strerror or error})")
