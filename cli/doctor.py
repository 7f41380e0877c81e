"""`helmetbelt doctor`: is everything here that is needed, and how fast is it."""

import json
import os
import platform
import re
import shutil
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from rich.console import Console
from rich.markup import escape

from helmetbelt.cli.runtime import RuntimeOption
from helmetbelt.detector.card import models_folder
from helmetbelt.detector.engine import Runtime, core_count
from helmetbelt.detector.errors import HelmetbeltError, SourceError
from helmetbelt.detector.finder import Finder
from helmetbelt.detector.onnxruntime_engine import describe_onnxruntime
from helmetbelt.detector.openvino_engine import describe_openvino
from helmetbelt.detector.perception import Perception
from helmetbelt.pipelines.decoders import CLIP_FPS, Encoder, decode_ms, scene

LEAST_FREE_GIB = 1.0
DETECTIONS_A_SECOND = 10
TIMED_RUNS, TIMED_SECONDS = 20, 2.0


class State(StrEnum):
    """`BROKEN` is something that is needed, `NOTE` something that can be done without."""

    OK = "ok"
    NOTE = "note"
    BROKEN = "broken"


COLOURS = {State.OK: "green", State.NOTE: "yellow", State.BROKEN: "red"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    state: State
    text: str


@dataclass(frozen=True, slots=True)
class Speed:
    """Medians measured here with one thread.

    Attributes:
        decode_ms: one frame of a 1280x720 H.264 clip.
        road_ms: one frame through the road model.
        head_ms: one crop through the head model.
        frames_per_second: every frame decoded and analysed, one crop in each.
        cameras_per_core: live cameras of 25 frames a second, 10 of them analysed, one crop in each.
    """

    decode_ms: float
    road_ms: float
    head_ms: float
    frames_per_second: float
    cameras_per_core: float


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Answer as one JSON object.")] = False,
    models: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Other models than those that came along.")
    ] = None,
    runtime: RuntimeOption = Runtime.ONNXRUNTIME,
) -> None:
    """Check what is installed, the models and decoders, and measure the speed here.

    The exit code is 1 when something that is needed is broken.
    """
    findings, speed = examine(models or models_folder(), Path.cwd(), runtime)
    is_ok = all(f.state is not State.BROKEN for f in findings)
    if as_json:
        answer = {"ok": is_ok, "findings": [asdict(f) for f in findings]}
        typer.echo(json.dumps(answer | {"speed": asdict(speed) if speed else None}, indent=2))
    else:
        show(findings, speed)
    if not is_ok:
        raise typer.Exit(1)


def examine(models: Path, disk: Path, runtime: Runtime = Runtime.ONNXRUNTIME) -> tuple[list[Finding], Speed | None]:
    """Looks at everything.

    Args:
        models: folder of the cards.
        disk: a folder on the disk whose free space counts.
        runtime: what runs the models.

    Returns:
        what was found, and the speed where everything that it needs works.
    """
    road_finding, road = _model(models / "road.toml", runtime)
    heads_finding, heads = _model(models / "heads.toml", runtime)
    h264, frame_ms = decoder("H.264", Encoder.H264, is_needed=True)
    hevc, _ = decoder("HEVC", Encoder.HEVC, is_needed=False)
    findings = [*installed(), road_finding, heads_finding, h264, hevc, free_disk(disk), cores()]
    if road is None or heads is None or frame_ms is None:
        return findings, None
    try:
        return findings, measure(Perception(road, heads), frame_ms)
    except HelmetbeltError as error:
        return [*findings, Finding("models", State.BROKEN, str(error))], None


def installed() -> list[Finding]:
    """Versions of the parts that do the work."""
    ffmpeg = re.search(r"avcodec:\s+YES \(([\d.]+)\)", cv2.getBuildInformation())
    videos = f"FFmpeg avcodec {ffmpeg[1]}" if ffmpeg else "built without FFmpeg: no videos can be read"
    opencv = Finding("opencv", State.OK if ffmpeg else State.BROKEN, f"{cv2.__version__}, {videos}")
    runtime, providers = describe_onnxruntime()
    return [
        Finding("helmetbelt", State.OK, version("helmetbelt")),
        Finding("python", State.OK, f"{platform.python_version()} on {platform.platform(terse=True)}"),
        Finding("numpy", State.OK, np.__version__),
        opencv,
        Finding("onnxruntime", State.OK, f"{runtime}, {', '.join(providers)}"),
        _openvino(),
        _pyav(),
    ]


def decoder(name: str, encoder: Encoder, is_needed: bool) -> tuple[Finding, float | None]:
    """A kind of video, and milliseconds to read one frame of it where that works."""
    try:
        spent = decode_ms(encoder)
    except SourceError as error:
        return Finding(name, State.BROKEN if is_needed else State.NOTE, str(error)), None
    return Finding(name, State.OK, "a clip made here was read to its end"), spent


def free_disk(folder: Path) -> Finding:
    """Room for records, evidence and videos."""
    free = shutil.disk_usage(folder).free / 2**30
    state = State.OK if free >= LEAST_FREE_GIB else State.BROKEN
    return Finding("disk", state, f"{free:.1f} GiB free in {folder} (at least {LEAST_FREE_GIB:g} is needed)")


def cores() -> Finding:
    """Processor cores of this process, and what already runs on them."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return Finding("cores", State.OK, f"{core_count()}{load}")


def measure(perception: Perception, frame_ms: float) -> Speed:
    """Times both models on a drawn frame.

    Args:
        perception: the models.
        frame_ms: milliseconds to decode one frame.

    Raises:
        ModelDamagedError: a model refuses it.
    """
    frame = scene(0)
    vehicle = np.array([[500, 200, 700, 600]], np.float32)
    road_ms = median_ms(lambda: perception.road_users(frame, 0.25))
    head_ms = median_ms(lambda: perception.heads(frame, vehicle, 0.25))
    look_ms = road_ms + head_ms
    return Speed(
        round(frame_ms, 2),
        round(road_ms, 2),
        round(head_ms, 2),
        round(1000 / (frame_ms + look_ms), 1),
        round(1000 / (CLIP_FPS * frame_ms + DETECTIONS_A_SECOND * look_ms), 1),
    )


def median_ms(work: Callable[[], object]) -> float:
    """Median time of a call, after two to warm up."""
    for _ in range(2):
        work()
    times: list[float] = []
    while len(times) < TIMED_RUNS and sum(times) < TIMED_SECONDS:
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return 1000 * statistics.median(times)


def show(findings: list[Finding], speed: Speed | None) -> None:
    """For people, on standard output."""
    console = Console(highlight=False, soft_wrap=True)
    for finding in findings:
        mark = f"[{COLOURS[finding.state]}]{finding.state:6}[/]"
        console.print(f"{mark}  {finding.name:12} {escape(finding.text)}")
    if speed is None:
        console.print("The speed was not measured: something that it needs is broken.")
        return
    console.print(
        f"Speed with one thread: decoding 1280x720 {speed.decode_ms:.1f} ms,"
        f" road model {speed.road_ms:.1f} ms, head model {speed.head_ms:.1f} ms.\n"
        f"Expect [bold]{speed.frames_per_second:.0f} frames a second[/bold] of recorded video,"
        f" or [bold]{speed.cameras_per_core:.1f} live cameras per core[/bold]"
        f" at {DETECTIONS_A_SECOND} analysed frames a second each."
    )


def _pyav() -> Finding:
    try:
        import av
    except ImportError as error:
        return Finding("av", State.BROKEN, f"annotated videos cannot be written ({error})")
    codec = ".".join(str(part) for part in av.library_versions["libavcodec"])
    return Finding("av", State.OK, f"{av.__version__}, FFmpeg avcodec {codec}")


def _openvino() -> Finding:
    found = describe_openvino()
    if found is None:
        return Finding("openvino", State.NOTE, "not installed: an extra that is faster on processors with bfloat16")
    return Finding("openvino", State.OK, found)


def _model(card: Path, runtime: Runtime) -> tuple[Finding, Finder | None]:
    name = f"{card.stem} model"
    try:
        finder = Finder.load(card, runtime=runtime)
    except HelmetbeltError as error:
        return Finding(name, State.BROKEN, str(error)), None
    height, width = finder.card.input_px
    engine = finder.session.engine
    text = f"sha256 {finder.card.sha256[:12]} as its card says, {width}x{height}, {finder.layout}"
    text += f", {engine.runtime} in {engine.precision}"
    return Finding(name, State.OK, text), finder
