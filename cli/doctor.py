"""`helmetbelt doctor`: is everything here that is needed, and how fast is it."""

import json
import os
import platform
import re
import shutil
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, TypeVar

import cv2
import numpy as np
import typer
from rich.console import Console
from rich.markup import escape

from helmetbelt.cli.measuring import DETECTIONS_A_SECOND, Speed, measure
from helmetbelt.cli.runtime import RuntimeOption
from helmetbelt.detector.card import models_folder
from helmetbelt.detector.engine import Runtime, core_count
from helmetbelt.detector.errors import HelmetbeltError, SourceError
from helmetbelt.detector.finder import Finder
from helmetbelt.detector.namer import Namer
from helmetbelt.detector.onnxruntime_engine import describe_onnxruntime
from helmetbelt.detector.openvino_engine import describe_openvino
from helmetbelt.detector.perception import Perception
from helmetbelt.pipelines.decoders import Encoder, decode_ms

LEAST_FREE_GIB = 1.0

M = TypeVar("M", Finder, Namer)


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
    road_finding, road = _model(models / "road.toml", runtime, Finder)
    heads_finding, heads = _model(models / "heads.toml", runtime, Finder)
    belt_findings, cabin, belts = _belt_models(models, runtime)
    h264, frame_ms = decoder("H.264", Encoder.H264, is_needed=True)
    hevc, _ = decoder("HEVC", Encoder.HEVC, is_needed=False)
    findings = [*installed(), road_finding, heads_finding, *belt_findings, h264, hevc, free_disk(disk), cores()]
    if road is None or heads is None or frame_ms is None or State.BROKEN in [f.state for f in belt_findings]:
        return findings, None
    try:
        return findings, measure(Perception(road, heads, cabin, belts), frame_ms)
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
        f" road model {speed.road_ms:.1f} ms, head model {speed.head_ms:.1f} ms"
        f"{'' if speed.car_ms is None else f', a car with two people {speed.car_ms:.1f} ms'}.\n"
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


def _belt_models(folder: Path, runtime: Runtime) -> tuple[list[Finding], Finder | None, Namer | None]:
    """The models for belts, which a folder may do without."""
    cards = folder / "cabin.toml", folder / "belts.toml"
    if not any(card.exists() for card in cards):
        text = "no cabin and belt model: whether a belt is worn stays unknown"
        return [Finding("belts model", State.NOTE, text)], None, None
    cabin_finding, cabin = _model(cards[0], runtime, Finder)
    belts_finding, belts = _model(cards[1], runtime, Namer)
    return [cabin_finding, belts_finding], cabin, belts


def _model(card: Path, runtime: Runtime, kind: type[M]) -> tuple[Finding, M | None]:
    name = f"{card.stem} model"
    try:
        model = kind.load(card, runtime=runtime)
    except HelmetbeltError as error:
        return Finding(name, State.BROKEN, str(error)), None
    height, width = model.card.input_px
    engine = model.session.engine
    text = f"sha256 {model.card.sha256[:12]} as its card says, {width}x{height}"
    text += f", {model.layout}" if isinstance(model, Finder) else ""
    return Finding(name, State.OK, f"{text}, {engine.runtime} in {engine.precision}"), model
