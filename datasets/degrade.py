"""Pictures made worse as cameras and weather make them. Boxes stay where they are."""

from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.weather import glare, haze, night, rain

Image = NDArray[np.uint8]


def degrade(image: Image, rng: np.random.Generator) -> Image:
    """A worse copy of the same size: each fault comes with its own probability and strength."""
    out = under_bad_light(image, rng)
    if rng.random() < 0.35:
        out = motion_blur(out, int(rng.integers(3, 8)), float(rng.uniform(0, 180)))
    if rng.random() < 0.3:
        out = add_noise(out, float(rng.uniform(2, 10)), rng)
    return compressed(out, rng)


def under_bad_light(image: Image, rng: np.random.Generator) -> Image:
    """In about half of the cases another exposure, or night, haze, rain or glare."""
    drawn = rng.random()
    if drawn < 0.22:
        return relight(image, float(rng.uniform(0.45, 2.2)))
    if drawn < 0.32:
        return night(image, rng)
    if drawn < 0.39:
        return haze(image, float(rng.uniform(0.15, 0.55)), rng)
    if drawn < 0.45:
        return rain(image, rng)
    if drawn < 0.5:
        return glare(image, rng)
    return image


def compressed(image: Image, rng: np.random.Generator) -> Image:
    """As a JPEG of a low quality, as a key frame of a low bit rate, or as it was."""
    drawn = rng.random()
    if drawn < 0.35:
        return compress(image, int(rng.integers(25, 70)))
    return compress_as_video(image, int(rng.integers(28, 42))) if drawn < 0.65 else image


def shrink(image: Image, factor: float) -> Image:
    """A smaller picture, as a camera further away would have given; factor 0..1."""
    return np.asarray(cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.uint8)


def motion_blur(image: Image, length_px: int, angle_deg: float) -> Image:
    """Smeared along a line."""
    kernel = np.zeros((length_px, length_px), np.float32)
    kernel[length_px // 2] = 1
    turn = cv2.getRotationMatrix2D((length_px / 2 - 0.5, length_px / 2 - 0.5), angle_deg, 1)
    turned = np.asarray(cv2.warpAffine(kernel, turn, (length_px, length_px)), np.float32)
    return np.asarray(cv2.filter2D(image, -1, turned / max(float(turned.sum()), 1e-6)), np.uint8)


def relight(image: Image, gamma: float) -> Image:
    """Darker for gamma above 1, brighter below."""
    table = (np.linspace(0, 1, 256) ** gamma * 255).astype(np.uint8)
    return np.asarray(cv2.LUT(image, table), np.uint8)


def add_noise(image: Image, sigma: float, rng: np.random.Generator) -> Image:
    """Gaussian sensor noise, sigma in grey levels."""
    noisy = image.astype(np.float32) + rng.normal(0, sigma, image.shape).astype(np.float32)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def compress(image: Image, quality: int) -> Image:
    """Blocks and smears of a low bit rate; quality as of JPEG."""
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def compress_as_video(image: Image, crf: int) -> Image:
    """A key frame of H.264 and back; crf as of x264 (23 is good, 40 is bad). Too small a picture stays as it is."""
    import av

    height, width = image.shape[0] // 2 * 2, image.shape[1] // 2 * 2
    if min(height, width) < 16:
        return image
    coder = av.CodecContext.create("libx264", "w")
    assert isinstance(coder, av.VideoCodecContext)
    coder.width, coder.height, coder.pix_fmt = width, height, "yuv420p"
    coder.options = {"crf": str(crf), "preset": "ultrafast", "tune": "zerolatency", "threads": "1"}
    coder.framerate = Fraction(25)
    even = np.ascontiguousarray(image[:height, :width])
    packets = [*coder.encode(av.VideoFrame.from_ndarray(even, "bgr24")), *coder.encode(None)]
    decoder = av.CodecContext.create("h264", "r")
    assert isinstance(decoder, av.VideoCodecContext)
    frames = [f for p in packets for f in decoder.decode(p)] + list(decoder.decode(None))
    out = image.copy()
    out[:height, :width] = frames[0].to_ndarray(format="bgr24")
    return out
