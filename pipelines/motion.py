"""How the camera itself moved between two pictures, from the background between the road users.

Corners of a reference picture are followed by sparse optical flow (Lucas-Kanade) and a similarity (shift,
turn, zoom) is fitted by RANSAC. Pictures are compared with a reference that is kept while it fits, so that a
fixed camera gathers no drift. Where the flow fails (a jump, a zoom step) features are matched (ORB); where
that fails too and the pictures differ, it is a cut. A camera that drives past things sees them move against
each other: one similarity can't tell that, so beside a driving camera parked vehicles seem to move.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from helmetbelt.pipelines.frames import Image
from helmetbelt.pipelines.registration import Gray, Matrix, compose, fit_similarity, invert, match_features

SMALL_PX = 320
"""Width of the picture in which corners are followed."""

CORNERS = 80
FEWEST = 8
"""Corners and followed corners: with fewer nothing is said."""

STILL_PX = 0.6
"""A corner that moved less stands still, in pixels of the small picture."""

REST_SHARE, STILL_SHARE = 0.2, 0.5
"""Share of followed corners that must stand still to believe that the camera does: after it stood still, and
after it moved. Traffic that fills the picture leaves few corners of the background."""

REST_PICTURES = 10
"""After so many pictures without motion a camera stands still until the opposite is shown."""

SAME_GAIN = 0.25
"""How far the middle half of the corners may differ in how much lighter they became, if it is the light."""

LOST_LEVELS = 15.0
"""Mean difference of grey levels around a followed corner above which it is another corner: on a road where
vehicles hide most of the background, a sixth of the pictures showed a motion that wasn't there without this."""

FAR_SHARE = 0.10
"""The reference is renewed when the picture moved by this share of its width."""

REPEAT_LEVELS = 2
"""A picture with no grey level farther from the last one is the same picture again."""

FLAT_LEVELS = 16
"""A picture with fewer grey levels shows nothing to follow."""

CUT_LEVELS = 12.0
"""Mean difference of grey levels above which pictures that can't be matched are different scenes."""

IDENTITY = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


@dataclass(frozen=True, slots=True, eq=False)
class Shift:
    """What the camera did since the picture before.

    Attributes:
        matrix: (2, 3) similarity that takes background pixels of the picture before to this one.
        is_cut: the pictures show different scenes; `matrix` is the identity.
    """

    matrix: Matrix
    is_cut: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Picture:
    """A picture in grey at twice and once `SMALL_PX` of width; `scale` from the source to the small one."""

    middle: Gray
    small: Gray
    scale: float


@dataclass(slots=True, eq=False)
class _Reference:
    """A small picture with its corners, the way from it to the last picture, its age in pictures."""

    small: Gray
    corners: NDArray[np.float32]
    to_last: Matrix


class CameraMotion:
    """Follows the background of one camera; touched by one loop only."""

    def __init__(self) -> None:
        self._now: _Picture | None = None
        self._before: _Picture | None = None
        self._reference: _Reference | None = None
        self._boxes = np.zeros((0, 4))
        self._at_rest = REST_PICTURES

    def see(self, image: Image) -> bool:
        """Takes the next picture; False when it repeats the one before, which is then still the last one.

        A picture without any texture is never a repetition.
        """
        picture = _reduced(image)
        last = self._now
        if last is not None and last.small.shape != picture.small.shape:
            last = self._reference = None
        if last is not None and _repeats(last.small, picture.small):
            return False
        self._before, self._now = last, picture
        return True

    def shift(self, road_users_xyxy: NDArray[np.float32]) -> Shift:
        """What the camera did between the last two pictures.

        Args:
            road_users_xyxy: (n, 4) pixels of the last picture, which are not background.

        Raises:
            ValueError: no picture was seen yet.
        """
        now, before = self._now, self._before
        if now is None:
            raise ValueError("no picture yet: see() comes before shift()")
        boxes_before, self._boxes = self._boxes, road_users_xyxy.astype(np.float64) * now.scale
        if before is None:
            self._renew(now)
            return Shift(IDENTITY)
        moved = self._by_reference(now)
        if moved is None:
            moved = self._by_last_picture(before, now, boxes_before)
        if moved is None:
            return Shift(IDENTITY, is_cut=_differ(before.small, now.small))
        return Shift(_scaled(moved, 1 / now.scale))

    def _by_reference(self, now: _Picture) -> Matrix | None:
        """Last picture to this one by the corners of the reference, or None where they are lost."""
        reference = self._reference
        if reference is None:
            return None
        to_now = self._follow(reference.small, now.small, reference.corners, reference.to_last)
        if to_now is None:
            return None
        moved = IDENTITY if to_now is reference.to_last else compose(to_now, invert(reference.to_last))
        reference.to_last = to_now
        if _corner_travel(to_now, now.small.shape) > FAR_SHARE * SMALL_PX:
            self._renew(now)
        return moved

    def _by_last_picture(self, before: _Picture, now: _Picture, boxes_before: Matrix) -> Matrix | None:
        """Last picture to this one by fresh corners, then by features; the reference is renewed."""
        corners = _corners(before.small, boxes_before)
        moved = self._follow(before.small, now.small, corners, IDENTITY)
        if moved is None and (len(corners) >= FEWEST or _differ(before.small, now.small)):
            doubled = match_features(before.middle, now.middle, boxes_before * 2, self._boxes * 2)
            moved = None if doubled is None else _scaled(doubled, 0.5)
        self._renew(now)
        return moved

    def _follow(self, before: Gray, now: Gray, corners: NDArray[np.float32], guess: Matrix) -> Matrix | None:
        """Similarity from one picture to the other by its corners: `guess` while most are where it says.

        None where too few can be followed.
        """
        if len(corners) < FEWEST:
            return None
        expected = (corners @ guess[:, :2].T + guess[:, 2]).astype(np.float32)
        ends, followed = _flow(before, now, corners, expected)
        if int(followed.sum()) < FEWEST:
            return None
        still = float((np.hypot(*(ends - expected)[followed].T) < STILL_PX).mean())
        if still >= (REST_SHARE if self._at_rest >= REST_PICTURES else STILL_SHARE):
            self._at_rest += 1
            return guess
        moved = fit_similarity(corners[followed], ends[followed])
        self._at_rest = self._at_rest if moved is None else 0
        return moved

    def _renew(self, now: _Picture) -> None:
        corners = _corners(now.small, self._boxes)
        self._reference = _Reference(now.small, corners, IDENTITY) if len(corners) >= FEWEST else None


def _reduced(image: Image) -> _Picture:
    height = max(round(image.shape[0] * SMALL_PX / image.shape[1]), 1)
    middle = cv2.cvtColor(cv2.resize(image, (2 * SMALL_PX, 2 * height)), cv2.COLOR_BGR2GRAY)
    small = cv2.resize(middle, (SMALL_PX, height), interpolation=cv2.INTER_AREA)
    as_bytes = (middle.astype(np.uint8, copy=False), small.astype(np.uint8, copy=False))
    return _Picture(*as_bytes, SMALL_PX / image.shape[1])


def _repeats(before: Gray, now: Gray) -> bool:
    return _has_texture(now) and int(cv2.absdiff(before, now).max()) <= REPEAT_LEVELS


def _has_texture(small: Gray) -> bool:
    return int(np.ptp(small)) > FLAT_LEVELS


def _differ(before: Gray, now: Gray) -> bool:
    return float(cv2.absdiff(before, now).mean()) > CUT_LEVELS


def _corners(small: Gray, boxes: Matrix) -> NDArray[np.float32]:
    """(n, 2) corners of the background."""
    if not _has_texture(small):
        return np.zeros((0, 2), np.float32)
    mask = np.full(small.shape, 255, np.uint8)
    for x1, y1, x2, y2 in np.clip(boxes, 0, 2 * SMALL_PX).astype(int).tolist():
        mask[max(y1 - 2, 0) : y2 + 3, max(x1 - 2, 0) : x2 + 3] = 0
    found = cv2.goodFeaturesToTrack(small, CORNERS, 0.01, 8, mask=mask)
    return np.zeros((0, 2), np.float32) if found is None else found.reshape(-1, 2).astype(np.float32)


def _flow(
    before: Gray, now: Gray, corners: NDArray[np.float32], expected: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Where each corner went, (n, 2), and whether it could be followed, (n,)."""
    lit = cv2.convertScaleAbs(before, alpha=_gain(before, now, corners, expected))
    flags = cv2.OPTFLOW_USE_INITIAL_FLOW
    ends, found, levels = cv2.calcOpticalFlowPyrLK(
        lit, now, corners, expected.copy(), winSize=(11, 11), maxLevel=2, flags=flags
    )
    return ends.astype(np.float32), (found.ravel() == 1) & (levels.ravel() < LOST_LEVELS)


def _gain(before: Gray, now: Gray, corners: NDArray[np.float32], ends: NDArray[np.float32]) -> float:
    """How much lighter all corners became by a cloud or the automatic exposure; 1 where they don't agree."""
    top = np.array(now.shape[::-1]) - 1
    (x1, y1), (x2, y2) = (np.clip(np.rint(p), 0, top).astype(int).T for p in (corners, ends))
    low, gain, high = np.quantile((now[y2, x2] + 1.0) / (before[y1, x1] + 1.0), (0.25, 0.5, 0.75))
    return float(gain) if high - low < SAME_GAIN * gain else 1.0


def _corner_travel(matrix: Matrix, shape: tuple[int, ...]) -> float:
    """Farthest way of a corner of the picture, pixels."""
    height, width = shape
    edges = np.array([[0, 0], [width, 0], [0, height], [width, height]], np.float64)
    return float(np.hypot(*(edges @ matrix[:, :2].T + matrix[:, 2] - edges).T).max())


def _scaled(matrix: Matrix, factor: float) -> Matrix:
    """The same similarity in pixels `factor` as many."""
    return np.column_stack([matrix[:, :2], matrix[:, 2] * factor])
