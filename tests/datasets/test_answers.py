"""What models answer to labelled pictures is what the product finds."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from builders_detector import BLUE, black, tiny_onnx, with_patch, write_model, write_models

from helmetbelt.datasets.answers import DARK, Light, answers, light_of, peer_answers
from helmetbelt.datasets.manifest import Label, LabelledPicture
from helmetbelt.datasets.peers import Peer
from helmetbelt.detector.perception import Perception, load_perception
from helmetbelt.detector.pictures import read_picture
from helmetbelt.pipelines.stills import look

VEHICLE, HEAD = (160, 160, 320, 320), (190, 172, 242, 224)


@pytest.fixture(scope="module")
def perception(tmp_path_factory: pytest.TempPathFactory) -> Perception:
    """Blue is a two-wheeler or a helmet."""
    return load_perception(folder=write_models(tmp_path_factory.mktemp("models")))


@pytest.fixture
def street(tmp_path: Path) -> LabelledPicture:
    """A sure two-wheeler with a helmet and a doubtful one without a label."""
    image = with_patch(black(640, 960), VEHICLE, (124, 0, 0))
    image = with_patch(with_patch(image, HEAD, BLUE), (640, 320, 800, 480), (60, 0, 0))
    cv2.imwrite(str(tmp_path / "a.png"), image)
    xyxy, label = np.array([VEHICLE, HEAD], np.float32), np.array([Label.TWO_WHEELER, Label.HELMET], np.int64)
    said = frozenset({Label.TWO_WHEELER, Label.HELMET})
    return LabelledPicture(tmp_path / "a.png", 960, 640, "s", "g", "val", said, xyxy, label)


def test_working_heads_are_those_of_detect(perception: Perception, street: LabelledPicture) -> None:
    """Though the picture is looked at once, at a low score, at which more is found."""
    (answer,) = answers(perception, [street])
    usual = look(perception, read_picture(street.path), None)
    assert [h.xyxy.tolist() for h in answer.working] == [h.xyxy.tolist() for h in usual.heads]
    assert len(usual.two_wheelers) == 1
    assert answer.two_wheelers is not None
    assert len(answer.two_wheelers) == 2


def test_crops_are_of_labelled_two_wheelers(perception: Perception, street: LabelledPicture) -> None:
    """The head is found in the true box; a source that draws no vehicles has no such answer."""
    (answer,) = answers(perception, [street])
    assert answer.in_labelled is not None
    assert len(answer.in_labelled[answer.in_labelled.score >= 0.9]) == 1
    said = frozenset({Label.HELMET})
    unsaid = LabelledPicture(street.path, 960, 640, "s", "g", "val", said, street.xyxy[1:], street.label[1:])
    assert next(answers(perception, [unsaid])).in_labelled is None


def test_a_peer_looks_at_the_whole_picture(tmp_path: Path, street: LabelledPicture) -> None:
    """It has no two-wheelers; what it counts is what it is sure enough of."""
    peer = Peer.load(write_model(tmp_path, tiny_onnx(), classes=["With Helmet", "Without Helmet"]))
    (answer,) = peer_answers(peer, [street])
    assert (answer.two_wheelers, answer.in_labelled) == (None, None)
    assert len(answer.heads) == 2
    assert [len(h) for h in answer.working] == [1]


def test_light_goes_by_mean_luma() -> None:
    """Grey pictures on both sides of the limit."""
    grey = np.full((8, 8, 3), DARK, np.uint8)
    assert light_of(grey) is Light.DAY
    assert light_of(grey - np.uint8(1)) is Light.DUSK_OR_DARK
