"""`helmetbelt evaluate`: recorded video in, counted vehicles and judged people out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from helmetbelt.api.evaluations import Evaluation, Settings
from helmetbelt.api.reports import REPORT, write_joint_summary
from helmetbelt.cli.console import bytes_bar, frames_bar, result_table, speed_text, stored_text
from helmetbelt.cli.evaluation import EVIDENCE, Outcome, Outputs, Parts, earlier_start, evaluate_video
from helmetbelt.cli.inputs import Input, Times, inputs_of, open_source
from helmetbelt.cli.runtime import RuntimeOption
from helmetbelt.detector.engine import Runtime
from helmetbelt.detector.errors import SourceError
from helmetbelt.detector.perception import Perception, load_perception
from helmetbelt.pipelines.clock import DEFAULT_ZONE, StartTimeError, parse_start, zone_named
from helmetbelt.pipelines.gates import parse_gate
from helmetbelt.pipelines.output import make_folder
from helmetbelt.pipelines.rules import Wheel
from helmetbelt.records.store import Store

DEFAULT_FPS = 10.0
STORE = "helmetbelt.db"
EXIT_INCOMPLETE, EXIT_INTERRUPTED = 1, 130


@dataclass(frozen=True, slots=True)
class Request:
    """What the operator asked for, checked."""

    inputs: Sequence[Input]
    out: Path
    store: str
    camera: str | None
    site: str | None
    gate: str
    at_most_fps: float
    zone_name: str
    times: Times
    video: bool
    originals: bool
    wheel: Wheel


def evaluate(
    videos: Annotated[
        list[str],
        typer.Argument(metavar="VIDEO", help="Video files, folders of videos or of pictures, or sim:// scenes."),
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the results.")],
    store: Annotated[
        str | None,
        typer.Option(
            metavar="PATH|URL",
            envvar="HELMETBELT_STORE",
            help="SQLite file, or URL of a PostgreSQL database (with a password better in the variable).",
            show_default="DIR/helmetbelt.db",
        ),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="When the video began (ISO 8601).", show_default="file name, container"),
    ] = None,
    time_zone: Annotated[str, typer.Option(metavar="ZONE", help="Of the site's clocks.")] = DEFAULT_ZONE,
    camera: Annotated[
        str | None, typer.Option(metavar="ID", help="Which camera recorded it.", show_default="name of the video")
    ] = None,
    site: Annotated[str | None, typer.Option(metavar="NAME", help="Where the camera stands.")] = None,
    gate: Annotated[
        str,
        typer.Option(metavar="SPEC", help="Where vehicles are counted: a line, a zone, or all that pass through."),
    ] = "default",
    every: Annotated[
        float | None, typer.Option(metavar="SECONDS", min=0.01, max=10, help="Analyse one frame in so many seconds.")
    ] = None,
    fps: Annotated[
        float | None,
        typer.Option(metavar="N", min=0.1, max=100, help="Analyse at most so many frames a second.", show_default="10"),
    ] = None,
    video: Annotated[bool, typer.Option("--video/--no-video", help="Write DIR/annotated.mp4.")] = True,
    keep_originals: Annotated[
        bool, typer.Option("--keep-originals", help="Also keep the clean pictures of violations.")
    ] = False,
    pictures_per_second: Annotated[
        float | None,
        typer.Option(metavar="N", min=0.01, max=1000, help="Of a folder of pictures.", show_default="from their names"),
    ] = None,
    wheel: Annotated[
        Wheel, typer.Option(help="Side of the cars' steering wheel: right where traffic keeps left.")
    ] = Wheel.LEFT,
    closely: Annotated[
        bool,
        typer.Option(help="Look at large frames again, in more detail: finds small vehicles, 3-5 times as slow."),
    ] = False,
    threads: Annotated[int, typer.Option(min=1, max=64, help="Threads of a model.")] = 1,
    models: Annotated[Path | None, typer.Option(metavar="DIR", help="Other models than those that came along.")] = None,
    runtime: RuntimeOption = Runtime.ONNXRUNTIME,
) -> None:
    """Count every vehicle of recorded video once; judge helmets and belts.

    Writes summary.json, observations.csv, report.html, annotated.mp4 and
    evidence/ into DIR (of several videos: into DIR/NAME each, and a joint
    summary.json), and stores every passage. Doing it again changes nothing
    that is stored; after a break, the same command goes on.

    A gate is line:X1,Y1,X2,Y2,DIRECTION (down, up, left, right or both),
    zone:X1,Y1,X2,Y2,X3,Y3,... or default (all that pass through the picture),
    in shares of the picture (0 to 1) or in pixels.

    Exit code: 0 all evaluated, 1 a video could not be read to its end,
    2 refused, 130 Ctrl-C.

    \b
    helmetbelt evaluate patrol.mp4 --out results --start 2026-03-02T08:15:00
    helmetbelt evaluate junction.mp4 --out results --gate line:0,0.7,1,0.7,down
    helmetbelt evaluate 2026-03-02/ --out results --camera gate-7 --site "School gate"
    """
    now = datetime.now(UTC)
    request = Request(
        inputs=inputs_of(videos),
        out=out,
        store=store or str(out / STORE),
        camera=camera,
        site=site,
        gate=gate,
        at_most_fps=wanted_fps(every, fps),
        zone_name=time_zone,
        times=Times(zone_named(time_zone), now, start, pictures_per_second),
        video=video,
        originals=keep_originals,
        wheel=wheel,
    )
    check(request)
    perception = load_perception(threads, models, runtime, closely=closely)
    is_complete = evaluate_all(request, perception, Console(stderr=True), Console())
    if not is_complete:
        raise typer.Exit(EXIT_INCOMPLETE)


def wanted_fps(every: float | None, fps: float | None) -> float:
    """Analysed frames a second.

    Raises:
        typer.BadParameter: both were given.
    """
    if every is not None and fps is not None:
        raise typer.BadParameter("--every and --fps say the same thing: give one of them")
    return 1 / every if every is not None else fps or DEFAULT_FPS


def check(request: Request) -> None:
    """Everything that can be refused before the first frame is, and the folder of the results is made.

    Raises:
        HelmetbeltError: it is refused.
    """
    parse_gate(request.gate)
    if request.times.start is not None:
        parse_start(request.times.start, request.times.zone, request.times.now)
        if len(request.inputs) > 1:
            raise StartTimeError(
                f"one start time for {len(request.inputs)} videos: evaluate them one by one,"
                " or let their names say when they began"
            )
    make_folder(request.out)


def evaluate_all(request: Request, perception: Perception, progress: Console, console: Console) -> bool:
    """Evaluates every input; whether all of them were read to their ends.

    Of several videos one that cannot be read is told and left out.

    Raises:
        HelmetbeltError: the only video, the store or an output failed.
        typer.Exit: Ctrl-C.
    """
    outcomes, bad = list[Outcome](), 0
    with Store.open(request.store, evidence_root=_evidence_root(request)) as store:
        try:
            for one in request.inputs:
                try:
                    outcomes.append(_evaluate(one, request, perception, store, progress))
                except SourceError as error:
                    if len(request.inputs) == 1:
                        raise
                    bad += 1
                    progress.print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        except KeyboardInterrupt:
            progress.print("Interrupted. What was counted so far is stored; the same command goes on from there.")
            raise typer.Exit(EXIT_INTERRUPTED) from None
        where = str(store.address)
    _report(request, outcomes, where, console)
    return not bad and all(o.evaluation.broken is None for o in outcomes)


def _evaluate(one: Input, request: Request, perception: Perception, store: Store, progress: Console) -> Outcome:
    camera = request.camera or one.name
    path = Path(one.where)
    size = path.stat().st_size if path.is_file() else 0
    with bytes_bar(progress, one.name, size) as hashed:
        source = open_source(one.where, camera, request.times, partial(earlier_start, store), hashed)
    parts = Parts(perception, store, _settings(request, camera, perception), _outputs(one, request), request.wheel)
    with frames_bar(progress, one.name, source.info.duration_s) as told:
        return evaluate_video(source, parts, told)


def _settings(request: Request, camera: str, perception: Perception) -> Settings:
    return Settings(
        camera=camera,
        site=request.site,
        gate=request.gate,
        at_most_fps=request.at_most_fps,
        zone=request.times.zone,
        zone_name=request.zone_name,
        models={card.name: card.sha256 for card in perception.cards},
        software=version("helmetbelt"),
    )


def _outputs(one: Input, request: Request) -> Outputs:
    folder = request.out if len(request.inputs) == 1 else request.out / one.name
    return Outputs(folder, request.out / EVIDENCE, request.video, request.originals)


def _evidence_root(request: Request) -> Path | None:
    """A database server has no folder of its own beside it."""
    return request.out / EVIDENCE if "://" in request.store and not request.store.startswith("sqlite") else None


def _report(request: Request, outcomes: Sequence[Outcome], store: str, console: Console) -> None:
    evaluations = [o.evaluation for o in outcomes]
    if len(request.inputs) > 1:
        write_joint_summary(evaluations, request.out)
    if not evaluations:
        return
    console.print(result_table(evaluations))
    for outcome in outcomes:
        _tell(request, outcome, store, console)


def _tell(request: Request, outcome: Outcome, store: str, console: Console) -> None:
    evaluation: Evaluation = outcome.evaluation
    if len(request.inputs) > 1:
        console.print(f"[bold]{escape(evaluation.source.name)}[/bold]")
    if evaluation.broken:
        console.print(f"[red]Incomplete: {escape(evaluation.broken)}[/red]", soft_wrap=True)
    console.print(speed_text(evaluation), soft_wrap=True)
    console.print(stored_text(outcome.begun, outcome.saved, store), soft_wrap=True)
    console.print(f"Results: {escape(str(outcome.folder / REPORT))}", soft_wrap=True)
