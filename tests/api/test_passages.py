"""Passages, violations and their pictures over HTTP."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from helmetbelt.records.store import Store


def tracks(api: TestClient, query: str) -> list[int]:
    """Of a page of passages."""
    answer = api.get(f"/api/v1/passages?{query}")
    assert answer.status_code == 200, answer.text
    return [row["track"] for row in answer.json()["passages"]]


def violations(api: TestClient, query: str = "") -> list[dict[str, Any]]:
    """Of a page of violations."""
    found: list[dict[str, Any]] = api.get(f"/api/v1/violations?{query}").json()["violations"]
    return found


def test_a_passage_tells_where_and_when_and_who(api: TestClient) -> None:
    """With its persons, and without what was not kept."""
    row = api.get("/api/v1/passages?camera=cam-1&limit=1").json()["passages"][0]
    assert (row["vehicle"], row["direction"], row["simulated"]) == ("two_wheeler", "toward", False)
    assert row["gate"] == {
        "frame": 120000, "seconds": 4800.0, "at": "2026-10-12T01:20:00Z", "xyxy": [400.0, 290.0, 460.0, 420.0],
    }  # fmt: skip
    assert row["first"]["xyxy"] is None
    assert [(one["role"], one["status"], one["reason"]) for one in row["observations"]] == [
        ("rider", "worn", None), ("pillion", "unknown", "too_small"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("camera=cam-1", [5, 4, 3, 2, 1], id="camera"),
        pytest.param("vehicle=car", [2, 1], id="vehicle"),
        pytest.param("status=unknown&vehicle=two_wheeler", [5, 4], id="status"),
        pytest.param("role=pillion&status=worn", [4, 1], id="one-person"),
        pytest.param("item=seatbelt", [2, 1], id="item"),
        pytest.param("camera=cam-1&from=2026-10-12T08:20:00&to=2026-10-12T09:00:00", [3, 2], id="period"),
    ],
)
def test_filters(api: TestClient, query: str, expected: list[int]) -> None:
    """Newest first."""
    assert tracks(api, query) == expected


@pytest.mark.parametrize(("path", "total"), [("passages", 7), ("violations", 3)])
@pytest.mark.parametrize("limit", [1, 2, 3, 500])
def test_pages_end_and_cover_everything(api: TestClient, path: str, total: int, limit: int) -> None:
    """The last page says that it is the last."""
    ids: list[str] = []
    cursor = ""
    while True:
        page = api.get(f"/api/v1/{path}?limit={limit}{cursor}").json()
        assert 0 < len(page[path]) <= limit
        ids += [row["id"] for row in page[path]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert len(ids) == len(set(ids)) == total


def test_violations_come_with_their_pictures(api: TestClient) -> None:
    """One per person, and the link works."""
    found = violations(api)
    assert [(one["passage"]["track"], one["observation"]["role"]) for one in found] == [
        (3, "pillion"), (3, "rider"), (2, "pillion"),
    ]  # fmt: skip
    picture = found[0]["evidence"][0]
    answer = api.get(picture["url"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.headers["etag"] == f'"{picture["sha256"]}"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert api.get(picture["url"], headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_violations_are_filtered(api: TestClient) -> None:
    """By the person, too."""
    assert [one["passage"]["track"] for one in violations(api, "role=rider")] == [3]


def evidence_url(api: TestClient) -> str:
    """Of the picture of track 3."""
    url: str = violations(api)[0]["evidence"][0]["url"]
    return url


def root_of(store: Store) -> Path:
    """The evidence folder."""
    assert store.evidence_root is not None
    return store.evidence_root


def test_a_picture_that_is_gone_is_gone(api: TestClient, store: Store) -> None:
    """410, not 404: it was there."""
    (root_of(store) / "s/3.jpg").unlink()
    assert api.get(evidence_url(api)).status_code == 410


def test_a_picture_that_was_changed_is_not_shown(api: TestClient, store: Store) -> None:
    """Evidence is what was recorded, or nothing."""
    (root_of(store) / "s/3.jpg").write_bytes(b"another picture")
    answer = api.get(evidence_url(api))
    assert (answer.status_code, "not the one that was recorded" in answer.json()["detail"]) == (410, True)


def test_a_link_in_the_evidence_folder_is_not_followed(api: TestClient, store: Store, tmp_path: Path) -> None:
    """Neither of a file nor of a folder, even to the very same bytes."""
    picture = root_of(store) / "s/3.jpg"
    kept = picture.rename(tmp_path / "kept.jpg")
    picture.symlink_to(kept)
    assert api.get(evidence_url(api)).status_code == 410
    picture.unlink()
    kept.rename(picture)
    folder = root_of(store) / "s"
    moved = folder.rename(tmp_path / "moved")
    folder.symlink_to(moved)
    assert api.get(evidence_url(api)).status_code == 410


@pytest.mark.parametrize("path", ["../store.db", "/etc/passwd", "s/../../store.db", "s", "s/\0.jpg", "missing.jpg"])
def test_a_row_cannot_name_a_file_elsewhere(api: TestClient, store: Store, path: str) -> None:
    """Even somebody who can write to the store cannot read the disk through it."""
    url = evidence_url(api)
    assert store.address.path is not None
    with sqlite3.connect(store.address.path) as connection:
        connection.execute("UPDATE evidence SET path = ?", (path,))
    connection.close()
    assert api.get(url).status_code == 410
