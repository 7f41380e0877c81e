"""Windshields, occupants and belts of the cars of a frame."""

from pathlib import Path

import numpy as np
import pytest
from builders_cabin import BELTED, BELTS, LEFT, RIGHT, UNBELTED, belts_onnx, car_image, write_car_models
from builders_detector import tiny_onnx, write_model

from helmetbelt.detector.cabins import Cabin, own_cabin
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.errors import ModelDamagedError, ModelFileError
from helmetbelt.detector.namer import Namer
from helmetbelt.detector.perception import Perception, load_perception

CARS = np.array([[40, 100, 136, 148], [200, 40, 296, 88], [250, 180, 346, 228]], np.float32)
FRAME = car_image([(40, 100, [(RIGHT, UNBELTED), (LEFT, BELTED)]), (200, 40, [(RIGHT, BELTED)]), (250, 180, None)])
CAR = np.array([100, 100, 300, 300], np.float32)


@pytest.fixture(scope="module")
def perception(tmp_path_factory: pytest.TempPathFactory) -> Perception:
    """Models for green cars with cyan windshields."""
    return load_perception(folder=write_car_models(tmp_path_factory.mktemp("models")))


def found(*boxes: tuple[int, int, int, int, int, float]) -> Detections:
    """Boxes with class (0 windshield, 1 occupant) and score."""
    rows = np.array(boxes, np.float32).reshape(-1, 6)
    return Detections(rows[:, :4], rows[:, 5], rows[:, 4].astype(np.int64))


def test_each_car_gets_its_own_cabin_in_pixels_of_the_frame(perception: Perception) -> None:
    """Two people, one, and a car from behind; in the order asked."""
    two, one, none = perception.cabins(FRAME, CARS, 0.3)
    np.testing.assert_allclose(two.windshield.xyxy, [[53, 104, 123, 130]], atol=3)
    middles = (two.occupants.xyxy[:, :2] + two.occupants.xyxy[:, 2:]) / 2
    order = np.argsort(middles[:, 0])
    np.testing.assert_allclose(middles[order], [[70, 117], [106, 117]], atol=2)
    assert two.belts[order].argmax(axis=1).tolist() == [0, 1]
    np.testing.assert_allclose(two.belts.sum(axis=1), 1, atol=1e-5)
    assert (len(one.windshield), one.belts.argmax(axis=1).tolist()) == (1, [0])
    assert (len(none.windshield), len(none.occupants), none.belts.shape) == (0, 0, (0, 3))


def test_no_cars_cost_nothing(perception: Perception) -> None:
    """Neither model runs."""
    before = perception.run_seconds
    assert perception.cabins(FRAME, CARS[:0], 0.3) == []
    assert perception.run_seconds == before


def test_a_car_too_small_to_look_at_is_empty_and_costs_nothing(perception: Perception) -> None:
    """Its occupants would be a few pixels."""
    before = perception.run_seconds
    (cabin,) = perception.cabins(FRAME, np.array([[10, 10, 28, 20]], np.float32), 0.3)
    assert len(cabin.windshield) == 0
    assert perception.run_seconds == before


def test_a_frame_is_only_read(perception: Perception) -> None:
    """It may belong to somebody else."""
    frame = FRAME.copy()
    frame.setflags(write=False)
    assert len(perception.cabins(frame, CARS, 0.3)) == 3


def test_without_the_models_every_cabin_is_empty(tmp_path: Path) -> None:
    """As many as there are cars."""
    perception = load_perception(folder=write_car_models(tmp_path, with_belts=False))
    assert [len(c.windshield) for c in perception.cabins(FRAME, CARS, 0.3)] == [0, 0, 0]
    assert [card.name for card in perception.cards] == ["road", "heads"]


@pytest.mark.parametrize(("gone", "there"), [("belts", "cabin"), ("cabin", "belts")])
def test_one_of_the_two_models_is_an_error(tmp_path: Path, gone: str, there: str) -> None:
    """It says which is there and that the other one is missing."""
    folder = write_car_models(tmp_path)
    (folder / f"{gone}.toml").unlink()
    with pytest.raises(ModelFileError, match=rf"{there}\.onnx: a cabin model and a belt model come together"):
        load_perception(folder=folder)


def test_a_cabin_model_with_other_classes_is_an_error(tmp_path: Path) -> None:
    """A road model finds no windshields."""
    folder = write_car_models(tmp_path)
    write_model(folder, tiny_onnx(), "cabin")
    with pytest.raises(ModelDamagedError, match=r"expected \['windshield', 'occupant'\]"):
        load_perception(folder=folder)


def test_a_neighbours_windshield_in_the_crop_is_not_taken() -> None:
    """The neighbour's is surer, but most of it lies outside the car."""
    own, others = (130, 120, 270, 180, 0, 0.6), (260, 100, 420, 160, 0, 0.9)
    people = [(200, 125, 250, 180, 1, 0.8), (300, 105, 350, 160, 1, 0.9)]
    windshield, occupants = own_cabin(found(others, own, *people), CAR, 0.3)
    assert windshield.xyxy.tolist() == [list(own[:4])]
    assert occupants.xyxy.tolist() == [list(people[0][:4])]


def test_doubtful_windshields_change_nothing_that_was_sure() -> None:
    """A wide faint one does not replace a narrow sure one, nor hide who was seen without any."""
    sure, faint = (150, 120, 210, 160, 0, 0.35), (110, 220, 290, 290, 0, 0.29)
    person = (170, 120, 200, 160, 1, 0.5)
    windshield, occupants = own_cabin(found(sure, faint, person), CAR, 0.3)
    assert (windshield.score.tolist(), len(occupants)) == ([pytest.approx(0.35)], 1)
    windshield, occupants = own_cabin(found(faint, person), CAR, 0.3)
    assert (windshield.score.tolist(), len(occupants)) == ([pytest.approx(0.29)], 1)


def test_a_cabin_checks_its_arrays() -> None:
    """One windshield at most, three probabilities for each occupant."""
    person = found((0, 0, 9, 9, 1, 0.5))
    with pytest.raises(ValueError, match=r"expected at most one, \(1, 3\)"):
        Cabin(Detections.empty(), person, np.zeros((0, 3), np.float32))
    two = found((0, 0, 9, 9, 0, 0.5), (0, 0, 9, 9, 0, 0.5))
    with pytest.raises(ValueError, match="2 windshields"):
        Cabin(two, person, np.zeros((1, 3), np.float32))


def test_a_cabin_with_some_of_its_occupants() -> None:
    """Belts go with them."""
    two = found((0, 0, 9, 9, 1, 0.5), (9, 0, 18, 9, 1, 0.4))
    cabin = Cabin(Detections.empty(), two, np.array([[1, 0, 0], [0, 1, 0]], np.float32))
    turned = cabin.with_occupants(np.array([1, 0]))
    assert turned.occupants.score.tolist() == pytest.approx([0.4, 0.5])
    assert turned.belts.argmax(axis=1).tolist() == [1, 0]


def test_a_namer_names_pictures_of_any_size(tmp_path: Path) -> None:
    """In the order asked, also more than one run takes; of none it says nothing."""
    namer = Namer.load(write_model(tmp_path, belts_onnx(), "belts", classes=BELTS, input=[24, 24]))
    pictures = [np.full((h, w, 3), colour, np.uint8) for h, w, colour in ((40, 20, BELTED), (9, 9, UNBELTED)) * 3]
    assert namer.name_each(pictures).argmax(axis=1).tolist() == [0, 1] * 3
    assert namer.name_each([]).shape == (0, 3)
    assert namer.run_seconds > 0


@pytest.mark.parametrize(
    ("model", "side", "message"),
    [
        (belts_onnx(sum_of=2.0), 24, "expected 3 probabilities with a sum of 1"),
        (belts_onnx(classes=2), 24, r"output \(1, 2\): expected \(N, 3\)"),
        (tiny_onnx(input_px=(64, 64)), 64, r"expected \(N, 3\) probabilities"),
    ],
    ids=["scores", "two classes", "a detector"],
)
def test_a_model_that_is_no_classifier_is_refused(tmp_path: Path, model: bytes, side: int, message: str) -> None:
    """When it is loaded, not at the first car."""
    card = write_model(tmp_path, model, "belts", classes=BELTS, input=[side, side])
    with pytest.raises(ModelDamagedError, match=message):
        Namer.load(card)
