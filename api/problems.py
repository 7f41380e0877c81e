"""Every error of the API as a problem document (RFC 9457, application/problem+json)."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from helmetbelt.records.errors import StoreError

MEDIA_TYPE: Final = "application/problem+json"

log = logging.getLogger(__name__)


class Wrong(BaseModel):
    """One part of a request that is wrong."""

    where: str = Field(examples=["query.limit"], description="the parameter")
    message: str


class ProblemDocument(BaseModel):
    """What went wrong, after RFC 9457."""

    type: str = Field(default="about:blank", description="the title says it all, as RFC 9457 4.2.1 has it")
    title: str = Field(examples=["Unprocessable Content"])
    status: int = Field(examples=[422])
    detail: str
    errors: list[Wrong] = Field(default=[], description="each part of the request that is wrong")


class ProblemError(Exception):
    """Raised by an endpoint that refuses."""

    def __init__(self, status: HTTPStatus, detail: str, *errors: Wrong) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors


def refuse(detail: str, *parameters: str, status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY) -> ProblemError:
    """These query parameters cannot be meant."""
    return ProblemError(status, detail, *(Wrong(where=f"query.{name}", message=detail) for name in parameters))


BAD_QUESTION: Final = (HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.NOT_FOUND)
"""What endpoints with a query answer to a bad one: it makes no sense, or names what isn't there."""


def documented(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """What an endpoint declares for its errors; 500 and 503 always among them."""
    always = (HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE)
    return {int(status): {"model": ProblemDocument, "description": status.phrase} for status in (*statuses, *always)}


def answer_with_problems(app: FastAPI) -> None:
    """Let every error of the app be answered with a problem document."""
    app.add_exception_handler(ProblemError, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(StoreError, _on_store)
    app.add_exception_handler(Exception, _on_anything)


def _answer(
    status: int, detail: str, errors: tuple[Wrong, ...] = (), headers: Mapping[str, str] | None = None
) -> JSONResponse:
    document = ProblemDocument(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=list(errors))
    return JSONResponse(document.model_dump(), status, headers, MEDIA_TYPE)


def _on_problem(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ProblemError)
    return _answer(error.status, error.detail, error.errors)


def _on_invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    wrong = tuple(Wrong(where=".".join(str(part) for part in one["loc"]), message=one["msg"]) for one in error.errors())
    detail = "; ".join(f"{one.where}: {one.message}" for one in wrong)
    return _answer(HTTPStatus.UNPROCESSABLE_ENTITY, detail, wrong)


def _on_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    details = {
        HTTPStatus.NOT_FOUND: f"there is nothing at {request.url.path}",
        HTTPStatus.METHOD_NOT_ALLOWED: f"{request.url.path} does not answer to {request.method}",
    }
    detail = details.get(HTTPStatus(error.status_code), str(error.detail))
    return _answer(error.status_code, detail, headers=error.headers)


def _on_store(_: Request, error: Exception) -> JSONResponse:
    log.error("%s", error)
    return _answer(HTTPStatus.SERVICE_UNAVAILABLE, "the store cannot answer now; the log says why")


def _on_anything(_: Request, __: Exception) -> JSONResponse:
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, "an error of helmetbelt itself; the log says which")
