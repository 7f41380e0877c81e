"""Belts drawn on occupants: the same person with and without a strap is what teaches a model to look at the strap.

Geometry of one seat's half of a windshield, as shares of the crop: the strap comes from the outer shoulder, crosses the
chest and goes down to the inner hip, often hidden by arms or the wheel on its way.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Mask = NDArray[np.float32]

LEAST_CONTRAST = 16.0
"""Grey levels between a strap and what it lies on; below it nobody would see it."""


@dataclass(frozen=True, slots=True)
class Band:
    """A strip of cloth along a curve, in shares of the crop.

    Attributes:
        start, bend, end: x, y of a quadratic Bezier curve.
        width: of the strip, share of the crop's width.
    """

    start: tuple[float, float]
    bend: tuple[float, float]
    end: tuple[float, float]
    width: float


def with_strap(image: Image, head_xyxy: NDArray[np.float32] | None, rng: np.random.Generator) -> tuple[Image, Mask]:
    """A belted copy, and where the strap is.

    Args:
        image: crop of an occupant without a belt.
        head_xyxy: (4,) pixels of the crop, where it is known; shoulders and hips follow from it.
        rng: of side, run, colour, width and what hides a part.

    Returns:
        picture, and (height, width) visible share of the strap, 0..1.
    """
    height, width = image.shape[:2]
    band = strap_run(rng) if head_xyxy is None else strap_below(head_xyxy / np.array([width, height] * 2), rng)
    mask = _hidden_partly(_drawn(band, height, width), rng)
    return _laid_over(image, mask, rng), mask


def with_distraction(image: Image, rng: np.random.Generator) -> Image:
    """A copy with a strip that is no worn belt: a belt hanging at the pillar, a tie, a wiper, a cable."""
    height, width = image.shape[:2]
    mask = _drawn(_distraction(rng), height, width)
    return _laid_over(image, mask, rng)


def strap_run(rng: np.random.Generator) -> Band:
    """Run of a worn strap where the head isn't known."""
    start = np.array([rng.uniform(0.62, 0.86), rng.uniform(0.32, 0.5)])
    end = np.array([rng.uniform(0.25, 0.5), rng.uniform(0.72, 1.02)])
    if rng.random() < 0.4:
        start[0], end[0] = 1 - start[0], 1 - end[0]
    return _sagging(start, end, float(rng.uniform(0.028, 0.07)), rng)


def strap_below(head: NDArray[np.float64], rng: np.random.Generator) -> Band:
    """Run of a worn strap over the chest below a head.

    Args:
        head: (4,) box in shares of the crop. A chest is about two and a half heads wide and as long as two.
        rng: of the side and the run.
    """
    w, h = head[2] - head[0], head[3] - head[1]
    middle, chin = (head[0] + head[2]) / 2, head[3]
    side = 1 if rng.random() < (0.7 if middle > 0.5 else 0.3) else -1
    start = np.array([middle + side * rng.uniform(0.6, 1.05) * w, chin + rng.uniform(0.0, 0.4) * h])
    end = np.array([middle - side * rng.uniform(0.2, 0.9) * w, chin + rng.uniform(1.2, 2.4) * h])
    return _sagging(start, end, float(np.clip(rng.uniform(0.14, 0.3) * w, 0.025, 0.085)), rng)


def _sagging(start: NDArray[np.float64], end: NDArray[np.float64], width: float, rng: np.random.Generator) -> Band:
    bend = (start + end) / 2 + np.array([rng.normal(0.0, 0.02), rng.uniform(-0.02, 0.06)])
    return Band(_pair(start), _pair(bend), _pair(end), width)


def _distraction(rng: np.random.Generator) -> Band:
    kind = int(rng.integers(4))
    if kind == 0:  # hanging at the pillar
        x, lean = float(rng.choice([rng.uniform(0.0, 0.12), rng.uniform(0.88, 1.0)])), float(rng.normal(0, 0.03))
        start, end = np.array([x, rng.uniform(0.0, 0.3)]), np.array([x + lean, rng.uniform(0.6, 1.0)])
    elif kind == 1:  # tie or necklace
        x = float(rng.uniform(0.42, 0.58))
        start = np.array([x, rng.uniform(0.4, 0.5)])
        end = start + np.array([rng.normal(0, 0.02), rng.uniform(0.12, 0.35)])
    elif kind == 2:  # wiper, lower edge, cable
        y = float(rng.uniform(0.78, 1.0))
        start, end = np.array([0.0, y]), np.array([1.0, y + rng.normal(0, 0.06)])
    else:  # a mirrored wire or edge above the shoulders
        start = np.array([rng.uniform(0, 1), 0.0])
        end = np.array([rng.uniform(0, 1), rng.uniform(0.12, 0.3)])
    bend = (start + end) / 2 + rng.normal(0, 0.02, 2)
    return Band(_pair(start), _pair(bend), _pair(end), float(rng.uniform(0.015, 0.07)))


def _drawn(band: Band, height: int, width: int) -> Mask:
    """(height, width) cover of the strip, smooth at its edges."""
    t = np.linspace(0, 1, 24)[:, None]
    a, b, c = np.array(band.start), np.array(band.bend), np.array(band.end)
    curve = ((1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c) * [width, height]
    points = np.round(curve * 16).astype(np.int32).reshape(-1, 1, 2)
    mask = np.zeros((height, width), np.uint8)
    cv2.polylines(mask, [points], False, 255, max(round(band.width * width), 1), cv2.LINE_AA, 4)
    soft = cv2.GaussianBlur(mask.astype(np.float32) / 255, (0, 0), max(0.004 * width, 0.3))
    return np.asarray(soft, np.float32)


def _hidden_partly(mask: Mask, rng: np.random.Generator) -> Mask:
    """Without its lower part (wheel, dashboard), an arm's width of it, or a fading end."""
    height, width = mask.shape
    out = mask.copy()
    if rng.random() < 0.5:
        out[int(rng.uniform(0.66, 0.95) * height) :] = 0
    if rng.random() < 0.3:
        centre = (int(rng.uniform(0.2, 0.8) * width), int(rng.uniform(0.55, 0.95) * height))
        axes = (max(int(rng.uniform(0.08, 0.25) * width), 1), max(int(rng.uniform(0.03, 0.1) * height), 1))
        cv2.ellipse(out, centre, axes, float(rng.uniform(-40, 40)), 0, 360, 0.0, -1, cv2.LINE_AA)
    if rng.random() < 0.4:
        ramp = np.linspace(float(rng.uniform(0.3, 1)), float(rng.uniform(0.3, 1)), height, dtype=np.float32)
        out = (out * ramp[:, None]).astype(np.float32)
    return out


def _laid_over(image: Image, mask: Mask, rng: np.random.Generator) -> Image:
    """The strip in a colour that can be told from what it lies on, shaded as its surroundings are."""
    below = image.astype(np.float32)
    cover = mask[..., None]
    weight = max(float(mask.sum()), 1e-3)
    there = float((below.mean(2) * mask).sum()) / weight
    level = _level(there, rng)
    colour = level + rng.normal(0, 5, 3).astype(np.float32)
    around = 2 * max(round(0.06 * image.shape[1]), 1) + 1
    shade = np.asarray(cv2.blur(below.mean(2), (around, around)), np.float32)
    light = 1 + float(rng.uniform(0.2, 0.8)) * (shade / max(there, 1.0) - 1)
    cloth = colour[None, None] * np.clip(light, 0.3, 2.0)[..., None]
    cloth = cloth + rng.normal(0, 2, image.shape[:2])[..., None]
    opacity = cover * float(rng.uniform(0.75, 1.0))
    return np.asarray(np.clip(below * (1 - opacity) + cloth * opacity, 0, 255), np.uint8)


def _level(there: float, rng: np.random.Generator) -> float:
    """Grey level of a strap: mostly darker than the cloth below it, sometimes sunlit and brighter."""
    room_below, room_above = there * 0.9, 250 - there
    darker = room_below > LEAST_CONTRAST and (rng.random() < 0.65 or room_above < LEAST_CONTRAST)
    if darker:
        return there - float(rng.uniform(LEAST_CONTRAST, min(room_below, 110.0)))
    return there + float(rng.uniform(LEAST_CONTRAST, max(min(room_above, 100.0), LEAST_CONTRAST + 1)))


def _pair(point: NDArray[np.float64]) -> tuple[float, float]:
    return float(point[0]), float(point[1])
