"""When a recorded video began: from the operator, the file's name, its container, or the file's own time.

A rate by the hour is worth what its clock is worth, so the answer always says where it comes from.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from helmetbelt.detector.errors import HelmetbeltError
from helmetbelt.pipelines.frames import ClockProvenance
from helmetbelt.pipelines.mp4header import read_mp4_header

DEFAULT_ZONE = "Asia/Shanghai"
CHINA = timezone(timedelta(hours=8), DEFAULT_ZONE)
"""Stands in where the system has no time zone database: China has had this one offset since 1992."""

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""Cameras whose battery ran out say 1904, 1970 or 1980."""

LATEST_AHEAD = timedelta(days=1)

IN_NAME = re.compile(
    r"""(?<!\d)(?P<year>20\d\d)[-_.年]?(?P<month>\d\d)[-_.月]?(?P<day>\d\d)日?
        [\ T_@-]{0,3}
        (?P<hour>\d\d)[-_.:：时]?(?P<minute>\d\d)[-_.:：分]?(?P<second>\d\d)(?:秒|[._]?\d{3}(?!\d))?
        (?P<zone>Z|\+\d{4})?(?!\d)""",
    re.VERBOSE,
)
SHORT_YEAR_IN_NAME = re.compile(
    r"(?<!\d)(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d)[-_](?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)(?!\d)"
)
MILLISECONDS_IN_NAME = re.compile(r"(?<!\d)(1\d{12})(?!\d)")
"""Unix time in milliseconds, as in files saved from chat programs (`mmexport1772410500000.mp4`)."""

NAMED_IN_UTC = "PXL_"
"""Pixel phones write UTC into the name, all other known devices local time."""


class StartTimeError(HelmetbeltError, ValueError):
    """A start time or a time zone that cannot be understood or cannot be true."""


@dataclass(frozen=True, slots=True)
class Start:
    """When a source began, in aware UTC, and who says so."""

    at: datetime
    clock: ClockProvenance


def zone_named(name: str) -> tzinfo:
    """The time zone with an IANA name.

    Raises:
        StartTimeError: this machine knows no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        if name == DEFAULT_ZONE:
            return CHINA
        raise StartTimeError(f"time zone '{name}' is not known here (names are like Asia/Shanghai)") from error


def parse_start(text: str, zone: tzinfo, now: datetime) -> datetime:
    """The operator's start time in UTC; `zone` applies where the text names none.

    Raises:
        StartTimeError: not ISO 8601, without a time of day, before 2000, or more than a day after `now`.
    """
    example = "write it like 2026-03-02T08:15:00 or 2026-03-02T08:15:00+08:00"
    if _is_date_alone(text):
        raise StartTimeError(f"start time '{text}' has no time of day: {example}")
    try:
        local = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise StartTimeError(f"start time '{text}' cannot be understood: {example}") from error
    at = _in_utc(local, zone)
    if at is None or at < EARLIEST:
        raise StartTimeError(f"start time '{text}' is before the year 2000")
    if at > now + LATEST_AHEAD:
        raise StartTimeError(f"start time '{text}' is in the future")
    return at


def start_of(path: Path, zone: tzinfo, now: datetime, operator: str | None = None) -> Start:
    """When a video file began, from the best clock that it has.

    Args:
        path: the video file.
        zone: of the clock that named the file, and of an operator's time without a zone.
        now: aware; nothing begins more than a day later.
        operator: ISO 8601, as given on the command line.

    Raises:
        StartTimeError: the operator's time is refused (a guess never replaces it), or no clock can be true.
        OSError: no such file.
    """
    if operator is not None:
        return Start(parse_start(operator, zone, now), ClockProvenance.OPERATOR)
    if named := time_in_name(path.name, zone, now):
        return Start(named, ClockProvenance.FILE_NAME)
    header = read_mp4_header(path)
    if header and header.created_at and _is_plausible(header.created_at, now):
        return Start(header.created_at, ClockProvenance.CONTAINER)
    changed_at = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
    if not _is_plausible(changed_at, now):
        raise StartTimeError(f"{path}: nothing says when it was recorded: give the start time")
    return Start(changed_at, ClockProvenance.FILE_TIME)


def time_in_name(name: str, zone: tzinfo, now: datetime) -> datetime | None:
    """The start time in a file's name, in UTC; None where there is none that can be true.

    Knows date and time to the second in the ways of phones, drones, dash and body-worn cameras and recorders:
    `VID_20260302_081500`, `2026-03-02 08-15-00`, `2026_0302_081500_001`, `DJI_20260302081500_0001_D`,
    `执法记录仪_2026年03月02日08时15分00秒`, `FILE260302-081500`, `mmexport1772410500000`.
    """
    zone = UTC if name.startswith(NAMED_IN_UTC) else zone
    readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], datetime | None]], ...] = (
        (IN_NAME, lambda m: _civil(m, zone)),
        (SHORT_YEAR_IN_NAME, lambda m: _civil(m, zone)),
        (MILLISECONDS_IN_NAME, lambda m: datetime.fromtimestamp(int(m[1]) / 1000, UTC)),
    )
    found = (read(m) for pattern, read in readers for m in pattern.finditer(name))
    return next((at for at in found if at is not None and _is_plausible(at, now)), None)


def _civil(match: re.Match[str], zone: tzinfo) -> datetime | None:
    parts = match.groupdict()
    year, month, day, hour, minute, second = (
        int(parts[k]) for k in ("year", "month", "day", "hour", "minute", "second")
    )
    named = parts.get("zone")
    try:
        if named:
            zone = UTC if named == "Z" else timezone(timedelta(hours=int(named[1:3]), minutes=int(named[3:])))
        year += 2000 * (year < 100)
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except ValueError:
        return None


def _in_utc(local: datetime, zone: tzinfo) -> datetime | None:
    """None for the first and last days of the calendar, which have no UTC."""
    try:
        return (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        return None


def _is_plausible(at: datetime, now: datetime) -> bool:
    return EARLIEST <= at <= now + LATEST_AHEAD


def _is_date_alone(text: str) -> bool:
    try:
        date.fromisoformat(text.strip())
    except ValueError:
        return False
    return True
