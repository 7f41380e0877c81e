"""What a video file is by its first bytes: a name proves nothing, and FFmpeg believes what it reads.

A text that begins with `ffconcat` is played as the list of other files that it names, whatever its own name;
so the first bytes decide which single demuxer FFmpeg may use, before it opens anything.
"""

from enum import StrEnum
from pathlib import Path

from helmetbelt.detector.errors import SourceError

TS_PACKETS = {188: 0, 192: 4}
"""Length of an MPEG transport packet: offset of its sync byte (ISO/IEC 13818-1; 192: M2TS of camcorders)."""

QUICKTIME_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
HEAD_BYTES = 1024


class Container(StrEnum):
    """Kinds of file that are read; the value is FFmpeg's name of the demuxer."""

    MP4 = "mov,mp4,m4a,3gp,3g2,mj2"
    MATROSKA = "matroska,webm"
    AVI = "avi"
    MPEG_TS = "mpegts"
    MPEG_PS = "mpeg"
    FLV = "flv"


def sniff_container(path: Path) -> Container:
    """The container of a video file.

    Raises:
        SourceError: no such file, not a file, empty, or not one of the containers that are read.
    """
    head = first_bytes(path)
    if not head:
        raise SourceError(f"{path}: the file is empty")
    container = container_of(head)
    if container is None:
        raise SourceError(
            f"{path}: not a video that can be read ({described(head)});"
            " mp4, mov, mkv, webm, avi, ts, mpg and flv can be"
        )
    return container


def first_bytes(path: Path) -> bytes:
    """At most `HEAD_BYTES` from the beginning of a regular file.

    Raises:
        SourceError: it cannot be read, with the system's reason.
    """
    try:
        if path.exists() and not path.is_file():
            raise SourceError(f"{path}: not a file")
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except SourceError:
        raise
    except FileNotFoundError as error:
        raise SourceError(f"{path}: no such file") from error
    except (OSError, ValueError) as error:
        raise SourceError(f"{path}: cannot be read ({reason_of(error)})") from error


def reason_of(error: Exception) -> str:
    """The system's words for an error, without the path in them."""
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def container_of(head: bytes) -> Container | None:
    """The container whose magic bytes these are; None for anything else."""
    if head[4:8] in QUICKTIME_BOXES:
        return Container.MP4
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return Container.MATROSKA
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return Container.AVI
    if head[:4] == b"\x00\x00\x01\xba":
        return Container.MPEG_PS
    if head[:4] == b"FLV\x01":
        return Container.FLV
    if any(_has_sync_bytes(head, length, at) for length, at in TS_PACKETS.items()):
        return Container.MPEG_TS
    return None


def described(head: bytes) -> str:
    """A few words on what the bytes are instead, for the person who chose the file."""
    if head.startswith(b"ffconcat"):
        return "it is a list of other files"
    if head[:3] == b"\xff\xd8\xff" or head[:4] == b"\x89PNG":
        return "it is a picture"
    if b"\x00" not in head and _is_text(head):
        return "it is text"
    return "its first bytes are " + head[:8].hex(" ")


def _is_text(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3
    return True


def _has_sync_bytes(head: bytes, length: int, at: int) -> bool:
    packets = range(at, len(head), length)
    return len(packets) >= 2 and all(head[i] == 0x47 for i in packets)
