"""The camera's motion, from real pixels of a textured street moved by a known similarity."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from helmetbelt.pipelines.frames import Image
from helmetbelt.pipelines.motion import IDENTITY, CameraMotion, Shift

WIDTH, HEIGHT = 1280, 720
NOBODY = np.zeros((0, 4), np.float32)
RNG = np.random.default_rng(3)
STREET = cv2.GaussianBlur(
    cv2.resize(RNG.integers(0, 255, (180, 320, 3), np.uint8), (WIDTH * 2, HEIGHT * 2)), (0, 0), 3
)


def view(x: float = 0, y: float = 0, zoom: float = 1.0, turn: float = 0.0, noise: float = 2.0) -> Image:
    """The street from a camera that was moved, with the noise of its sensor."""
    matrix = similarity(-300 + x, -200 + y, zoom, turn)
    picture = cv2.warpAffine(STREET, matrix, (WIDTH, HEIGHT)).astype(np.float32)
    noisy = picture + RNG.normal(0, noise, (HEIGHT, WIDTH, 1)).astype(np.float32)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def similarity(x: float, y: float, zoom: float = 1.0, turn: float = 0.0) -> NDArray[np.float64]:
    """(2, 3)."""
    c, s = zoom * np.cos(turn), zoom * np.sin(turn)
    return np.array([[c, -s, x], [s, c, y]])


def between(first: Image, second: Image, boxes: NDArray[np.float32] = NOBODY) -> Shift:
    """What the camera did from one picture to the other."""
    motion = CameraMotion()
    motion.see(first)
    motion.shift(NOBODY)
    motion.see(second)
    return motion.shift(boxes)


def where(shift: Shift, point: tuple[float, float]) -> NDArray[np.float64]:
    """Where a background point of the first picture is in the second."""
    return np.asarray(shift.matrix[:, :2] @ point + shift.matrix[:, 2])


@pytest.mark.parametrize(("x", "y"), [(14, -6), (-45, 20), (90, 0)], ids=["tremble", "pan", "fast pan"])
def test_a_shift_is_found(x: float, y: float) -> None:
    """Within a pixel of the source's picture."""
    assert where(between(view(), view(x, y)), (600, 300)) == pytest.approx((600 + x, 300 + y), abs=1)


def test_zoom_and_turn_are_found() -> None:
    """A corner of the picture goes where the lens took it."""
    first, second = similarity(-300, -200), similarity(-340, -230, 1.04, 0.01)
    expected = second[:, :2] @ ((np.array([100, 100]) - first[:, 2]) @ np.linalg.inv(first[:, :2]).T) + second[:, 2]
    shift = between(view(), view(-40, -30, 1.04, 0.01))
    assert where(shift, (100, 100)) == pytest.approx(expected, abs=1.5)


def test_a_jump_beyond_the_flow_is_found_by_features() -> None:
    """A third of the picture at once, and a zoom step."""
    shift = between(view(), view(420, 60, 1.15))
    assert not shift.is_cut
    zoomed = similarity(120, -140, 1.15)[:, :2] @ np.array([800, 400]) + np.array([120, -140])
    assert where(shift, (500, 200)) == pytest.approx(zoomed, abs=4)


def test_a_fixed_camera_gathers_no_drift() -> None:
    """The noise of the sensor is not motion: exactly the identity, picture after picture."""
    motion = CameraMotion()
    for _ in range(15):
        motion.see(view())
        assert (motion.shift(NOBODY).matrix == IDENTITY).all()


def test_a_slow_pan_adds_up() -> None:
    """Two pixels a picture, too little to see from one to the next, are a hundred after fifty."""
    motion, point = CameraMotion(), np.array([400.0, 300.0])
    for i in range(51):
        motion.see(view(2.0 * i))
        matrix = motion.shift(NOBODY).matrix
        point = matrix[:, :2] @ point + matrix[:, 2]
    assert point == pytest.approx((500, 300), abs=4)


@pytest.mark.parametrize(
    "shade", [lambda i: 1 - i / 150, lambda i: 0.5 if i > 60 else 1.0], ids=["dusk falls", "a cloud"]
)
def test_the_light_may_change(shade: Callable[[int], float]) -> None:
    """That is no motion, and a pan in the new light is still seen."""
    motion, noons = CameraMotion(), [view()[::2, ::2] for _ in range(8)]
    for i in range(120):
        motion.see((noons[i % 8] * shade(i)).astype(np.uint8))
        assert (motion.shift(NOBODY).matrix == IDENTITY).all()
    motion.see((view(30)[::2, ::2] * shade(120)).astype(np.uint8))
    assert where(motion.shift(NOBODY), (300, 150)) == pytest.approx((315, 150), abs=1)


def test_shadows_may_move() -> None:
    """The picture changes corner by corner in the course of a day; a pan at the end is still seen."""
    motion, (morning, evening) = CameraMotion(), (view(), view(700, 300))
    for i in range(260):
        picture = morning.copy()
        picture[: 3 * i] = evening[: 3 * i]
        motion.see(picture[::2, ::2])
        assert (motion.shift(NOBODY).matrix == IDENTITY).all()


def test_a_bus_that_fills_the_picture_is_not_the_camera() -> None:
    """It covers half of the picture and drives on, found or not found by the detector."""
    def with_bus(x: int) -> Image:
        picture = view()
        picture[100:600, x : x + 700] = STREET[700:1200, 900:1600]
        return picture

    box = np.array([[240, 100, 940, 600]], np.float32)
    for boxes in (NOBODY, box):
        assert where(between(with_bus(200), with_bus(240), boxes), (50, 50)) == pytest.approx((50, 50), abs=1)


@pytest.mark.parametrize("jump_px", [0, 60], ids=["fixed camera", "turned to it"])
def test_a_truck_that_nobody_found_drives_off_and_the_camera_does_not(jump_px: int) -> None:
    """It covers most of the picture; the camera stood still so far, and the little that is left still does."""
    motion = CameraMotion()
    for i in range(24):
        seen_px = jump_px if i >= 5 else 0
        picture, x = view(float(seen_px)), 60 + seen_px + 14 * max(i - 18, 0)
        picture[80:690, x : x + 900] = STREET[700:1310, 900:1800]
        motion.see(picture)
        matrix = motion.shift(NOBODY).matrix
        assert i == 5 or (matrix == IDENTITY).all()


def test_road_users_are_not_background() -> None:
    """A pan along a bus that covers most of the picture and goes the other way."""
    def pan(i: int) -> Image:
        picture = view(-14.0 * i)
        picture[60:660, 200 + 12 * i : 1000 + 12 * i] = STREET[700:1300, 900:1700]
        return picture

    motion, point = CameraMotion(), np.array([640.0, 30.0])
    for i in range(8):
        motion.see(pan(i))
        matrix = motion.shift(np.array([[200 + 12 * i, 60, 1000 + 12 * i, 660]], np.float32)).matrix
        point = matrix[:, :2] @ point + matrix[:, 2]
    assert point == pytest.approx((640 - 14 * 7, 30), abs=4)


def test_another_scene_is_a_cut() -> None:
    """The mirror image: as rich in texture, and no similarity leads to it."""
    assert between(view(), np.ascontiguousarray(view()[:, ::-1])).is_cut


@pytest.mark.parametrize("grey", [0, 120])
def test_a_picture_without_texture_says_nothing(grey: int) -> None:
    """Fog or a lens cap: no motion, no cut, no repetition."""
    flat = np.full((HEIGHT, WIDTH, 3), grey, np.uint8)
    shift = between(flat, flat)
    assert (shift.matrix == IDENTITY).all()
    assert not shift.is_cut
    motion = CameraMotion()
    assert [motion.see(flat) for _ in range(2)] == [True, True]


def test_a_repeated_picture_is_not_new() -> None:
    """The same pixels again; new as soon as something moves a little."""
    motion, first = CameraMotion(), view(noise=0)
    changed = first.copy()
    changed[300:340, 300:340] = 255 - changed[300:340, 300:340]
    assert [motion.see(p) for p in (first, first, changed, changed)] == [True, False, True, False]


def test_a_picture_of_another_size_starts_anew() -> None:
    """A camera that changes its resolution is looked at afresh."""
    motion = CameraMotion()
    motion.see(view())
    motion.shift(NOBODY)
    assert motion.see(np.ascontiguousarray(view()[:, :800]))
    assert (motion.shift(NOBODY).matrix == IDENTITY).all()


def test_no_shift_without_a_picture() -> None:
    """The order of calls is the caller's."""
    with pytest.raises(ValueError, match="no picture yet"):
        CameraMotion().shift(NOBODY)
