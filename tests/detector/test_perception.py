"""The chain of models on frames."""

from pathlib import Path

import numpy as np
import pytest
from builders_detector import BLUE, RED, black, tiny_onnx, with_patch, write_model, write_models

from helmetbelt.detector.errors import ModelDamagedError, ModelFileError
from helmetbelt.detector.finder import Finder
from helmetbelt.detector.perception import Perception, load_perception


@pytest.fixture(scope="module")
def perception(tmp_path_factory: pytest.TempPathFactory) -> Perception:
    """Cells: blue is a two-wheeler or a helmet, red a car or a bare head."""
    return load_perception(folder=write_models(tmp_path_factory.mktemp("models")))


def test_road_users_are_in_pixels_of_the_frame(perception: Perception) -> None:
    """A blue cell is a two-wheeler, a red one a car."""
    frame = with_patch(with_patch(black(640, 960), (160, 160, 320, 320), BLUE), (640, 320, 800, 480), RED)
    found = perception.road_users(frame, 0.5)
    order = np.argsort(found.class_id)
    np.testing.assert_allclose(found.xyxy[order], [[160, 160, 320, 320], [640, 320, 800, 480]], atol=1e-2)
    np.testing.assert_array_equal(found.class_id[order], [0, 1])


def test_heads_are_found_in_the_crop_and_given_in_pixels_of_the_frame(perception: Perception) -> None:
    """The crop of this vehicle is 130 x 130 from (92, 70): a cell of its input is a quarter of it."""
    vehicle = np.array([[102, 95, 202, 195]], np.float32)
    frame = with_patch(black(480, 640), (92, 70, 92 + 30, 70 + 33), BLUE)
    (heads,) = perception.heads(frame, vehicle, 0.5)
    np.testing.assert_allclose(heads.xyxy, [[92, 70, 92 + 30, 70 + 32.5]], atol=3)
    np.testing.assert_array_equal(heads.class_id, [0])


def test_each_vehicle_gets_its_own_heads_in_the_order_asked(perception: Perception) -> None:
    """One with a bare head, one with none, one too small to look at, one with a helmet."""
    frame = with_patch(black(480, 640), (300, 200, 340, 240), RED)
    frame = with_patch(frame, (20, 20, 60, 60), BLUE)
    vehicles = np.array(
        [[290, 220, 350, 320], [500, 300, 560, 400], [10, 10, 14, 18], [10, 40, 70, 140]], np.float32
    )
    answers = perception.heads(frame, vehicles, 0.5)
    assert [set(a.class_id.tolist()) for a in answers] == [{1}, set(), set(), {0}]


def test_no_vehicles_have_no_heads(perception: Perception) -> None:
    """An empty list, not an error."""
    assert perception.heads(black(480, 640), np.zeros((0, 4), np.float32), 0.5) == []


def test_a_frame_is_only_read(perception: Perception) -> None:
    """It may belong to somebody else."""
    frame = with_patch(black(480, 640), (300, 200, 340, 240), RED)
    frame.setflags(write=False)
    perception.road_users(frame, 0.5)
    perception.heads(frame, np.array([[290, 220, 350, 320]], np.float32), 0.5)


def test_time_in_the_models_is_that_of_both(perception: Perception) -> None:
    """What a benchmark divides the wall time by."""
    perception.road_users(black(480, 640), 0.5)
    total = perception.road_model.run_seconds + perception.head_model.run_seconds
    assert perception.run_seconds == total > 0


def test_a_model_in_the_wrong_place_is_an_error(tmp_path: Path) -> None:
    """A head model does not find road users."""
    road = Finder.load(write_model(tmp_path, tiny_onnx()))
    with pytest.raises(ModelDamagedError, match=r"\['two_wheeler', 'car'\]: expected \['helmet', 'bare'\]"):
        Perception(road, road)


def test_a_folder_without_models_is_an_error(tmp_path: Path) -> None:
    """With the path of the card that is missing."""
    with pytest.raises(ModelFileError, match=r"road\.toml"):
        load_perception(folder=tmp_path)
