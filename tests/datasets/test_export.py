"""What is shipped: the rewritten graph answers as the stock one did, and its card can be read."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime  # type: ignore[import-untyped]
import pytest
from onnx import TensorProto, helper, numpy_helper

from helmetbelt.datasets.cards import new_card
from helmetbelt.datasets.export import take_pictures
from helmetbelt.datasets.toml import toml
from helmetbelt.datasets.training import RECIPES, train
from helmetbelt.datasets.training_environment import yolo
from helmetbelt.detector.card import read_card
from helmetbelt.detector.errors import ModelDamagedError, ModelFileError

SIDE = 8


def stock(path: Path, first: str = "Conv") -> Path:
    """A graph as ultralytics exports it: float RGB 0..1, channels first, one convolution (or another node)."""
    weights = np.random.default_rng(5).normal(size=(2, 3, 3, 3)).astype(np.float32)
    made = {
        "Conv": helper.make_node("Conv", ["images", "w"], ["out"], strides=[2, 2], pads=[1, 1, 1, 1]),
        "Relu": helper.make_node("Relu", ["images"], ["out"]),
    }[first]
    graph = helper.make_graph(
        [made],
        "stock",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["batch", 3, "height", "width"])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["batch", 2, "h", "w"])],
        [numpy_helper.from_array(weights, "w")] if first == "Conv" else [],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), path)
    return path


def run(
    path: Path, feed: np.ndarray[tuple[int, ...], np.dtype[np.generic]]
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """The output of a graph."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (out,) = session.run(None, {session.get_inputs()[0].name: feed})
    return np.asarray(out, np.float32)


@pytest.mark.parametrize("any_shape", [False, True])
def test_rewritten_graph_answers_the_same(tmp_path: Path, any_shape: bool) -> None:
    """A BGR picture of bytes gives what RGB between 0 and 1 gave, to rounding."""
    before, after = stock(tmp_path / "stock.onnx"), tmp_path / "ours.onnx"
    take_pictures(before, after, SIDE, SIDE, any_shape)
    pictures = np.random.default_rng(2).integers(0, 256, (2, SIDE, SIDE, 3), np.uint8)
    planes = np.ascontiguousarray(pictures[..., ::-1].transpose(0, 3, 1, 2)).astype(np.float32) / 255
    assert run(after, pictures) == pytest.approx(run(before, planes), abs=1e-5)
    shape = [d.dim_param or d.dim_value for d in onnx.load(after).graph.input[0].type.tensor_type.shape.dim]
    assert shape == ["batch", *(("height", "width") if any_shape else (SIDE, SIDE)), 3]


def test_the_file_names_no_folder_of_the_machine_that_trained(tmp_path: Path) -> None:
    """Classes, sizes and licence stay; where the training set lay doesn't."""
    before, after = stock(tmp_path / "stock.onnx"), tmp_path / "ours.onnx"
    model = onnx.load(before)
    helper.set_model_props(model, {"names": "{0: 'helmet'}", "description": "trained on /home/me/set/data.yaml"})
    onnx.save(model, before)
    take_pictures(before, after, SIDE, SIDE, False)
    assert {prop.key: prop.value for prop in onnx.load(after).metadata_props} == {"names": "{0: 'helmet'}"}


def test_a_graph_that_does_not_begin_with_a_convolution_is_refused(tmp_path: Path) -> None:
    """Nothing could be folded into it."""
    with pytest.raises(ModelDamagedError, match=r"\['Relu'\]: expected one Conv"):
        take_pictures(stock(tmp_path / "stock.onnx", "Relu"), tmp_path / "ours.onnx", SIDE, SIDE, False)


def test_cards_are_written_as_they_are_read(tmp_path: Path) -> None:
    """What the training says of itself is there, and no calibration before it is measured."""
    take_pictures(stock(tmp_path / "stock.onnx"), tmp_path / "heads.onnx", SIDE, SIDE, False)
    card = tmp_path / "heads.toml"
    card.write_text(new_card("heads", tmp_path / "heads.onnx", {"recipe": "helmetbelt train heads", "epochs": 3}))
    assert read_card(card).training["epochs"] == 3
    assert read_card(card).calibration is None


def test_toml_keeps_quotes_and_lists(tmp_path: Path) -> None:
    """What a person writes into a card comes back."""
    import tomllib

    table = {'a "quoted" key': "back\\slash", "many": ["x" * 50, "y" * 50], "yes": True, "n": 1.5}
    assert tomllib.loads(toml({"name": "n"}, {"t": table})) == {"name": "n", "t": table}


def test_training_says_what_is_missing(tmp_path: Path) -> None:
    """Weights that aren't there are named before anything is loaded."""
    with pytest.raises(ModelFileError, match="no such weights file"):
        yolo(tmp_path / "none.pt")


def test_a_finished_training_is_not_repeated(tmp_path: Path) -> None:
    """Its folder says so; the best weights are handed out."""
    (tmp_path / "finished").touch()
    assert train(RECIPES["heads"], tmp_path / "data.yaml", tmp_path, tmp_path) == tmp_path / "weights/best.pt"
