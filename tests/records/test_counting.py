"""Counts by status: from the hourly roll-up, exact at broken hours, balanced."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders_records import DRIVER, PILLION, RIDER, START, passage, person, riders, session, source

from helmetbelt.pipelines.frames import ClockProvenance
from helmetbelt.pipelines.passages import Item, Role, Status, Vehicle
from helmetbelt.records.balance import Balance
from helmetbelt.records.counting import CountsQuestion, GroupBy, StatusCounts
from helmetbelt.records.errors import ZoneError
from helmetbelt.records.period import ALWAYS, Period
from helmetbelt.records.store import Store

W, N, U = Status.WORN, Status.NOT_WORN, Status.UNKNOWN


def numbers(row: StatusCounts) -> tuple[int, int, int]:
    """Worn, not worn, unknown."""
    return row.worn, row.not_worn, row.unknown


@pytest.fixture
def busy(store: Store) -> Store:
    """Two cameras; the first sees riders with a pillion each 20 minutes, the second cars."""
    first = store.begin_session(session())
    for track, (rider, pillion) in enumerate([(W, W), (W, N), (N, N), (U, W), (W, U)], start=1):
        people = (person(rider, RIDER), person(pillion, PILLION))
        store.save(first, [passage(track, *people, gate_s=(track - 1) * 1200.0)])
    second = store.begin_session(session("cam-2", source("cars.mp4", simulated=True)))
    cars = [passage(n, person(U, DRIVER), camera="cam-2", vehicle=Vehicle.CAR) for n in (1, 2)]
    store.save(second, cars)
    return store


def test_without_grouping_there_is_one_row_per_item(busy: Store) -> None:
    """Helmets and belts are never added up."""
    rows = busy.counts(CountsQuestion())
    assert [(row.group.item, numbers(row)) for row in rows] == [
        (Item.HELMET, (5, 3, 2)), (Item.SEATBELT, (0, 0, 2)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        pytest.param(GroupBy.ROLE, {Role.RIDER: (3, 1, 1), Role.PILLION: (2, 2, 1)}, id="role"),
        pytest.param(GroupBy.CAMERA, {"cam-1": (5, 3, 2)}, id="camera"),
        pytest.param(GroupBy.VEHICLE, {Vehicle.TWO_WHEELER: (5, 3, 2)}, id="vehicle"),
        pytest.param(GroupBy.DAY, {date(2026, 10, 12): (5, 3, 2)}, id="day"),
        pytest.param(GroupBy.HOUR, {START: (3, 3, 0), START + timedelta(hours=1): (2, 0, 2)}, id="hour"),
    ],
)
def test_grouping(busy: Store, by: GroupBy, expected: dict[object, tuple[int, int, int]]) -> None:
    """Each way of splitting gives the parts of the whole."""
    rows = busy.counts(CountsQuestion(items=(Item.HELMET,), by=frozenset({by})))
    assert {getattr(row.group, by): numbers(row) for row in rows} == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        pytest.param(CountsQuestion(roles=(Role.RIDER,)), [(3, 1, 1)], id="role"),
        pytest.param(CountsQuestion(cameras=("cam-2",)), [(0, 0, 2)], id="camera"),
        pytest.param(CountsQuestion(vehicles=(Vehicle.CAR,)), [(0, 0, 2)], id="vehicle"),
        pytest.param(CountsQuestion(cameras=("cam-1",), items=(Item.SEATBELT,)), [], id="nothing"),
    ],
)
def test_filters(busy: Store, question: CountsQuestion, expected: list[tuple[int, int, int]]) -> None:
    """Only what was asked for is counted; what isn't there has no row."""
    assert [numbers(row) for row in busy.counts(question)] == expected


def at(minutes: float) -> datetime:
    """So many minutes after START, which is a full hour."""
    return START + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("period", "passages"),
    [
        pytest.param(Period(at(0), at(60)), 3, id="a-full-hour"),
        pytest.param(Period(at(60), None), 2, id="open-end"),
        pytest.param(Period(None, at(60)), 3, id="open-start"),
        pytest.param(Period(at(10), at(70)), 3, id="broken-at-both-ends"),
        pytest.param(Period(at(20), at(40)), 1, id="within-an-hour-start-in-end-out"),
        pytest.param(Period(at(20), at(40) + timedelta(milliseconds=1)), 2, id="a-millisecond-later"),
        pytest.param(Period(at(-120), at(-60)), 0, id="before-everything"),
        pytest.param(Period(at(5), at(5)), 0, id="empty"),
        pytest.param(Period(at(10), None), 4, id="broken-start-open-end"),
        pytest.param(Period(None, at(70)), 4, id="open-start-broken-end"),
    ],
)
def test_a_period_may_break_an_hour(busy: Store, period: Period, passages: int) -> None:
    """From the start on and before the end, to the millisecond."""
    rows = busy.counts(CountsQuestion(period, roles=(Role.RIDER,)))
    assert sum(sum(numbers(row)) for row in rows) == passages


@pytest.mark.parametrize(
    ("zone", "days"),
    [
        pytest.param("Asia/Shanghai", [date(2026, 10, 25), date(2026, 10, 26)], id="shanghai"),
        pytest.param("UTC", [date(2026, 10, 25)], id="utc"),
        pytest.param("America/New_York", [date(2026, 10, 24), date(2026, 10, 25)], id="new-york"),
    ],
)
def test_days_are_those_of_the_zone(store: Store, zone: str, days: list[date]) -> None:
    """A day runs from midnight to midnight where the camera stands."""
    midnight = datetime(2026, 10, 25, tzinfo=UTC)
    offset = (midnight - START).total_seconds()
    handle = store.begin_session(session())
    store.save(handle, [passage(n, person(W), gate_s=offset + n * 3600.0) for n in range(1, 24)])
    rows = store.counts(CountsQuestion(by=frozenset({GroupBy.DAY}), zone=ZoneInfo(zone)))
    assert [row.group.day for row in rows] == days
    assert sum(row.worn for row in rows) == 23


def test_the_hour_that_comes_twice_is_two_hours(store: Store) -> None:
    """When summer time ends, 01:00 comes twice in New York and each keeps its own count."""
    twice = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    offset = (twice - START).total_seconds()
    handle = store.begin_session(session())
    store.save(handle, [passage(n, person(W), gate_s=offset + n * 3600.0) for n in (0, 1)])
    question = CountsQuestion(by=frozenset({GroupBy.HOUR, GroupBy.DAY}), zone=ZoneInfo("America/New_York"))
    rows = store.counts(question)
    assert [(row.group.hour, row.worn) for row in rows] == [
        (datetime(2026, 11, 1, 5, tzinfo=UTC), 1), (datetime(2026, 11, 1, 6, tzinfo=UTC), 1),
    ]  # fmt: skip
    assert {row.group.day for row in rows} == {date(2026, 11, 1)}


def test_days_of_a_zone_with_half_hours_are_refused(busy: Store) -> None:
    """Hourly counts cannot be cut at half past."""
    question = CountsQuestion(by=frozenset({GroupBy.DAY}), zone=ZoneInfo("Asia/Kolkata"))
    with pytest.raises(ZoneError, match="not a whole number of hours"):
        busy.counts(question)


def test_counts_say_what_they_rest_on(store: Store) -> None:
    """Sessions, drawn pictures, and clocks that nobody vouches for."""
    doubtful = source("b.mp4", clock=ClockProvenance.FILE_TIME)
    for of in (source("a.mp4"), doubtful, source("c.mp4", simulated=True)):
        store.save(store.begin_session(session(of=of)), riders([W]))
    (row,) = store.counts(CountsQuestion())
    assert (row.sessions, row.simulated, row.clock_trusted) == (3, True, False)


def test_the_books_balance(busy: Store) -> None:
    """Every passage has one answer for its rider or driver, per camera and hour."""
    rows = busy.balances(ALWAYS)
    assert rows == (
        Balance("cam-1", at(0), Vehicle.TWO_WHEELER, 3, 2, 1, 0),
        Balance("cam-1", at(60), Vehicle.TWO_WHEELER, 2, 1, 0, 1),
        Balance("cam-2", at(0), Vehicle.CAR, 2, 0, 0, 2),
    )
    assert [row.difference for row in rows] == [0, 0, 0]


def test_a_passage_without_an_answer_shows_in_the_books(store: Store) -> None:
    """A vehicle whose rider nobody judged is a difference, not a silent gap."""
    handle = store.begin_session(session())
    store.save(handle, [passage(1, person(W)), passage(2), passage(3, person(N, PILLION))])
    (row,) = store.balances(ALWAYS)
    assert (row.passages, row.worn, row.difference) == (3, 1, 2)


def test_the_books_cover_whole_hours_and_chosen_cameras(busy: Store) -> None:
    """A period within an hour is balanced over that hour."""
    rows = busy.balances(Period(at(61), at(62)), ("cam-1",))
    assert [(row.hour, row.passages) for row in rows] == [(at(60), 2)]


def test_the_extent_is_from_first_to_last(store: Store) -> None:
    """It is what a question without dates is about."""
    assert store.extent() is None
    store.save(store.begin_session(session()), riders([W, W, W]))
    extent = Period(START + timedelta(seconds=1), START + timedelta(seconds=3, milliseconds=1))
    assert store.extent() == extent


def test_a_period_runs_forward() -> None:
    """And has a time zone, and lies after 1970."""
    with pytest.raises(ValueError, match="is after"):
        Period(at(1), at(0))
    with pytest.raises(ValueError, match="no time zone"):
        Period(datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="before 1970"):
        Period(datetime(1969, 12, 31, tzinfo=UTC))
