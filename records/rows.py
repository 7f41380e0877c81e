"""From facts to the values of a row."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite

from helmetbelt.pipelines.passages import Box, Observation, Passage
from helmetbelt.records.facts import Camera, CameraKind, EvidenceRecord, SessionRecord
from helmetbelt.records.ids import ms_of_id, time_ordered_id
from helmetbelt.records.instants import HOUR_MS, ms_of

Row = dict[str, object]
"""Column name to value, as SQLAlchemy takes it."""

_SIDES = ("x1", "y1", "x2", "y2")


@dataclass(frozen=True, slots=True, order=True)
class HourKey:
    """The key of one hourly count."""

    hour_ms: int
    session_id: bytes
    vehicle: str
    role: str
    item: str
    status: str


def camera_row(camera: Camera, now_ms: int) -> Row:
    """A camera that the store has not seen."""
    return {
        "id": camera.id,
        "name": camera.name or camera.id,
        "site": camera.site,
        "kind": (camera.kind or CameraKind.FIXED).value,
        "created_ms": now_ms,
    }


def session_row(record: SessionRecord, models: str, counts: bool, now_ms: int) -> Row:
    """A session that the store has not seen; `models` is their JSON."""
    source = record.source
    return {
        "id": record.id,
        "camera_id": record.camera.id,
        "source_name": source.name,
        "source_digest": source.digest,
        "models": models,
        "config_digest": record.config_digest,
        "software": record.software,
        "started_ms": ms_of(source.started_at),
        "clock": source.clock.value,
        "fps": source.fps,
        "width": source.width,
        "height": source.height,
        "duration_s": source.duration_s,
        "simulated": source.simulated,
        "counts": counts,
        "begun_ms": now_ms,
    }


def passage_row(identifier: bytes, session_id: bytes, passage: Passage) -> Row:
    """A passage without its persons.

    Raises:
        ValueError: two observations of one seat and item.
    """
    twice = [key for key, n in Counter((o.seat, o.item) for o in passage.observations).items() if n > 1]
    if twice:
        raise ValueError(f"track {passage.track} of camera {passage.camera}: two observations of {twice[0]}")
    return {
        "id": identifier,
        "session_id": session_id,
        "track": passage.track,
        "vehicle": passage.vehicle.value,
        "direction": passage.direction.value if passage.direction else None,
        "gate_ms": ms_of(passage.gate.taken_at),
        "first_frame": passage.first.frame,
        "first_s": passage.first.seconds,
        "gate_frame": passage.gate.frame,
        "gate_s": passage.gate.seconds,
        "last_frame": passage.last.frame,
        "last_s": passage.last.seconds,
        "best_frame": passage.best.frame,
        "best_s": passage.best.seconds,
        **_box("gate", passage.gate.xyxy),
        **_box("best", passage.best.xyxy),
    }


def observation_row(passage_id: bytes, observation: Observation) -> Row:
    """One person and one item.

    Raises:
        ValueError: a confidence outside 0..1.
    """
    if not (isfinite(observation.confidence) and 0.0 <= observation.confidence <= 1.0):
        raise ValueError(f"confidence {observation.confidence}: expected 0..1")
    return {
        "passage_id": passage_id,
        "seat": observation.seat,
        "item": observation.item.value,
        "role": observation.role.value,
        "status": observation.status.value,
        "reason": observation.reason.value if observation.reason else None,
        "confidence": float(observation.confidence),
        "votes": observation.votes,
        **_box("head", observation.head),
    }


def evidence_row(evidence: EvidenceRecord) -> Row:
    """One picture; its id is that of its passage, kind and moment."""
    milliseconds = round(evidence.seconds * 1000)
    return {
        "id": time_ordered_id(
            ms_of_id(evidence.passage_id), "evidence", evidence.passage_id, evidence.kind, milliseconds
        ),
        "passage_id": evidence.passage_id,
        "kind": evidence.kind.value,
        "seconds": evidence.seconds,
        "path": evidence.path,
        "sha256": evidence.sha256,
        "width": evidence.width,
        "height": evidence.height,
    }


def hour_counts(session_id: bytes, passages: Iterable[Passage]) -> Counter[HourKey]:
    """How many observations of each kind fall into each UTC hour."""
    counts: Counter[HourKey] = Counter()
    for passage in passages:
        ms = ms_of(passage.gate.taken_at)
        for seen in passage.observations:
            kind = (passage.vehicle.value, seen.role.value, seen.item.value, seen.status.value)
            counts[HourKey(ms - ms % HOUR_MS, session_id, *kind)] += 1
    return counts


def _box(name: str, xyxy: Box | None) -> Row:
    if xyxy is None:
        return {f"{name}_{side}": None for side in _SIDES}
    return {f"{name}_{side}": round(float(value)) for side, value in zip(_SIDES, xyxy, strict=True)}
