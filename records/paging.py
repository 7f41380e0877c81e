"""Passages and violations one by one, newest first, a page at a time."""

from dataclasses import dataclass

import sqlalchemy as sa

from helmetbelt.pipelines.passages import (
    Box,
    Direction,
    Item,
    Observation,
    Reason,
    Role,
    Status,
    Vehicle,
)
from helmetbelt.records.counting import of_cameras
from helmetbelt.records.facts import EvidenceKind
from helmetbelt.records.instants import instant_of
from helmetbelt.records.period import ALWAYS, Period, passages_within
from helmetbelt.records.schema import evidence, observation, passage, session
from helmetbelt.records.sql import AnyRow, AnySelect
from helmetbelt.records.stored import (
    PassageWithPeople,
    StoredEvidence,
    StoredMoment,
    StoredPassage,
    Violation,
    ViolationKey,
)


@dataclass(frozen=True, slots=True)
class PassagesQuestion:
    """Which passages, or which violations.

    Attributes:
        period: of the passing of the gate.
        cameras: empty for all.
        vehicles: empty for all.
        roles: passages with a person in one of these; empty for all.
        items: passages with an answer about one of these; empty for all.
        statuses: passages with one of these answers; empty for all. Of no use for violations.
    """

    period: Period = ALWAYS
    cameras: tuple[str, ...] = ()
    vehicles: tuple[Vehicle, ...] = ()
    roles: tuple[Role, ...] = ()
    items: tuple[Item, ...] = ()
    statuses: tuple[Status, ...] = ()


def passages_page(
    connection: sa.Connection, question: PassagesQuestion, after: bytes | None, limit: int
) -> tuple[PassageWithPeople, ...]:
    """Up to `limit` passages older than `after`, newest first."""
    query = _passages(question)
    asked = _asked_of_people(question)
    if asked:
        person = sa.select(observation.c.seat).where(observation.c.passage_id == passage.c.id, *asked)
        query = query.where(person.exists())
    if after is not None:
        query = query.where(passage.c.id < after)
    rows = connection.execute(query.order_by(passage.c.id.desc()).limit(limit)).all()
    people: dict[bytes, list[Observation]] = {row.id: [] for row in rows}
    seen = sa.select(observation).where(observation.c.passage_id.in_(list(people)))
    for row in connection.execute(seen.order_by(*observation.primary_key.columns)):
        people[row.passage_id].append(_observation(row))
    return tuple(PassageWithPeople(_passage(row), tuple(people[row.id])) for row in rows)


def violations_page(
    connection: sa.Connection, question: PassagesQuestion, after: ViolationKey | None, limit: int
) -> tuple[Violation, ...]:
    """Up to `limit` observations of not wearing, older than `after`, newest first."""
    key = (observation.c.passage_id, observation.c.seat, observation.c.item)
    # written into the statement, not bound: only so does SQLite use the index of these rows
    not_worn = sa.literal(Status.NOT_WORN.value, literal_execute=True)
    query = (
        _passages(question)
        .add_columns(*(c for c in observation.columns if c.name != "passage_id"))
        .join(observation, observation.c.passage_id == passage.c.id)
        .where(observation.c.status == not_worn, *_asked_of_people(question))
    )
    if after is not None:
        place = (after.passage_id, after.seat, after.item.value)
        query = query.where(sa.tuple_(*key) < sa.tuple_(*place))
    rows = connection.execute(query.order_by(*(c.desc() for c in key)).limit(limit)).all()
    pictures = _evidence_of(connection, {row.id for row in rows})
    return tuple(
        Violation(
            ViolationKey(row.id, row.seat, Item(row.item)),
            _passage(row),
            _observation(row),
            tuple(pictures.get(row.id, ())),
        )
        for row in rows
    )


def find_evidence(connection: sa.Connection, identifier: bytes) -> StoredEvidence | None:
    """The picture with this id."""
    row = connection.execute(sa.select(evidence).where(evidence.c.id == identifier)).first()
    return None if row is None else _evidence(row)


def _passages(question: PassagesQuestion) -> AnySelect:
    query = (
        sa.select(passage, session.c.camera_id, session.c.source_name, session.c.simulated)
        .join(session, session.c.id == passage.c.session_id)
        .where(session.c.counts, *of_cameras(question.cameras))
        .where(*passages_within(question.period.start_ms, question.period.end_ms))
    )
    return query.where(passage.c.vehicle.in_(question.vehicles)) if question.vehicles else query


def _asked_of_people(question: PassagesQuestion) -> list[sa.ColumnElement[bool]]:
    asked = (
        (observation.c.role, question.roles),
        (observation.c.item, question.items),
        (observation.c.status, question.statuses),
    )
    return [column.in_(values) for column, values in asked if values]


def _evidence_of(connection: sa.Connection, passages: set[bytes]) -> dict[bytes, list[StoredEvidence]]:
    found: dict[bytes, list[StoredEvidence]] = {}
    query = sa.select(evidence).where(evidence.c.passage_id.in_(passages))
    for row in connection.execute(query.order_by(evidence.c.kind.desc(), evidence.c.seconds)):
        found.setdefault(row.passage_id, []).append(_evidence(row))
    return found


def _evidence(row: AnyRow) -> StoredEvidence:
    return StoredEvidence(row.id, EvidenceKind(row.kind), row.seconds, row.path, row.sha256, row.width, row.height)


def _passage(row: AnyRow) -> StoredPassage:
    return StoredPassage(
        id=row.id,
        session_id=row.session_id,
        camera=row.camera_id,
        source=row.source_name,
        simulated=row.simulated,
        track=row.track,
        vehicle=Vehicle(row.vehicle),
        direction=None if row.direction is None else Direction(row.direction),
        first=_moment(row, row.first_frame, row.first_s),
        gate=_moment(row, row.gate_frame, row.gate_s, (row.gate_x1, row.gate_y1, row.gate_x2, row.gate_y2)),
        last=_moment(row, row.last_frame, row.last_s),
        best=_moment(row, row.best_frame, row.best_s, (row.best_x1, row.best_y1, row.best_x2, row.best_y2)),
    )


def _moment(row: AnyRow, frame: int, seconds: float, xyxy: Box | None = None) -> StoredMoment:
    at = instant_of(row.gate_ms + round((seconds - row.gate_s) * 1000))
    return StoredMoment(frame, seconds, at, xyxy)


def _observation(row: AnyRow) -> Observation:
    return Observation(
        role=Role(row.role),
        seat=row.seat,
        item=Item(row.item),
        status=Status(row.status),
        reason=None if row.reason is None else Reason(row.reason),
        confidence=row.confidence,
        votes=row.votes,
        head=None if row.head_x1 is None else (row.head_x1, row.head_y1, row.head_x2, row.head_y2),
    )
