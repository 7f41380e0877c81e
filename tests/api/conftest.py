"""An API over a small store, asked without a network."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from builders_records import DRIVER, PILLION, RIDER, passage, person, picture, session, source
from fastapi.testclient import TestClient

from helmetbelt.api.app import create_app
from helmetbelt.pipelines.frames import ClockProvenance
from helmetbelt.pipelines.passages import Status, Vehicle
from helmetbelt.records.store import Store

W, N, U = Status.WORN, Status.NOT_WORN, Status.UNKNOWN
PICTURE = b"\xff\xd8 a picture as far as the API cares"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Five two-wheelers of cam-1, 20 minutes apart from 08:00 in Shanghai; two simulated cars of cam-2."""
    with Store.open(tmp_path / "store.db") as opened:
        handle = opened.begin_session(session(site="East Gate"))
        for track, (rider, pillion) in enumerate([(W, W), (W, N), (N, N), (U, W), (W, U)], start=1):
            people = (person(rider, RIDER), person(pillion, PILLION))
            one = passage(track, *people, gate_s=(track - 1) * 1200.0)
            shown = [picture(handle, one, f"s/{track}.jpg", sha256(PICTURE).hexdigest())] if one.is_violation else []
            opened.save(handle, [one], shown)
        opened.complete_session(handle)
        cars = source("cars.mp4", simulated=True, clock=ClockProvenance.FILE_TIME)
        other = opened.begin_session(session("cam-2", cars))
        opened.save(other, [passage(n, person(U, DRIVER), camera="cam-2", vehicle=Vehicle.CAR) for n in (1, 2)])
        assert opened.evidence_root is not None
        (opened.evidence_root / "s").mkdir(parents=True)
        for track in (2, 3):
            (opened.evidence_root / f"s/{track}.jpg").write_bytes(PICTURE)
        yield opened


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[TestClient]:
    """The API of a store with nothing in it."""
    with Store.open(tmp_path / "empty.db") as opened, TestClient(create_app(opened)) as client:
        yield client


@pytest.fixture
def api(store: Store) -> Iterator[TestClient]:
    """The API; an error of its own is answered, not raised."""
    app = create_app(store, {"road": "a" * 64})
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client
