"""Cars that tiny real ONNX models understand: green all over, a cyan windshield, white or tinted people behind it.

The road model's cars are wide windows filled with green. The cabin model's windshields are wide windows filled with
blue, its occupants small ones filled with red. The belt model takes who is less green for unbelted and who is less
blue for unclear.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from builders_detector import HEADS, ROAD, write_model
from builders_street import HEIGHT, JUDGED, WIDTH, window_model
from builders_video import even_seconds, write_video
from numpy.typing import NDArray
from onnx import TensorProto, checker, helper, numpy_helper

from helmetbelt.pipelines.frames import Image

CABIN, BELTS = ["windshield", "occupant"], ["belted", "unbelted", "unclear"]
CABIN_PX, BELT_PX = (64, 128), (24, 24)
CAR_PX = (96, 48)
"""Width and height of a car in the picture."""

WINDSHIELD, SEAT_PX = (13, 4, 83, 30), 20
"""Of a car, from its upper left corner; side of an occupant's square."""

RIGHT, LEFT, MIDDLE = (56, 7), (20, 7), (38, 7)
"""Upper left corners of occupants in the car: the picture's right and left half of the windshield."""

BODY, GLASS = (0, 255, 0), (255, 255, 0)
BELTED, UNBELTED, UNCLEAR = (255, 255, 255), (255, 205, 255), (205, 255, 255)
RULES = {
    "envelope": {"min_occupant_px": 9, "light": ["day"]},
    "thresholds": {"worn": 0.9, "not_worn": 0.1},
}

Person = tuple[tuple[int, int], tuple[int, int, int]]
"""Corner in the car and colour."""


@dataclass(frozen=True)
class Car:
    """One car from left to right; `people` is None where it is seen from behind."""

    enters_s: float
    people: Sequence[Person] | None = ((RIGHT, BELTED),)
    speed: float = 160.0
    top: int = 120


def car_image(cars: Sequence[tuple[int, int, Sequence[Person] | None]]) -> Image:
    """A grey street with cars at these left and upper edges."""
    ground = np.random.default_rng(3).integers(0, 120, (HEIGHT, WIDTH), np.uint8)
    image = np.asarray(cv2.cvtColor(cv2.GaussianBlur(ground, (0, 0), 2), cv2.COLOR_GRAY2BGR), np.uint8)
    for left, top, people in cars:
        fill(image, (left, top, left + CAR_PX[0], top + CAR_PX[1]), BODY)
        if people is None:
            continue
        fill(image, (left + WINDSHIELD[0], top + WINDSHIELD[1], left + WINDSHIELD[2], top + WINDSHIELD[3]), GLASS)
        for (x, y), colour in people:
            fill(image, (left + x, top + y, left + x + SEAT_PX, top + y + SEAT_PX), colour)
    return image


def write_cars(path: Path, cars: Sequence[Car], fps: float = 10, seconds: float = 10.0) -> Path:
    """A video of these cars."""
    times = even_seconds(int(seconds * fps), fps)
    images = [
        car_image([(round((t - car.enters_s) * car.speed) - CAR_PX[0], car.top, car.people) for car in cars])
        for t in times
    ]
    return write_video(path, times, images=images, muxing={"movflags": "faststart"})


def write_car_models(folder: Path, with_belts: bool = True) -> Path:
    """The models that understand these cars, and a head model; the folder itself."""
    folder.mkdir(parents=True, exist_ok=True)
    write_model(folder, window_model((64, 96), (12, 24), (0, 1)), "road", classes=ROAD, input=[64, 96])
    heads = window_model(input_px=(64, 64), window=(9, 9), channels=(1, 2))
    write_model(folder, heads, "heads", classes=HEADS, input=[64, 64], **JUDGED)
    if with_belts:
        write_model(folder, cabin_onnx(), "cabin", classes=CABIN, input=list(CABIN_PX))
        write_model(folder, belts_onnx(), "belts", classes=BELTS, input=list(BELT_PX), **RULES)
    return folder


def cabin_onnx() -> bytes:
    """A detector with windows of two sizes: wide ones score by blue, small ones by red, from 0.85 on."""
    parts, nodes, constants = [], _pixels(), []
    for name, (high, wide), channel in (("wide", (28, 80), 0), ("small", (22, 22), 2)):
        nodes += [
            helper.make_node("AveragePool", ["planes"], [f"{name}_means"], kernel_shape=[high, wide], strides=[2, 2]),
            helper.make_node("Gather", [f"{name}_means", f"{name}_channel"], [f"{name}_chosen"], axis=1),
            helper.make_node("Mul", [f"{name}_chosen", "scale"], [f"{name}_scaled"]),
            helper.make_node("Add", [f"{name}_scaled", "offset"], [f"{name}_shifted"]),
            helper.make_node("Clip", [f"{name}_shifted", "zero", "one"], [f"{name}_clear"]),
            helper.make_node("Reshape", [f"{name}_clear", "flat"], [f"{name}_score"]),
            helper.make_node("Mul", [f"{name}_score", "zero"], [f"{name}_none"]),
            helper.make_node("Add", [f"{name}_none", f"{name}_windows"], [f"{name}_boxes"]),
            helper.make_node(
                "Concat",
                [f"{name}_boxes", *([f"{name}_score", f"{name}_none"][:: 1 if channel == 0 else -1])],
                [f"{name}_rows"],
                axis=1,
            ),
        ]
        constants += [
            numpy_helper.from_array(np.array([channel], np.int64), f"{name}_channel"),
            numpy_helper.from_array(_windows((high, wide)), f"{name}_windows"),
        ]
        parts.append(f"{name}_rows")
    nodes.append(helper.make_node("Concat", parts, ["output0"], axis=2))
    constants += [
        numpy_helper.from_array(np.array([0, 1, -1], np.int64), "flat"),
        numpy_helper.from_array(np.array(1 / 255 / 0.15, np.float32), "scale"),
        numpy_helper.from_array(np.array(-0.85 / 0.15, np.float32), "offset"),
        numpy_helper.from_array(np.array(0, np.float32), "zero"),
        numpy_helper.from_array(np.array(1, np.float32), "one"),
    ]
    return _model(nodes, constants, CABIN_PX, [None, None, None])


def belts_onnx(sum_of: float = 1.0, classes: int = 3) -> bytes:
    """A classifier of the middle of the picture: white is belted, less green unbelted, less blue unclear.

    Args:
        sum_of: of the answers of one picture; a real classifier's is 1.
        classes: how many it answers.
    """
    weights = np.zeros((3, classes), np.float32)
    weights[1, 1], weights[0, min(2, classes - 1)] = -40 / 255, -40 / 255
    bias = np.zeros(classes, np.float32)
    bias[1:] = 40 * 0.9
    nodes = [
        *_pixels(),
        helper.make_node("Slice", ["planes", "low", "high", "sides"], ["middle"]),
        helper.make_node("ReduceMean", ["middle"], ["means"], axes=[2, 3], keepdims=0),
        helper.make_node("MatMul", ["means", "weights"], ["weighted"]),
        helper.make_node("Add", ["weighted", "bias"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["shares"], axis=1),
        helper.make_node("Mul", ["shares", "sum"], ["output0"]),
    ]
    constants = [
        numpy_helper.from_array(np.array([6, 6], np.int64), "low"),
        numpy_helper.from_array(np.array([18, 18], np.int64), "high"),
        numpy_helper.from_array(np.array([2, 3], np.int64), "sides"),
        numpy_helper.from_array(weights, "weights"),
        numpy_helper.from_array(bias, "bias"),
        numpy_helper.from_array(np.array(sum_of, np.float32), "sum"),
    ]
    return _model(nodes, constants, BELT_PX, [None, None])


def fill(image: Image, xyxy: tuple[int, int, int, int], colour: tuple[int, int, int]) -> None:
    """Paints a rectangle, its right and lower edge excluded, as far as it is in the picture."""
    left, top, right, bottom = (max(side, 0) for side in xyxy)
    image[top:bottom, left:right] = colour


def _pixels() -> list[Any]:
    return [
        helper.make_node("Cast", ["images"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["numbers"], ["planes"], perm=[0, 3, 1, 2]),
    ]


def _windows(window: tuple[int, int]) -> NDArray[np.float32]:
    rows, columns = ((side - of) // 2 + 1 for side, of in zip(CABIN_PX, window, strict=True))
    x = np.tile(np.arange(columns), rows) * 2 + window[1] / 2
    y = np.repeat(np.arange(rows), columns) * 2 + window[0] / 2
    return np.stack([x, y, np.full_like(x, window[1]), np.full_like(x, window[0])]).astype(np.float32)[None]


def _model(nodes: list[Any], constants: list[Any], input_px: tuple[int, int], output: list[int | None]) -> bytes:
    graph = helper.make_graph(
        nodes,
        "cabin",
        [helper.make_tensor_value_info("images", TensorProto.UINT8, ["batch", *input_px, 3])],
        [helper.make_tensor_value_info("output0", TensorProto.FLOAT, output)],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(model)
    return bytes(model.SerializeToString())
