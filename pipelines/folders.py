"""Folders: their videos one by one, or their pictures as the frames of one camera."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise
from pathlib import Path
from time import perf_counter

from helmetbelt.detector.errors import PictureError, SourceError
from helmetbelt.detector.pictures import list_pictures, read_picture
from helmetbelt.pipelines.clock import Start, time_in_name
from helmetbelt.pipelines.frames import Frame, Image, SourceInfo
from helmetbelt.pipelines.sniff import container_of, first_bytes, reason_of
from helmetbelt.pipelines.sources import Pace, digest_of


def videos_in(folder: Path) -> list[Path]:
    """The files directly in a folder that are videos by their first bytes, by name.

    Raises:
        SourceError: the folder or a file in it cannot be read.
    """
    try:
        files = sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    except OSError as error:
        raise SourceError(f"{folder}: not a folder that can be read ({reason_of(error)})") from error
    return [p for p in files if container_of(first_bytes(p)) is not None]


def pictures_in(folder: Path) -> list[Path]:
    """The pictures directly in a folder, by name.

    Raises:
        SourceError: the folder cannot be read, or holds none.
    """
    try:
        pictures = list_pictures(folder)
    except PictureError as error:
        raise SourceError(str(error)) from error
    if not pictures:
        raise SourceError(f"{folder}: neither a video nor a picture in this folder")
    return pictures


def digest_of_all(files: Sequence[Path]) -> str:
    """sha256 (hex) of the names and contents of several files.

    Raises:
        SourceError: one cannot be read.
    """
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.name}\0{digest_of(file)}\n".encode())
    return digest.hexdigest()


def picture_seconds(pictures: Sequence[Path], zone: tzinfo, now: datetime, per_second: float | None) -> list[float]:
    """When each picture of a folder was taken, in seconds since the first.

    Args:
        pictures: at least one, in the order of their names.
        zone: of the clock that named them.
        now: aware.
        per_second: pictures a second, where the operator knows it; otherwise their names must tell the time.

    Raises:
        SourceError: neither does, or the times in the names do not rise.
    """
    if per_second is not None:
        return [i / per_second for i in range(len(pictures))]
    times = [at for at in (time_in_name(p.name, zone, now) for p in pictures) if at is not None]
    if len(times) < len(pictures):
        raise SourceError(
            f"{pictures[0].parent}: the names of the pictures do not tell when they were taken:"
            " say how many there are a second"
        )
    seconds = [(at - times[0]).total_seconds() for at in times]
    if any(later <= earlier for earlier, later in pairwise(seconds)):
        raise SourceError(
            f"{pictures[0].parent}: the times in the names of the pictures do not rise:"
            " say how many pictures there are a second"
        )
    return seconds


class FolderSource:
    """The pictures of a folder as the recording of one camera.

    Attributes:
        decode_s: seconds spent in reading and decoding so far.
    """

    def __init__(self, folder: Path, camera: str, start: Start, seconds: Sequence[float]) -> None:
        """Reads the first picture to see what it is.

        Args:
            folder: with the pictures.
            camera: identifier of the camera that took them.
            start: when the first was taken.
            seconds: when each was taken, from `picture_seconds`.

        Raises:
            SourceError: there is no picture, or the first cannot be read.
            ValueError: not one time for each picture.
        """
        self.decode_s = 0.0
        self._camera, self._pictures, self._seconds = camera, pictures_in(folder), tuple(seconds)
        if len(self._seconds) != len(self._pictures):
            raise ValueError(f"{len(self._seconds)} times for {len(self._pictures)} pictures")
        height, width = self._read(0).shape[:2]
        span = self._seconds[-1] - self._seconds[0]
        fps = (len(self._seconds) - 1) / span if span > 0 else 1.0
        self._info = SourceInfo(
            name=folder.name,
            digest=digest_of_all(self._pictures),
            width=width,
            height=height,
            fps=fps,
            duration_s=span + 1 / fps,
            started_at=start.at,
            clock=start.clock,
            simulated=False,
        )

    @property
    def info(self) -> SourceInfo:
        """What is known before the first frame."""
        return self._info

    def frames(self, at_most_fps: float) -> Iterator[Frame]:
        """The pictures, evenly thinned in time to at most so many a second.

        Raises:
            SourceError: a picture cannot be read, or has another size than the first.
        """
        pace = Pace(at_most_fps)
        for index, seconds in enumerate(self._seconds):
            if pace.takes(seconds):
                image = self._read(index)
                if image.shape[:2] != (self._info.height, self._info.width):
                    raise SourceError(
                        f"{self._pictures[index].name}: {image.shape[1]}x{image.shape[0]} pixels"
                        f" among pictures of {self._info.width}x{self._info.height}"
                    )
                taken_at = self._info.started_at + timedelta(seconds=seconds)
                yield Frame(self._camera, index, seconds, taken_at, image)

    def _read(self, index: int) -> Image:
        begun = perf_counter()
        try:
            return read_picture(self._pictures[index])
        except PictureError as error:
            raise SourceError(str(error)) from error
        finally:
            self.decode_s += perf_counter() - begun
