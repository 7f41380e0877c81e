"""The programs that pipeline.py compares, each in a process of its own; each prints one JSON object.

Nothing but the standard library is imported at the top: `peer` runs where helmetbelt is not installed.
"""

import argparse
import json
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

Numbers = dict[str, Any]
PEER_PARTS = ("ultralytics", "torch", "onnxruntime")


def peer(options: argparse.Namespace) -> Numbers:
    """The peer's tracking of the clip. Runs where ultralytics is."""
    import onnx
    from ultralytics import YOLO

    sides = [d.dim_value for d in onnx.load(options.twin).graph.input[0].type.tensor_type.shape.dim][2:]
    results = YOLO(options.twin, task="detect").track(
        options.clip,
        stream=True,
        imgsz=sides,
        vid_stride=options.stride,
        tracker=options.tracker,
        device="cpu",
        verbose=False,
    )
    frames = sum(1 for _ in results)
    return {"frames": frames, "versions": {part: version(part) for part in PEER_PARTS}}


def lane(options: argparse.Namespace) -> Numbers:
    """The clip through decoder, models, tracker and judge."""
    from helmetbelt.detector.perception import load_perception
    from helmetbelt.pipelines.gates import WholeGate
    from helmetbelt.pipelines.lane import build_lane
    from helmetbelt.pipelines.rules import rules_of
    from helmetbelt.pipelines.runner import Sinks, evaluate_source

    perception = load_perception()
    crops: dict[str, list[int]] = {"heads": [], "cabin": [], "belts": []}

    class Counting:
        """The models, and how many crops each call had."""

        road_users = staticmethod(perception.road_users)

        def heads(self, image: Any, vehicles_xyxy: Any, min_score: float) -> Any:
            crops["heads"].append(len(vehicles_xyxy))
            return perception.heads(image, vehicles_xyxy, min_score)

        def cabins(self, image: Any, cars_xyxy: Any, min_score: float) -> Any:
            cabins = perception.cabins(image, cars_xyxy, min_score)
            crops["cabin"].append(len(cars_xyxy))
            crops["belts"].append(sum(len(cabin.occupants) for cabin in cabins))
            return cabins

    source = _source(options.clip)
    size = (source.info.width, source.info.height)
    counting = build_lane("bench", Counting(), size, WholeGate(), rules_of(perception))
    cpu_before = time.process_time()
    run = evaluate_source(source, counting, Sinks(lambda _: None), options.fps)
    return {
        "frames": run.frames,
        "loop_cpu_s": time.process_time() - cpu_before,
        "run_share": perception.run_seconds / run.wall_s,
        "crops": crops,
    }


def floor(options: argparse.Namespace) -> Numbers:
    """Decoding and model runs alone, as many as the lane made."""
    import numpy as np

    from helmetbelt.detector.perception import load_perception

    perception, source = load_perception(), _source(options.clip)
    sides = perception.road_model.input_hw((source.info.height, source.info.width))
    road_input = np.zeros((1, *sides, 3), np.uint8)
    second = {
        "heads": perception.head_model,
        "cabin": perception.cabin_model,
        "belts": perception.belt_model,
    }
    runs = [
        (model.session, np.zeros((count, *model.card.input_px, 3), np.uint8))
        for name, model in second.items()
        for count in options.crops[name]
        if model is not None and count
    ]
    cpu_before = time.process_time()
    frames = sum(1 for _ in source.frames(options.fps))
    decode_cpu_s = time.process_time() - cpu_before
    for _ in range(frames):
        perception.road_model.session.run(road_input)
    for session, crops in runs:
        session.run(crops)
    loop_cpu_s = time.process_time() - cpu_before
    return {"frames": frames, "decode_cpu_s": decode_cpu_s, "loop_cpu_s": loop_cpu_s}


def twin(options: argparse.Namespace) -> Numbers:
    """The road model with the input of a stock export: (1, 3, height, width) RGB floats from 0 to 1.

    The change of the input was folded into the first convolution; here it is taken out again.
    """
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    from helmetbelt.detector.finder import Finder

    road, info = Finder.load("road"), _source(options.clip).info
    sides = road.input_hw((info.height, info.width))
    model = onnx.load(road.card.path)
    graph = model.graph
    before = {n.output[0]: n for n in graph.node if n.op_type in ("Cast", "Transpose")}
    first = next(n for n in graph.node if n.op_type == "Conv")
    for _ in ("Transpose", "Cast"):
        graph.node.remove(before[first.input[0]])
        first.input[0] = before[first.input[0]].input[0]
    weights = next(t for t in graph.initializer if t.name == first.input[1])
    rgb = np.ascontiguousarray(numpy_helper.to_array(weights)[:, ::-1] * np.float32(255))
    weights.CopyFrom(numpy_helper.from_array(rgb, weights.name))
    first.input[0] = "images"
    del graph.input[:], graph.value_info[:]
    graph.input.append(helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, *sides]))
    onnx.checker.check_model(model)
    onnx.save(model, options.twin)
    return {"model": {"name": road.card.name, "sha256": road.card.sha256, "input": sides}}


def _source(clip: str) -> Any:
    from datetime import UTC, datetime

    from helmetbelt.pipelines.clock import Start
    from helmetbelt.pipelines.frames import ClockProvenance
    from helmetbelt.pipelines.sources import FileSource

    start = Start(datetime(2026, 1, 1, tzinfo=UTC), ClockProvenance.OPERATOR)
    return FileSource(Path(clip), "bench", start, "0" * 64)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("program", choices=PROGRAMS)
    parser.add_argument("clip")
    parser.add_argument("--fps", type=float)
    parser.add_argument("--stride", type=int)
    parser.add_argument("--twin")
    parser.add_argument("--tracker")
    parser.add_argument("--crops", type=json.loads)
    return parser.parse_args()


PROGRAMS = {"peer": peer, "lane": lane, "floor": floor, "twin": twin}

if __name__ == "__main__":
    options = _options()
    print(json.dumps(PROGRAMS[options.program](options)))
