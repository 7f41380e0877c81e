"""The API does what its OpenAPI document says, and the document says everything."""

import sqlite3
from typing import Any

import pytest
from builders_records import session
from fastapi.testclient import TestClient
from json_schema import complaints

from helmetbelt.records.store import Store

QUERIES = {
    "/api/v1/stats/compliance": ["", "group_by=camera,vehicle,role,hour,day", "item=helmet", "camera=cam-2"],
    "/api/v1/passages": ["", "limit=2", "status=worn&status=unknown"],
    "/api/v1/violations": ["", "limit=1"],
}
ASKED = [
    f"{path}?{query}"
    for path in (
        *("/healthz", "/version", "/api/v1/cameras", "/api/v1/stats/compliance", "/api/v1/stats/reconciliation"),
        *("/api/v1/passages", "/api/v1/violations"),
    )
    for query in QUERIES.get(path, [""])
]


def answers_to(document: dict[str, Any], path: str) -> dict[str, Any]:
    """Declared answers to GET, by status."""
    found: dict[str, Any] = document["paths"][path]["get"]["responses"]
    return found


@pytest.mark.parametrize(
    ("client", "address"),
    [("api", one) for one in ASKED] + [("empty", one) for one in ASKED if "camera=" not in one],
)
def test_answers_are_as_described(client: str, address: str, request: pytest.FixtureRequest) -> None:
    """Every field that comes is described, and every one that is promised comes, also when there is nothing."""
    asked: TestClient = request.getfixturevalue(client)
    document = asked.get("/openapi.json").json()
    answer = asked.get(address)
    assert answer.status_code == 200, answer.text
    described = answers_to(document, address.split("?")[0])["200"]["content"]["application/json"]["schema"]
    assert complaints(answer.json(), described, document) == []


def test_every_endpoint_is_described(api: TestClient) -> None:
    """With a sentence, its parameters explained, and the errors that it gives as problem documents."""
    document = api.get("/openapi.json").json()
    tested = {address.split("?")[0] for address in ASKED} | {"/api/v1/evidence/{evidence_id}"}
    assert set(document["paths"]) == tested
    for operations in document["paths"].values():
        operation = operations["get"]
        assert operation["description"]
        assert {"200", "500", "503"} <= operation["responses"].keys()
        assert ("422" in operation["responses"]) == ("parameters" in operation)
        for code, answer in operation["responses"].items():
            if int(code) >= 400:
                assert list(answer["content"]) == ["application/problem+json"]


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        pytest.param("/nowhere", 404, "/nowhere", id="no-such-address"),
        pytest.param("/api/v1/passages?limit=501", 422, "query.limit", id="limit"),
        pytest.param("/api/v1/passages?limit=0", 422, "query.limit", id="limit-0"),
        pytest.param("/api/v1/passages?cursor=abc", 422, "cursor", id="cursor"),
        pytest.param("/api/v1/violations?cursor=" + "00" * 16, 422, "cursor", id="cursor-of-passages"),
        pytest.param("/api/v1/passages?form=2026-10-01", 422, "form", id="misspelt-parameter"),
        pytest.param("/api/v1/passages?camera=cam-9", 404, "cam-9", id="unknown-camera"),
        pytest.param("/api/v1/passages?camera=", 422, "query.camera", id="no-camera"),
        pytest.param("/api/v1/passages?status=naked", 422, "query.status", id="status"),
        pytest.param("/api/v1/stats/compliance?group_by=moon", 422, "query.group_by", id="group-by"),
        pytest.param("/api/v1/stats/compliance?time_zone=Mars/Olympus", 404, "Mars/Olympus", id="zone"),
        pytest.param("/api/v1/stats/compliance?time_zone=../../etc/passwd", 404, "time zone", id="zone-path"),
        pytest.param(
            "/api/v1/stats/compliance?group_by=day&time_zone=Asia/Kolkata", 422, "whole number of hours",
            id="half-hour-zone",
        ),
        pytest.param(
            "/api/v1/stats/compliance?from=2026-10-02&to=2026-10-01", 422, "2026-10-02", id="from-after-to"
        ),
        pytest.param("/api/v1/stats/compliance?from=yesterday", 422, "yesterday", id="no-date"),
        pytest.param("/api/v1/stats/compliance?from=2026-02-30", 422, "2026-02-30", id="no-such-day"),
        pytest.param("/api/v1/stats/compliance?to=9999-12-31", 422, "9999-12-31", id="end-of-time"),
        pytest.param("/api/v1/stats/compliance?from=0001-01-01", 422, "0001-01-01", id="before-time"),
        pytest.param("/api/v1/stats/compliance?from=1969-07-20", 422, "before 1970", id="before-1970"),
        pytest.param(
            "/api/v1/stats/compliance?group_by=hour&from=1990-01-01&to=2026-01-01", 422, "cells", id="too-much"
        ),
        pytest.param(
            "/api/v1/stats/reconciliation?from=2026-01-01&to=2026-12-31", 422, "31 days", id="long-books"
        ),
        pytest.param("/api/v1/evidence/..%2f..%2fstore.db", 404, "", id="traversal-with-slashes"),
        pytest.param("/api/v1/evidence/xyz", 422, "path.evidence_id", id="no-id"),
        pytest.param("/api/v1/evidence/" + "00" * 16, 404, "no evidence", id="unknown-evidence"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_a_problem_document(api: TestClient, address: str, status: int, said: str) -> None:
    """Each with its status, media type and a sentence that names what was wrong."""
    answer = api.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    problem = answer.json()
    assert (problem["status"], problem["type"]) == (status, "about:blank")
    assert said in problem["detail"]
    document = api.get("/openapi.json").json()
    assert complaints(problem, {"$ref": "#/components/schemas/ProblemDocument"}, document) == []


def test_both_ends_of_a_backward_period_are_named(api: TestClient) -> None:
    """So that a form can mark both fields."""
    problem = api.get("/api/v1/passages?from=2026-10-02&to=2026-10-01T00:00:00Z").json()
    assert [one["where"] for one in problem["errors"]] == ["query.from", "query.to"]
    assert "2026-10-02" in problem["detail"]
    assert "2026-10-01T00:00:00Z" in problem["detail"]


def test_other_methods_are_not_answered(api: TestClient) -> None:
    """And the answer says which are."""
    answer = api.delete("/api/v1/cameras")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_store_that_is_away_is_said_without_its_address(api: TestClient, store: Store) -> None:
    """Where the store is and what it complains about is for the log."""
    store.close()
    assert store.address.path is not None
    for leftover in store.address.path.parent.glob("store.db*"):
        leftover.unlink()
    store.address.path.parent.joinpath("store.db").mkdir()
    answer = api.get("/healthz")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert "store.db" not in answer.text


def test_an_error_of_ours_is_a_problem_document_without_its_inside(api: TestClient, store: Store) -> None:
    """A row that cannot be understood, as a later version might write, is not told to the client."""
    assert store.address.path is not None
    with sqlite3.connect(store.address.path) as connection:
        connection.execute("UPDATE camera SET kind = 'submarine'")
    connection.close()
    answer = api.get("/api/v1/cameras")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "submarine" not in answer.text


def test_the_documentation_needs_no_internet(api: TestClient) -> None:
    """The page names every endpoint and loads nothing."""
    page = api.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for path in api.get("/openapi.json").json()["paths"]:
        assert path in page.text
    for loads in ("<script", "src=", "http://", "https://", "@import", "url("):
        assert loads not in page.text


def test_an_answer_says_when_nothing_changed(api: TestClient, store: Store) -> None:
    """304 until the store changes, whatever the form of the tag."""
    address = "/api/v1/stats/compliance?group_by=camera"
    etag = api.get(address).headers["etag"]
    for sent in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = api.get(address, headers={"If-None-Match": sent})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    store.begin_session(session("cam-3"))
    changed = api.get(address, headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != etag
