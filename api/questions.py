"""What may be asked in a query string. Unknown parameters are errors: a misspelt filter filters nothing."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from http import HTTPStatus
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from helmetbelt.api.problems import refuse
from helmetbelt.pipelines.clock import DEFAULT_ZONE, StartTimeError, zone_named
from helmetbelt.pipelines.passages import Item, Role, Status, Vehicle
from helmetbelt.records.counting import GroupBy
from helmetbelt.records.period import Period
from helmetbelt.records.store import Store

MOST_ROWS: Final = 500
CAMERA_LIMIT: Final = 200

PASSAGE_CURSOR: Final = "^[0-9a-f]{32}$"
VIOLATION_CURSOR: Final = f"^[0-9a-f]{{32}}-[0-9]{{1,4}}-({'|'.join(Item)})$"
_CURSOR: Final = "next_cursor of the page before"

_FORMATS = [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}, {"type": "null"}]
_Instant = Annotated[str | None, Field(max_length=40, json_schema_extra={"anyOf": _FORMATS})]
_Cameras = Annotated[
    list[Annotated[str, Field(min_length=1)]],
    Field(max_length=CAMERA_LIMIT, description="repeat for several; none for all"),
]


def _split(values: Any) -> Any:
    return [part for value in values for part in value.split(",")] if isinstance(values, list) else values


class Question(BaseModel):
    """A period and cameras."""

    model_config = ConfigDict(extra="forbid")

    start: _Instant = Field(
        None,
        alias="from",
        description="a date, or a time; without an offset it is the clock of time_zone; open if not given",
        examples=["2026-10-01", "2026-10-01T07:00:00+08:00"],
    )
    end: _Instant = Field(
        None,
        alias="to",
        description="a date, which is included, or a time, which is not; open if not given",
        examples=["2026-10-31", "2026-10-31T19:00:00+08:00"],
    )
    time_zone: str = Field(DEFAULT_ZONE, max_length=64, description="IANA name, of the dates, days and hours")
    camera: _Cameras = []

    @property
    def zone(self) -> tzinfo:
        """The time zone asked for.

        Raises:
            ProblemError: 404, there is none of this name.
        """
        try:
            return zone_named(self.time_zone)
        except StartTimeError as error:
            raise refuse(str(error), "time_zone", status=HTTPStatus.NOT_FOUND) from None

    def period(self) -> Period:
        """The period asked for.

        Raises:
            ProblemError: 422, a time that cannot be read, or from at or after to.
        """
        start = None if self.start is None else _instant("from", self.start, self.zone, next_day=False)
        end = None if self.end is None else _instant("to", self.end, self.zone, next_day=True)
        if start is not None and end is not None and start >= end:
            raise refuse(f"from ({self.start}) must be before to ({self.end})", "from", "to")
        return Period(start, end)

    def cameras(self, store: Store) -> tuple[str, ...]:
        """The cameras asked for; none for all.

        Raises:
            ProblemError: 404, one that the store doesn't know: no data of it would look like no traffic.
        """
        known = {one.id for one in store.cameras()} if self.camera else set()
        unknown = [name for name in self.camera if name not in known]
        if unknown:
            raise refuse(f"no camera {', '.join(map(repr, unknown))}", "camera", status=HTTPStatus.NOT_FOUND)
        return tuple(self.camera)


class ComplianceQuestion(Question):
    """Which persons to count, and how to split them."""

    item: list[Item] = Field([], description="none for all; items are never added up")
    role: list[Role] = Field([], description="none for all")
    vehicle: list[Vehicle] = Field([], description="none for all")
    group_by: Annotated[list[GroupBy], BeforeValidator(_split)] = Field(
        [], description="repeat, or separate by commas; hour and day are stretches of the calendar"
    )


class ReconciliationQuestion(Question):
    """Which books to balance."""


class PageQuestion(Question):
    """Which rows, and how many of them."""

    vehicle: list[Vehicle] = Field([], description="none for all")
    role: list[Role] = Field([], description="with a person in one of these; none for all")
    item: list[Item] = Field([], description="with an answer about one of these; none for all")
    limit: int = Field(100, ge=1, le=MOST_ROWS)


class PassagesPageQuestion(PageQuestion):
    """Which passages."""

    cursor: str | None = Field(None, pattern=PASSAGE_CURSOR, description=_CURSOR)
    status: list[Status] = Field([], description="with a person so judged; none for all")


class ViolationsPageQuestion(PageQuestion):
    """Which violations."""

    cursor: str | None = Field(None, pattern=VIOLATION_CURSOR, description=_CURSOR)


def _instant(name: str, text: str, zone: tzinfo, next_day: bool) -> datetime:
    """An instant from a date or a time; a plus sign that a URL turned into a space is read as one."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            day = date.fromisoformat(text) + timedelta(days=next_day)
            read = datetime(day.year, day.month, day.day)
        else:
            read = datetime.fromisoformat(re.sub(r"(:\d\d(?:\.\d+)?) (\d\d:?\d\d)$", r"\1+\2", text))
        instant = (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise refuse(
            f"{name} ({text}): expected a date like 2026-10-01 or a time like 2026-10-01T07:00:00+08:00", name
        ) from None
    if instant.year < 1970:
        raise refuse(f"{name} ({text}): before 1970", name)
    return instant
