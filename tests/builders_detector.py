"""Tiny but real ONNX detectors whose boxes follow the pixels, and cards for them.

The picture is divided into square cells. Each cell is a box; its score for class 0 is its mean blue,
for class 1 its mean red, as shares of 255.
"""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, checker, helper, numpy_helper

from helmetbelt.detector.finder import Finder

CELL = 16
INPUT_PX = (64, 96)
ROAD = ["two_wheeler", "car"]
HEADS = ["helmet", "bare"]
BLUE, RED = (255, 0, 0), (0, 0, 255)


def black(height: int, width: int) -> NDArray[np.uint8]:
    """A picture in which nothing is found."""
    return np.zeros((height, width, 3), np.uint8)


def with_patch(
    image: NDArray[np.uint8], xyxy: tuple[int, int, int, int], colour: tuple[int, int, int]
) -> NDArray[np.uint8]:
    """The picture with a rectangle of one colour."""
    drawn = image.copy()
    drawn[xyxy[1] : xyxy[3], xyxy[0] : xyxy[2]] = colour
    return drawn


def tiny_onnx(
    layout: str = "raw",
    *,
    is_uint8: bool = True,
    batch: int | str = "batch",
    input_px: tuple[int, int] = INPUT_PX,
    declared_px: tuple[int | str, int | str] | None = None,
    metadata: dict[str, str] | None = None,
) -> bytes:
    """A detector of two classes.

    Args:
        layout: "raw", "end_to_end", or "transposed" (neither form).
        is_uint8: takes (N, height, width, 3) BGR bytes; otherwise (N, 3, height, width) RGB floats.
        batch: number of pictures of a run, or a name where it is open.
        input_px: height, width.
        declared_px: what the graph declares, where it is other than `input_px`.
        metadata: what is written into the file.
    """
    height, width = declared_px or input_px
    if is_uint8:
        shape, kind = [batch, height, width, 3], TensorProto.UINT8
    else:
        shape, kind = [batch, 3, height, width], TensorProto.FLOAT
    nodes = [*_pixels(is_uint8), *_scores(is_uint8), *_output(layout)]
    constants = [
        numpy_helper.from_array(np.array([0, 2] if is_uint8 else [2, 0], np.int64), "channels"),
        numpy_helper.from_array(np.array([0, 2, -1], np.int64), "flat"),
        numpy_helper.from_array(np.array(1 / 255, np.float32), "unit"),
        numpy_helper.from_array(np.array(0, np.float32), "zero"),
        numpy_helper.from_array(np.array([0], np.int64), "first"),
        numpy_helper.from_array(_boxes(input_px, layout), "cells"),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("images", kind, shape)],
        [helper.make_tensor_value_info("output0", TensorProto.FLOAT, [None, None, None])],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return _finished(model, metadata or {})


def write_model(folder: Path, model: bytes, name: str = "tiny", **changes: Any) -> Path:
    """Model and card in a folder; the path of the card. A change to None leaves the key out."""
    (folder / f"{name}.onnx").write_bytes(model)
    values = {
        "name": name,
        "file": f"{name}.onnx",
        "sha256": hashlib.sha256(model).hexdigest(),
        "task": "bright cells",
        "classes": ROAD,
        "input": list(INPUT_PX),
        "min_score": 0.5,
    } | changes
    card = folder / f"{name}.toml"
    lines = (f"{key} = {_toml(value)}" for key, value in values.items() if value is not None)
    card.write_text("\n".join(lines) + "\n", "utf-8")
    return card


def tiny_finder(folder: Path, layout: str = "raw", **options: Any) -> Finder:
    """A finder of bright cells: blue is a two_wheeler, red a car."""
    return Finder.load(write_model(folder, tiny_onnx(layout, **options)))


def write_models(folder: Path) -> Path:
    """A road model and a head model that follow the pixels; the folder itself."""
    write_model(folder, tiny_onnx(), "road")
    write_model(
        folder, tiny_onnx("end_to_end", input_px=(64, 64)), "heads", classes=HEADS, input=[64, 64]
    )
    return folder


def _pixels(is_uint8: bool) -> list[Any]:
    if not is_uint8:
        return [helper.make_node("Identity", ["images"], ["pixels"])]
    return [
        helper.make_node("Cast", ["images"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["numbers"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node("Mul", ["planes", "unit"], ["pixels"]),
    ]


def _scores(is_uint8: bool) -> list[Any]:
    cell = [CELL, CELL]
    return [
        helper.make_node("AveragePool", ["pixels"], ["means"], kernel_shape=cell, strides=cell),
        helper.make_node("Gather", ["means", "channels"], ["chosen"], axis=1),
        helper.make_node("Reshape", ["chosen", "flat"], ["scores"]),
        helper.make_node("Gather", ["scores", "first"], ["one"], axis=1),
        helper.make_node("Mul", ["one", "zero"], ["nothing"]),
        helper.make_node("Add", ["nothing", "cells"], ["boxes"]),
    ]


def _output(layout: str) -> list[Any]:
    if layout == "raw":
        return [helper.make_node("Concat", ["boxes", "scores"], ["output0"], axis=1)]
    if layout == "transposed":
        return [
            helper.make_node("Concat", ["boxes", "scores", "scores"], ["both"], axis=1),
            helper.make_node("Transpose", ["both"], ["output0"], perm=[0, 2, 1]),
        ]
    return [
        helper.make_node("ReduceMax", ["scores"], ["score"], axes=[1], keepdims=1),
        helper.make_node("ArgMax", ["scores"], ["index"], axis=1, keepdims=1),
        helper.make_node("Cast", ["index"], ["class"], to=TensorProto.FLOAT),
        helper.make_node("Concat", ["boxes", "score", "class"], ["both"], axis=1),
        helper.make_node("Transpose", ["both"], ["output0"], perm=[0, 2, 1]),
    ]


def _boxes(input_px: tuple[int, int], layout: str) -> NDArray[np.float32]:
    rows, columns = input_px[0] // CELL, input_px[1] // CELL
    left = np.tile(np.arange(columns), rows) * CELL
    top = np.repeat(np.arange(rows), columns) * CELL
    if layout == "raw":
        parts = [left + CELL / 2, top + CELL / 2, np.full_like(left, CELL), np.full_like(left, CELL)]
    else:
        parts = [left, top, left + CELL, top + CELL]
    return np.stack(parts).astype(np.float32)[None]


def _finished(model: ModelProto, metadata: dict[str, str]) -> bytes:
    helper.set_model_props(model, metadata)
    checker.check_model(model)
    return bytes(model.SerializeToString())


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k} = {_toml(v)}" for k, v in value.items()) + "}"
    return repr(value).replace("'", '"').replace("True", "true").replace("False", "false")
