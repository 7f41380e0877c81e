"""Bring a store's tables to the version that this software knows."""

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from helmetbelt.records.address import Address
from helmetbelt.records.engine import WRITES, connect_to
from helmetbelt.records.errors import SchemaError
from helmetbelt.records.schema import SCHEMA_VERSION, metadata

if TYPE_CHECKING:
    from alembic.config import Config

VERSION_TABLE: Final = "helmetbelt_schema"
"""Its own name: a PostgreSQL database may be shared with another program that uses Alembic."""

_LOCK: Final = 0x68656C6D6574
"""Of PostgreSQL, held while migrating: "helmet" in ASCII."""


def schema_version(connection: sa.Connection, address: Address) -> str | None:
    """The version of the tables that are there; None when there are none of ours.

    Raises:
        SchemaError: tables of our names that helmetbelt didn't make.
    """
    tables = set(sa.inspect(connection).get_table_names())
    if VERSION_TABLE in tables:
        version = connection.scalar(sa.select(sa.column("version_num")).select_from(sa.table(VERSION_TABLE)))
        if version is not None:
            return str(version)
    if foreign := sorted(tables & metadata.tables.keys()):
        raise SchemaError(f"store {address} holds another program's tables: {', '.join(foreign)}")
    return None


def bring_up_to_date(engine: sa.Engine, address: Address) -> None:
    """Run the pending migrations, all or none; of two processes that try at once, one waits for the other.

    Raises:
        SchemaError: the tables are not helmetbelt's, or of a newer helmetbelt.
    """
    with engine.connect() as connection:
        if _is_current(schema_version(connection, address), address):
            return
    migrating = connect_to(address, create=True, sync_every_commit=True, foreign_keys=False)
    try:
        with migrating.execution_options(**{WRITES: True}).begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
            if not _is_current(schema_version(connection, address), address):
                upgrade(connection, "head")
                _check_foreign_keys(connection, address)
    finally:
        migrating.dispose()


def upgrade(connection: sa.Connection, to: str) -> None:
    """Run the migrations up to one, in the transaction of the connection."""
    from alembic import command  # a third of a second that an up-to-date store doesn't pay

    command.upgrade(_alembic(connection), to)


def downgrade(connection: sa.Connection, to: str) -> None:
    """Undo the migrations down to one ("base": all), in the transaction of the connection."""
    from alembic import command

    command.downgrade(_alembic(connection), to)


def _alembic(connection: sa.Connection) -> "Config":
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "helmetbelt.records:migrations")
    config.set_main_option("path_separator", "os")
    return config


def _is_current(version: str | None, address: Address) -> bool:
    if version is not None and version > SCHEMA_VERSION:
        raise SchemaError(
            f"store {address} has tables of version {version}, this helmetbelt knows up to {SCHEMA_VERSION}:"
            " use the newer helmetbelt that made it"
        )
    return version == SCHEMA_VERSION


def _check_foreign_keys(connection: sa.Connection, address: Address) -> None:
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise SchemaError(f"store {address}: rows without their parents; nothing was migrated")
