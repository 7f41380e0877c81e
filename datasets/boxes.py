"""Box arithmetic that labels need: overlap, cover, and the text lines of the YOLO format."""

import numpy as np
from numpy.typing import NDArray

from helmetbelt.pipelines import association


def iou(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float64]:
    """(n, m) intersection over union."""
    return association.iou(a.astype(np.float64), b.astype(np.float64))


def cover(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float64]:
    """(n, m) share of each of `a` that lies inside each of `b`."""
    inner, outer = a.astype(np.float64), b.astype(np.float64)
    return association.intersection(inner, outer) / np.maximum(association.area(inner), 1e-6)[:, None]


def yolo_lines(xyxy: NDArray[np.float32], class_id: NDArray[np.int64], width: int, height: int) -> str:
    """One line a box: class, centre and size relative to the picture (the YOLO text format)."""
    lines = []
    for (x1, y1, x2, y2), c in zip(xyxy, class_id, strict=True):
        centre = f"{(x1 + x2) / 2 / width:.6f} {(y1 + y2) / 2 / height:.6f}"
        lines.append(f"{c} {centre} {(x2 - x1) / width:.6f} {(y2 - y1) / height:.6f}")
    return "".join(line + "\n" for line in lines)
