"""Box arithmetic that labels need: overlap, cover, and the text lines of the YOLO format."""

import numpy as np
from numpy.typing import NDArray


def intersection(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, m) areas shared by (n, 4) and (m, 4) boxes, in square pixels."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    side = np.clip(high - low, 0, None)
    return np.asarray(side[..., 0] * side[..., 1], np.float32)


def area(xyxy: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n,) square pixels."""
    return np.asarray((xyxy[:, 2] - xyxy[:, 0]) * (xyxy[:, 3] - xyxy[:, 1]), np.float32)


def iou(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, m) intersection over union."""
    shared = intersection(a, b)
    whole = area(a)[:, None] + area(b)[None, :] - shared
    return np.asarray(shared / np.maximum(whole, 1e-6), np.float32)


def cover(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, m) share of each of `a` that lies inside each of `b`."""
    return np.asarray(intersection(a, b) / np.maximum(area(a), 1e-6)[:, None], np.float32)


def yolo_lines(xyxy: NDArray[np.float32], class_id: NDArray[np.int64], width: int, height: int) -> str:
    """One line a box: class, centre and size relative to the picture (the YOLO text format)."""
    lines = []
    for (x1, y1, x2, y2), c in zip(xyxy, class_id, strict=True):
        centre = f"{(x1 + x2) / 2 / width:.6f} {(y1 + y2) / 2 / height:.6f}"
        lines.append(f"{c} {centre} {(x2 - x1) / width:.6f} {(y2 - y1) / height:.6f}")
    return "".join(line + "\n" for line in lines)
