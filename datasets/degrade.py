"""Pictures made worse as cameras make them: small, blurred, noisy, dark, compressed. Boxes stay where they are."""

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]


def degrade(image: Image, rng: np.random.Generator) -> Image:
    """A worse copy of the same size: each fault comes with its own probability and strength."""
    out = image
    if rng.random() < 0.35:
        out = motion_blur(out, int(rng.integers(3, 8)), float(rng.uniform(0, 180)))
    if rng.random() < 0.3:
        out = relight(out, float(rng.uniform(0.45, 2.2)))
    if rng.random() < 0.3:
        out = add_noise(out, float(rng.uniform(2, 10)), rng)
    if rng.random() < 0.6:
        out = compress(out, int(rng.integers(25, 70)))
    return out


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
