"""What lies between a camera and a belt: reflections, dark glass, stickers, and the residue of other people's drawings.

All of it comes to belted and unbelted occupants alike, so that none of it tells anything.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.degrade import add_noise, relight
from helmetbelt.datasets.weather import haze

Image = NDArray[np.uint8]


def behind_glass(image: Image, rng: np.random.Generator) -> Image:
    """Dusk, a veil, a mirrored sky or trees, each with its own probability; the same for every class."""
    out = image
    if rng.random() < 0.35:
        out = tint(out, rng)
    if rng.random() < 0.3:
        out = dusk(out, rng)
    if rng.random() < 0.4:
        out = mirror(out, float(rng.uniform(0.05, 0.45)), rng)
    if rng.random() < 0.45:
        out = haze(out, float(rng.uniform(0.05, 0.6)), rng)
    return out


def tint(image: Image, rng: np.random.Generator) -> Image:
    """Coloured glass and another white balance, or hardly any colour at all."""
    cast = image.astype(np.float32) * rng.uniform(0.75, 1.25, 3).astype(np.float32)
    keep = float(rng.uniform(0.0, 1.2))
    grey = cast.mean(2, keepdims=True)
    return np.asarray(np.clip(grey + keep * (cast - grey), 0, 255), np.uint8)


def dusk(image: Image, rng: np.random.Generator) -> Image:
    """Underexposed inside a car, with the noise of a dark picture."""
    dark = relight(image, float(rng.uniform(1.0, 1.8))).astype(np.float32) * float(rng.uniform(0.25, 0.8))
    return add_noise(np.clip(dark, 0, 255).astype(np.uint8), float(rng.uniform(1, 5)), rng)


def mirror(image: Image, strength: float, rng: np.random.Generator) -> Image:
    """Soft bright shapes added as glass adds what it mirrors: patches, bars and a ramp; strength 0..1."""
    side = 48
    light = np.zeros((side, side), np.float32)
    for _ in range(int(rng.integers(1, 6))):
        centre = (int(rng.uniform(0, side)), int(rng.uniform(0, side)))
        axes = (max(int(rng.uniform(0.05, 0.6) * side), 1), max(int(rng.uniform(0.02, 0.4) * side), 1))
        cv2.ellipse(light, centre, axes, float(rng.uniform(0, 180)), 0, 360, float(rng.uniform(0.3, 1.0)), -1)
    light = np.asarray(cv2.GaussianBlur(light, (0, 0), float(rng.uniform(0.01, 0.12)) * side), np.float32)
    light = np.asarray(cv2.resize(light, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_CUBIC), np.float32)
    sky = np.array([rng.uniform(190, 255), rng.uniform(190, 245), rng.uniform(170, 240)], np.float32)
    veil = np.clip(light, 0.0, 1.0)[..., None] * np.float32(strength)
    return np.asarray(np.clip(image * (1 - 0.5 * veil) + sky * veil, 0, 255), np.uint8)


def residue(image: Image, rng: np.random.Generator) -> Image:
    """Pieces of boxes, lines, letters and smears such as erased drawings leave; they are in some sources only."""
    out = image.copy()
    height, width = out.shape[:2]
    for _ in range(int(rng.integers(1, 4))):
        x, y = int(rng.uniform(0, width)), int(rng.uniform(0, height))
        far = (x + int(rng.uniform(-0.7, 0.7) * width), y + int(rng.uniform(-0.7, 0.7) * height))
        colour = tuple(float(c) for c in rng.uniform(0, 255, 3))
        thick = max(round(width / 60), 1)
        kind = rng.integers(4)
        if kind == 0:
            cv2.rectangle(out, (x, y), far, colour, thick)
        elif kind == 1:
            cv2.line(out, (x, y), (far[0], y) if rng.random() < 0.5 else (x, far[1]), colour, thick)
        elif kind == 2:
            cv2.putText(out, f"car:{rng.uniform(0, 1):.1f}", (x, y), 0, width / 250, colour, thick)
        else:
            _smear(out, (x, y), rng)
    return out


def frosted(image: Image, windshield_xyxy: NDArray[np.float32], rng: np.random.Generator) -> Image:
    """The windshield's inside blurred until nobody could be told in it, for sources that don't label occupants."""
    height, width = image.shape[:2]
    x1, y1, x2, y2 = (int(v) for v in np.clip(windshield_xyxy, 0, [width, height, width, height]))
    if x2 - x1 < 4 or y2 - y1 < 4:
        return image
    soft = np.asarray(cv2.GaussianBlur(image, (0, 0), (y2 - y1) * float(rng.uniform(0.08, 0.16))), np.uint8)
    inside = np.zeros((height, width), np.float32)
    margin = 0.12
    dx, dy = int(margin * (x2 - x1)), int(margin * (y2 - y1))
    cv2.rectangle(inside, (x1 + dx, y1 + dy), (x2 - dx, y2 - dy), 1.0, -1)
    inside = np.asarray(cv2.GaussianBlur(inside, (0, 0), max(dy, 1) * 0.7), np.float32)[..., None]
    return (image * (1 - inside) + soft * inside).astype(np.uint8)


def _smear(image: Image, place: tuple[int, int], rng: np.random.Generator) -> None:
    """A strip as inpainting leaves it: the surroundings drawn into it."""
    x, y = place
    height, width = image.shape[:2]
    w, h = max(int(0.03 * width), 2), max(int(rng.uniform(0.1, 0.6) * height), 4)
    strip = image[y : y + h, max(x - w, 0) : x + 2 * w]
    if strip.size:
        strip[:] = cv2.blur(strip, (2 * w + 1, 3))
