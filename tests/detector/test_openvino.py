"""The second runtime answers as the first does; where it isn't installed, its absence is said."""

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from builders_detector import BLUE, CELL, RED, black, tiny_onnx, with_patch, write_model

from helmetbelt.detector.engine import Runtime, RuntimeAbsentError, RuntimeUnfitError
from helmetbelt.detector.errors import ModelDamagedError
from helmetbelt.detector.finder import Finder
from helmetbelt.detector.openvino_engine import describe_openvino, has_openvino
from helmetbelt.detector.session import Session, chosen

needs_openvino = pytest.mark.skipif(not has_openvino(), reason="openvino is not installed (an extra)")


def finder(folder: Path, runtime: Runtime, **options: Any) -> Finder:
    """Bright cells, found by one of the runtimes."""
    return Finder.load(write_model(folder, tiny_onnx(**options)), runtime=runtime)


@needs_openvino
@pytest.mark.parametrize("is_uint8", [True, False], ids=["bytes", "floats"])
@pytest.mark.parametrize("batch", ["open", 1, 3])
def test_both_runtimes_find_the_same(tmp_path: Path, is_uint8: bool, batch: int | str) -> None:
    """Boxes of pictures of several sizes; scores to the precision of bfloat16."""
    pictures = [with_patch(black(128, 192), (64, 32, 96, 64), BLUE), with_patch(black(64, 96), (0, 0, CELL, CELL), RED)]
    answers = [
        finder(tmp_path, runtime, is_uint8=is_uint8, batch=batch).find_each(pictures * 3, 0.5)
        for runtime in (Runtime.ONNXRUNTIME, Runtime.OPENVINO)
    ]
    for one, other in zip(*answers, strict=True):
        np.testing.assert_allclose(one.xyxy, other.xyxy, rtol=0.01)
        np.testing.assert_allclose(one.score, other.score, atol=0.01)
        np.testing.assert_array_equal(one.class_id, other.class_id)


@needs_openvino
def test_threads_may_share_a_compiled_model(tmp_path: Path) -> None:
    """Each gets the answers to its own pictures."""
    shared = finder(tmp_path, Runtime.OPENVINO)
    wrong: list[int] = []

    def look(column: int) -> None:
        image = with_patch(black(64, 96), (column * CELL, 0, column * CELL + CELL, CELL), BLUE)
        wrong.extend(column for _ in range(50) if shared.find(image, 0.5).xyxy[0, 0] != column * CELL)

    threads = [threading.Thread(target=look, args=(column,)) for column in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@needs_openvino
def test_metadata_and_precision_are_read(tmp_path: Path) -> None:
    """A contradiction with the card is noticed by this runtime too."""
    session = finder(tmp_path, Runtime.OPENVINO, metadata={"stride": "32"}).session
    assert session.metadata["stride"] == "32"
    assert session.engine.precision in ("bfloat16", "float32")
    with pytest.raises(ModelDamagedError, match="stride: the model says 60"):
        finder(tmp_path, Runtime.OPENVINO, metadata={"stride": "60"})


@needs_openvino
def test_a_quantised_model_is_left_to_onnxruntime(tmp_path: Path) -> None:
    """OpenVINO would find nothing with it, without a word; where the choice was left open, the other takes it."""
    with pytest.raises(RuntimeUnfitError, match=r"tiny\.onnx: a model in int8 is run by onnxruntime"):
        finder(tmp_path, Runtime.OPENVINO, metadata={"precision": "int8"})
    engine = finder(tmp_path, Runtime.AUTO, metadata={"precision": "int8"}).session.engine
    assert (engine.runtime, engine.precision) == (Runtime.ONNXRUNTIME, "int8")


@needs_openvino
@pytest.mark.parametrize("model", [b"not a model at all", tiny_onnx()[:900]], ids=["text", "cut off"])
def test_a_file_that_is_no_model_is_damaged(tmp_path: Path, model: bytes) -> None:
    """With its path."""
    with pytest.raises(ModelDamagedError, match=r"tiny\.onnx: not an ONNX model"):
        Finder.load(write_model(tmp_path, model), runtime=Runtime.OPENVINO)


@needs_openvino
def test_pictures_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    """With their shape."""
    (tmp_path / "tiny.onnx").write_bytes(tiny_onnx())
    session = Session.open(tmp_path / "tiny.onnx", runtime=Runtime.OPENVINO)
    with pytest.raises(ModelDamagedError, match=r"refuses a picture \(1, 32, 32, 3\)"):
        session.run(np.zeros((1, 32, 32, 3), np.uint8))


@pytest.mark.skipif(has_openvino(), reason="openvino is installed")
def test_an_absent_runtime_names_its_extra(tmp_path: Path) -> None:
    """Nothing else is taken in its place, unless that was left open."""
    with pytest.raises(RuntimeAbsentError, match=r"pip install 'helmetbelt\[openvino\]'"):
        finder(tmp_path, Runtime.OPENVINO)
    assert describe_openvino() is None
    assert chosen(Runtime.AUTO) is Runtime.ONNXRUNTIME


def test_without_a_wish_it_is_onnxruntime(tmp_path: Path) -> None:
    """Results do not change because something else was installed."""
    engine = Finder.load(write_model(tmp_path, tiny_onnx())).session.engine
    assert (engine.runtime, engine.precision) == (Runtime.ONNXRUNTIME, "float32")
