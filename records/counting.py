"""How many got which answer, by camera, vehicle, role, hour or day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum

import sqlalchemy as sa

from helmetbelt.pipelines.frames import ClockProvenance
from helmetbelt.pipelines.passages import Item, Role, Status, Vehicle
from helmetbelt.records.errors import ZoneError
from helmetbelt.records.instants import HOUR_MS, instant_of
from helmetbelt.records.period import ALWAYS, Cut, Period, cut_at_hours, hours_within, passages_within
from helmetbelt.records.schema import observation, passage, rollup_hour, session
from helmetbelt.records.sql import AnyRow, AnySelect

UNTRUSTED_CLOCKS = frozenset({ClockProvenance.FILE_TIME})
"""Nobody said when it was recorded: a copied file has the time of the copy."""


class GroupBy(StrEnum):
    """What counts can be split by; hours and days are stretches of time, not times of day."""

    CAMERA = "camera"
    VEHICLE = "vehicle"
    ROLE = "role"
    HOUR = "hour"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class CountsQuestion:
    """Which observations to count, and how to split them.

    Attributes:
        period: of the passing of the gate.
        items: empty for all.
        cameras: empty for all.
        roles: empty for all.
        vehicles: empty for all.
        by: what to split by, beside the item.
        zone: of the days.
    """

    period: Period = ALWAYS
    items: tuple[Item, ...] = ()
    cameras: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    vehicles: tuple[Vehicle, ...] = ()
    by: frozenset[GroupBy] = frozenset()
    zone: tzinfo = UTC


@dataclass(frozen=True, slots=True)
class Group:
    """What a row of counts is about; None where it was not split.

    `hour` is the instant at which it begins, UTC: a zone's clock shows some hours twice. `day` is the zone's.
    """

    item: Item
    camera: str | None
    vehicle: Vehicle | None
    role: Role | None
    hour: datetime | None
    day: date | None


@dataclass(frozen=True, slots=True)
class StatusCounts:
    """Persons of one group by status, and what the numbers rest on.

    Attributes:
        group: what they are about.
        worn: persons.
        not_worn: persons.
        unknown: persons.
        sessions: how many contributed.
        simulated: drawn pictures among them.
        clock_trusted: the time of all of them is known from something better than a file's time stamp.
    """

    group: Group
    worn: int
    not_worn: int
    unknown: int
    sessions: int
    simulated: bool
    clock_trusted: bool


def status_counts(connection: sa.Connection, question: CountsQuestion) -> tuple[StatusCounts, ...]:
    """Counts of the sessions that count, sorted by group; a group without any has no row.

    Raises:
        ZoneError: days in a time zone that is not a whole number of hours from UTC.
    """
    rows = connection.execute(_counts_query(question))
    tallies: dict[Group, _Tally] = {}
    for row in rows:
        tallies.setdefault(_group(row, question), _Tally()).add(row)
    return tuple(tallies[group].sum_up(group) for group in sorted(tallies, key=_order))


@dataclass(slots=True)
class _Tally:
    by_status: dict[str, int] = field(default_factory=dict)
    sessions: set[bytes] = field(default_factory=set)
    simulated: bool = False
    clock_trusted: bool = True

    def add(self, row: AnyRow) -> None:
        self.by_status[row.status] = self.by_status.get(row.status, 0) + int(row.persons)
        self.sessions.add(row.session_id)
        self.simulated = self.simulated or bool(row.simulated)
        self.clock_trusted = self.clock_trusted and row.clock not in UNTRUSTED_CLOCKS

    def sum_up(self, group: Group) -> StatusCounts:
        worn, not_worn, unknown = (self.by_status.get(status, 0) for status in Status)
        return StatusCounts(group, worn, not_worn, unknown, len(self.sessions), self.simulated, self.clock_trusted)


def _counts_query(question: CountsQuestion) -> AnySelect:
    counts = _counted(cut_at_hours(question.period)).subquery()
    keys: list[sa.ColumnElement[object]] = [counts.c.item, counts.c.status, counts.c.session_id]
    keys += [session.c.camera_id, session.c.simulated, session.c.clock]
    if GroupBy.VEHICLE in question.by:
        keys.append(counts.c.vehicle)
    if GroupBy.ROLE in question.by:
        keys.append(counts.c.role)
    if question.by & {GroupBy.HOUR, GroupBy.DAY}:
        keys.append(counts.c.hour_ms)
    query = (
        sa.select(*keys, sa.func.sum(counts.c.persons).label("persons"))
        .join_from(counts, session, session.c.id == counts.c.session_id)
        .where(session.c.counts, *of_cameras(question.cameras))
        .group_by(*keys)
    )
    chosen = (
        (counts.c.item, question.items),
        (counts.c.role, question.roles),
        (counts.c.vehicle, question.vehicles),
    )
    return query.where(*(column.in_(values) for column, values in chosen if values))


def _counted(cut: Cut) -> "AnySelect | sa.CompoundSelect[tuple[object, ...]]":
    """Full hours from the hourly counts, broken ones from the observations themselves."""
    parts: list[AnySelect] = [_edge(*edge) for edge in cut.edges]
    if cut.hours is not None:
        parts.append(sa.select(*rollup_hour.columns).where(*hours_within(*cut.hours)))
    return sa.union_all(*parts) if len(parts) > 1 else parts[0]


def _edge(start_ms: int, end_ms: int) -> AnySelect:
    return (
        sa.select(
            (passage.c.gate_ms - passage.c.gate_ms % HOUR_MS).label("hour_ms"),
            passage.c.session_id,
            passage.c.vehicle,
            observation.c.role,
            observation.c.item,
            observation.c.status,
            sa.literal(1).label("persons"),
        )
        .join(observation, observation.c.passage_id == passage.c.id)
        .where(*passages_within(start_ms, end_ms))
    )


def of_cameras(cameras: Sequence[str]) -> list[sa.ColumnElement[bool]]:
    """Conditions on `session`: one of these cameras; none for all."""
    return [session.c.camera_id.in_(cameras)] if cameras else []


def _group(row: AnyRow, question: CountsQuestion) -> Group:
    by = question.by
    return Group(
        item=Item(row.item),
        camera=row.camera_id if GroupBy.CAMERA in by else None,
        vehicle=Vehicle(row.vehicle) if GroupBy.VEHICLE in by else None,
        role=Role(row.role) if GroupBy.ROLE in by else None,
        hour=instant_of(row.hour_ms) if GroupBy.HOUR in by else None,
        day=_day(row.hour_ms, question.zone) if GroupBy.DAY in by else None,
    )


def _day(ms: int, zone: tzinfo) -> date:
    hour = instant_of(ms).astimezone(zone)
    if hour.minute:
        raise ZoneError(f"days in {zone} cannot be counted: it is not a whole number of hours from UTC")
    return hour.date()


def _order(group: Group) -> tuple[str, str, str, str, str, float]:
    hour = group.hour.timestamp() if group.hour else 0.0
    return (
        str(group.item),
        group.camera or "",
        group.vehicle or "",
        group.role or "",
        str(group.day or ""),
        hour,
    )
