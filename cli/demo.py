"""`helmetbelt demo`: a simulated junction through the whole real path, compared with the truth, and served."""

import asyncio
import socket
import urllib.request
from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from helmetbelt.api.evaluations import Settings
from helmetbelt.api.reports import REPORT
from helmetbelt.cli.console import frames_bar, result_table, speed_text, stored_text
from helmetbelt.cli.evaluate import STORE
from helmetbelt.cli.evaluation import ANNOTATED, EVIDENCE, Outcome, Outputs, Parts, evaluate_video
from helmetbelt.cli.serve import ServeError, listening_on
from helmetbelt.datasets.simulation import Scene, SimulatedSource, open_simulation
from helmetbelt.datasets.simulation.passing import passages
from helmetbelt.detector.perception import Perception, load_perception
from helmetbelt.pipelines.clock import DEFAULT_ZONE, Start, zone_named
from helmetbelt.pipelines.frames import ClockProvenance
from helmetbelt.pipelines.output import make_folder
from helmetbelt.pipelines.passages import Item, Status, Vehicle
from helmetbelt.pipelines.runner import Ahead, Progress
from helmetbelt.pipelines.sources import FileSource, digest_of
from helmetbelt.pipelines.tally import PLACES, Tally
from helmetbelt.pipelines.videofile import VideoFile
from helmetbelt.records.store import Store

if TYPE_CHECKING:
    import uvicorn

FPS = 10.0
SECONDS = 40.0
ADDRESS = "sim://junction?seed=7&seconds={seconds:g}&start=2026-03-02T00:15:00Z"
CAMERA, SITE = "simulated-junction", "Simulated junction"
QUESTION = "/api/v1/stats/compliance?item=helmet&group_by=role"


def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the video and of the results.")] = Path(
        "demo-out"
    ),
    once: Annotated[
        bool, typer.Option("--once", envvar="DEMO_ONCE", help="Ask the API one question and leave.")
    ] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Of the API; 0 takes any that is free.")] = 8080,
    seconds: Annotated[float, typer.Option(min=1, max=600, help="Length of the video.")] = SECONDS,
    models: Annotated[Path | None, typer.Option(metavar="DIR", help="Other models than those that came along.")] = None,
) -> None:
    """Show everything at work on a simulated junction.

    Draws a street whose truth is known, writes it as H.264 video, evaluates
    that file like any other, compares the counts with the truth, and serves
    the result on 127.0.0.1. Takes about a minute on two cores.
    """
    console, progress = Console(), Console(stderr=True)
    perception = load_perception(1, models)
    source = open_simulation(ADDRESS.format(seconds=seconds), CAMERA)
    make_folder(out)
    console.print(f"Drawing {seconds:g} seconds of a junction that does not exist ...")
    clip = draw_clip(source, out, progress)
    console.print(f"Evaluating {clip} like any other video ...", markup=False, highlight=False, soft_wrap=True)
    with Store.open(out / STORE) as store:
        outcome = evaluate_clip(
            clip, source, Parts(perception, store, settings(source, perception), outputs(out)), progress
        )
        tell(outcome, truth_of(source.scene, seconds), store, console)
        with free_port(port) as listener:
            base = f"http://127.0.0.1:{listener.getsockname()[1]}"
            if once:
                console.print(f"GET {base}{QUESTION}", markup=False, highlight=False, soft_wrap=True)
                console.print_json(asyncio.run(asked_once(store, listener, base + QUESTION)))
            else:
                console.print(invitation(base, out), markup=False, highlight=False, soft_wrap=True)
                server_of(store).run([listener])


def draw_clip(source: SimulatedSource, folder: Path, progress: Console) -> Path:
    """The scene as an H.264 file, drawn where it is not there yet; its name changes with what decides its pictures."""
    info = source.info
    path = folder / f"junction-{info.digest[:8]}.mp4"
    if path.exists():
        return path
    with (
        frames_bar(progress, path.name, info.duration_s) as told,
        VideoFile(path, info.width, info.height) as video,
        Ahead(source.frames(FPS), 2) as frames,
    ):
        begun = perf_counter()
        for count, frame in enumerate(frames, 1):
            video.add(frame.seconds, frame.image)
            told(Progress(count, frame.seconds, perf_counter() - begun))
    return path


def evaluate_clip(clip: Path, source: SimulatedSource, parts: Parts, progress: Console) -> Outcome:
    """What `helmetbelt evaluate` does with a file; its clock is that of the simulation."""
    start = Start(source.info.started_at, ClockProvenance.SIMULATED)
    file = FileSource(clip, CAMERA, start, digest_of(clip))
    with frames_bar(progress, clip.name, file.info.duration_s) as told:
        return evaluate_video(file, parts, told)


def settings(source: SimulatedSource, perception: Perception) -> Settings:
    """Those of the demonstration: counted is who crosses the stop line."""
    return Settings(
        camera=CAMERA,
        site=SITE,
        gate=stop_line(source.scene),
        at_most_fps=FPS,
        zone=zone_named(DEFAULT_ZONE),
        zone_name=DEFAULT_ZONE,
        models={card.name: card.sha256 for card in perception.cards},
        software=version("helmetbelt"),
    )


def outputs(folder: Path) -> Outputs:
    """Everything that is written goes into one folder."""
    return Outputs(folder, folder / EVIDENCE, video=True, originals=False)


def stop_line(scene: Scene) -> str:
    """The stop line of the scene as a gate across the whole picture, in both directions."""
    ends = np.array([[-10.0, scene.street.stop_y, 0.0], [10.0, scene.street.stop_y, 0.0]])
    (x1, y1), (x2, y2) = scene.camera.project(ends)[:, :2] / (scene.width, scene.height)
    slope = (y2 - y1) / (x2 - x1)
    return f"line:0,{y1 - slope * x1:.4f},1,{y1 + slope * (1 - x1):.4f},both"


def truth_of(scene: Scene, seconds: float) -> Tally:
    """Who really crossed the stop line: a person's status is worn or not worn, nothing is unknown."""
    crossed = [p for p in passages(scene, seconds) if p.line_s is not None and not p.parked]
    return Tally(
        {vehicle: sum(p.kind is vehicle for p in crossed) for vehicle in Vehicle},
        Counter((r.item, r.role, Status.WORN if r.worn else Status.NOT_WORN) for p in crossed for r in p.persons),
    )


def tell(outcome: Outcome, truth: Tally, store: Store, console: Console) -> None:
    """Prints the rates, and the counts beside the truth."""
    evaluation = outcome.evaluation
    console.print(result_table([evaluation]))
    items = [Item.HELMET, Item.SEATBELT] if "belts" in evaluation.settings.models else [Item.HELMET]
    console.print(comparison(evaluation.tally, truth, items))
    console.print(speed_text(evaluation), soft_wrap=True)
    console.print(stored_text(outcome.begun, outcome.saved, str(store.address)), soft_wrap=True)


def comparison(found: Tally, truth: Tally, items: Sequence[Item]) -> Table:
    """Counted and judged beside what the street knows to be true, for the items that there are models for."""
    table = Table(title="at the stop line, beside the truth", title_justify="left", box=SIMPLE_HEAD)
    table.add_column("")
    for heading in ("counted", "truth"):
        table.add_column(heading, justify="right")
    for vehicle in Vehicle:
        table.add_row(f"{vehicle.value.replace('_', '-')}s", str(found.vehicles(vehicle)), str(truth.vehicles(vehicle)))
    for item, role in PLACES:
        if item in items:
            for status in Status:
                name = f"{role.value.replace('_', ' ')} {status.value.replace('_', ' ')}"
                table.add_row(name, str(found.answer(item, role, status)), str(truth.answer(item, role, status)))
    return table


def invitation(base: str, folder: Path) -> str:
    """What to look at, and how to ask."""
    return "\n".join(
        (
            "",
            f"Report     {folder / REPORT}",
            f"Video      {folder / ANNOTATED}",
            f"API        {base}/docs",
            "",
            f"  curl '{base}{QUESTION}'",
            f"  curl '{base}/api/v1/violations?limit=3'",
            f"  curl '{base}/api/v1/cameras'",
            "",
            "Ctrl-C ends it.",
        )
    )


def free_port(port: int) -> socket.socket:
    """A listening socket on the port, or on another where a program has it already."""
    try:
        return listening_on("127.0.0.1", port)
    except ServeError:
        return listening_on("127.0.0.1", 0)


def server_of(store: Store) -> "uvicorn.Server":
    """The API of the store, ready to run."""
    import uvicorn

    from helmetbelt.api.app import create_app

    return uvicorn.Server(uvicorn.Config(create_app(store), log_level="warning"))


async def asked_once(store: Store, listener: socket.socket, address: str) -> str:
    """Serves until one question is answered over HTTP; the answer."""
    server = server_of(store)
    serving = asyncio.create_task(server.serve([listener]))
    try:
        return await asyncio.to_thread(_answer, address)
    finally:
        server.should_exit = True
        await serving


def _answer(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as reply:
        content: bytes = reply.read()
    return content.decode()
