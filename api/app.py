"""The web application over one store."""

from collections.abc import Mapping
from http import HTTPMethod, HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute

from helmetbelt.api import routes_cameras, routes_evidence, routes_passages, routes_service, routes_stats
from helmetbelt.api.dependencies import SOFTWARE
from helmetbelt.api.docs_page import docs_page
from helmetbelt.api.freshness import answer_not_modified
from helmetbelt.api.problems import MEDIA_TYPE, answer_with_problems
from helmetbelt.records.store import Store

TITLE: Final = "helmetbelt"
DESCRIPTION: Final = (
    "Compliance rates of helmets and seatbelts, measured from video: one vehicle counted once,"
    " unknown reported and never imputed, no percentage without its interval."
)


def create_app(store: Store, models: Mapping[str, str] | None = None) -> FastAPI:
    """The API of a store; closing the store stays with the caller.

    Args:
        store: open.
        models: name of each model that this installation would use to its sha256 (hex), for `/version`.
    """
    app = FastAPI(
        title=TITLE,
        description=DESCRIPTION,
        version=SOFTWARE,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation_id,
    )
    app.state.store = store
    app.state.models = dict(models or {})
    for routes in (routes_service, routes_cameras, routes_stats, routes_passages, routes_evidence):
        app.include_router(routes.router)
    app.add_api_route("/docs", _docs(app), include_in_schema=False, response_class=HTMLResponse)
    answer_with_problems(app)
    answer_not_modified(app)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name


def _docs(app: FastAPI) -> Any:
    def docs() -> str:
        return docs_page(app.openapi())

    return docs


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made once, with the errors under the media type that they have."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        for operations in document["paths"].values():
            for method in operations.keys() & {method.lower() for method in HTTPMethod}:
                _declare_problems(operations[method]["responses"])
        app.openapi_schema = document
    return app.openapi_schema


def _declare_problems(responses: dict[str, Any]) -> None:
    for code, response in responses.items():
        if int(code) >= HTTPStatus.BAD_REQUEST:
            response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}
