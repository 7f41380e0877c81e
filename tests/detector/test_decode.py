"""Outputs of YOLO models as boxes."""

import numpy as np
import pytest
from numpy.typing import NDArray

from helmetbelt.detector.decode import MOST_BOXES, Layout, decode, find_layout, without_doubles
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.errors import ModelDamagedError

Floats = NDArray[np.float32]


def raw(*columns: tuple[float, ...]) -> Floats:
    """An output (4 + classes, anchors), one anchor a column."""
    return np.array(columns, np.float32).T


def rows(*lines: tuple[float, ...]) -> Floats:
    """An end-to-end output, filled up with rows of zeros as models do."""
    return np.concatenate([np.array(lines, np.float32).reshape(-1, 6), np.zeros((5, 6), np.float32)])


@pytest.mark.parametrize(
    ("shape", "classes", "layout"),
    [
        pytest.param((1, 6, 5040), 2, Layout.RAW, id="two classes"),
        pytest.param((4, 84, 8400), 80, Layout.RAW, id="eighty classes, batch of four"),
        pytest.param((1, 300, 6), 2, Layout.END_TO_END, id="end to end"),
        pytest.param((2, 189, 6), 80, Layout.END_TO_END, id="a small input has fewer rows"),
        pytest.param((1, 6, 6), 80, Layout.END_TO_END, id="six rows, eighty classes"),
    ],
)
def test_the_form_is_found_from_the_shape(shape: tuple[int, ...], classes: int, layout: Layout) -> None:
    """No name, no setting."""
    assert find_layout(shape, classes) is layout


@pytest.mark.parametrize(
    ("shape", "classes"),
    [
        pytest.param((1, 5040, 6), 2, id="raw, transposed"),
        pytest.param((1, 84, 8400), 2, id="another number of classes"),
        pytest.param((1, 6), 2, id="no anchors"),
        pytest.param((1, 116, 8400), 80, id="a segmentation head"),
        pytest.param((1, 6, 6), 2, id="could be both"),
    ],
)
def test_another_shape_is_an_error_that_shows_it(shape: tuple[int, ...], classes: int) -> None:
    """With the two shapes that would have been right."""
    with pytest.raises(ModelDamagedError) as caught:
        find_layout(shape, classes)
    assert str(shape) in str(caught.value)
    assert f"(N, {4 + classes}, anchors)" in str(caught.value)
    assert "(N, up to 300, 6)" in str(caught.value)


def test_the_card_decides_where_the_shape_allows_both() -> None:
    """And may not contradict it."""
    assert find_layout((1, 6, 6), 2, Layout.RAW) is Layout.RAW
    with pytest.raises(ModelDamagedError, match="the card says raw"):
        find_layout((1, 300, 6), 2, Layout.RAW)


def test_raw_boxes_are_centres_and_sizes_with_a_score_per_class() -> None:
    """The best class of an anchor counts; anchors below the score are dropped."""
    output = raw((50, 40, 20, 10, 0.2, 0.9), (10, 10, 4, 4, 0.3, 0.1), (80, 80, 8, 6, 0.5, 0.1))
    found = decode(output, Layout.RAW, 2, 0.5)
    np.testing.assert_array_equal(found.xyxy, [[40, 35, 60, 45], [76, 77, 84, 83]])
    np.testing.assert_array_equal(found.score, np.array([0.9, 0.5], np.float32))
    np.testing.assert_array_equal(found.class_id, [1, 0])


def test_end_to_end_rows_are_boxes_as_they_are() -> None:
    """Rows of padding are dropped by their score."""
    output = rows((1, 2, 30, 40, 0.6, 1), (5, 5, 9, 9, 0.7, 0), (0, 0, 9, 9, 0.1, 0))
    found = decode(output, Layout.END_TO_END, 2, 0.25)
    np.testing.assert_array_equal(found.xyxy, [[5, 5, 9, 9], [1, 2, 30, 40]])
    np.testing.assert_array_equal(found.class_id, [0, 1])


def test_an_end_to_end_class_that_the_model_does_not_have_is_an_error() -> None:
    """Such a model is not the one of the card."""
    with pytest.raises(ModelDamagedError, match="class 2, the model has 2"):
        decode(rows((1, 2, 30, 40, 0.6, 2)), Layout.END_TO_END, 2, 0.25)


@pytest.mark.parametrize("layout", list(Layout))
def test_an_empty_picture_has_no_boxes(layout: Layout) -> None:
    """Both forms."""
    output = raw((50, 40, 20, 10, 0.0, 0.0)) if layout is Layout.RAW else rows()
    found = decode(output, layout, 2, 0.01)
    assert found.xyxy.shape == (0, 4)


@pytest.mark.parametrize(
    ("second", "class_id", "kept"),
    [
        pytest.param((0, 0, 10, 10), 0, 1, id="the same box"),
        pytest.param((0, 0, 10, 8), 0, 1, id="IoU 0.8"),
        pytest.param((0, 0, 10, 6), 0, 2, id="IoU 0.6"),
        pytest.param((0, 0, 10, 10), 1, 2, id="another class"),
        pytest.param((50, 50, 60, 60), 0, 2, id="elsewhere"),
    ],
)
def test_of_doubles_the_best_stays(second: tuple[float, ...], class_id: int, kept: int) -> None:
    """Inside one class, above an overlap of 0.7."""
    found = without_doubles(
        Detections(
            np.array([second, (0, 0, 10, 10)], np.float32),
            np.array([0.5, 0.8], np.float32),
            np.array([class_id, 0]),
        )
    )
    assert len(found) == kept
    assert found.score[0] == np.float32(0.8)


def test_boxes_of_one_picture_are_limited_to_the_best() -> None:
    """A noisy model cannot flood what follows."""
    lefts = np.arange(400, dtype=np.float32) * 20
    xyxy = np.stack([lefts, lefts * 0, lefts + 10, lefts * 0 + 10], axis=1)
    scores = np.linspace(0.1, 0.9, 400, dtype=np.float32)
    found = without_doubles(Detections(xyxy, scores, np.zeros(400, np.int64)))
    np.testing.assert_array_equal(found.score, np.sort(scores)[::-1][:MOST_BOXES])
