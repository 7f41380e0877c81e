"""A tiny street that a tiny real ONNX understands: blue riders with coloured heads drive across a grey road.

The road model's boxes are windows of a rider's size that are filled with blue; the head model's are windows of a
head's size, green for a helmet and red for a bare head. A rider is blue all over, the head blue and green or red.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from builders_detector import HEADS, ROAD, write_model
from builders_video import even_seconds, write_video
from onnx import TensorProto, checker, helper, numpy_helper

from helmetbelt.pipelines.frames import Image

WIDTH, HEIGHT = 384, 256
RIDER_PX, HEAD_PX = (48, 96), (20, 20)
"""Width and height in the video."""

BODY, HELMET, BARE = (255, 0, 0), (255, 255, 0), (255, 0, 255)
FPS = 10

JUDGED = {
    "envelope": {"min_head_px": 10, "light": ["day"]},
    "thresholds": {"worn": 0.8, "not_worn": 0.2},
}
"""What the judge needs of a head model's card."""


@dataclass(frozen=True)
class Rider:
    """One rider from left to right: `enters_s`, `speed` in pixels a second, `top` of the box, colour of the head."""

    enters_s: float
    head: tuple[int, int, int] = HELMET
    speed: float = 160.0
    top: int = 100


THREE = (Rider(0.2), Rider(3.4, BARE), Rider(6.4, BARE, top=60))
"""One helmet, two bare heads, one after the other."""


def write_street_models(folder: Path) -> Path:
    """Road and head model with their cards; the folder itself."""
    folder.mkdir(parents=True, exist_ok=True)
    road = window_model(input_px=(64, 96), window=(24, 12), channels=(0, 1))
    heads = window_model(input_px=(64, 64), window=(9, 9), channels=(1, 2))
    write_model(folder, road, "road", classes=ROAD, input=[64, 96])
    write_model(folder, heads, "heads", classes=HEADS, input=[64, 64], **JUDGED)
    return folder


def write_street(path: Path, riders: Sequence[Rider] = THREE, fps: float = FPS, seconds: float = 10.0) -> Path:
    """A video of these riders."""
    times = even_seconds(int(seconds * fps), fps)
    return write_video(path, times, images=[street_image(riders, t) for t in times], muxing={"movflags": "faststart"})


def street_image(riders: Sequence[Rider], seconds: float) -> Image:
    """The street at one moment."""
    ground = np.random.default_rng(3).integers(0, 120, (HEIGHT, WIDTH), np.uint8)
    image = cv2.cvtColor(cv2.GaussianBlur(ground, (0, 0), 2), cv2.COLOR_GRAY2BGR)
    width, height = RIDER_PX
    for rider in riders:
        left = round((seconds - rider.enters_s) * rider.speed) - width
        cv2.rectangle(image, (left, rider.top), (left + width - 1, rider.top + height - 1), BODY, cv2.FILLED)
        x, y = left + (width - HEAD_PX[0]) // 2, rider.top + 4
        cv2.rectangle(image, (x, y), (x + HEAD_PX[0] - 1, y + HEAD_PX[1] - 1), rider.head, cv2.FILLED)
    return np.asarray(image, np.uint8)


def window_model(
    input_px: tuple[int, int], window: tuple[int, int], channels: tuple[int, int], stride: int = 1
) -> bytes:
    """A detector whose boxes are windows; the score of a class is how full its channel is there, from 0.85 on.

    Args:
        input_px: height, width.
        window: height, width of a box, input pixels.
        channels: of class 0 and 1 in BGR; where both are full, class 0 of channel 0 wins by its order.
        stride: between windows, input pixels.
    """
    nodes = [
        helper.make_node("Cast", ["images"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["numbers"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node("AveragePool", ["planes"], ["means"], kernel_shape=list(window), strides=[stride, stride]),
        helper.make_node("Gather", ["means", "channels"], ["chosen"], axis=1),
        helper.make_node("Mul", ["chosen", "scale"], ["scaled"]),
        helper.make_node("Add", ["scaled", "offset"], ["shifted"]),
        helper.make_node("Clip", ["shifted", "zero", "one"], ["clear"]),
        helper.make_node("Reshape", ["clear", "flat"], ["scores"]),
        helper.make_node("Gather", ["scores", "first"], ["some"], axis=1),
        helper.make_node("Mul", ["some", "zero"], ["nothing"]),
        helper.make_node("Add", ["nothing", "windows"], ["boxes"]),
        helper.make_node("Concat", ["boxes", "scores"], ["output0"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "windows",
        [helper.make_tensor_value_info("images", TensorProto.UINT8, ["batch", *input_px, 3])],
        [helper.make_tensor_value_info("output0", TensorProto.FLOAT, [None, None, None])],
        _constants(input_px, window, channels, stride),
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(model)
    return bytes(model.SerializeToString())


def _constants(input_px: tuple[int, int], window: tuple[int, int], channels: tuple[int, int], stride: int) -> list[Any]:
    rows, columns = ((side - of) // stride + 1 for side, of in zip(input_px, window, strict=True))
    x = np.tile(np.arange(columns), rows) * stride + window[1] / 2
    y = np.repeat(np.arange(rows), columns) * stride + window[0] / 2
    boxes = np.stack([x, y, np.full_like(x, window[1]), np.full_like(x, window[0])]).astype(np.float32)[None]
    return [
        numpy_helper.from_array(np.array(channels, np.int64), "channels"),
        numpy_helper.from_array(np.array([0, 2, -1], np.int64), "flat"),
        numpy_helper.from_array(np.array(1 / 255 / 0.15, np.float32), "scale"),
        numpy_helper.from_array(np.array(-0.85 / 0.15, np.float32), "offset"),
        numpy_helper.from_array(np.array(0, np.float32), "zero"),
        numpy_helper.from_array(np.array(1, np.float32), "one"),
        numpy_helper.from_array(np.array([0], np.int64), "first"),
        numpy_helper.from_array(boxes, "windows"),
    ]
