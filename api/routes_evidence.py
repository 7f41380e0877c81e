"""The pictures of violations."""

from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Response
from fastapi import Path as PathParameter

from helmetbelt.api.dependencies import TheStore
from helmetbelt.api.freshness import IfNoneMatch, NotModifiedError, is_known
from helmetbelt.api.problems import ProblemError, documented
from helmetbelt.records.ids import parse_id

MEDIA_TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}

router = APIRouter(prefix="/api/v1", tags=["passages"])


@router.get(
    "/evidence/{evidence_id}",
    response_class=Response,
    responses=documented(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
    | {
        200: {
            "description": "The picture, as it was recorded",
            "content": {kind: {} for kind in sorted(set(MEDIA_TYPES.values()))},
        },
        304: {"description": "The client has this picture already (If-None-Match)"},
    },
)
def evidence(
    store: TheStore,
    evidence_id: Annotated[str, PathParameter(pattern="^[0-9a-f]{32}$")],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One picture, if its file is still what was recorded."""
    found = store.evidence(parse_id(evidence_id))
    if found is None or store.evidence_root is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, f"no evidence {evidence_id}")
    etag = f'"{found.sha256}"'
    if is_known(etag, if_none_match):
        raise NotModifiedError(etag)
    content = read_below(store.evidence_root, found.path)
    if content is None:
        raise ProblemError(HTTPStatus.GONE, f"the picture of evidence {evidence_id} is no longer kept")
    if sha256(content).hexdigest() != found.sha256:
        raise ProblemError(HTTPStatus.GONE, f"the picture of evidence {evidence_id} is not the one that was recorded")
    headers = {"ETag": etag, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    return Response(content, headers=headers, media_type=MEDIA_TYPES.get(Path(found.path).suffix.lower()))


def read_below(root: Path, relative: str) -> bytes | None:
    """The bytes of a file below `root`; None where there is none, or where the path leaves it or is a link."""
    root = root.resolve()
    path = root / relative
    try:
        if path.resolve(strict=True) != path or not path.is_relative_to(root) or not path.is_file():
            return None
        return path.read_bytes()
    except (OSError, ValueError):
        return None
