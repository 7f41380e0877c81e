"""Still pictures from files: sizes are read from the header before anything is decoded."""

import struct
from pathlib import Path

import cv2
import numpy as np

from helmetbelt.detector.errors import PictureError
from helmetbelt.detector.letterbox import Image

MOST_PIXELS = 33_554_432
"""Largest picture that is decoded: 8192 x 4096."""

MOST_BYTES = 160 * 1024 * 1024
"""Largest file that is read: an uncompressed picture of `MOST_PIXELS` fits."""

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp"})

FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers whose segment holds the size (ITU-T T.81, table B.1: SOF0 to SOF15)."""

STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
"""JPEG markers without a segment (ITU-T T.81, table B.1: TEM, RST0 to RST7)."""


def list_pictures(folder: Path) -> list[Path]:
    """The JPEG, PNG, WebP and BMP files directly in a folder, by name.

    Raises:
        PictureError: not a folder that can be read.
    """
    try:
        return sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and p.is_file())
    except OSError as error:
        raise PictureError(f"{folder}: not a folder that can be read ({error.strerror})") from error


def read_picture(path: Path) -> Image:
    """A picture, upright as its EXIF orientation says.

    Returns:
        (height, width, 3) BGR.

    Raises:
        PictureError: missing, empty, cut off, not a picture, or larger than `MOST_PIXELS`.
    """
    data = _read(path)
    try:
        width, height = picture_size(data)
    except (struct.error, IndexError) as error:
        raise PictureError(f"{path}: the file was cut off") from error
    except ValueError as error:
        raise PictureError(f"{path}: {error}") from error
    if width * height > MOST_PIXELS:
        raise PictureError(f"{path}: {width} x {height} pixels: at most {MOST_PIXELS:,} are allowed")
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise PictureError(f"{path}: cannot be decoded ({error.err})") from error
    if image is None:
        raise PictureError(f"{path}: cannot be decoded, the file is damaged")
    return np.asarray(image, np.uint8)


def picture_size(data: bytes) -> tuple[int, int]:
    """Width and height from the header of a picture file that is there to its end.

    Raises:
        ValueError: another kind of file, or one that was cut off.
        struct.error: cut off inside the header.
        IndexError: the same (JPEG).
    """
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png_size(data)
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg_size(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp_size(data)
    if data.startswith(b"BM"):
        return _bmp_size(data)
    raise ValueError("not a JPEG, PNG, WebP or BMP picture")


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise PictureError(f"{path}: {size:,} bytes: at most {MOST_BYTES:,} are allowed")
        data = path.read_bytes()
    except OSError as error:
        raise PictureError(f"{path}: cannot be read ({error.strerror})") from error
    if not data:
        raise PictureError(f"{path}: the file is empty")
    return data


def _require(is_whole: bool) -> None:
    if not is_whole:
        raise ValueError("the file was cut off")


def _png_size(data: bytes) -> tuple[int, int]:
    """W3C PNG, 11.2.1: IHDR is the first chunk; 11.2.4: IEND ends the file."""
    width, height = struct.unpack_from(">II", data, 16)
    _require(data.rfind(b"IEND") > 16)
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """ITU-T T.81, B.1.1 and B.2.2: segments up to the frame header, which starts with the size."""
    at = 2
    while True:
        if data[at] != 0xFF:
            raise ValueError("no JPEG marker where one should be")
        marker = data[at + 1]
        if marker in FRAME_HEADERS:
            height, width = struct.unpack_from(">HH", data, at + 5)
            _require(data.rfind(b"\xff\xd9") > at)
            return width, height
        if marker == 0xFF:
            at += 1
        elif marker in STANDALONE:
            at += 2
        else:
            at += 2 + max(int(struct.unpack_from(">H", data, at + 2)[0]), 2)


def _webp_size(data: bytes) -> tuple[int, int]:
    """RFC 9649, 2.4 to 2.7: three kinds of first chunk."""
    _require(len(data) >= 8 + struct.unpack_from("<I", data, 4)[0])
    kind = data[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        wide, high = (int.from_bytes(data[i : i + 3], "little") for i in (24, 27))
        return wide + 1, high + 1
    raise ValueError("unknown kind of WebP")


def _bmp_size(data: bytes) -> tuple[int, int]:
    """BITMAPCOREHEADER (12 bytes) or BITMAPINFOHEADER and later; a negative height is top-down."""
    if struct.unpack_from("<I", data, 14)[0] == 12:
        width, height, _, depth = struct.unpack_from("<HHHH", data, 18)
    else:
        width, height, _, depth = struct.unpack_from("<iiHH", data, 18)
    start = struct.unpack_from("<I", data, 10)[0]
    if depth >= 16:
        _require(len(data) >= start + (width * depth + 31) // 32 * 4 * abs(height))
    return abs(width), abs(height)
