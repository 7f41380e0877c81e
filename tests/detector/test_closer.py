"""The second look in more detail: small vehicles of large pictures."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from helmetbelt.detector.closer import closer_px, find_closely, united
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.finder import Finder

CLIPS = Path(__file__).parents[2].parent / "shared/data/clips"


def boxes(*rows: tuple[float, float, float, float, float, int]) -> Detections:
    """Rows of x1, y1, x2, y2, score, class id."""
    table = np.array(rows, np.float32).reshape(-1, 6)
    return Detections(table[:, :4], table[:, 4], table[:, 5].astype(np.int64))


def test_of_two_boxes_on_one_thing_the_better_score_stays() -> None:
    """Other classes and other places stay too."""
    usual = boxes((10, 10, 50, 90, 0.5, 0), (200, 10, 260, 50, 0.8, 1))
    close = boxes((11, 10, 51, 90, 0.7, 0), (200, 10, 260, 50, 0.6, 0), (400, 10, 410, 30, 0.3, 0))
    both = united(usual, close)
    assert both.score.tolist() == pytest.approx([0.8, 0.7, 0.6, 0.3])
    assert both.class_id.tolist() == [1, 0, 0, 0]


def test_nothing_and_nothing_is_nothing() -> None:
    """A picture of an empty street."""
    assert len(united(Detections.empty(), Detections.empty())) == 0


@pytest.mark.parametrize(
    ("height", "width", "longer"),
    [(1080, 1920, 1280), (720, 1280, 1280), (540, 960, 960), (480, 854, None), (360, 640, None)],
)
def test_only_pictures_with_more_detail_are_looked_at_twice(height: int, width: int, longer: int | None) -> None:
    """A second look at an enlarged small picture would see nothing new."""
    assert closer_px(Finder.load("road"), (height, width)) == longer


def test_a_fixed_model_refuses_another_size() -> None:
    """The head model's crops are all of one size."""
    with pytest.raises(ValueError, match="fixed to"):
        Finder.load("heads").find(np.zeros((100, 100, 3), np.uint8), 0.3, 320)
    assert closer_px(Finder.load("heads"), (1080, 1920)) is None


@pytest.mark.skipif(not CLIPS.is_dir(), reason="no clips beside the project")
def test_far_riders_are_found_by_the_second_look() -> None:
    """A real junction of 1600x1200: what the usual look finds stays, small ones come to it."""
    road = Finder.load("road")
    clip = cv2.VideoCapture(str(next(CLIPS.glob("hanoi_stop_line.*4"))))
    ok, picture = clip.read()
    assert ok
    frame = np.asarray(picture, np.uint8)
    usual, close = road.find(frame, 0.3), find_closely(road, frame, 0.3)
    assert len(close) > len(usual)
    new = close.xyxy[close.class_id == 0]
    old = usual.xyxy[usual.class_id == 0]
    assert (new[:, 3] - new[:, 1]).min() < (old[:, 3] - old[:, 1]).min()
