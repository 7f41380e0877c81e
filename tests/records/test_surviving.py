"""What was acknowledged stays: when the process is killed, when two write at once, when the disk is full."""

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import writes_to_a_store
from builders_records import riders, session
from writes_to_a_store import BATCH

from helmetbelt.pipelines.passages import Status
from helmetbelt.records.counting import CountsQuestion
from helmetbelt.records.errors import StoreError, StoreFullError
from helmetbelt.records.paging import PassagesQuestion
from helmetbelt.records.period import ALWAYS
from helmetbelt.records.store import Store

WRITER = [sys.executable, writes_to_a_store.__file__]


def tracks(store: Store) -> list[int]:
    """Of all passages, oldest first."""
    rows = store.passages(PassagesQuestion(), limit=100_000)
    return [row.passage.track for row in reversed(rows)]


def check_books(store: Store) -> None:
    """The hourly counts are the sum of the rows, and every passage has its rider's answer."""
    counted = store.counts(CountsQuestion())
    persons = sum(row.worn + row.not_worn + row.unknown for row in counted)
    assert persons == len(tracks(store))
    assert all(row.difference == 0 for row in store.balances(ALWAYS))


def test_a_killed_writer_loses_nothing_acknowledged(store_url: str) -> None:
    """Killed five times at some moment while writing, started again each time from the first passage."""
    dice = random.Random(20261012)
    acknowledged = 0
    for _ in range(5):
        with subprocess.Popen([*WRITER, store_url, "100000"], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            for _ in range(dice.randint(1, 40)):
                acknowledged = max(acknowledged, int(child.stdout.readline()))
            child.kill()
            acknowledged = max([acknowledged, *map(int, child.stdout.read().splitlines())])
        with Store.open(store_url) as store:
            there = tracks(store)
            assert there == list(range(1, len(there) + 1))
            assert len(there) in (acknowledged, acknowledged + BATCH)
            check_books(store)
    if "://" not in store_url:
        with sqlite3.connect(store_url) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()


def test_several_processes_that_write_the_same_at_once_write_it_once(store_url: str) -> None:
    """They also make the store at once: one migrates, the others wait."""
    children = [
        subprocess.Popen([*WRITER, store_url, "8"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for child in children:
        _, complaints = child.communicate()
        assert (child.returncode, complaints) == (0, "")
    with Store.open(store_url) as store:
        assert tracks(store) == list(range(1, 8 * BATCH + 1))
        check_books(store)


def fill(store: Store) -> int:
    """Save until the disk is full; how many passages were acknowledged."""
    handle = store.begin_session(session())
    everything = riders([Status.WORN] * 10_000)
    for start in range(0, len(everything), 500):
        try:
            store.save(handle, everything[start : start + 500])
        except StoreFullError:
            return start
    raise AssertionError("the disk never became full")


@pytest.fixture
def little_room() -> Iterator[None]:
    """SQLite files may have 200 pages."""

    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA max_page_count = 200")

    sa.event.listen(sa.Engine, "connect", limit)
    yield
    sa.event.remove(sa.Engine, "connect", limit)


@pytest.mark.usefixtures("little_room")
def test_a_full_file_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    """The batch that didn't fit is gone whole; reading goes on."""
    with Store.open(tmp_path / "store.db") as store:
        acknowledged = fill(store)
        assert acknowledged > 0
        assert tracks(store) == list(range(1, acknowledged + 1))
        check_books(store)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte in memory."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], stderr=subprocess.DEVNULL
        ).returncode
    )
    if not mounted:
        pytest.skip("mounting a small disk is not permitted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_keeps_what_was_acknowledged(small_disk: Path) -> None:
    """Also after the store was closed and there is room again."""
    with Store.open(small_disk / "store.db") as store:
        acknowledged = fill(store)
        assert acknowledged > 0
        assert tracks(store) == list(range(1, acknowledged + 1))
    subprocess.run(["mount", "-o", "remount,size=8m", str(small_disk)], check=True)
    with Store.open(small_disk / "store.db") as store:
        handle = store.begin_session(session())
        saved = store.save(handle, riders([Status.WORN] * (acknowledged + 500)))
        assert (saved.known, saved.new) == (acknowledged, 500)
        check_books(store)


def test_no_room_for_a_new_store_is_a_store_error(small_disk: Path) -> None:
    """Not a traceback from the database."""
    (small_disk / "filler").write_bytes(b"0" * (1024 * 1024 - 4096))
    with pytest.raises(StoreError, match=r"store\.db"):
        Store.open(small_disk / "store.db")
