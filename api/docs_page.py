"""A page that lists the endpoints, made from the OpenAPI document: no script, nothing from the internet."""

from html import escape
from typing import Any, Final

_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c2733 }}
section {{ border-top: 1px solid #cfd8e0; padding: .5rem 0 }}
h2 {{ font: 600 1.05rem ui-monospace, monospace; margin: .5rem 0 }}
b {{ background: #14603f; color: #fff; padding: .1rem .5rem; border-radius: .2rem; margin-right: .5rem }}
table {{ border-collapse: collapse; font-size: .9rem }}
td {{ padding: .15rem 1rem .15rem 0; vertical-align: top }}
code {{ font-family: ui-monospace, monospace }}
</style></head><body><h1>{title}</h1><p>{description}</p>
<p>Version {version} · <a href="/openapi.json">openapi.json</a>, for programs and API clients</p>
{endpoints}</body></html>
"""


def docs_page(document: dict[str, Any]) -> str:
    """HTML of an OpenAPI document."""
    endpoints = [
        _endpoint(path, method, operation, document)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]
    info = document["info"]
    return _PAGE.format(
        title=escape(info["title"]),
        description=escape(info["description"]),
        version=escape(info["version"]),
        endpoints="".join(endpoints),
    )


def _endpoint(path: str, method: str, operation: dict[str, Any], document: dict[str, Any]) -> str:
    responses = sorted(operation["responses"].items())
    answers = ", ".join(f"{code} {escape(one['description'])}" for code, one in responses)
    parameters = "".join(_parameter(one, document) for one in operation.get("parameters", []))
    return (
        f"<section><h2><b>{method.upper()}</b>{escape(path)}</h2><p>{escape(operation['description'])}</p>"
        f"<table>{parameters}</table><p><small>Answers: {answers}</small></p></section>"
    )


def _parameter(parameter: dict[str, Any], document: dict[str, Any]) -> str:
    name, schema = escape(parameter["name"]), parameter["schema"]
    parts = [parameter.get("description", "")]
    if values := _values(schema, document):
        parts.append(f"one of {', '.join(values)}")
    if schema.get("default") not in (None, []):
        parts.append(f"{schema['default']} if not given")
    text = escape("; ".join(part for part in parts if part))
    return f"<tr><td><code>{name}</code></td><td>{parameter['in']}</td><td>{text}</td></tr>"


def _values(schema: dict[str, Any], document: dict[str, Any]) -> list[str]:
    name = schema.get("items", {}).get("$ref", "").rpartition("/")[2]
    values: list[str] = document["components"]["schemas"][name]["enum"] if name else []
    return values
