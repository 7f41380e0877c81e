"""One table of a TOML file, taken key by key; what is left over at the end is unknown."""

import datetime as dt
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Self, TypeAlias

from helmetbelt.detector.errors import ModelDamagedError

Plain: TypeAlias = str | int | float | bool | dt.date | dt.time | list["Plain"]
"""A value of a free table."""


class TomlTable:
    """A table; every method raises `ModelDamagedError` with the place, the key and what was expected.

    Attributes:
        where: what messages call it.
        values: not taken yet.
    """

    def __init__(self, where: str, values: dict[str, Any]) -> None:
        self.where = where
        self.values = dict(values)

    def require(self, *keys: str) -> None:
        """Every key is there."""
        missing = [k for k in keys if k not in self.values]
        if missing:
            raise ModelDamagedError(f"{self.where}: missing {', '.join(missing)}")

    def finish(self) -> None:
        """No key is left over."""
        if self.values:
            raise ModelDamagedError(f"{self.where}: unknown {', '.join(self.values)}")

    def wrong(self, key: str, expected: str, seen: object) -> ModelDamagedError:
        """The error for a value that cannot be."""
        return ModelDamagedError(f"{self.where}: {key} is {seen!r}: expected {expected}")

    def text(self, key: str, pattern: str = ".+") -> str:
        """A text that fits the whole pattern."""
        value = self.values.pop(key)
        if not isinstance(value, str) or not re.fullmatch(pattern, value, re.DOTALL):
            raise self.wrong(key, f"text like {pattern}", value)
        return value

    def number(self, key: str, least: float, most: float) -> float:
        """A number between two limits."""
        value = self.values.pop(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise self.wrong(key, f"a number from {least} to {most}", value)
        return float(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of different texts, at least one."""
        value = self.values.pop(key)
        if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
            raise self.wrong(key, "a list of texts", value)
        if len(set(value)) != len(value):
            raise self.wrong(key, "each text once", value)
        return tuple(value)

    def sides(self, key: str) -> tuple[int, int]:
        """Height and width."""
        value = self.values.pop(key)
        if not isinstance(value, list) or [type(v) for v in value] != [int, int] or min(value) < 1:
            raise self.wrong(key, "[height, width] in pixels", value)
        return value[0], value[1]

    def table(self, key: str) -> Self | None:
        """A table of its own, None where there is none."""
        value = self.values.pop(key, None)
        if value is not None and not isinstance(value, dict):
            raise self.wrong(key, f"a table [{key}]", value)
        return None if value is None else type(self)(f"{self.where}: [{key}]", value)

    def free(self, key: str) -> Mapping[str, Plain]:
        """A free table as it is, read-only."""
        inner = self.table(key)
        values = inner.values if inner else {}
        nested = [k for k, v in values.items() if isinstance(v, dict)]
        if nested:
            raise self.wrong(key, "no tables inside", nested)
        return MappingProxyType(values)
