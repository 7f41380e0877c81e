"""Rates over HTTP."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

ROW = {"camera": None, "vehicle": None, "role": None, "hour": None, "day": None}


def rows(api: TestClient, query: str) -> list[dict[str, Any]]:
    """Of a compliance answer."""
    answer = api.get(f"/api/v1/stats/compliance?{query}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["rows"]
    return found


def counts(row: dict[str, Any]) -> tuple[int, int, int]:
    """Worn, not worn, unknown."""
    return row["counts"]["worn"], row["counts"]["not_worn"], row["counts"]["unknown"]


def test_a_rate_comes_with_everything(api: TestClient) -> None:
    """Counts, unit, interval, unknown share, bounds and flags."""
    (row,) = rows(api, "item=helmet")
    assert (row["item"], row["unit"], row["group"], counts(row)) == ("helmet", "person", ROW, (5, 3, 2))
    rate = row["rate"]
    assert rate["value"] == 0.625
    assert rate["interval"]["low"] == pytest.approx(0.3057, abs=1e-4)
    assert rate["interval"]["high"] == pytest.approx(0.8632, abs=1e-4)
    assert (rate["interval"]["method"], rate["interval"]["confidence"]) == ("wilson", 0.95)
    assert (row["unknown_share"], row["bounds"]) == (0.2, {"low": 0.5, "high": 0.7})
    assert row["flags"] == ["LOW_N", "HIGH_UNKNOWN", "HIGH_SE", "UNCALIBRATED", "SINGLE_CLUSTER"]


def test_nobody_decided_is_null_and_flagged(api: TestClient) -> None:
    """Never zero percent; and drawn pictures and doubtful clocks are said."""
    (row,) = rows(api, "item=seatbelt")
    assert (row["rate"], row["unknown_share"], row["bounds"]) == (None, 1.0, {"low": 0.0, "high": 1.0})
    assert row["flags"] == [
        "LOW_N", "HIGH_UNKNOWN", "UNCALIBRATED", "SINGLE_CLUSTER", "SIMULATED", "CLOCK_UNTRUSTED",
    ]  # fmt: skip


def test_an_empty_store_answers_with_nobody(empty: TestClient) -> None:
    """One row per item, all zero, no rate."""
    found = rows(empty, "")
    assert [(row["item"], counts(row), row["rate"]) for row in found] == [
        ("helmet", (0, 0, 0), None), ("seatbelt", (0, 0, 0), None),
    ]  # fmt: skip
    assert rows(empty, "group_by=camera") == []


@pytest.mark.parametrize(
    ("query", "key", "expected"),
    [
        pytest.param("group_by=role", "role", {"rider": (3, 1, 1), "pillion": (2, 2, 1)}, id="role"),
        pytest.param("group_by=camera", "camera", {"cam-1": (5, 3, 2)}, id="camera"),
        pytest.param("group_by=vehicle", "vehicle", {"two_wheeler": (5, 3, 2)}, id="vehicle"),
        pytest.param("group_by=day", "day", {"2026-10-12": (5, 3, 2)}, id="day"),
        pytest.param(
            "group_by=hour", "hour",
            {"2026-10-12T08:00:00+08:00": (3, 3, 0), "2026-10-12T09:00:00+08:00": (2, 0, 2)}, id="hour",
        ),
        pytest.param(
            "group_by=hour&time_zone=UTC&role=rider", "hour",
            {"2026-10-12T00:00:00Z": (2, 1, 0), "2026-10-12T01:00:00Z": (1, 0, 1)}, id="hour-utc",
        ),
    ],
)  # fmt: skip
def test_grouping(api: TestClient, query: str, key: str, expected: dict[str, tuple[int, int, int]]) -> None:
    """Hours are those of the zone asked for."""
    assert {row["group"][key]: counts(row) for row in rows(api, f"item=helmet&{query}")} == expected


def test_several_groupings_either_way(api: TestClient) -> None:
    """Repeated or with commas it is the same question."""
    repeated = rows(api, "group_by=camera&group_by=role")
    assert repeated == rows(api, "group_by=camera,role")
    assert [(row["group"]["camera"], row["group"]["role"]) for row in repeated] == [
        ("cam-1", "pillion"), ("cam-1", "rider"), ("cam-2", "driver"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "riders"),
    [
        pytest.param("from=2026-10-12&to=2026-10-12", 5, id="a-date-is-the-whole-day"),
        pytest.param("from=2026-10-12T08:00:00&to=2026-10-12T09:00:00", 3, id="local-clock"),
        pytest.param("from=2026-10-12T00:00:00Z&to=2026-10-12T01:00:00Z", 3, id="utc"),
        pytest.param("from=2026-10-12T08:00:00%2B08:00&to=2026-10-12T09:00:00%2B08:00", 3, id="offset"),
        pytest.param("from=2026-10-12T08:00:00+08:00&to=2026-10-12T09:00:00+08:00", 3, id="plus-not-escaped"),
        pytest.param("from=2026-10-12T08:20:00&to=2026-10-12T09:20:00", 3, id="broken-hours"),
        pytest.param("from=2026-10-12T09:00:00", 2, id="open-end"),
        pytest.param("to=2026-10-11", 0, id="open-start"),
        pytest.param("from=2026-10-12&time_zone=America/New_York", 0, id="another-zone"),
    ],
)
def test_periods(api: TestClient, query: str, riders: int) -> None:
    """Times without an offset are the clock of the zone asked for; the end is not included."""
    assert sum(sum(counts(row)) for row in rows(api, f"role=rider&{query}")) == riders


def test_the_period_is_said_in_the_zone(api: TestClient) -> None:
    """What was understood can be checked."""
    answer = api.get("/api/v1/stats/compliance?from=2026-10-12&to=2026-10-12").json()
    assert (answer["from"], answer["to"]) == ("2026-10-12T00:00:00+08:00", "2026-10-13T00:00:00+08:00")
    assert (answer["time_zone"], answer["coverage"]) == ("Asia/Shanghai", {"state": "not_measured"})


def test_the_books_are_open(api: TestClient) -> None:
    """Passages = worn + not worn + unknown, for each camera and hour."""
    answer = api.get("/api/v1/stats/reconciliation").json()
    assert answer["balanced"]
    assert [(row["camera"], row["hour"], row["passages"], row["difference"]) for row in answer["rows"]] == [
        ("cam-1", "2026-10-12T08:00:00+08:00", 3, 0),
        ("cam-1", "2026-10-12T09:00:00+08:00", 2, 0),
        ("cam-2", "2026-10-12T08:00:00+08:00", 2, 0),
    ]


def test_books_of_a_time_without_data_are_empty(api: TestClient) -> None:
    """Also where it lies after everything."""
    assert api.get("/api/v1/stats/reconciliation?from=2030-01-01").json()["rows"] == []


def test_cameras(api: TestClient) -> None:
    """With their place and how much of theirs counts."""
    assert api.get("/api/v1/cameras").json()["cameras"] == [
        {"id": "cam-1", "name": "cam-1", "site": "East Gate", "kind": "fixed", "sessions": 1},
        {"id": "cam-2", "name": "cam-2", "site": None, "kind": "fixed", "sessions": 1},
    ]


def test_version(api: TestClient) -> None:
    """Software, tables and models."""
    answer = api.get("/version").json()
    assert (answer["schema"], answer["models"]) == ("0001", [{"name": "road", "sha256": "a" * 64}])
    assert answer["software"]
