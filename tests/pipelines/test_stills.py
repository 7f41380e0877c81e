"""Heads of neighbours in a still picture."""

from pathlib import Path

import numpy as np
import pytest
from builders_detector import BLUE, black, with_patch, write_models
from numpy.typing import NDArray

from helmetbelt.detector.detections import Detections
from helmetbelt.detector.perception import Perception, load_perception
from helmetbelt.pipelines.seats import distinct_heads, joined
from helmetbelt.pipelines.stills import look


@pytest.fixture(scope="module")
def perception(tmp_path_factory: pytest.TempPathFactory) -> Perception:
    """Cells: blue is a two-wheeler or a helmet."""
    return load_perception(folder=write_models(tmp_path_factory.mktemp("models")))


@pytest.fixture(scope="module")
def neighbours() -> NDArray[np.uint8]:
    """A sure two-wheeler (0.5) left of a doubtful one (0.2), heads where their crops overlap."""
    image = with_patch(black(640, 960), (160, 160, 320, 320), (130, 0, 0))
    image = with_patch(image, (320, 160, 480, 320), (30, 0, 0))
    return with_patch(with_patch(image, (290, 172, 340, 224), BLUE), (380, 172, 430, 224), BLUE)


def heads_of(found: list[Detections]) -> int:
    """How many heads there are in all."""
    return sum(len(f) for f in found)


def test_no_head_has_two_vehicles(perception: Perception, neighbours: NDArray[np.uint8]) -> None:
    """Also where one of the vehicles is doubtful."""
    sight = look(perception, neighbours, 0.1)
    assert len(sight.two_wheelers) >= 2
    assert heads_of(sight.heads) > 0
    assert len(distinct_heads(joined(sight.heads))) == heads_of(sight.heads)


def test_a_doubtful_vehicle_takes_no_head_from_a_sure_one(
    perception: Perception, neighbours: NDArray[np.uint8]
) -> None:
    """What is found at the working threshold is found at any lower score, at the same vehicle."""
    usual, more = look(perception, neighbours, None), look(perception, neighbours, 0.1)
    assert len(usual.two_wheelers) == 1
    np.testing.assert_array_equal(more.two_wheelers.xyxy[0], usual.two_wheelers.xyxy[0])
    assert len(usual.heads[0]) > 0
    kept = {tuple(box) for box in more.heads[0].xyxy.tolist()}
    assert {tuple(box) for box in usual.heads[0].xyxy.tolist()} <= kept


def test_an_empty_street_is_empty(perception: Perception) -> None:
    """No vehicles, no heads."""
    sight = look(perception, black(640, 960), 0.5)
    assert (len(sight.two_wheelers), sight.heads, len(sight.cars)) == (0, [], 0)


def test_models_are_found_in_a_folder(tmp_path: Path) -> None:
    """The working thresholds come from its cards."""
    assert load_perception(folder=write_models(tmp_path)).road_model.card.min_score == 0.5
