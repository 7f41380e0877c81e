"""Opening a store: made where it may be, refused clearly where it cannot."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from builders_records import session

from helmetbelt.records.address import locate
from helmetbelt.records.counting import CountsQuestion
from helmetbelt.records.errors import SchemaError, StoreError, StoreMissingError
from helmetbelt.records.migrate import VERSION_TABLE
from helmetbelt.records.store import Store


def test_a_new_store_is_empty_and_a_second_opening_finds_it(store_url: str) -> None:
    """Opening twice is opening once."""
    with Store.open(store_url) as store:
        key = store.version().store_key
        assert (store.version().seq, store.cameras(), store.sessions()) == (0, (), ())
    with Store.open(store_url, create=False) as store:
        assert store.version().store_key == key


def test_two_stores_are_told_apart(tmp_path: Path) -> None:
    """The same number of changes in another store is another version."""
    with Store.open(tmp_path / "a.db") as one, Store.open(tmp_path / "b.db") as other:
        assert one.version().store_key != other.version().store_key


def test_folders_are_made(tmp_path: Path) -> None:
    """A new store brings its folder, and knows where evidence goes."""
    with Store.open(tmp_path / "new" / "er" / "store.db") as store:
        assert store.evidence_root == tmp_path / "new" / "er" / "evidence"


def test_a_missing_store_is_not_made_unasked(tmp_path: Path) -> None:
    """A misspelt path is an error for somebody who wants to read."""
    with pytest.raises(StoreMissingError, match=r"there is no store .*nowhere\.db"):
        Store.open(tmp_path / "nowhere.db", create=False)
    assert not (tmp_path / "nowhere.db").exists()


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    """A folder, a text file, a file in the way of a folder, another program's database."""
    (tmp_path / "text.db").write_text("not a database at all, but long enough to be read as one\n" * 99)
    with pytest.raises(StoreError, match="is a folder"):
        Store.open(tmp_path)
    with pytest.raises(StoreError, match="file is not a database"):
        Store.open(tmp_path / "text.db")
    with pytest.raises(StoreError, match="no folder"):
        Store.open(tmp_path / "text.db" / "store.db")


def test_another_programs_tables_are_left_alone(store_url: str) -> None:
    """A table of one of our names that we did not make stops everything."""
    if "://" not in store_url:
        with sqlite3.connect(store_url) as connection:
            connection.execute("CREATE TABLE session (id)")
        connection.close()
    else:
        engine = sa.create_engine(store_url)
        with engine.begin() as server:
            server.execute(sa.text("CREATE TABLE session (id int)"))
        engine.dispose()
    with pytest.raises(SchemaError, match="another program's tables: session"):
        Store.open(store_url)


def test_a_newer_store_is_refused(store_url: str) -> None:
    """Software that doesn't know the tables doesn't touch them."""
    with Store.open(store_url) as store:
        store.begin_session(session())
    engine = sa.create_engine(locate(store_url).url)
    with engine.begin() as connection:
        connection.execute(sa.text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(SchemaError, match="version 9999, this helmetbelt knows up to"):
        Store.open(store_url)
    engine.dispose()


@pytest.mark.parametrize(
    ("where", "why"),
    [
        pytest.param("mysql://u:s3cret-pw@h/d", "not mysql", id="mysql"),
        pytest.param("sqlite://", "needs a file", id="memory"),
        pytest.param("sqlite:///:memory:", "needs a file", id="memory-by-name"),
        pytest.param("postgresql://u:s3cret-pw@h:port/d", "cannot be read", id="port"),
        pytest.param("://s3cret-pw", "cannot be read", id="nonsense"),
    ],
)
def test_a_wrong_address_is_refused_without_its_password(where: str, why: str) -> None:
    """The sentence says what is wrong and shows no secret."""
    with pytest.raises(StoreError, match=why) as caught:
        locate(where)
    assert "s3cret-pw" not in str(caught.value)


def test_a_server_that_is_away_is_a_store_error_without_password() -> None:
    """Neither the text, nor what it was caused by, nor the address shows the password."""
    pytest.importorskip("psycopg", reason="no PostgreSQL driver: pip install helmetbelt[postgres]")
    url = "postgresql://u:s3cret-pw@127.0.0.1:1/d?sslpassword=s3cret-ssl"
    with pytest.raises(StoreError, match=r"postgresql\+psycopg://u:\*\*\*@127\.0\.0\.1:1/d") as caught:
        Store.open(url)
    assert caught.value.__cause__ is None
    assert "s3cret" not in f"{caught.value} {locate(url)} {locate(url)!r}"


def test_a_missing_driver_says_what_to_install(tmp_path: Path) -> None:
    """PostgreSQL is an extra."""
    (tmp_path / "psycopg.py").write_text("raise ImportError('none here')")
    code = "from helmetbelt.records.store import Store; Store.open('postgresql://u:s3cret-pw@h/d')"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert "pip install helmetbelt[postgres]" in done.stderr
    assert "s3cret-pw" not in done.stderr


def test_sqlite_needs_no_driver_of_postgresql(tmp_path: Path) -> None:
    """Nor the migrations' library, once the tables are up to date."""
    Store.open(tmp_path / "store.db").close()
    code = (
        "import sys; from helmetbelt.records.store import Store\n"
        f"Store.open({str(tmp_path / 'store.db')!r}).close()\n"
        "print(sorted({'psycopg', 'alembic', 'onnxruntime', 'cv2'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(("every_commit", "level"), [(False, 1), (True, 2)])
def test_sqlite_is_set_up(tmp_path: Path, every_commit: bool, level: int) -> None:
    """Write-ahead log, foreign keys, and as much syncing as asked for."""
    seen: dict[str, object] = {}

    def look(connection: sqlite3.Connection, _: object) -> None:
        for pragma in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout"):
            seen[pragma] = connection.execute(f"PRAGMA {pragma}").fetchone()[0]

    sa.event.listen(sa.Engine, "checkin", look)
    try:
        Store.open(tmp_path / "store.db", sync_every_commit=every_commit).close()
        seen.clear()
        with Store.open(tmp_path / "store.db", sync_every_commit=every_commit) as store:
            store.counts(CountsQuestion())
    finally:
        sa.event.remove(sa.Engine, "checkin", look)
    assert seen == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": level, "busy_timeout": 30_000}
