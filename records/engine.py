"""Connections to SQLite and PostgreSQL, and what their errors mean."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from helmetbelt.records.address import Address
from helmetbelt.records.errors import StoreError, StoreFullError, StoreMissingError

BUSY_TIMEOUT_S: Final = 30
"""How long a writer waits for another process that is writing to the same SQLite file."""

WRITES: Final = "helmetbelt_writes"
"""Execution option of a connection whose transactions write."""

_FULL_ON_POSTGRESQL = "53100"
_POOLED, _OVERFLOW = 8, 32
"""Together as many as the threads that serve requests (40)."""


def connect_to(address: Address, *, create: bool, sync_every_commit: bool, foreign_keys: bool = True) -> sa.Engine:
    """An engine for the address; nothing is connected yet.

    Args:
        address: where.
        create: a SQLite file that isn't there is made, with its folder.
        sync_every_commit: SQLite waits for the disk at each commit, so that a power cut loses nothing either;
            without it, a power cut may lose the last commits (a killed process never does).
        foreign_keys: SQLite checks them.

    Raises:
        StoreMissingError: no such file, and `create` is off.
        StoreError: no folder can be made there, or no driver is installed.
    """
    if address.path is None:
        return _server_engine(address)
    _make_room(address, create)
    engine = sa.create_engine(
        address.url,
        connect_args={"timeout": BUSY_TIMEOUT_S},
        hide_parameters=True,
        pool_size=_POOLED,
        max_overflow=_OVERFLOW,
    )
    pragmas = (
        "journal_mode = WAL",
        f"synchronous = {'FULL' if sync_every_commit else 'NORMAL'}",
        f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
    )

    @sa.event.listens_for(engine, "connect")
    def _configure(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        assert isinstance(connection, sqlite3.Connection)
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def told_as_store_error(address: Address) -> Iterator[None]:
    """Turn what a driver raises into a StoreError that says which store, without its password.

    Raises:
        StoreFullError: the disk is full.
        StoreError: anything else that went wrong in the database.
    """
    try:
        yield
    except sa.exc.DBAPIError as error:
        reason = address.without_secrets(str(error.orig).strip())
        if _is_full(error.orig):
            raise StoreFullError(
                f"the disk of store {address} is full ({reason}): the last batch was not kept,"
                " everything acknowledged before it was"
            ) from None
        raise StoreError(f"store {address}: {reason}") from None
    except sa.exc.SQLAlchemyError as error:
        raise StoreError(f"store {address}: {address.without_secrets(str(error))}") from None


def _server_engine(address: Address) -> sa.Engine:
    try:
        return sa.create_engine(
            address.url, hide_parameters=True, pool_pre_ping=True, pool_size=_POOLED, max_overflow=_OVERFLOW
        )
    except ImportError:
        raise StoreError(f"store {address} needs the PostgreSQL driver: pip install helmetbelt[postgres]") from None


def _make_room(address: Address, create: bool) -> None:
    path = address.path
    assert path is not None
    if path.is_dir():
        raise StoreError(f"store {path} is a folder: give a file in it, such as {path / 'helmetbelt.db'}")
    if path.exists():
        return
    if not create:
        raise StoreMissingError(f"there is no store {path}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"no folder {path.parent} can be made for the store: {error.strerror}") from error


def _is_full(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return getattr(error, "sqlstate", None) == _FULL_ON_POSTGRESQL
