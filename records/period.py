"""A stretch of time, and how it lies over the hours that are counted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from helmetbelt.records.ids import first_id_at
from helmetbelt.records.instants import HOUR_MS, ms_of
from helmetbelt.records.schema import passage, rollup_hour


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` until before `end`, both aware; None is open.

    Raises:
        ValueError: start after end, no time zone, or a time before 1970.
    """

    start: datetime | None = None
    end: datetime | None = None

    def __post_init__(self) -> None:
        for instant in (self.start, self.end):
            if instant is not None and ms_of(instant) < 0:
                raise ValueError(f"{instant.isoformat()}: before 1970")
        if self.start is not None and self.end is not None and self.start > self.end:
            raise ValueError(f"{self.start.isoformat()} is after {self.end.isoformat()}")

    @property
    def start_ms(self) -> int | None:
        """Milliseconds since 1970."""
        return None if self.start is None else ms_of(self.start)

    @property
    def end_ms(self) -> int | None:
        """Milliseconds since 1970."""
        return None if self.end is None else ms_of(self.end)


def passages_within(start_ms: int | None, end_ms: int | None) -> list[sa.ColumnElement[bool]]:
    """Conditions on `passage` that its primary key answers: gate at or after start, before end."""
    conditions: list[sa.ColumnElement[bool]] = []
    if start_ms is not None:
        conditions.append(passage.c.id >= first_id_at(start_ms))
    if end_ms is not None:
        conditions.append(passage.c.id < first_id_at(end_ms))
    return conditions


def hours_within(start_ms: int | None, end_ms: int | None) -> list[sa.ColumnElement[bool]]:
    """Conditions on `rollup_hour` for hours that begin at or after start and before end."""
    conditions: list[sa.ColumnElement[bool]] = []
    if start_ms is not None:
        conditions.append(rollup_hour.c.hour_ms >= start_ms)
    if end_ms is not None:
        conditions.append(rollup_hour.c.hour_ms < end_ms)
    return conditions


ALWAYS: Final = Period()


@dataclass(frozen=True, slots=True)
class Cut:
    """A period cut at full hours.

    Attributes:
        hours: start and end of the full hours, ms; None is open; None as a whole where there are none.
        edges: start and end of what lies before and after them, ms.
    """

    hours: tuple[int | None, int | None] | None
    edges: tuple[tuple[int, int], ...]


def cut_at_hours(period: Period) -> Cut:
    """The full hours of a period, and the broken ones at its ends."""
    start, end = period.start_ms, period.end_ms
    first = None if start is None else -(-start // HOUR_MS) * HOUR_MS
    last = None if end is None else end // HOUR_MS * HOUR_MS
    if start is not None and end is not None and first is not None and last is not None and first > last:
        return Cut(None, ((start, end),))
    edges = []
    if start is not None and first is not None and start < first:
        edges.append((start, first))
    if end is not None and last is not None and last < end:
        edges.append((last, end))
    return Cut((first, last), tuple(edges))
