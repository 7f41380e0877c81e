"""First tables."""

from secrets import token_hex

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Cameras, sessions, passages with their observations, hourly counts, evidence, and the version row."""
    _create_sessions()
    _create_passages()
    _create_counts()
    version = op.create_table(
        "store_version",
        sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("store_key", sa.Text, nullable=False, comment="random; two stores never share it"),
        sa.Column("seq", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(version, [{"id": 1, "store_key": token_hex(8), "seq": 0}])


def downgrade() -> None:
    """Drop everything."""
    for table in (
        "store_version", "evidence", "rollup_hour", "observation", "passage", "session", "camera",
    ):  # fmt: skip
        op.drop_table(table)


def _create_sessions() -> None:
    op.create_table(
        "camera",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("site", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("camera_id", sa.Text, sa.ForeignKey("camera.id"), nullable=False),
        sa.Column("source_name", sa.Text, nullable=False),
        sa.Column("source_digest", sa.Text, nullable=False),
        sa.Column("models", sa.Text, nullable=False, comment="JSON: name to sha256"),
        sa.Column("config_digest", sa.Text, nullable=False),
        sa.Column("software", sa.Text, nullable=False),
        sa.Column("started_ms", sa.BigInteger, nullable=False),
        sa.Column("clock", sa.Text, nullable=False),
        sa.Column("fps", sa.Double, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("duration_s", sa.Double),
        sa.Column("simulated", sa.Boolean, nullable=False),
        sa.Column("complete", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("counts", sa.Boolean, nullable=False),
        sa.Column("begun_ms", sa.BigInteger, nullable=False),
        sa.Column("completed_ms", sa.BigInteger),
    )
    op.create_index("ix_session_camera_id", "session", ["camera_id"])
    op.create_index(
        "uq_session_source_digest_that_counts", "session", ["source_digest"], unique=True,
        sqlite_where=sa.text("counts"), postgresql_where=sa.text("counts"),
    )  # fmt: skip


def _create_passages() -> None:
    op.create_table(
        "passage",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("session_id", sa.LargeBinary(16), sa.ForeignKey("session.id"), nullable=False),
        sa.Column("track", sa.Integer, nullable=False),
        sa.Column("vehicle", sa.Text, nullable=False),
        sa.Column("direction", sa.Text),
        sa.Column("gate_ms", sa.BigInteger, nullable=False),
        *(
            column
            for moment in ("first", "gate", "last", "best")
            for column in (
                sa.Column(f"{moment}_frame", sa.Integer, nullable=False),
                sa.Column(f"{moment}_s", sa.Double, nullable=False),
            )
        ),
        *(
            sa.Column(f"{moment}_{side}", sa.Integer, nullable=False)
            for moment in ("gate", "best")
            for side in ("x1", "y1", "x2", "y2")
        ),
        sa.UniqueConstraint("session_id", "track"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "observation",
        sa.Column("passage_id", sa.LargeBinary(16), sa.ForeignKey("passage.id"), primary_key=True),
        sa.Column("seat", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("item", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.Column("votes", sa.Integer, nullable=False),
        *(sa.Column(f"head_{side}", sa.Integer) for side in ("x1", "y1", "x2", "y2")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_observation_not_worn", "observation", ["passage_id", "seat", "item"],
        sqlite_where=sa.text("status = 'not_worn'"), postgresql_where=sa.text("status = 'not_worn'"),
    )  # fmt: skip


def _create_counts() -> None:
    op.create_table(
        "rollup_hour",
        sa.Column("hour_ms", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("session_id", sa.LargeBinary(16), sa.ForeignKey("session.id"), primary_key=True),
        sa.Column("vehicle", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, primary_key=True),
        sa.Column("item", sa.Text, primary_key=True),
        sa.Column("status", sa.Text, primary_key=True),
        sa.Column("persons", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("passage_id", sa.LargeBinary(16), sa.ForeignKey("passage.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("seconds", sa.Double, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_evidence_passage_id", "evidence", ["passage_id"])
