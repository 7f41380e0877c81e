"""TOML as the model cards use it: plain values and one level of tables (the standard library only reads it)."""

from collections.abc import Mapping
from typing import Any


def toml(head: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]]) -> str:
    """TOML text of plain values and one level of tables."""
    lines = [f"{_key(k)} = {_value(v)}" for k, v in head.items()]
    for name, table in tables.items():
        lines += ["", f"[{name}]", *(f"{_key(k)} = {_value(v)}" for k, v in table.items())]
    return "\n".join(lines) + "\n"


def _key(key: str) -> str:
    return key if key.replace("_", "").isalnum() and key.isascii() else _value(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list | tuple):
        inner = [_value(v) for v in value]
        long = sum(map(len, inner)) > 80
        return "[\n" + "".join(f"    {v},\n" for v in inner) + "]" if long else "[" + ", ".join(inner) + "]"
    return str(value)
