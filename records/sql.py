"""Names for what SQLAlchemy's types leave open."""

from typing import Any, TypeAlias

import sqlalchemy as sa

AnySelect: TypeAlias = "sa.Select[*tuple[Any, ...]]"
AnyRow: TypeAlias = "sa.Row[*tuple[Any, ...]]"
