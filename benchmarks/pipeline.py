"""How much does `helmetbelt evaluate` cost beside ultralytics' own tracking, and beside the least possible?

Four programs, each in its own process, take turns on the same frames of one clip with the same road weights:

* `evaluate`: `helmetbelt evaluate --no-video`: decoding, both models, tracking, judging, store and reports;
* `peer`: `YOLO(road).track(...)` of ultralytics with its own defaults: decoding, road model, tracking alone;
* `lane`: the frames through decoder, models, tracker and judge, without store and reports;
* `floor`: the same frames decoded, then as many runs of the models as `lane` made, and nothing else.

The last three are in pipeline_programs.py.

Measured of each process: `wall_s` from start to end, `cpu_s` of all its threads, `peak_mb` resident, `frames`
analysed, `frames_per_s` of wall time. Of `lane` also `run_share`: time inside `session.run` as a share of the
wall time of its loop, and `loop_cpu_s`, processor time of that loop; of `floor` the same without start-up.
Ratios are taken within a round and their median is given, because machines are shared. One round before them
is not counted.

    python benchmarks/pipeline.py CLIP --peer-python PYTHON_WITH_ULTRALYTICS [--fps 5] [--rounds 3] [--json]
"""

import argparse
import hashlib
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

Numbers = dict[str, Any]
PROGRAMS = ("evaluate", "peer", "lane", "floor")
PARTS = ("helmetbelt", "numpy", "onnxruntime", "opencv-python-headless")


def main() -> None:
    """Runs the rounds and prints the result."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        result = compare(options, Path(folder))
    print(json.dumps(result, indent=2) if options.json else as_text(result))


def compare(options: argparse.Namespace, folder: Path) -> Numbers:
    """All rounds, their medians and ratios, and what they were made with."""
    options.stride, options.fps = frames_to_take(options.clip, options.fps)
    options.twin = str(folder / "road.onnx")
    road = child(options, "twin", sys.executable)
    rounds = []
    for number in range(options.rounds + 1):
        measured = one_round(options, folder / f"round{number}")
        if number:
            rounds.append(measured)
        print(f"round {number} of {options.rounds} done", file=sys.stderr)
    return {
        "clip": options.clip,
        "frames_per_second_analysed": options.fps,
        "rounds": rounds,
        "median": {p: _medians([r[p] for r in rounds]) for p in PROGRAMS if p in rounds[0]},
        "ratios": ratios(rounds),
        "model": road["model"],
        "machine": machine(options),
    }


def one_round(options: argparse.Namespace, folder: Path) -> Numbers:
    """Each program once, after one another.

    Raises:
        SystemExit: one failed, or they did not analyse the same number of frames.
    """
    folder.mkdir()
    command = str(Path(sys.executable).parent / "helmetbelt")
    given = [options.clip, "--out", str(folder), "--no-video", "--fps", f"{options.fps:.6g}"]
    done = {"evaluate": measured([command, "evaluate", *given])}
    done["evaluate"]["frames"] = json.loads((folder / "summary.json").read_text())["speed"]["frames"]
    if options.peer_python:
        done["peer"] = child(options, "peer", options.peer_python)
    done["lane"] = child(options, "lane", sys.executable)
    done["floor"] = child(options, "floor", sys.executable, "--crops", json.dumps(done["lane"].pop("crops")))
    frames = {name: numbers["frames"] for name, numbers in done.items()}
    if max(frames.values()) - min(frames.values()) > 1:
        raise SystemExit(f"not the same frames: {frames}")
    for numbers in done.values():
        numbers["frames_per_s"] = numbers["frames"] / numbers["wall_s"]
    return done


def child(options: argparse.Namespace, name: str, python: str, *more: str) -> Numbers:
    """One of pipeline_programs.py in its own process."""
    programs = Path(__file__).with_name("pipeline_programs.py")
    given = [options.clip, "--fps", str(options.fps), "--stride", str(options.stride), "--twin", options.twin]
    return measured([python, str(programs), name, *given, "--tracker", options.tracker, *more])


def measured(command: list[str]) -> Numbers:
    """What a process costs, and the JSON object on the last line that it prints, if it prints one.

    Raises:
        SystemExit: it failed.
    """
    with tempfile.TemporaryFile("w+") as output:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, env=os.environ | {"YOLO_OFFLINE": "true"})
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        last = (output.read().splitlines() or [""])[-1]
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: exit code {process.returncode}")
    cost = {"wall_s": wall_s, "cpu_s": usage.ru_utime + usage.ru_stime, "peak_mb": usage.ru_maxrss / 1024}
    return cost | (json.loads(last) if last.startswith("{") else {})


def frames_to_take(clip: str, wanted_fps: float) -> tuple[int, float]:
    """Every how many frames of the clip one is analysed, and the rate that this gives."""
    import cv2

    capture = cv2.VideoCapture(clip, cv2.CAP_FFMPEG)
    fps = capture.get(cv2.CAP_PROP_FPS)
    capture.release()
    if not fps:
        raise SystemExit(f"{clip}: not a video")
    stride = max(round(fps / wanted_fps), 1)
    return stride, fps / stride


def ratios(rounds: list[Numbers]) -> Numbers:
    """Medians over the rounds; below 1 we are cheaper than the peer, near 1 we are at the floor."""
    pairs = {"lane_loop_cpu_to_floor": [r["lane"]["loop_cpu_s"] / r["floor"]["loop_cpu_s"] for r in rounds]}
    pairs["evaluate_cpu_to_floor"] = [r["evaluate"]["cpu_s"] / r["floor"]["cpu_s"] for r in rounds]
    if "peer" in rounds[0]:
        for key in ("wall_s", "cpu_s", "peak_mb", "frames_per_s"):
            pairs[f"evaluate_to_peer_{key}"] = [r["evaluate"][key] / r["peer"][key] for r in rounds]
    return {key: {"median": statistics.median(v), "all": v} for key, v in pairs.items()}


def machine(options: argparse.Namespace) -> Numbers:
    """Where and with what the rounds were made."""
    cpu = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    return {
        "processor": cpu[1] if cpu else platform.processor(),
        "cores": len(os.sched_getaffinity(0)),
        "load": os.getloadavg(),
        "python": platform.python_version(),
        "versions": {part: version(part) for part in PARTS},
        "clip_sha256": hashlib.sha256(Path(options.clip).read_bytes()).hexdigest(),
    }


def as_text(result: Numbers) -> str:
    """For people."""
    lines = [f"{result['clip']}, {result['frames_per_second_analysed']:g} frames a second analysed"]
    keys = ("frames", "frames_per_s", "wall_s", "cpu_s", "peak_mb", "loop_cpu_s", "run_share")
    for name, numbers in result["median"].items():
        lines.append(f"{name:9}" + "  ".join(f"{k} {numbers[k]:.3g}" for k in keys if k in numbers))
    lines += [f"{k}: {v['median']:.3f}" for k, v in result["ratios"].items()]
    return "\n".join(lines)


def _medians(runs: list[Numbers]) -> Numbers:
    keys = [k for k, v in runs[0].items() if isinstance(v, int | float)]
    return {k: statistics.median(run[k] for run in runs) for k in keys}


def _options() -> argparse.Namespace:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shape)
    parser.add_argument("clip")
    parser.add_argument("--peer-python", help="interpreter of an environment with ultralytics")
    parser.add_argument("--fps", type=float, default=5.0, help="frames of a second that are analysed")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tracker", default="botsort.yaml", help="of the peer; its default")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
