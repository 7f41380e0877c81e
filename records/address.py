"""Where a store is, and how to say so without its password."""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from helmetbelt.records.errors import StoreError

_SECRET_KEYS = ("password", "sslpassword", "passfile", "sslkey")


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """Where a store is. Shown as text it holds no password.

    Attributes:
        url: for SQLAlchemy, with the driver.
        path: of the SQLite file; None of a server.
    """

    url: sa.URL
    path: Path | None

    def __str__(self) -> str:
        if self.path is not None:
            return str(self.path)
        secrets = {key: "***" for key in _SECRET_KEYS if key in self.url.query}
        return self.url.update_query_dict(secrets).render_as_string(hide_password=True)

    __repr__ = __str__

    def without_secrets(self, text: str) -> str:
        """The text with every secret of this address replaced by stars."""
        secrets = [self.url.password, *(self.url.query.get(key) for key in _SECRET_KEYS)]
        for secret in secrets:
            if isinstance(secret, str) and secret:
                text = text.replace(secret, "***")
        return text


def locate(where: str | Path) -> Address:
    """The address meant by a path, a `sqlite:///` URL or a `postgresql://` URL.

    Raises:
        StoreError: no such kind of store, or a URL that cannot be read.
    """
    if isinstance(where, Path) or "://" not in where:
        return _file(Path(where))
    try:
        url = sa.make_url(where)
    except (sa.exc.ArgumentError, ValueError):
        raise StoreError(
            "a store URL that cannot be read: expected postgresql://USER:PASSWORD@HOST/DATABASE or a path"
        ) from None
    match url.get_backend_name():
        case "sqlite" if url.database and url.database != ":memory:":
            return _file(Path(url.database))
        case "sqlite":
            raise StoreError("a store needs a file: sqlite:///PATH")
        case "postgresql" | "postgres":
            return Address(url.set(drivername="postgresql+psycopg"), None)
        case other:
            raise StoreError(f"a store is a SQLite file or a PostgreSQL database, not {other}")


def _file(path: Path) -> Address:
    return Address(sa.URL.create("sqlite", database=str(path)), path)
