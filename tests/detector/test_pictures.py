"""Still pictures from files."""

import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from helmetbelt.detector.errors import PictureError
from helmetbelt.detector.pictures import list_pictures, picture_size, read_picture

PICTURE: NDArray[np.uint8] = cv2.resize(  # type: ignore[assignment]
    np.random.default_rng(1).integers(0, 255, (9, 12, 3), np.uint8), (161, 119)
)
KINDS = ["jpg", "png", "webp", "bmp"]


def encoded(kind: str, *flags: int) -> bytes:
    """The picture as a file of that kind."""
    return bytes(cv2.imencode(f".{kind}", PICTURE, flags)[1])


def png_of(width: int, height: int) -> bytes:
    """A PNG whose header promises that size, with no pixels."""
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IEND", b"")]
    chunks = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_read_as_blue_green_red(tmp_path: Path, kind: str) -> None:
    """Close to what was written, in its size."""
    path = tmp_path / f"a.{kind}"
    path.write_bytes(encoded(kind))
    image = read_picture(path)
    assert image.shape == (119, 161, 3)
    assert np.abs(image.astype(int) - PICTURE).mean() < 12


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(encoded("jpg"), id="jpeg"),
        pytest.param(encoded("jpg", cv2.IMWRITE_JPEG_PROGRESSIVE, 1), id="progressive jpeg"),
        pytest.param(encoded("png"), id="png"),
        pytest.param(encoded("bmp"), id="bmp"),
        pytest.param(encoded("webp", cv2.IMWRITE_WEBP_QUALITY, 80), id="webp"),
        pytest.param(encoded("webp", cv2.IMWRITE_WEBP_QUALITY, 101), id="lossless webp"),
    ],
)
def test_the_size_is_in_the_header(data: bytes) -> None:
    """Nothing is decoded for it."""
    assert picture_size(data) == (161, 119)


def test_an_extended_webp_has_its_size_elsewhere() -> None:
    """RFC 9649, figure 7."""
    sides = (1919).to_bytes(3, "little") + (1079).to_bytes(3, "little")
    body = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + sides
    data = b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
    assert picture_size(data) == (1920, 1080)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.001, 0.01, 0.5, 0.99])
def test_a_picture_that_was_cut_off_is_refused(tmp_path: Path, kind: str, share: float) -> None:
    """Half a picture is not a picture with a grey half."""
    data = encoded(kind)
    path = tmp_path / f"half.{kind}"
    path.write_bytes(data[: max(int(len(data) * share), 1)])
    with pytest.raises(PictureError, match=rf"half\.{kind}"):
        read_picture(path)


def test_a_huge_picture_is_refused_by_its_header(tmp_path: Path) -> None:
    """The 1.2 GB of its pixels are never asked for."""
    path = tmp_path / "bomb.png"
    path.write_bytes(png_of(20_000, 20_000))
    with pytest.raises(PictureError, match=r"bomb\.png: 20000 x 20000 pixels: at most 33,554,432"):
        read_picture(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b"hello, I am text", "not a JPEG", id="text"),
        pytest.param(b"GIF89a" + b"\0" * 50, "not a JPEG", id="another kind"),
        pytest.param(png_of(10, 10), "damaged", id="no pixels inside"),
        pytest.param(b"\xff\xd8\xff\xe0\x00\x10" + b"\0" * 40, "no JPEG marker", id="broken jpeg"),
    ],
)
def test_what_is_not_a_picture_is_refused_by_name(tmp_path: Path, content: bytes, message: str) -> None:
    """Whatever its suffix says."""
    path = tmp_path / "odd.jpg"
    path.write_bytes(content)
    with pytest.raises(PictureError, match=rf"odd\.jpg.*{message}"):
        read_picture(path)


def test_a_file_larger_than_any_picture_is_not_read(tmp_path: Path) -> None:
    """A sparse file of a terabyte."""
    path = tmp_path / "endless.bmp"
    with path.open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(PictureError, match=r"endless\.bmp: 1,099,511,627,776 bytes"):
        read_picture(path)


def test_a_missing_picture_and_a_folder_are_refused_by_name(tmp_path: Path) -> None:
    """With the reason of the system."""
    with pytest.raises(PictureError, match=r"gone\.jpg: cannot be read \(No such file"):
        read_picture(tmp_path / "gone.jpg")
    with pytest.raises(PictureError, match="cannot be read"):
        read_picture(tmp_path)


def test_a_folder_lists_its_pictures_by_name(tmp_path: Path) -> None:
    """Other files and folders inside are passed over."""
    for name in ("b.JPG", "a.png", "c.webp", "d.jpeg", "e.bmp", "notes.txt", "f.mp4"):
        (tmp_path / name).touch()
    (tmp_path / "folder.jpg").mkdir()
    assert [p.name for p in list_pictures(tmp_path)] == ["a.png", "b.JPG", "c.webp", "d.jpeg", "e.bmp"]
    with pytest.raises(PictureError, match="nowhere"):
        list_pictures(tmp_path / "nowhere")
