"""Facts for tests of the store and of what reads it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from helmetbelt.pipelines.frames import ClockProvenance, SourceInfo
from helmetbelt.pipelines.passages import (
    Direction,
    Item,
    Moment,
    Observation,
    Passage,
    Reason,
    Role,
    Status,
    Vehicle,
)
from helmetbelt.records.facts import Camera, EvidenceKind, EvidenceRecord, SessionHandle, SessionRecord

START = datetime(2026, 10, 12, 0, 0, tzinfo=UTC)
"""A Monday, 08:00 in Shanghai."""

RIDER = (Role.RIDER, 0, Item.HELMET)
PILLION = (Role.PILLION, 1, Item.HELMET)
DRIVER = (Role.DRIVER, 0, Item.SEATBELT)


def source(
    name: str = "junction.mp4",
    started_at: datetime = START,
    simulated: bool = False,
    clock: ClockProvenance = ClockProvenance.OPERATOR,
) -> SourceInfo:
    """A minute of 720p; its digest follows from its name."""
    return SourceInfo(name, f"sha256-of-{name}", 1280, 720, 25.0, 60.0, started_at, clock, simulated)


def session(
    camera: str = "cam-1", of: SourceInfo | None = None, model: str = "a", site: str | None = None
) -> SessionRecord:
    """A session that differs by camera, source and model."""
    return SessionRecord(Camera(camera, site=site), of or source(), {"road": model}, "config", "0.1.0")


def person(status: Status, who: tuple[Role, int, Item] = RIDER, confidence: float = 0.9) -> Observation:
    """One answer; unknown because of its size."""
    role, seat, item = who
    reason = Reason.TOO_SMALL if status is Status.UNKNOWN else None
    return Observation(role, seat, item, status, reason, confidence, 5, (410.0, 300.0, 430.0, 322.0))


def moment(seconds: float) -> Moment:
    """Where a vehicle is so many seconds after START, at 25 frames a second."""
    x = 400.0 + 2 * (seconds % 100)
    at = START + timedelta(seconds=seconds)
    return Moment(round(seconds * 25), seconds, at, (x, 290.0, x + 60, 420.0))


def passage(
    track: int,
    *persons: Observation,
    camera: str = "cam-1",
    gate_s: float | None = None,
    vehicle: Vehicle = Vehicle.TWO_WHEELER,
) -> Passage:
    """A vehicle whose gate is `track` seconds after START unless said otherwise; seen for two seconds."""
    gate = float(track) if gate_s is None else gate_s
    return Passage(
        camera, track, vehicle, Direction.TOWARD,
        moment(max(0.0, gate - 1)), moment(gate), moment(gate + 1), moment(gate + 0.5), persons,
    )  # fmt: skip


def riders(statuses: Sequence[Status], camera: str = "cam-1", every_s: float = 1.0) -> list[Passage]:
    """One two-wheeler with its rider per status, tracks from 1."""
    return [passage(n, person(status), camera=camera, gate_s=n * every_s) for n, status in enumerate(statuses, start=1)]


def picture(handle: SessionHandle, of: Passage, path: str = "a/full.jpg", sha256: str = "0" * 64) -> EvidenceRecord:
    """A full view of a passage."""
    return EvidenceRecord(handle.passage_id(of), EvidenceKind.FULL_VIEW, of.best.seconds, path, sha256, 1280, 720)
