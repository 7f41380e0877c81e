"""Which head belongs to which two-wheeler: the crops of neighbours overlap, a head has one vehicle."""

import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.detections import Detections

Floats = NDArray[np.float32]

RATIO = 0.18
"""Usual height of a head as a share of its two-wheeler's box (0.15-0.21 in all sources measured)."""

SMALLEST_RATIO, LARGEST_RATIO = 0.06, 0.45
HIGHEST, LOWEST = -0.20, 0.62
"""Centre of a head in the box, as a share of its height from the upper edge."""

WIDEST = 0.62
"""Farthest centre of a head from the box's middle, as a share of its width."""

NEARER_BONUS = 1.15
"""A rider of the nearer vehicle hides those behind, so at equal plausibility the head is his."""

SAME_IOU, SAME_CENTRE = 0.5, 0.4


def assign_heads(vehicles_xyxy: Floats, heads: list[Detections]) -> list[Detections]:
    """The heads of each vehicle, each head at the one vehicle where it sits most plausibly.

    The same head seen through several crops is merged, the best score stays. A head that is plausible at no
    vehicle is dropped.

    Args:
        vehicles_xyxy: (n, 4) pixels of the picture.
        heads: n, what was found in the crop of each vehicle, pixels of the picture.

    Returns:
        n, best score first.

    Raises:
        ValueError: there is not one list of heads for each vehicle.
    """
    if len(heads) != len(vehicles_xyxy):
        raise ValueError(f"{len(heads)} lists of heads for {len(vehicles_xyxy)} vehicles")
    found = distinct_heads(joined(heads))
    if not len(found):
        return [Detections.empty() for _ in heads]
    fit = plausibility(vehicles_xyxy, found.xyxy)
    owner = np.where(fit.max(axis=0) > 0, fit.argmax(axis=0), -1)
    return [found[owner == i] for i in range(len(heads))]


def joined(parts: list[Detections]) -> Detections:
    """All boxes of all parts in one, in their order."""
    if not parts:
        return Detections.empty()
    return Detections(
        np.concatenate([p.xyxy for p in parts]),
        np.concatenate([p.score for p in parts]),
        np.concatenate([p.class_id for p in parts]),
    )


def distinct_heads(heads: Detections) -> Detections:
    """One box per head, best score first: boxes that overlap or whose centres are near are the same head."""
    rest = heads[np.argsort(-heads.score, kind="stable")]
    keep: list[int] = []
    for i in range(len(rest)):
        if not any(is_same(rest.xyxy[i], rest.xyxy[k]) for k in keep):
            keep.append(i)
    return rest[np.array(keep, np.intp)]


def plausibility(vehicles_xyxy: Floats, heads_xyxy: Floats) -> Floats:
    """How well each head sits in each vehicle's box.

    Args:
        vehicles_xyxy: (n, 4).
        heads_xyxy: (m, 4).

    Returns:
        (n, m) from 0 (cannot be there) to `NEARER_BONUS`.
    """
    v, h = vehicles_xyxy[:, None, :], heads_xyxy[None, :, :]
    width = np.maximum(v[..., 2] - v[..., 0], 1)
    height = np.maximum(v[..., 3] - v[..., 1], 1)
    aside = np.abs((h[..., 0] + h[..., 2]) / 2 - (v[..., 0] + v[..., 2]) / 2) / width
    down = ((h[..., 1] + h[..., 3]) / 2 - v[..., 1]) / height
    ratio = (h[..., 3] - h[..., 1]) / height
    inside = (aside <= WIDEST) & (down >= HIGHEST) & (down <= LOWEST)
    inside &= (ratio >= SMALLEST_RATIO) & (ratio <= LARGEST_RATIO)
    size = np.exp(-((np.log(np.maximum(ratio, 1e-3) / RATIO) / 0.6) ** 2))
    place = np.exp(-((aside / 0.45) ** 2) - ((down - 0.12) / 0.30) ** 2)
    fit = np.where(inside, size * place, 0.0) * _nearness(vehicles_xyxy)[:, None]
    return fit.astype(np.float32)


def _nearness(vehicles_xyxy: Floats) -> Floats:
    """1 for the farthest vehicle (highest lower edge) to `NEARER_BONUS` for the nearest."""
    order = np.argsort(np.argsort(vehicles_xyxy[:, 3], kind="stable"), kind="stable")
    share = order / max(len(vehicles_xyxy) - 1, 1)
    return (1 + (NEARER_BONUS - 1) * share).astype(np.float32)


def is_same(a: Floats, b: Floats) -> bool:
    """Whether two boxes (4,) are about one person: they overlap, or their middles are near."""
    sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    inter = float(np.prod(np.maximum(sides, 0)))
    size_a, size_b = a[2:] - a[:2], b[2:] - b[:2]
    union = float(np.prod(size_a) + np.prod(size_b)) - inter
    if inter > SAME_IOU * union:
        return True
    apart = np.abs((a[:2] + a[2:]) - (b[:2] + b[2:])) / 2
    return bool(np.all(apart < SAME_CENTRE * np.minimum(size_a, size_b)))
