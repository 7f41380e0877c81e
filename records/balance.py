"""Whether the books balance: every passage has exactly one answer for its rider or driver."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from helmetbelt.pipelines.passages import Role, Status, Vehicle
from helmetbelt.records.counting import of_cameras
from helmetbelt.records.instants import HOUR_MS, instant_of
from helmetbelt.records.period import Period, hours_within, passages_within
from helmetbelt.records.schema import passage, rollup_hour, session


@dataclass(frozen=True, slots=True)
class Balance:
    """The books of one camera, UTC hour and kind of vehicle."""

    camera: str
    hour: datetime
    vehicle: Vehicle
    passages: int
    worn: int
    not_worn: int
    unknown: int

    @property
    def difference(self) -> int:
        """Passages without an answer; 0 when the books balance."""
        return self.passages - self.worn - self.not_worn - self.unknown


def balances(connection: sa.Connection, period: Period, cameras: tuple[str, ...]) -> tuple[Balance, ...]:
    """Passages counted one by one against the hourly counts, for every hour that the period touches."""
    start, end = period.start_ms, period.end_ms
    first = None if start is None else start // HOUR_MS * HOUR_MS
    last = None if end is None else -(-end // HOUR_MS) * HOUR_MS
    hour = (passage.c.gate_ms - passage.c.gate_ms % HOUR_MS).label("hour_ms")
    keys = (session.c.camera_id, hour, passage.c.vehicle)
    passages = (
        sa.select(*keys, sa.literal("passages").label("what"), sa.func.count().label("n"))
        .join(session)
        .where(session.c.counts, *of_cameras(cameras), *passages_within(first, last))
        .group_by(*keys)
    )
    keys_of_counts = (session.c.camera_id, rollup_hour.c.hour_ms, rollup_hour.c.vehicle, rollup_hour.c.status)
    answers = (
        sa.select(*keys_of_counts, sa.func.sum(rollup_hour.c.persons))
        .join(session)
        .where(session.c.counts, *of_cameras(cameras), *hours_within(first, last))
        .where(rollup_hour.c.role.in_((Role.RIDER, Role.DRIVER)))
        .group_by(*keys_of_counts)
    )
    numbers: dict[tuple[str, int, str], dict[str, int]] = {}
    for camera_id, hour_ms, vehicle, what, n in connection.execute(passages.union_all(answers)):
        numbers.setdefault((camera_id, hour_ms, vehicle), {})[what] = int(n)
    return tuple(
        Balance(key[0], instant_of(key[1]), Vehicle(key[2]), *(n.get(w, 0) for w in ("passages", *Status)))
        for key, n in sorted(numbers.items())
    )
