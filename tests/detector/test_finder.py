"""One model from its files to boxes in pixels of the picture, with real ONNX sessions."""

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from builders_detector import BLUE, CELL, RED, black, tiny_finder, tiny_onnx, with_patch, write_model
from onnx import TensorProto, helper

from helmetbelt.detector.errors import HelmetbeltError, ModelDamagedError, ModelFileError
from helmetbelt.detector.finder import Finder
from helmetbelt.detector.session import Session

FORMS = [
    pytest.param({"layout": layout, "is_uint8": is_uint8, "batch": batch}, id=f"{layout} {kind} {batch}")
    for layout in ("raw", "end_to_end")
    for is_uint8, kind in ((True, "bytes"), (False, "floats"))
    for batch in ("open", 1, 3)
]


@pytest.mark.parametrize("form", FORMS)
def test_boxes_and_scores_follow_the_pixels(tmp_path: Path, form: dict[str, Any]) -> None:
    """The same picture gives the same boxes whatever the form of the model."""
    finder = tiny_finder(tmp_path, **form)
    # Twice the input: a cell of the input is 32 pixels of the picture.
    image = with_patch(black(128, 192), (64, 32, 96, 64), (204, 0, 0))
    image = with_patch(image, (160, 96, 192, 128), RED)
    found = finder.find(image, 0.5)
    np.testing.assert_allclose(found.xyxy, [[160, 96, 192, 128], [64, 32, 96, 64]], atol=1e-3)
    np.testing.assert_allclose(found.score, [1.0, 0.8], atol=1e-5)
    np.testing.assert_array_equal(found.class_id, [1, 0])


@pytest.mark.parametrize("form", FORMS)
def test_pictures_of_any_sizes_are_answered_in_their_order(tmp_path: Path, form: dict[str, Any]) -> None:
    """More of them than one run takes."""
    finder = tiny_finder(tmp_path, **form)
    empty, one = black(64, 96), with_patch(black(64, 96), (0, 0, CELL, CELL), BLUE)
    large = with_patch(black(256, 384), (320, 192, 384, 256), RED)
    answers = finder.find_each([empty, one, large] * 4, 0.5)
    assert [len(a) for a in answers] == [0, 1, 1] * 4
    np.testing.assert_allclose(answers[1].xyxy, [[0, 0, CELL, CELL]], atol=1e-3)
    np.testing.assert_allclose(answers[11].xyxy, [[320, 192, 384, 256]], atol=1e-3)


def test_no_pictures_have_no_answers(tmp_path: Path) -> None:
    """And do not run the model."""
    assert tiny_finder(tmp_path).find_each([], 0.5) == []


def test_boxes_in_the_grey_beside_the_picture_are_dropped(tmp_path: Path) -> None:
    """The grey is bright enough here to be found at a low score."""
    square = black(64, 64)
    assert len(tiny_finder(tmp_path).find(square, 0.4)) == 0


def test_the_score_asked_for_is_a_limit_that_belongs_to_the_answer(tmp_path: Path) -> None:
    """Down to scores far below the card's."""
    image = with_patch(black(64, 96), (0, 0, CELL, CELL), (51, 0, 0))
    finder = tiny_finder(tmp_path)
    assert len(finder.find(image, 0.19)) == 1
    assert len(finder.find(image, 0.21)) == 0


def test_a_model_with_an_open_size_takes_each_picture_in_its_own_aspect(tmp_path: Path) -> None:
    """A portrait, scaled to the longer side of the card, fills a portrait input."""
    model = tiny_onnx(is_uint8=False, input_px=(96, 64), declared_px=("height", "width"))
    finder = Finder.load(write_model(tmp_path, model, input=[64, 96]))
    portrait = with_patch(black(192, 128), (32, 160, 64, 192), BLUE)
    found = finder.find_each([portrait, black(192, 128)], 0.5)
    assert [len(f) for f in found] == [1, 0]
    np.testing.assert_allclose(found[0].xyxy, [[32, 160, 64, 192]], atol=1e-3)


def test_threads_may_share_a_model(tmp_path: Path) -> None:
    """Each gets the answers to its own pictures, and the time of all is summed."""
    finder = tiny_finder(tmp_path)
    wrong: list[int] = []

    def look(column: int) -> None:
        left = column * CELL
        image = with_patch(black(64, 96), (left, 0, left + CELL, CELL), BLUE)
        wrong.extend(column for _ in range(50) if finder.find(image, 0.5).xyxy[0, 0] != left)

    before = finder.run_seconds
    threads = [threading.Thread(target=look, args=(column,)) for column in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert finder.run_seconds > before


def test_time_in_the_model_starts_at_zero(tmp_path: Path) -> None:
    """The run that checks the model at load is not counted."""
    assert tiny_finder(tmp_path).run_seconds == 0.0


def test_ultralytics_metadata_that_agrees_is_accepted(tmp_path: Path) -> None:
    """Written as ultralytics writes it."""
    metadata = {"names": "{0: 'two_wheeler', 1: 'car'}", "stride": "32", "imgsz": "[64, 96]"}
    assert len(tiny_finder(tmp_path, metadata=metadata).card.classes) == 2


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ({"names": "{0: 'car', 1: 'two_wheeler'}"}, "class names: the model says ['car', 'two_wheeler']"),
        ({"names": "{0: 'car'}"}, "class names"),
        ({"imgsz": "[640, 640]"}, "imgsz: the model says [640, 640], its card says [64, 96]"),
        ({"stride": "60"}, "stride: the model says 60"),
        ({"names": "__import__('os').system('true')"}, "metadata names is unreadable"),
        ({"names": "{0: 'car'"}, "metadata names is unreadable"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_metadata_that_contradicts_the_card_is_an_error(
    tmp_path: Path, metadata: dict[str, str], message: str
) -> None:
    """It names the file and both sides."""
    with pytest.raises(ModelDamagedError) as caught:
        tiny_finder(tmp_path, metadata=metadata)
    assert str(tmp_path / "tiny.onnx") in str(caught.value)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"input": [384, 640]}, "input height and width: the model says (64, 96), its card says (384, 640)"),
        ({"classes": ["a", "b", "c"]}, "output (1, 6, 24) is neither for 3 classes"),
        ({"layout": "end_to_end"}, "the card says end_to_end"),
        ({"sha256": "0" * 64}, "its card says " + "0" * 64),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_card_of_another_model_is_an_error(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    """At load, before any picture."""
    with pytest.raises(ModelDamagedError) as caught:
        Finder.load(write_model(tmp_path, tiny_onnx(), **changes))
    assert "tiny.onnx" in str(caught.value)
    assert message in str(caught.value)


def test_an_output_of_no_known_form_is_an_error(tmp_path: Path) -> None:
    """The shape that was seen is in the message."""
    with pytest.raises(ModelDamagedError, match=r"output \(1, 24, 8\) is neither"):
        tiny_finder(tmp_path, "transposed")


def test_a_wrong_checksum_shows_both_sums(tmp_path: Path) -> None:
    """One changed byte is noticed."""
    path = write_model(tmp_path, tiny_onnx())
    model = bytearray((tmp_path / "tiny.onnx").read_bytes())
    model[-1] ^= 1
    (tmp_path / "tiny.onnx").write_bytes(model)
    with pytest.raises(ModelDamagedError, match=r"its sha256 is [0-9a-f]{64}, its card says [0-9a-f]{64}"):
        Finder.load(path)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b"not a model at all", "not an ONNX model", id="text"),
        pytest.param(tiny_onnx()[:900], "not an ONNX model", id="cut off"),
    ],
)
def test_a_file_that_is_no_model_is_damaged(tmp_path: Path, model: bytes, message: str) -> None:
    """Even where the card's checksum is that of the damaged file."""
    with pytest.raises(ModelDamagedError, match=rf"tiny\.onnx: {message}"):
        Finder.load(write_model(tmp_path, model))


def test_a_missing_model_file_is_a_file_error(tmp_path: Path) -> None:
    """With its path."""
    path = write_model(tmp_path, tiny_onnx())
    (tmp_path / "tiny.onnx").unlink()
    with pytest.raises(ModelFileError, match=r"no model file .*tiny\.onnx"):
        Finder.load(path)


def test_a_provider_that_is_not_here_is_an_error_that_lists_those_that_are(tmp_path: Path) -> None:
    """No silent change to another one."""
    with pytest.raises(HelmetbeltError, match=r"no Abacus; it has .*CPUExecutionProvider"):
        Finder.load(write_model(tmp_path, tiny_onnx()), providers=("Abacus",))


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        pytest.param([1, 1, 64, 96], TensorProto.FLOAT, id="one channel"),
        pytest.param([1, 3, 64, 96], TensorProto.UINT8, id="bytes in planes"),
        pytest.param([1, 3, 64, 96], TensorProto.FLOAT16, id="half floats"),
        pytest.param([64, 96, 3], TensorProto.UINT8, id="no batch"),
    ],
)
def test_an_input_of_no_known_form_is_an_error(tmp_path: Path, shape: list[int], kind: int) -> None:
    """With the shape and type that were seen."""
    graph = helper.make_graph(
        [helper.make_node("Identity", ["images"], ["output0"])],
        "echo",
        [helper.make_tensor_value_info("images", kind, shape)],
        [helper.make_tensor_value_info("output0", kind, shape)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    (tmp_path / "echo.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(ModelDamagedError, match=r"expected \(N, height, width, 3\) uint8") as caught:
        Session.open(tmp_path / "echo.onnx")
    assert str(shape) in str(caught.value)
