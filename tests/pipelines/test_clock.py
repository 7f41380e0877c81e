"""When a video began, and who says so."""

import os
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

import pytest
from builders_video import even_seconds, write_video

from helmetbelt.pipelines import clock
from helmetbelt.pipelines.clock import StartTimeError, parse_start, start_of, time_in_name, zone_named
from helmetbelt.pipelines.frames import ClockProvenance

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
CHINA = timezone(timedelta(hours=8))
MORNING = datetime(2026, 3, 2, 0, 15, 0, tzinfo=UTC)
"""08:15:00 in China."""


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-03-02T08:15:00", MORNING),
        ("2026-03-02 08:15", MORNING),
        (" 20260302T081500 ", MORNING),
        ("2026-03-02T00:15:00Z", MORNING),
        ("2026-03-02T01:15:00+01:00", MORNING),
        ("2026-03-02T08:15:00.250", MORNING + timedelta(milliseconds=250)),
    ],
)
def test_operator_writes_iso_8601_with_or_without_a_zone(text: str, at: datetime) -> None:
    """Without one the site's zone applies."""
    assert parse_start(text, CHINA, NOW) == at


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("yesterday", "cannot be understood"),
        ("", "cannot be understood"),
        ("2026-13-02T08:15:00", "cannot be understood"),
        ("08:15", "cannot be understood"),
        ("2026-03-02", "no time of day"),
        ("1999-12-31T23:59:59Z", "before the year 2000"),
        ("0001-01-01T00:00:00", "before the year 2000"),
        ("2026-03-07T08:15:00", "in the future"),
        ("9999-12-31T23:59:59-12:00", "before the year 2000"),
    ],
)
def test_nonsense_is_refused_with_the_text_in_the_message(text: str, reason: str) -> None:
    """A wrong start time would put every passage into the wrong hour."""
    with pytest.raises(StartTimeError, match=reason) as caught:
        parse_start(text, CHINA, NOW)
    assert f"'{text}'" in str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "20260302_081500.mp4",
        "20260302081500.mp4",
        "VID_20260302_081500.mp4",
        "VID_20260302_081500123.mp4",
        "2026-03-02 08-15-00.mkv",
        "2026-03-02T08:15:00.mp4",
        "2026_0302_081500_001.MP4",
        "DJI_20260302081500_0001_D.MP4",
        "执法记录仪_20260302081500_0001.mp4",
        "路口1_2026年03月02日08时15分00秒.avi",
        "FILE260302-081500F.MP4",
        "ch01_20260302081500_20260302083000.mp4",
        "PXL_20260302_001500123.mp4",
        "20260302T001500Z.mp4",
        "cam_20260302_001500+0000.mp4",
        "mmexport1772410500000.mp4",
    ],
)
def test_names_of_many_devices_are_understood(name: str) -> None:
    """All of these say 08:15:00 in China."""
    assert time_in_name(name, CHINA, NOW) == MORNING


@pytest.mark.parametrize(
    "name",
    [
        "street.mp4",
        "20260302.mp4",
        "20260302_0001.mp4",
        "20261302_081500.mp4",
        "20260302_081561.mp4",
        "20270302_081500.mp4",
        "19990302_081500.mp4",
        "120260302081500999.mp4",
        "cam_20260302_001500+9999.mp4",
        "hyderabad_21934_22255.mp4",
    ],
)
def test_names_without_a_believable_time_give_none(name: str) -> None:
    """A counter, an impossible date or a time to come is not a clock."""
    assert time_in_name(name, CHINA, NOW) is None


def test_impossible_time_does_not_hide_a_possible_one() -> None:
    """The first that can be true counts."""
    assert time_in_name("20269902_081500_20260302_081500.mp4", CHINA, NOW) == MORNING


def test_best_clock_wins(tmp_path: Path) -> None:
    """Operator, then file name, then container, then the file's own time."""
    made_at = datetime(2026, 2, 1, 4, 5, 6, tzinfo=UTC)
    named = write_video(tmp_path / "20260302_081500.mp4", even_seconds(2, 25), rate=25, made_at=made_at)
    assert start_of(named, CHINA, NOW, "2026-03-01T00:00:00Z").clock is ClockProvenance.OPERATOR
    assert start_of(named, CHINA, NOW) == clock.Start(MORNING, ClockProvenance.FILE_NAME)
    unnamed = named.rename(tmp_path / "street.mp4")
    assert start_of(unnamed, CHINA, NOW) == clock.Start(made_at, ClockProvenance.CONTAINER)


@pytest.mark.parametrize("made_at", [None, datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)], ids=["none", "1970"])
def test_file_time_is_the_last_resort(tmp_path: Path, made_at: datetime | None) -> None:
    """An empty or reset camera clock in the container does not count."""
    path = write_video(tmp_path / "street.mp4", even_seconds(2, 25), rate=25, made_at=made_at)
    os.utime(path, (MORNING.timestamp(), MORNING.timestamp()))
    assert start_of(path, CHINA, NOW) == clock.Start(MORNING, ClockProvenance.FILE_TIME)


def test_file_from_1970_needs_the_operator(tmp_path: Path) -> None:
    """No clock at all is said, not guessed around."""
    path = tmp_path / "street.mp4"
    path.write_bytes(b"x")
    os.utime(path, (0, 0))
    with pytest.raises(StartTimeError, match="give the start time"):
        start_of(path, CHINA, NOW)


@pytest.mark.parametrize(
    ("name", "text", "at"),
    [
        ("Asia/Shanghai", "2026-07-01T12:00:00", datetime(2026, 7, 1, 4, 0, tzinfo=UTC)),
        ("Europe/Berlin", "2025-07-01T12:00:00", datetime(2025, 7, 1, 10, 0, tzinfo=UTC)),
        ("Europe/Berlin", "2025-12-01T12:00:00", datetime(2025, 12, 1, 11, 0, tzinfo=UTC)),
    ],
)
def test_zones_follow_daylight_saving(name: str, text: str, at: datetime) -> None:
    """The same hour on the wall is another hour of the world in summer."""
    assert parse_start(text, zone_named(name), at) == at


@pytest.mark.parametrize("name", ["Asia/Atlantis", "", "../../etc/passwd", "/etc/passwd"])
def test_unknown_zone_is_refused(name: str) -> None:
    """A path is no zone either."""
    with pytest.raises(StartTimeError, match="is not known here"):
        zone_named(name)


def test_china_needs_no_time_zone_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bare server without tzdata still knows its own zone."""

    def no_database(_: str) -> tzinfo:
        raise ZoneInfoNotFoundError

    monkeypatch.setattr(clock, "ZoneInfo", no_database)
    assert zone_named("Asia/Shanghai").utcoffset(MORNING) == timedelta(hours=8)
