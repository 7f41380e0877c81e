"""Night, haze, rain and glare laid over pictures taken by day: imitations, because the labelled pictures have none.

Scores on them are reported apart; they don't make night or rain part of what the models are known to bear.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]


def night(image: Image, rng: np.random.Generator) -> Image:
    """Dark, with little colour under a lamp's cast, sensor noise, and often a headlight."""
    light = (image.astype(np.float32) / 255) ** float(rng.uniform(1.3, 2.3)) * float(rng.uniform(0.35, 0.8))
    grey = light.mean(axis=2, keepdims=True)
    keep = float(rng.uniform(0.25, 0.8))
    cast = np.array([rng.uniform(0.6, 1.1), rng.uniform(0.85, 1.0), rng.uniform(0.9, 1.2)], np.float32)
    dark = (keep * light + (1 - keep) * grey) * cast
    dark = dark + rng.normal(0, rng.uniform(0.005, 0.03), image.shape).astype(np.float32)
    out = np.clip(dark * 255, 0, 255).astype(np.uint8)
    return glare(out, rng) if rng.random() < 0.5 else out


def glare(image: Image, rng: np.random.Generator) -> Image:
    """One or two lamps with their halo, in the lower part where vehicles carry them."""
    height, width = image.shape[:2]
    light = np.zeros((height, width), np.float32)
    for _ in range(int(rng.integers(1, 3))):
        centre = (int(rng.uniform(0, width)), int(rng.uniform(0.4, 1.0) * height))
        radius = max(int(rng.uniform(0.008, 0.035) * max(height, width)), 1)
        spot = np.zeros_like(light)
        cv2.circle(spot, centre, radius, 1.0, -1, cv2.LINE_AA)
        halo = np.asarray(cv2.GaussianBlur(spot, (0, 0), 2.0 * radius), np.float32)
        light += spot + float(rng.uniform(0.8, 2.5)) * halo
    colour = np.array([rng.uniform(0.7, 1.0), rng.uniform(0.9, 1.0), 1.0], np.float32) * 255
    lit = image.astype(np.float32) + np.minimum(light, 1.2)[..., None] * colour
    return np.clip(lit, 0, 255).astype(np.uint8)


def haze(image: Image, strength: float, rng: np.random.Generator) -> Image:
    """A veil, thicker towards the top; strength 0..1 is the veil's share there."""
    height = image.shape[0]
    veil = np.linspace(strength, strength * float(rng.uniform(0.3, 1.0)), height, dtype=np.float32)[:, None, None]
    air = float(rng.uniform(150, 235)) * np.array([1.0, 1.0, rng.uniform(0.95, 1.0)], np.float32)
    return np.clip(image * (1 - veil) + air * veil, 0, 255).astype(np.uint8)


def rain(image: Image, rng: np.random.Generator) -> Image:
    """Streaks of one direction before a slightly veiled, softened picture."""
    height, width = image.shape[:2]
    drops = (rng.random((height, width)) < rng.uniform(0.004, 0.02)).astype(np.float32)
    length = int(np.clip(rng.uniform(0.03, 0.08) * height, 3, 25))
    kernel = np.zeros((length, length), np.float32)
    lean = float(rng.uniform(-0.35, 0.35))
    start, end = (int(length / 2 - lean * length / 2), 0), (int(length / 2 + lean * length / 2), length - 1)
    cv2.line(kernel, start, end, 1.0, 1)
    streaks = np.asarray(cv2.filter2D(drops, -1, kernel), np.float32)
    soft = np.asarray(cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.3, 1.0))), np.uint8)
    veiled = haze(soft, float(rng.uniform(0.05, 0.3)), rng).astype(np.float32)
    wet = veiled + np.minimum(streaks, 1.0)[..., None] * float(rng.uniform(30, 90))
    return np.clip(wet, 0, 255).astype(np.uint8)
