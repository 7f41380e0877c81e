"""The few facts of an mp4 or mov header that OpenCV does not give: when it was made and how long it lasts.

Box layout: ISO/IEC 14496-12, sections 4.2 (boxes), 8.2.2 (`mvhd`), 8.3.2 (`tkhd`), 8.4.3 (`hdlr`).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
MOST_BOXES = 10_000
"""A file with more boxes at one level than this is not read on."""


@dataclass(frozen=True, slots=True)
class Mp4Header:
    """What the header promises.

    Attributes:
        created_at: aware, UTC; None where the camera left it empty.
        video_s: seconds of the first video track, after its edit list; None where unknown (fragmented files).
    """

    created_at: datetime | None
    video_s: float | None


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int
    end: int


def read_mp4_header(path: Path) -> Mp4Header | None:
    """The header of an mp4 or mov file; None where there is no `moov` box or it is damaged."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            moov = _first(file, 0, size, b"moov")
            return _header(file, moov) if moov else None
    except (OSError, struct.error):
        return None


def _header(file: BinaryIO, moov: _Box) -> Mp4Header | None:
    mvhd = _first(file, moov.start, moov.end, b"mvhd")
    if mvhd is None:
        return None
    created, timescale = _mvhd(_payload(file, mvhd))
    tracks = [b for b in _boxes(file, moov.start, moov.end) if b.kind == b"trak"]
    lengths = [_track_length(file, t) for t in tracks if _is_video(file, t)]
    video_s = lengths[0] / timescale if lengths and lengths[0] and timescale else None
    return Mp4Header(EPOCH + timedelta(seconds=created) if created else None, video_s)


def _mvhd(payload: bytes) -> tuple[int, int]:
    """Creation time in seconds since 1904, and units per second."""
    layout = ">4xQQI" if payload[:1] == b"\x01" else ">4xIII"
    created, _, timescale = struct.unpack_from(layout, payload)
    return min(created, 2**33), timescale


def _track_length(file: BinaryIO, trak: _Box) -> int:
    """Length in units of the movie; 0 where unknown."""
    tkhd = _first(file, trak.start, trak.end, b"tkhd")
    if tkhd is None:
        return 0
    payload = _payload(file, tkhd)
    if payload[:1] == b"\x01":
        (length,) = struct.unpack_from(">28xQ", payload)
        return 0 if length == 2**64 - 1 else int(length)
    (length,) = struct.unpack_from(">20xI", payload)
    return 0 if length == 2**32 - 1 else int(length)


def _is_video(file: BinaryIO, trak: _Box) -> bool:
    mdia = _first(file, trak.start, trak.end, b"mdia")
    hdlr = _first(file, mdia.start, mdia.end, b"hdlr") if mdia else None
    return hdlr is not None and _payload(file, hdlr)[8:12] == b"vide"


def _first(file: BinaryIO, start: int, end: int, kind: bytes) -> _Box | None:
    return next((b for b in _boxes(file, start, end) if b.kind == kind), None)


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[_Box]:
    for _ in range(MOST_BOXES):
        if start + 8 > end:
            return
        file.seek(start)
        head = file.read(16)
        size, kind = struct.unpack_from(">I4s", head)
        skip = 8
        if size == 1:
            (size,), skip = struct.unpack_from(">8xQ", head), 16
        elif size == 0:
            size = end - start
        if size < skip:
            return
        yield _Box(kind, start + skip, min(start + size, end))
        start += size


def _payload(file: BinaryIO, box: _Box) -> bytes:
    file.seek(box.start)
    return file.read(min(box.end - box.start, 256))
