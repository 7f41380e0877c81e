"""A picture in a model's input and the way back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from helmetbelt.detector.letterbox import GREY, STRIDE, Letterbox, fit, own_aspect, paste

SIDES = st.integers(1, 3000)


@pytest.mark.parametrize(
    ("picture_hw", "input_hw", "place"),
    [
        pytest.param((1080, 1920), (384, 640), (0, 12, 640, 360), id="16:9 in 5:3"),
        pytest.param((1024, 576), (384, 640), (212, 0, 216, 384), id="portrait"),
        pytest.param((566, 1020), (384, 640), (0, 14, 640, 355), id="odd rest goes below"),
        pytest.param((384, 640), (384, 640), (0, 0, 640, 384), id="the same size"),
        pytest.param((30, 20), (224, 224), (37, 0, 149, 224), id="enlarged"),
        pytest.param((2, 3000), (384, 640), (0, 191, 640, 1), id="never thinner than a pixel"),
    ],
)
def test_a_picture_lies_in_the_middle_in_whole_pixels(
    picture_hw: tuple[int, int], input_hw: tuple[int, int], place: tuple[int, int, int, int]
) -> None:
    """Left, top, width and height are those of ultralytics' letterbox."""
    found = fit(picture_hw, input_hw)
    assert (found.left, found.top, found.width, found.height) == place


@given(SIDES, SIDES)
def test_the_place_is_inside_the_input_and_touches_two_of_its_sides(height: int, width: int) -> None:
    """Whatever the size of the picture."""
    place = fit((height, width), (384, 640))
    assert place.left >= 0
    assert place.top >= 0
    assert place.left + place.width <= 640
    assert place.top + place.height <= 384
    assert place.width == 640 or place.height == 384


@given(SIDES, SIDES)
def test_the_whole_place_is_the_whole_picture(height: int, width: int) -> None:
    """The integers that were used map back without half a pixel of error."""
    place = fit((height, width), (384, 640))
    corners = [place.left, place.top, place.left + place.width, place.top + place.height]
    back = place.to_picture(np.array([corners], np.float32))
    np.testing.assert_allclose(back, [[0, 0, width, height]], atol=1e-3)


def test_a_rectangle_is_found_again_where_it_was() -> None:
    """Its edges, read from the pasted pixels and mapped back, are within a pixel of the input."""
    image = np.zeros((566, 1020, 3), np.uint8)
    image[100:300, 400:800] = 255
    canvas = np.empty((384, 640, 3), np.uint8)
    place = paste(image, canvas)
    rows, columns = np.nonzero(canvas[..., 0] > 200)
    box = np.array([[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]], np.float32)
    np.testing.assert_allclose(place.to_picture(box), [[400, 100, 800, 300]], atol=1020 / 640)


@pytest.mark.parametrize(
    ("picture_hw", "input_hw"),
    [
        pytest.param((1080, 1920), (384, 640), id="16:9"),
        pytest.param((1920, 1080), (640, 384), id="portrait"),
        pytest.param((960, 960), (640, 640), id="square"),
        pytest.param((480, 640), (480, 640), id="4:3"),
        pytest.param((2, 3000), (STRIDE, 640), id="never less than a stride"),
    ],
)
def test_an_open_input_has_the_aspect_of_the_picture(
    picture_hw: tuple[int, int], input_hw: tuple[int, int]
) -> None:
    """The longer side as wanted, the other rounded up to the stride."""
    assert own_aspect(picture_hw, 640) == input_hw


def test_a_picture_without_pixels_has_no_aspect() -> None:
    """The message shows both sides."""
    with pytest.raises(ValueError, match=r"\(0, 10\)"):
        own_aspect((0, 10), 640)


def test_boxes_are_clipped_to_the_picture() -> None:
    """What lies in the grey is outside."""
    place = Letterbox(0, 12, 640, 360, 1920, 1080)
    back = place.to_picture(np.array([[-5, 0, 700, 384]], np.float32))
    np.testing.assert_array_equal(back, [[0, 0, 1920, 1080]])


def test_pasting_writes_every_pixel_of_the_canvas_and_none_of_the_picture() -> None:
    """Grey around the picture, whatever was in the canvas before."""
    image = np.full((10, 40, 3), 7, np.uint8)
    image.setflags(write=False)
    canvas = np.full((40, 40, 3), 200, np.uint8)
    paste(image, canvas)
    assert np.all(canvas[15:25] == 7)
    assert np.all(canvas[:15] == GREY)
    assert np.all(canvas[25:] == GREY)


def test_a_crop_may_be_a_view_of_a_frame() -> None:
    """Rows that do not follow one another in memory are read right."""
    frame = np.arange(30 * 40 * 3, dtype=np.uint32).reshape(30, 40, 3).astype(np.uint8)
    canvas = np.empty((10, 10, 3), np.uint8)
    paste(frame[5:15, 20:30], canvas)
    np.testing.assert_array_equal(canvas, frame[5:15, 20:30])


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(np.zeros((10, 10), np.uint8), id="grey"),
        pytest.param(np.zeros((10, 10, 4), np.uint8), id="with alpha"),
        pytest.param(np.zeros((10, 10, 3), np.float32), id="floats"),
        pytest.param(np.zeros((0, 10, 3), np.uint8), id="no rows"),
    ],
)
def test_what_is_not_a_picture_is_refused(image: NDArray[np.generic]) -> None:
    """The message names the shape or the sides."""
    with pytest.raises(ValueError, match=r"\(10, 10|\(0, 10"):
        paste(image, np.empty((8, 8, 3), np.uint8))  # type: ignore[arg-type]
