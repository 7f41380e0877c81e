"""Recorded video as a source: real time stamps, few decoded pictures, and limits on what a file may ask."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from helmetbelt.detector.errors import SourceError
from helmetbelt.pipelines.capture import Capture, RisingSeconds, believable_fps
from helmetbelt.pipelines.clock import Start
from helmetbelt.pipelines.frames import ClockProvenance, Frame, Image, SourceInfo
from helmetbelt.pipelines.mp4header import read_mp4_header
from helmetbelt.pipelines.sniff import Container, reason_of, sniff_container

SHORT_BY_S, SHORT_BY_SHARE = 0.5, 0.02
"""A file may end so much before its promised end (whichever is more) and still be whole."""

EARLY_S = 0.02
"""A frame so little early is taken at once, or a rate that jitters around the wanted one would lose half."""

HASHED_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What a file may ask of us: a small file can promise a picture that fills the memory.

    Attributes:
        side_px: width and height of a picture.
        area_px: width times height.
        frames: in one file.
        duration_s: of one file.
    """

    side_px: int = 8192
    area_px: int = 36_000_000
    frames: int = 10_000_000
    duration_s: float = 48 * 3600.0


LIMITS = FileLimits()


class Pace:
    """Chooses frames evenly in time, so that the frame rate of the file does not matter."""

    def __init__(self, at_most_fps: float) -> None:
        if not at_most_fps > 0:
            raise ValueError(f"at_most_fps {at_most_fps}: expected more than 0")
        self._period, self._due = 1 / at_most_fps, 0.0

    def takes(self, seconds: float) -> bool:
        """Says if the frame at this time is wanted; to be asked for every frame in order."""
        if seconds < self._due - min(EARLY_S, self._period / 4):
            return False
        late = seconds - self._due >= self._period
        self._due = seconds + self._period if late else self._due + self._period
        return True


class FileSource:
    """One video file as the recording of one camera.

    Attributes:
        decode_s: seconds spent in decoding so far.
    """

    def __init__(self, path: Path, camera: str, start: Start, digest: str, limits: FileLimits = LIMITS) -> None:
        """Opens the file once to see what it is.

        Args:
            path: of the file.
            camera: identifier of the camera that recorded it.
            start: when the first frame was taken; a simulated clock means drawn pictures.
            digest: sha256 of the file, hex.
            limits: beyond which it is refused.

        Raises:
            SourceError: no such file, not a video, without a frame, or beyond the limits.
        """
        self.decode_s = 0.0
        self._path, self._camera, self._limits = path, camera, limits
        self._container = sniff_container(path)
        with Capture(path, self._container) as capture:
            width, height = capture.size
            self._check_size(width, height)
            if capture.grab() is None:
                raise SourceError(f"{path}: holds no frame")
            self._promised_frames = capture.promised_frames
            duration_s = self._promised_s(capture)
            fps = believable_fps(capture)
            if duration_s and self._container is Container.MP4:
                fps = capture.promised_frames / duration_s or fps
        self._info = SourceInfo(
            name=path.name,
            digest=digest,
            width=width,
            height=height,
            fps=fps,
            duration_s=duration_s,
            started_at=start.at,
            clock=start.clock,
            simulated=start.clock is ClockProvenance.SIMULATED,
        )

    @property
    def info(self) -> SourceInfo:
        """What is known before the first frame."""
        return self._info

    def frames(self, at_most_fps: float) -> Iterator[Frame]:
        """The frames, evenly thinned in time to at most so many a second.

        Raises:
            SourceError: the file ended before its promised end, or went beyond the limits; every frame before
                that has been given.
        """
        pace, stamps = Pace(at_most_fps), RisingSeconds(self._info.fps)
        index, seconds = -1, 0.0
        with Capture(self._path, self._container) as capture:
            while (stamp := self._grabbed(capture)) is not None:
                index, seconds = index + 1, stamps.after(stamp)
                self._check_length(index, seconds)
                if pace.takes(seconds):
                    taken_at = self._info.started_at + timedelta(seconds=seconds)
                    yield Frame(self._camera, index, seconds, taken_at, self._retrieved(capture))
        self._check_end(index + 1, seconds)

    def _grabbed(self, capture: Capture) -> float | None:
        begun = perf_counter()
        stamp = capture.grab()
        self.decode_s += perf_counter() - begun
        return stamp

    def _retrieved(self, capture: Capture) -> Image:
        begun = perf_counter()
        image = capture.retrieve()
        self.decode_s += perf_counter() - begun
        return image

    def _promised_s(self, capture: Capture) -> float | None:
        """How long the container says the video lasts; Matroska counts from zero."""
        header = read_mp4_header(self._path) if self._container is Container.MP4 else None
        if header and header.video_s:
            return header.video_s
        frames, fps = capture.promised_frames, capture.stated_fps
        begins_at_s = capture.begins_at_s if self._container is Container.MATROSKA else 0.0
        return frames / fps - begins_at_s if frames > 0 and fps > 0 else None

    def _check_size(self, width: int, height: int) -> None:
        limits = self._limits
        if width < 1 or height < 1:
            raise SourceError(f"{self._path}: has no picture")
        if max(width, height) > limits.side_px or width * height > limits.area_px:
            raise SourceError(
                f"{self._path}: pictures of {width}x{height} are larger than allowed"
                f" ({limits.side_px} a side, {limits.area_px / 1e6:g} megapixels)"
            )

    def _check_length(self, index: int, seconds: float) -> None:
        if index >= self._limits.frames:
            raise SourceError(f"{self._info.name}: has more frames than the limit of {self._limits.frames}")
        if seconds > self._limits.duration_s:
            raise SourceError(f"{self._info.name}: is longer than the limit of {self._limits.duration_s:g} s")

    def _check_end(self, frames: int, seconds: float) -> None:
        promised_s = self._info.duration_s
        if promised_s is None or frames >= self._promised_frames > 0:
            return
        read_s = seconds + 1 / self._info.fps
        if read_s < promised_s - max(SHORT_BY_S, SHORT_BY_SHARE * promised_s):
            raise SourceError(
                f"{self._info.name}: ended after {read_s:.1f} s of {promised_s:.1f} s: cut off or damaged"
            )


def digest_of(path: Path, progress: Callable[[int], None] = lambda _: None) -> str:
    """sha256 (hex) of a file's bytes.

    Args:
        path: of the file.
        progress: called with the number of bytes of each part read.

    Raises:
        SourceError: it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while part := file.read(HASHED_BYTES):
                digest.update(part)
                progress(len(part))
    except FileNotFoundError as error:
        raise SourceError(f"{path}: no such file") from error
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({reason_of(error)})") from error
    return digest.hexdigest()
