"""The store: opened once, then asked and told."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import sqlalchemy as sa

from helmetbelt.pipelines.passages import Passage
from helmetbelt.records import balance, counting, paging, stored, writing
from helmetbelt.records.address import Address, locate
from helmetbelt.records.engine import WRITES, connect_to, told_as_store_error
from helmetbelt.records.facts import (
    CameraKind,
    EvidenceRecord,
    Saved,
    SessionHandle,
    SessionRecord,
)
from helmetbelt.records.instants import instant_of, ms_of
from helmetbelt.records.migrate import bring_up_to_date
from helmetbelt.records.period import Period
from helmetbelt.records.schema import camera, passage, session, store_version
from helmetbelt.records.sql import AnyRow


@dataclass(frozen=True, slots=True)
class StoreVersion:
    """Changes with every change of the content.

    Attributes:
        store_key: random, of this store.
        seq: number of changes so far.
    """

    store_key: str
    seq: int


class Store:
    """Sessions, passages, observations, hourly counts and evidence rows, in SQLite or PostgreSQL.

    Safe to use from several threads, and by several processes at once. Every method is one transaction.
    What a method that writes has returned survives the death of the process. All raise StoreError, also when
    the address is wrong or the server away; its text never holds a password.
    """

    def __init__(self, engine: sa.Engine, address: Address, evidence_root: Path | None) -> None:
        self.address = address
        self.evidence_root = evidence_root
        """Folder that evidence paths are below; None where the store is a server and none was given."""
        self._engine = engine
        self._writes = engine.execution_options(**{WRITES: True})

    @classmethod
    def open(
        cls,
        where: str | Path,
        *,
        create: bool = True,
        evidence_root: Path | None = None,
        sync_every_commit: bool = False,
    ) -> Self:
        """Open a store and bring its tables up to date.

        Args:
            where: path of a SQLite file, or `sqlite:///PATH`, or `postgresql://USER:PASSWORD@HOST/DATABASE`.
            create: make the SQLite file and its folder if they aren't there.
            evidence_root: folder of the evidence pictures; of a SQLite file by default `evidence` beside it.
            sync_every_commit: a power cut too loses nothing (SQLite; slower by 25 times for single passages).

        Raises:
            StoreMissingError: no such file and `create` is off.
            SchemaError: another program's tables, or those of a newer helmetbelt.
            StoreError: it cannot be opened.
        """
        address = locate(where)
        engine = connect_to(address, create=create, sync_every_commit=sync_every_commit)
        try:
            with told_as_store_error(address):
                bring_up_to_date(engine, address)
        except BaseException:
            engine.dispose()
            raise
        if evidence_root is None and address.path is not None:
            evidence_root = address.path.parent / "evidence"
        return cls(engine, address, evidence_root)

    def close(self) -> None:
        """Close every connection; the store isn't used afterwards."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Store({str(self.address)!r})"

    def begin_session(self, record: SessionRecord) -> SessionHandle:
        """Begin a session, or find it again: new, resumed after a break, or already complete."""
        with self._writing() as connection:
            return writing.begin(connection, record, _now_ms())

    def save(
        self, handle: SessionHandle, passages: Sequence[Passage], evidence: Sequence[EvidenceRecord] = ()
    ) -> Saved:
        """Add a batch, all or nothing; what is there already stays as it is.

        A session that is complete takes nothing more: what it doesn't hold is counted as ignored.

        Raises:
            ValueError: a passage of another camera, with two answers of one seat and item, or before 1970.
        """
        with self._writing() as connection:
            return writing.save(connection, handle, passages, evidence)

    def complete_session(self, handle: SessionHandle, duration_s: float | None = None) -> bool:
        """Close a session at the end of its source: it counts, and no other of the same footage does.

        Args:
            handle: of a session begun.
            duration_s: length of the source in seconds, where it was found out only at its end.

        Returns:
            Whether anything changed: no when it was complete and counted already.
        """
        with self._writing() as connection:
            return writing.complete(connection, handle, duration_s, _now_ms())

    def version(self) -> StoreVersion:
        """Which state of which store this is."""
        with self._reading() as connection:
            row = connection.execute(sa.select(store_version.c.store_key, store_version.c.seq)).one()
            return StoreVersion(row.store_key, row.seq)

    def cameras(self) -> tuple[stored.CameraInfo, ...]:
        """All cameras, by id."""
        sessions = sa.func.count(session.c.id)
        query = (
            sa.select(camera, sessions.label("sessions"))
            .outerjoin(session, sa.and_(session.c.camera_id == camera.c.id, session.c.counts))
            .group_by(*camera.columns)
            .order_by(camera.c.id)
        )
        with self._reading() as connection:
            return tuple(
                stored.CameraInfo(row.id, row.name, row.site, CameraKind(row.kind), row.sessions)
                for row in connection.execute(query)
            )

    def sessions(self) -> tuple[stored.SessionInfo, ...]:
        """All sessions, by the time of their first frame; also those that no longer count."""
        held = sa.select(sa.func.count()).where(passage.c.session_id == session.c.id).scalar_subquery()
        query = sa.select(session, held.label("passages")).order_by(session.c.started_ms, session.c.id)
        with self._reading() as connection:
            return tuple(_session_info(row) for row in connection.execute(query))

    def extent(self) -> Period | None:
        """From the first to just after the last passage, of all sessions; None where there is none."""
        with self._reading() as connection:
            first, last = (
                connection.scalar(sa.select(passage.c.gate_ms).order_by(order).limit(1))
                for order in (passage.c.id, passage.c.id.desc())
            )
        return None if first is None or last is None else Period(instant_of(first), instant_of(last + 1))

    def counts(self, question: counting.CountsQuestion) -> tuple[counting.StatusCounts, ...]:
        """Persons by status, sorted by group; a group without any has no row.

        Raises:
            ZoneError: days in a time zone that is not a whole number of hours from UTC.
        """
        with self._reading() as connection:
            return counting.status_counts(connection, question)

    def balances(self, period: Period, cameras: tuple[str, ...] = ()) -> tuple[balance.Balance, ...]:
        """Passages against answers per camera, hour and vehicle, for every hour that the period touches."""
        with self._reading() as connection:
            return balance.balances(connection, period, cameras)

    def passages(
        self, question: paging.PassagesQuestion, after: bytes | None = None, limit: int = 100
    ) -> tuple[stored.PassageWithPeople, ...]:
        """Up to `limit` passages of sessions that count, newest first, older than `after`."""
        with self._reading() as connection:
            return paging.passages_page(connection, question, after, limit)

    def violations(
        self, question: paging.PassagesQuestion, after: stored.ViolationKey | None = None, limit: int = 100
    ) -> tuple[stored.Violation, ...]:
        """Up to `limit` persons seen not wearing, newest first, older than `after`."""
        with self._reading() as connection:
            return paging.violations_page(connection, question, after, limit)

    def evidence(self, identifier: bytes) -> stored.StoredEvidence | None:
        """The picture with this id."""
        with self._reading() as connection:
            return paging.find_evidence(connection, identifier)

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with told_as_store_error(self.address), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with told_as_store_error(self.address), self._writes.begin() as connection:
            yield connection


def _now_ms() -> int:
    return ms_of(datetime.now(UTC))


def _session_info(row: AnyRow) -> stored.SessionInfo:
    return stored.SessionInfo(
        id=row.id,
        camera=row.camera_id,
        source=row.source_name,
        digest=row.source_digest,
        models=json.loads(row.models),
        software=row.software,
        started_at=instant_of(row.started_ms),
        clock=row.clock,
        duration_s=row.duration_s,
        simulated=row.simulated,
        complete=row.complete,
        counts=row.counts,
        passages=row.passages,
    )
