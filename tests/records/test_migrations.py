"""The migrations build the tables of schema.py, up and down, on both kinds of store."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from builders_records import riders, session

from helmetbelt.pipelines.passages import Status
from helmetbelt.records.address import locate
from helmetbelt.records.migrate import VERSION_TABLE, bring_up_to_date, downgrade
from helmetbelt.records.schema import SCHEMA_VERSION, metadata
from helmetbelt.records.store import Store


@pytest.fixture
def filled(store_url: str) -> str:
    """The address of a store with a session in it."""
    with Store.open(store_url) as store:
        handle = store.begin_session(session())
        store.save(handle, riders([Status.WORN, Status.NOT_WORN]))
    return store_url


def test_they_build_what_the_schema_says(filled: str) -> None:
    """Nothing is left to generate."""
    engine = sa.create_engine(locate(filled).url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_schema_knows_the_newest() -> None:
    """There is one line of migrations, and its end is the version that the software expects."""
    config = Config()
    config.set_main_option("script_location", "helmetbelt.records:migrations")
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    assert script.get_heads() == [SCHEMA_VERSION]
    assert max(revision.revision for revision in script.walk_revisions()) == SCHEMA_VERSION


def test_down_and_up_again(filled: str) -> None:
    """Undone to nothing, with rows in the tables, and made again."""
    address = locate(filled)
    engine = sa.create_engine(address.url)
    with engine.begin() as connection:
        downgrade(connection, "base")
    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == [VERSION_TABLE]
    bring_up_to_date(engine, address)
    engine.dispose()
    with Store.open(filled) as store:
        assert store.cameras() == ()
