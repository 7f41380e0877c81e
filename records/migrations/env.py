"""What Alembic runs: the pending migrations, on the connection and in the transaction of the caller."""

from alembic import context

from helmetbelt.records.migrate import VERSION_TABLE
from helmetbelt.records.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
