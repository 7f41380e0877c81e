"""What a file is by its first bytes."""

from pathlib import Path

import pytest
from builders_video import even_seconds, write_video

from helmetbelt.detector.errors import SourceError
from helmetbelt.pipelines.sniff import Container, container_of, described, sniff_container


@pytest.mark.parametrize(
    ("ending", "codec", "muxer", "container"),
    [
        ("mp4", "libx264", None, Container.MP4),
        ("mov", "libx264", None, Container.MP4),
        ("3gp", "libx264", None, Container.MP4),
        ("mkv", "libx264", None, Container.MATROSKA),
        ("webm", "libvpx-vp9", None, Container.MATROSKA),
        ("avi", "mjpeg", None, Container.AVI),
        ("ts", "libx264", "mpegts", Container.MPEG_TS),
        ("mpg", "mpeg2video", "mpeg", Container.MPEG_PS),
        ("flv", "libx264", "flv", Container.FLV),
    ],
)
def test_real_files_are_known_by_their_bytes(
    tmp_path: Path, ending: str, codec: str, muxer: str | None, container: Container
) -> None:
    """The name has no part in it."""
    made = write_video(tmp_path / f"a.{ending}", even_seconds(3, 25), codec=codec, container=muxer, rate=25)
    assert sniff_container(made.rename(tmp_path / "no-ending")) is container


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"ffconcat version 1.0\nfile other.mp4\n", "a list of other files"),
        (b"#EXTM3U\n#EXT-X-VERSION:3\nfile:///etc/passwd\n", "it is text"),
        ("街道".encode() * 400, "it is text"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "it is a picture"),
        (b"\x89PNG\r\n\x1a\n\x00", "it is a picture"),
        (b"\x00\x01\x02\x03\x04\x05\x06\x07", "its first bytes are 00 01 02 03"),
    ],
    ids=["empty", "ffconcat", "playlist", "chinese", "jpeg", "png", "noise"],
)
def test_anything_else_is_refused_with_a_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    """A `.mp4` that is none says what it is instead."""
    path = tmp_path / "street.mp4"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=reason):
        sniff_container(path)


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    """Neither is a traceback."""
    with pytest.raises(SourceError, match="no such file"):
        sniff_container(tmp_path / "none.mp4")
    with pytest.raises(SourceError, match="not a file"):
        sniff_container(tmp_path)


def test_unreadable_bytes_are_described_in_hex() -> None:
    """So that a format that we lack can be looked up."""
    assert described(b"IMKH\x01\x01\x00\x00") == "its first bytes are 49 4d 4b 48 01 01 00 00"


@pytest.mark.parametrize(("length", "at"), [(188, 0), (192, 4)])
def test_transport_stream_needs_its_sync_byte_in_every_packet(length: int, at: int) -> None:
    """One stray G is not a stream."""
    packet = bytearray(length)
    packet[at] = 0x47
    assert container_of(bytes(packet) * 5) is Container.MPEG_TS
    assert container_of(bytes(packet) + bytes(length * 4)) is None
