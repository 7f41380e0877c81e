"""From a float model to an INT8 one: activations unsigned, weights signed and per channel, ranges from real pictures.

The form is QDQ (quantise, dequantise) of the ONNX standard. Both signed (S8S8) is never written: onnxruntime runs it
1.8 times slower than float32. A range ends where 0.001 % of the values seen are cut off, because one rare value of a
SiLU would otherwise stretch the 256 steps of all others.

What stays in float32, by measurement (docs/benchmarks.md):
- the decoding of boxes and the last convolution of each branch: a step of 1/255 of the widest box is pixels;
- the products and the softmax of attention: their values span decades;
- the first three blocks and the class branch: half of the error of scores, and no time that could be measured.
"""

import contextlib
import io
import logging
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.engine import PRECISION, RuntimeAbsentError
from helmetbelt.detector.errors import ModelDamagedError

CUT_OFF = 99.999
"""Percentage of the values seen that lies inside a range."""

FLOAT_BLOCKS = re.compile(r"/model\.[012]/")
HEAD = re.compile(r"/model\.(\d+)/")
INT8 = "int8"


def quantize(float_file: Path, int8_file: Path, pictures: Sequence[NDArray[np.uint8]]) -> Path:
    """Writes the INT8 form of a model of ours; its notes say so.

    Args:
        float_file: takes uint8 pictures and was never quantised.
        int8_file: to write.
        pictures: each (1, height, width, 3) BGR as the model is shown them, from real frames or crops that are not
            scored on.

    Raises:
        RuntimeAbsentError: the package onnx isn't installed.
        ModelDamagedError: not such a model.
    """
    onnx = _onnx()
    model = _loaded(onnx, float_file)
    from onnxruntime.quantization import (  # type: ignore[import-untyped]
        CalibrationMethod,
        QuantFormat,
        QuantType,
        quantize_static,
    )

    with _quiet(float_file):
        quantize_static(
            float_file,
            int8_file,
            _reader(model.graph.input[0].name, pictures),
            quant_format=QuantFormat.QDQ,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            calibrate_method=CalibrationMethod.Percentile,
            nodes_to_exclude=sorted(kept_in_float([(n.name, n.op_type) for n in model.graph.node])),
            # One picture at a time: all values of all pictures do not fit into memory.
            extra_options={"CalibPercentile": CUT_OFF, "CalibStridedMinMax": 1, "WeightSymmetric": True},
        )
    _note_precision(onnx, int8_file)
    return int8_file


def kept_in_float(nodes: Sequence[tuple[str, str]]) -> set[str]:
    """Names of the nodes that are not quantised.

    Args:
        nodes: name and kind of each, named as ultralytics exports them ("/model.23/cv3.0/…"); of a graph with other
            names nothing is kept.
    """
    blocks = [int(found[1]) for name, _ in nodes if (found := HEAD.match(name))]
    head = f"/model.{max(blocks, default=0)}/"
    return {name for name, kind in nodes if HEAD.match(name) and _is_sensitive(name, kind, head)}


def _is_sensitive(name: str, kind: str, head: str) -> bool:
    if name.startswith(head):
        is_in_box_branch = name.startswith(f"{head}cv2")
        return not is_in_box_branch or (kind == "Conv" and not name.endswith("/conv/Conv"))
    return bool(FLOAT_BLOCKS.match(name)) or ("/attn/" in name and kind != "Conv")


def _onnx() -> Any:
    try:
        import onnx
    except ImportError as error:
        raise RuntimeAbsentError(f"quantising needs the package onnx ({error}): pip install onnx") from error
    return onnx


def _loaded(onnx: Any, float_file: Path) -> Any:
    try:
        model = onnx.load(float_file)
    except Exception as error:  # protobuf has its own errors, which are not exported
        raise ModelDamagedError(f"{float_file}: not an ONNX file ({error})") from error
    kind = model.graph.input[0].type.tensor_type.elem_type
    if kind != onnx.TensorProto.UINT8:
        seen = onnx.TensorProto.DataType.Name(kind)
        raise ModelDamagedError(f"{float_file}: takes {seen}: expected uint8 pictures, as `export` writes it")
    if any(node.op_type == "DequantizeLinear" for node in model.graph.node):
        raise ModelDamagedError(f"{float_file}: is quantised already: quantise the float model that it was made of")
    return model


def _reader(name: str, pictures: Sequence[NDArray[np.uint8]]) -> Any:
    from onnxruntime.quantization import CalibrationDataReader

    class Pictures(CalibrationDataReader):  # type: ignore[misc]
        """The pictures one after another, or a range of them."""

        def __init__(self) -> None:
            self._left: Iterator[NDArray[np.uint8]] = iter(pictures)

        def __len__(self) -> int:
            return len(pictures)

        def set_range(self, start_index: int, end_index: int) -> None:
            self._left = iter(pictures[start_index:end_index])

        def get_next(self) -> dict[str, NDArray[np.uint8]] | None:
            picture = next(self._left, None)
            return None if picture is None else {name: picture}

    return Pictures()


@contextlib.contextmanager
def _quiet(float_file: Path) -> Iterator[None]:
    """onnxruntime prints a line for each picture, and advises an optimisation that the exports have had.

    A part of the model that answers the same to everything has no range, and numpy says so in its own words.
    """
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    except ValueError as error:
        raise ModelDamagedError(f"{float_file}: no range can be taken from these pictures ({error})") from error
    finally:
        root.setLevel(level)


def _note_precision(onnx: Any, int8_file: Path) -> None:
    model = onnx.load(int8_file)
    entry = model.metadata_props.add()
    entry.key, entry.value = PRECISION, INT8
    onnx.save(model, int8_file)
