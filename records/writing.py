"""What changes the store; each function is one transaction's work, and doing it again changes nothing."""

import json
from collections.abc import Sequence
from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from helmetbelt.pipelines.passages import Passage
from helmetbelt.records import rows
from helmetbelt.records.errors import StoreError
from helmetbelt.records.facts import Begun, Camera, EvidenceRecord, Saved, SessionHandle, SessionRecord
from helmetbelt.records.schema import (
    camera,
    evidence,
    observation,
    passage,
    rollup_hour,
    session,
    store_version,
)


def begin(connection: sa.Connection, record: SessionRecord, now_ms: int) -> SessionHandle:
    """Find the session or make it; it counts from the start unless another of the same footage does."""
    connection.execute(sa.select(store_version.c.seq).with_for_update())
    changed = _put_camera(connection, record.camera, now_ms)
    there = connection.execute(sa.select(session.c.complete, session.c.counts).where(session.c.id == record.id)).first()
    if there is None:
        rival = sa.select(session.c.id).where(session.c.source_digest == record.source.digest, session.c.counts)
        counts = connection.scalar(rival) is None
        models = json.dumps(dict(sorted(record.models.items())))
        connection.execute(sa.insert(session), rows.session_row(record, models, counts, now_ms))
        begun = Begun.NEW
    else:
        begun, counts = Begun.COMPLETE if there.complete else Begun.RESUMED, there.counts
    if changed or there is None:
        _bump(connection)
    return SessionHandle(record.id, record.camera.id, begun, counts)


def save(
    connection: sa.Connection,
    handle: SessionHandle,
    passages: Sequence[Passage],
    pictures: Sequence[EvidenceRecord],
) -> Saved:
    """Add what is not there yet: passages, their observations, the hourly counts, evidence."""
    complete = connection.scalar(
        sa.select(session.c.complete).where(session.c.id == handle.id).with_for_update(read=True)
    )
    if complete is None:
        raise StoreError(f"the store has no session {handle.id.hex()}: begin it first")
    by_id = {handle.passage_id(one): one for one in passages}
    there = _present(connection, list(by_id))
    offered = {} if complete else {key: one for key, one in by_id.items() if key not in there}
    new = _add_passages(connection, handle, offered)
    shown = [rows.evidence_row(one) for one in pictures if one.passage_id in there | new]
    more_pictures = _insert_new(connection, evidence, shown)
    if new or more_pictures:
        _bump(connection)
    known = len(by_id) - len(new) if not complete else len(there)
    return Saved(new=len(new), known=known, ignored=len(by_id) - len(new) - known)


def complete(connection: sa.Connection, handle: SessionHandle, duration_s: float | None, now_ms: int) -> bool:
    """Close the session and let it count instead of others of the same footage; whether anything changed."""
    footage = sa.select(session.c.source_digest).where(session.c.id == handle.id).scalar_subquery()
    same_footage = connection.execute(
        sa.select(session.c.id, session.c.complete, session.c.counts, session.c.duration_s)
        .where(session.c.source_digest == footage)
        .order_by(session.c.id)
        .with_for_update()
    ).all()
    own = next((row for row in same_footage if row.id == handle.id), None)
    if own is None:
        raise StoreError(f"the store has no session {handle.id.hex()}: begin it first")
    if own.complete and own.counts:
        return False
    rivals = [row.id for row in same_footage if row.counts and row.id != handle.id]
    connection.execute(sa.update(session).where(session.c.id.in_(rivals)).values(counts=False))
    values: rows.Row = {"counts": True}
    if not own.complete:
        length = own.duration_s if duration_s is None else duration_s
        values |= {"complete": True, "completed_ms": now_ms, "duration_s": length}
    connection.execute(sa.update(session).where(session.c.id == handle.id).values(values))
    _bump(connection)
    return True


def _put_camera(connection: sa.Connection, given: Camera, now_ms: int) -> bool:
    there = connection.execute(sa.select(camera).where(camera.c.id == given.id)).mappings().first()
    if there is None:
        connection.execute(sa.insert(camera), rows.camera_row(given, now_ms))
        return True
    said: rows.Row = {
        "name": given.name, "site": given.site, "kind": given.kind.value if given.kind else None,
    }  # fmt: skip
    changes = {key: value for key, value in said.items() if value is not None and value != there[key]}
    if changes:
        connection.execute(sa.update(camera).where(camera.c.id == given.id).values(changes))
    return bool(changes)


def _present(connection: sa.Connection, ids: list[bytes]) -> set[bytes]:
    return set(connection.scalars(sa.select(passage.c.id).where(passage.c.id.in_(ids))))


def _add_passages(connection: sa.Connection, handle: SessionHandle, offered: dict[bytes, Passage]) -> set[bytes]:
    new = _insert_new(
        connection, passage, [rows.passage_row(key, handle.id, one) for key, one in sorted(offered.items())]
    )
    people = [rows.observation_row(key, seen) for key in sorted(new) for seen in offered[key].observations]
    if people:
        connection.execute(sa.insert(observation), people)
        _add_counts(connection, handle.id, [offered[key] for key in new])
    return new


def _add_counts(connection: sa.Connection, session_id: bytes, passages: Sequence[Passage]) -> None:
    counted = sorted(rows.hour_counts(session_id, passages).items())
    insert = _insert(connection, rollup_hour)
    total = rollup_hour.c.persons + insert.excluded.persons
    keys = list(rollup_hour.primary_key.columns)
    connection.execute(
        insert.on_conflict_do_update(index_elements=keys, set_={"persons": total}),
        [{**asdict(key), "persons": n} for key, n in counted],
    )


def _insert_new(connection: sa.Connection, table: sa.Table, values: list[rows.Row]) -> set[bytes]:
    """Insert the rows that are not there; their ids."""
    if not values:
        return set()
    insert = _insert(connection, table).on_conflict_do_nothing().returning(table.c.id)
    return set(connection.scalars(insert, values))


def _insert(connection: sa.Connection, table: sa.Table) -> "sqlite.Insert | postgresql.Insert":
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def _bump(connection: sa.Connection) -> None:
    connection.execute(sa.update(store_version).values(seq=store_version.c.seq + 1))
