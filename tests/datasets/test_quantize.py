"""INT8 forms of models: what becomes integer, what stays, and what is refused."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from builders_detector import tiny_onnx, write_model
from onnx import TensorProto, helper, numpy_helper

from helmetbelt.datasets.quantize import kept_in_float, quantize
from helmetbelt.datasets.resize import resized
from helmetbelt.detector.errors import ModelDamagedError
from helmetbelt.detector.session import Session

SIDE = 32


def small_network(path: Path, strength: float = 0.002) -> Path:
    """Two convolutions between a picture and the raw boxes of two classes, named as ultralytics names them."""
    rng = np.random.default_rng(1)
    weights = {
        "w1": rng.normal(0, strength, (8, 3, 3, 3)),
        "w2": rng.normal(0, 0.2, (6, 8, 1, 1)),
        "flat": np.array([0, 6, -1]),
    }
    nodes = [
        helper.make_node("Cast", ["pictures"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["numbers"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node("Conv", ["planes", "w1"], ["a"], "/model.4/conv/Conv", strides=[4, 4]),
        helper.make_node("Relu", ["a"], ["b"], "/model.4/act/Relu"),
        helper.make_node("Conv", ["b", "w2"], ["c"], "/model.5/conv/Conv"),
        helper.make_node("Reshape", ["c", "flat"], ["output0"], "/model.9/Reshape"),
    ]
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("pictures", TensorProto.UINT8, ["batch", SIDE, SIDE, 3])],
        [helper.make_tensor_value_info("output0", TensorProto.FLOAT, ["batch", 6, "anchors"])],
        [
            numpy_helper.from_array(w.astype(np.int64 if name == "flat" else np.float32), name)
            for name, w in weights.items()
        ],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), path)
    return path


def pictures(count: int, side: int = SIDE) -> list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    """Noise, one picture a batch."""
    return list(np.random.default_rng(2).integers(0, 256, (count, 1, side, side, 3), np.uint8))


def test_the_int8_form_answers_nearly_the_same(tmp_path: Path) -> None:
    """Within two of the 255 steps of the largest answer; weights are signed, activations unsigned."""
    source = small_network(tmp_path / "float.onnx")
    session = Session.open(quantize(source, tmp_path / "int8.onnx", pictures(12)))
    picture = pictures(13)[-1]
    before = Session.open(source).run(picture)
    step = float(before.max() - before.min()) / 255
    assert np.abs(session.run(picture) - before).max() < 4 * step
    assert session.engine.precision == "int8"
    graph = onnx.load(tmp_path / "int8.onnx").graph
    zeros = {n.input[2] for n in graph.node if n.op_type == "DequantizeLinear"}
    kinds = {t.data_type for t in graph.initializer if t.name in zeros}
    assert {TensorProto.INT8, TensorProto.UINT8} <= kinds
    scales = [numpy_helper.to_array(t) for t in graph.initializer if t.name == "w1_scale"]
    assert [s.shape for s in scales] == [(8,)], "one step for each channel"


@pytest.mark.parametrize(
    ("name", "kind", "kept"),
    [
        ("/model.0/conv/Conv", "Conv", True),
        ("/model.2/cv1/act/Mul", "Mul", True),
        ("/model.4/cv1/conv/Conv", "Conv", False),
        ("/model.10/m/m.0/attn/MatMul", "MatMul", True),
        ("/model.10/m/m.0/attn/qkv/conv/Conv", "Conv", False),
        ("/model.23/cv2.0/cv2.0.1/conv/Conv", "Conv", False),
        ("/model.23/cv2.0/cv2.0.2/Conv", "Conv", True),
        ("/model.23/cv3.1/cv3.1.0/cv3.1.0.0/conv/Conv", "Conv", True),
        ("/model.23/Concat_26", "Concat", True),
        ("", "Cast", False),
    ],
)
def test_what_is_sensitive_stays_in_float(name: str, kind: str, kept: bool) -> None:
    """By the names of an ultralytics export, whose last block is the head."""
    assert (name in kept_in_float([(name, kind), ("/model.23/Sigmoid", "Sigmoid")])) is kept


def test_other_graphs_keep_nothing_in_float() -> None:
    """Their names say nothing."""
    assert kept_in_float([("Conv_0", "Conv"), ("", "Cast")]) == set()


@pytest.mark.parametrize("case", ["floats", "text", "twice"])
def test_models_that_cannot_be_quantised_are_refused(tmp_path: Path, case: str) -> None:
    """With the file and the reason."""
    source = tmp_path / "model.onnx"
    message = {"floats": "takes FLOAT: expected uint8", "text": "not an ONNX file", "twice": "quantised already"}[case]
    if case == "floats":
        source.write_bytes(tiny_onnx(is_uint8=False))
    elif case == "text":
        source.write_text("no model")
    else:
        quantize(small_network(tmp_path / "float.onnx"), source, pictures(2))
    with pytest.raises(ModelDamagedError, match=rf"model\.onnx: .*{message}"):
        quantize(source, tmp_path / "out.onnx", pictures(1))


def test_a_model_whose_values_fade_to_nothing_is_refused(tmp_path: Path) -> None:
    """There is no range to be divided into steps."""
    source = small_network(tmp_path / "faded.onnx", 1e-44)
    with pytest.raises(ModelDamagedError, match=r"faded\.onnx: no range can be taken"):
        quantize(source, tmp_path / "out.onnx", pictures(2))


def test_the_same_model_takes_an_input_of_another_size(tmp_path: Path) -> None:
    """What it notes of its old size is gone."""
    write_model(tmp_path, small_network(tmp_path / "float.onnx").read_bytes())
    session = Session.open(resized(tmp_path / "tiny.onnx", tmp_path / "larger.onnx", 64))
    assert (session.form.height, session.form.width) == (64, 64)
    assert session.run(pictures(1, 64)[0]).shape == (1, 6, 256)
