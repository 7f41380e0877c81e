"""As much of JSON Schema 2020-12 as an OpenAPI document of ours uses."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

KNOWN = {
    *("$ref", "anyOf", "type", "enum", "const", "properties", "required", "items", "prefixItems", "minItems"),
    *("maxItems", "minimum", "maximum", "pattern", "format", "title", "description", "default", "examples"),
}
TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "boolean": bool,
    "null": type(None),
}  # fmt: skip
FORMATS: dict[str, Callable[[str], object]] = {"date": date.fromisoformat, "date-time": datetime.fromisoformat}


def complaints(value: Any, schema: dict[str, Any], document: dict[str, Any], where: str = "$") -> list[str]:
    """What is wrong with a value; an unknown keyword is wrong too, and so is a property that isn't described."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/components/schemas/")
        return complaints(value, document["components"]["schemas"][name], document, where)
    wrong = [f"{where}: unknown keyword {key}" for key in schema.keys() - KNOWN]
    if "anyOf" in schema:
        tried = [complaints(value, option, document, where) for option in schema["anyOf"]]
        return wrong if [] in tried else wrong + min(tried, key=len)
    kind = schema.get("type")
    if kind and (not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")):
        return [*wrong, f"{where}: {value!r} is not of type {kind}"]
    return wrong + _about(value, schema, where) + _inside(value, schema, document, where)


def _about(value: Any, schema: dict[str, Any], where: str) -> list[str]:
    checks: dict[str, Callable[[Any], bool]] = {
        "enum": lambda allowed: value in allowed,
        "const": lambda only: value == only,
        "minimum": lambda least: value >= least,
        "maximum": lambda most: value <= most,
        "minItems": lambda least: len(value) >= least,
        "maxItems": lambda most: len(value) <= most,
        "pattern": lambda pattern: re.search(pattern, value) is not None,
        "format": lambda name: FORMATS[name](value) is not None,
    }
    broken = [key for key in checks if key in schema and not checks[key](schema[key])]
    return [f"{where}: {value!r} breaks {key} {schema[key]}" for key in broken]


def _inside(value: Any, schema: dict[str, Any], document: dict[str, Any], where: str) -> list[str]:
    if isinstance(value, dict) and "properties" in schema:
        described = schema["properties"]
        wrong = [f"{where}: {key} is missing" for key in schema.get("required", []) if key not in value]
        wrong += [f"{where}: {key} is not described" for key in value if key not in described]
        parts = [(f"{where}.{key}", value[key], described[key]) for key in value if key in described]
    elif isinstance(value, list):
        wrong = []
        schemas = schema.get("prefixItems") or [schema["items"]] * len(value)
        parts = [(f"{where}[{n}]", *pair) for n, pair in enumerate(zip(value, schemas, strict=True))]
    else:
        return []
    return wrong + [one for inner, part, rule in parts for one in complaints(part, rule, document, inner)]
