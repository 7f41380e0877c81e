"""Answers that need not be sent again: ETag and If-None-Match (RFC 9110, 8.8.3 and 13.1.2)."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, FastAPI, Header, Request, Response

from helmetbelt.api.dependencies import SOFTWARE, TheStore

IfNoneMatch = Annotated[str | None, Header(description="the ETag of the answer that the client has")]


class NotModifiedError(Exception):
    """The client has this answer already."""

    def __init__(self, etag: str) -> None:
        super().__init__(etag)
        self.etag = etag


def is_known(etag: str, if_none_match: str | None) -> bool:
    """Whether the client named this tag; by the weak comparison that the header asks for."""
    if if_none_match is None:
        return False
    named = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in named or etag.removeprefix("W/") in named


def only_if_changed(store: TheStore, response: Response, if_none_match: IfNoneMatch = None) -> None:
    """Tag the answer with the version of the store, read before anything else is.

    Raises:
        NotModifiedError: the client has it.
    """
    version = store.version()
    etag = f'"{SOFTWARE}-{version.store_key}-{version.seq}"'
    if is_known(etag, if_none_match):
        raise NotModifiedError(etag)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "no-cache"


ONLY_IF_CHANGED = Depends(only_if_changed)


def answer_not_modified(app: FastAPI) -> None:
    """Let the app answer 304 where the client has the answer."""
    app.add_exception_handler(NotModifiedError, _on_not_modified)


def _on_not_modified(_: Request, error: Exception) -> Response:
    assert isinstance(error, NotModifiedError)
    headers = {"ETag": error.etag, "Cache-Control": "no-cache"}
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
