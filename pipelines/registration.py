"""Similarities (shift, turn, zoom) between two pictures, as (2, 3) matrices."""

import cv2
import numpy as np
from numpy.typing import NDArray

Gray = NDArray[np.uint8]
Matrix = NDArray[np.float64]

REACH_PX = 1.5
"""A point farther from where the similarity puts it doesn't support it."""

LEAST_SHARE = 0.4
FEATURES, FEWEST_MATCHES = 600, 15
LARGEST_ZOOM = 2.0


def compose(later: Matrix, earlier: Matrix) -> Matrix:
    """First `earlier`, then `later`."""
    linear = later[:, :2] @ earlier[:, :2]
    return np.column_stack([linear, later[:, :2] @ earlier[:, 2] + later[:, 2]])


def invert(matrix: Matrix) -> Matrix:
    """The way back."""
    linear = np.linalg.inv(matrix[:, :2])
    return np.column_stack([linear, -linear @ matrix[:, 2]])


def zoom_of(matrix: Matrix) -> float:
    """By how much lengths grow."""
    return float(np.hypot(matrix[0, 0], matrix[1, 0]))


def fit_similarity(
    start: NDArray[np.float32],
    end: NDArray[np.float32],
    reach_px: float = REACH_PX,
    share: float = LEAST_SHARE,
) -> Matrix | None:
    """The similarity that most points support, by RANSAC.

    Args:
        start: (n, 2).
        end: (n, 2).
        reach_px: greatest miss of a point that supports it.
        share: least share of supporting points.

    Returns:
        (2, 3), or None where too few points agree or the zoom is beyond belief.
    """
    matrix, support = cv2.estimateAffinePartial2D(
        start, end, method=cv2.RANSAC, ransacReprojThreshold=reach_px
    )
    if matrix is None or float(support.mean()) < share:
        return None
    found = np.asarray(matrix, np.float64)
    return found if 1 / LARGEST_ZOOM < zoom_of(found) < LARGEST_ZOOM else None


def match_features(before: Gray, now: Gray, boxes_before: Matrix, boxes_now: Matrix) -> Matrix | None:
    """The similarity between two pictures far apart, by ORB features outside the boxes.

    Args:
        before: grey.
        now: grey, of the same size.
        boxes_before: (n, 4) areas to leave out.
        boxes_now: (m, 4) areas to leave out.

    Returns:
        (2, 3), or None where the pictures have too little in common.
    """
    orb = cv2.ORB.create(FEATURES)
    points_a, words_a = orb.detectAndCompute(before, _outside(before, boxes_before))
    points_b, words_b = orb.detectAndCompute(now, _outside(now, boxes_now))
    if words_a is None or words_b is None:
        return None
    matches = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(words_a, words_b)
    if len(matches) < FEWEST_MATCHES:
        return None
    start = np.array([points_a[m.queryIdx].pt for m in matches], np.float32)
    end = np.array([points_b[m.trainIdx].pt for m in matches], np.float32)
    share = max(0.15, FEWEST_MATCHES / len(matches))
    return fit_similarity(start, end, 2 * REACH_PX, share)


def _outside(picture: Gray, boxes: Matrix) -> Gray:
    mask = np.full(picture.shape, 255, np.uint8)
    for x1, y1, x2, y2 in np.clip(boxes, 0, max(picture.shape)).astype(int).tolist():
        mask[y1 : y2 + 1, x1 : x2 + 1] = 0
    return mask
