"""The tables. Times are integer milliseconds since 1970, UTC; boxes are whole pixels of the source's picture.

camera ◀ session ◀ passage ◀ observation
            ▲         ▲
       rollup_hour  evidence          store_version: one row, counts the changes

`migrations/` builds exactly these tables; a test compares the two.
"""

from typing import Final

import sqlalchemy as sa

SCHEMA_VERSION: Final = "0001"
"""The newest migration."""

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

camera = sa.Table(
    "camera",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("site", sa.Text),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
)

session = sa.Table(
    "session",
    metadata,
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
    sa.Index("ix_session_camera_id", "camera_id"),
)
"""`counts`: its passages count in rates. The index below is the rule that no footage is counted twice."""

sa.Index(
    "uq_session_source_digest_that_counts",
    session.c.source_digest,
    unique=True,
    sqlite_where=session.c.counts,
    postgresql_where=session.c.counts,
)

passage = sa.Table(
    "passage",
    metadata,
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
"""The unique constraint is the rule that a vehicle is counted once."""

observation = sa.Table(
    "observation",
    metadata,
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
"""Keyed by the time-ordered id of the passage: its persons are found without another index."""

_violation = observation.c.status == sa.literal_column("'not_worn'")
sa.Index(
    "ix_observation_not_worn",
    observation.c.passage_id,
    observation.c.seat,
    observation.c.item,
    sqlite_where=_violation,
    postgresql_where=_violation,
)

rollup_hour = sa.Table(
    "rollup_hour",
    metadata,
    sa.Column("hour_ms", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("session_id", sa.LargeBinary(16), sa.ForeignKey("session.id"), primary_key=True),
    sa.Column("vehicle", sa.Text, primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),
    sa.Column("item", sa.Text, primary_key=True),
    sa.Column("status", sa.Text, primary_key=True),
    sa.Column("persons", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""Observations counted by the UTC hour of their gate; kept in the transaction that stores them."""

evidence = sa.Table(
    "evidence",
    metadata,
    sa.Column("id", sa.LargeBinary(16), primary_key=True),
    sa.Column("passage_id", sa.LargeBinary(16), sa.ForeignKey("passage.id"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("seconds", sa.Double, nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Index("ix_evidence_passage_id", "passage_id"),
    sqlite_with_rowid=False,
)

store_version = sa.Table(
    "store_version",
    metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("store_key", sa.Text, nullable=False, comment="random; two stores never share it"),
    sa.Column("seq", sa.BigInteger, nullable=False),
)
