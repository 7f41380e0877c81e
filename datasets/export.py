"""From trained weights to the ONNX that is shipped: uint8 picture in, raw YOLO head out.

The picture is taken as OpenCV gives it (height, width, BGR, uint8). Division by 255 and the change from BGR to RGB are
folded into the weights of the first convolution, so they cost nothing and nobody can forget them.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from helmetbelt.datasets.training_environment import yolo
from helmetbelt.detector.errors import ModelDamagedError

TOLD = ("author", "version", "license", "stride", "task", "names", "imgsz", "channels")
"""What of the exporter's notes stays in the file; others name folders of the machine that trained."""


def export_onnx(weights: Path, onnx_file: Path, height: int, width: int, any_shape: bool = False) -> Path:
    """Writes the ONNX of an ultralytics detector.

    Args:
        weights: PyTorch file of ultralytics.
        onnx_file: to write.
        height: of the input, pixels, a multiple of 32.
        width: of the input, pixels, a multiple of 32.
        any_shape: height and width are free too (frames of any aspect); else only the number of pictures is.

    Raises:
        ModelFileError: no such weights.
        ModelDamagedError: the exported graph isn't one that can be rewritten.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / weights.name
        shutil.copy(weights, copy)
        stock = yolo(copy).export(
            format="onnx", imgsz=[height, width], dynamic=True, simplify=True, opset=17, verbose=False
        )
        take_pictures(Path(stock), onnx_file, height, width, any_shape)
    return onnx_file


def take_pictures(stock: Path, onnx_file: Path, height: int, width: int, any_shape: bool) -> None:
    """Rewrites a stock export (float RGB, channels first) so that it takes uint8 BGR pictures."""
    import onnx
    from onnx import TensorProto, helper

    model = onnx.load(stock)
    graph = model.graph
    old = graph.input[0].name
    _fold_into_first_convolution(graph, old)
    sides: list[Any] = ["height", "width"] if any_shape else [height, width]
    picture = helper.make_tensor_value_info("pictures", TensorProto.UINT8, ["batch", *sides, 3])
    cast = helper.make_node("Cast", ["pictures"], ["pictures_float"], to=TensorProto.FLOAT)
    turn = helper.make_node("Transpose", ["pictures_float"], [old], perm=[0, 3, 1, 2])
    nodes = [cast, turn, *graph.node]
    del graph.node[:], graph.input[:]
    graph.node.extend(nodes)
    graph.input.append(picture)
    del graph.value_info[:]
    kept = [prop for prop in model.metadata_props if prop.key in TOLD]
    del model.metadata_props[:]
    model.metadata_props.extend(kept)
    onnx.checker.check_model(model)
    onnx.save(model, onnx_file)


def _fold_into_first_convolution(graph: Any, input_name: str) -> None:
    from onnx import numpy_helper

    first = [n for n in graph.node if input_name in n.input]
    if len(first) != 1 or first[0].op_type != "Conv":
        kinds = [n.op_type for n in first]
        raise ModelDamagedError(
            f"the input {input_name} of the exported graph goes to {kinds}: expected one Conv"
        )
    for tensor in graph.initializer:
        if tensor.name == first[0].input[1]:
            rgb = numpy_helper.to_array(tensor)
            bgr = np.ascontiguousarray(rgb[:, ::-1] / np.float32(255), np.float32)
            tensor.CopyFrom(numpy_helper.from_array(bgr, tensor.name))
            return
    raise ModelDamagedError(
        f"the first convolution's weights {first[0].input[1]} are not in the exported graph"
    )
