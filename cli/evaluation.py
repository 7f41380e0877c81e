"""Puts the parts together: a source, a lane, the store, the annotated video and the written results."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from helmetbelt.api.evaluations import Counted, Evaluation, Settings, Speed
from helmetbelt.api.reports import write_results
from helmetbelt.detector.perception import Perception
from helmetbelt.pipelines.annotate import Annotator
from helmetbelt.pipelines.closed import Closed
from helmetbelt.pipelines.evidence import EvidenceFolder, Picture
from helmetbelt.pipelines.folders import FolderSource
from helmetbelt.pipelines.frames import ClockProvenance, Source
from helmetbelt.pipelines.gates import parse_gate
from helmetbelt.pipelines.lane import build_lane
from helmetbelt.pipelines.output import make_folder
from helmetbelt.pipelines.rules import Rules, Wheel, rules_of
from helmetbelt.pipelines.runner import Progress, Shown, Sinks, evaluate_source
from helmetbelt.pipelines.sources import FileSource
from helmetbelt.pipelines.videofile import VideoFile
from helmetbelt.records.facts import (
    Begun,
    Camera,
    EvidenceKind,
    EvidenceRecord,
    Saved,
    SessionHandle,
    SessionRecord,
)
from helmetbelt.records.store import Store

ANNOTATED, EVIDENCE = "annotated.mp4", "evidence"


@dataclass(frozen=True, slots=True)
class Outputs:
    """What is written beside the store.

    Attributes:
        folder: of the results of one video.
        evidence: folder of the pictures, shared by all videos of a command.
        video: write the annotated one.
        originals: keep the clean pictures of violations.
    """

    folder: Path
    evidence: Path
    video: bool
    originals: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """What a video is evaluated with, and where it goes; `wheel` is that of the cars."""

    perception: Perception
    store: Store
    settings: Settings
    outputs: Outputs
    wheel: Wheel = Wheel.LEFT


@dataclass(frozen=True, slots=True)
class Outcome:
    """One evaluated video, and what the store made of it.

    Attributes:
        evaluation: its results.
        begun: what the store knew of it before.
        saved: passages that were new, known and ignored.
        folder: of its results.
    """

    evaluation: Evaluation
    begun: Begun
    saved: Saved
    folder: Path


def evaluate_video(source: Source, parts: Parts, progress: Callable[[Progress], None] = lambda _: None) -> Outcome:
    """Counts and judges one video, stores everything and writes its results.

    Passages are stored as soon as they are over. A source that breaks leaves its session open.

    Raises:
        HelmetbeltError: a part failed; what was stored before stays.
    """
    info, settings, outputs, store = source.info, parts.settings, parts.outputs, parts.store
    make_folder(outputs.folder)
    rules = rules_of(parts.perception, parts.wheel)
    lane = build_lane(settings.camera, parts.perception, (info.width, info.height), parse_gate(settings.gate), rules)
    handle = store.begin_session(session_record(source, settings, rules))
    keeper = Keeper(store, handle, _evidence_folders(source, parts))
    run_before = parts.perception.run_seconds
    with drawing(outputs.folder / ANNOTATED, source, settings) if outputs.video else nullcontext() as show:
        run = evaluate_source(source, lane, Sinks(keeper.keep, show, progress), settings.at_most_fps)
    if run.broken is None:
        store.complete_session(handle, info.duration_s or run.seconds)
    evaluation = Evaluation(
        source=info,
        settings=settings,
        session=handle.id.hex(),
        counted=tuple(keeper.counted),
        speed=Speed(run.frames, run.wall_s, _decode_s(source), parts.perception.run_seconds - run_before),
        seconds=run.seconds if run.broken else info.duration_s or run.seconds,
        broken=run.broken,
    )
    write_results(evaluation, outputs.folder, outputs.evidence)
    return Outcome(evaluation, handle.begun, keeper.saved, outputs.folder)


@contextmanager
def drawing(path: Path, source: Source, settings: Settings) -> Iterator[Callable[[Shown], None]]:
    """Gives what draws a frame into the annotated mp4 at `path`, which appears once it is complete."""
    annotator = Annotator(source.info.width, source.info.height, settings.zone, parse_gate(settings.gate))
    with VideoFile(path, annotator.width, annotator.height) as video:
        yield lambda s: video.add(s.frame.seconds, annotator.draw(s.frame, s.sightings, s.tally))


class Keeper:
    """Writes the evidence of finished passages and stores them; touched by the runner's loop only.

    Attributes:
        counted: passages so far, with their identifiers and pictures.
        saved: what the store said, summed.
    """

    def __init__(self, store: Store, handle: SessionHandle, folders: Sequence[EvidenceFolder]) -> None:
        """Keeps the passages of one session; pictures go into each of `folders`."""
        self.counted: list[Counted] = []
        self.saved = Saved(0, 0, 0)
        self._store, self._handle, self._folders = store, handle, folders

    def keep(self, batch: Sequence[Closed]) -> None:
        """Takes finished passages; when this returns they are stored."""
        evidence: list[EvidenceRecord] = []
        for closed in batch:
            identifier = self._handle.passage_id(closed.passage)
            pictures = self._folders[0].write(identifier.hex(), closed)
            for other in self._folders[1:]:
                other.write(identifier.hex(), closed)
            evidence += [_record(identifier, picture) for picture in pictures]
            self.counted.append(Counted(identifier.hex(), closed.passage, pictures))
        saved = self._store.save(self._handle, [c.passage for c in batch], evidence)
        before = self.saved
        self.saved = Saved(before.new + saved.new, before.known + saved.known, before.ignored + saved.ignored)


def session_record(source: Source, settings: Settings, rules: Rules) -> SessionRecord:
    """What the store is told before the first frame; the same for the same footage and settings."""
    config = {"gate": settings.gate, "at_most_fps": settings.at_most_fps, "judge": asdict(rules)}
    digest = hashlib.sha256(json.dumps(config, sort_keys=True).encode()).hexdigest()
    camera = Camera(settings.camera, site=settings.site)
    return SessionRecord(camera, source.info, settings.models, digest, settings.software)


def earlier_start(store: Store, digest: str) -> datetime | None:
    """When footage began by an earlier evaluation that had nothing but its file's time stamp either."""
    return next(
        (s.started_at for s in store.sessions() if s.digest == digest and s.clock == ClockProvenance.FILE_TIME),
        None,
    )


def _evidence_folders(source: Source, parts: Parts) -> list[EvidenceFolder]:
    """That of the results, and that of the store where it is another."""
    own, stored = parts.outputs.evidence, parts.store.evidence_root
    roots = [own] if stored is None or stored.resolve() == own.resolve() else [own, stored]
    return [EvidenceFolder(make_folder(root), source.info, parts.outputs.originals) for root in roots]


def _record(passage_id: bytes, picture: Picture) -> EvidenceRecord:
    kind = EvidenceKind(picture.kind.value)
    return EvidenceRecord(
        passage_id, kind, picture.seconds, picture.path, picture.sha256, picture.width, picture.height
    )


def _decode_s(source: Source) -> float:
    return source.decode_s if isinstance(source, FileSource | FolderSource) else 0.0
