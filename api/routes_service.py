"""Is it up, and what is it."""

from fastapi import APIRouter, Request

from helmetbelt.api.dependencies import SOFTWARE, TheStore
from helmetbelt.api.problems import documented
from helmetbelt.api.schemas import Health, ModelIdentity, Version
from helmetbelt.records.schema import SCHEMA_VERSION

router = APIRouter(tags=["service"], responses=documented())


@router.get("/healthz")
def health(store: TheStore) -> Health:
    """Whether the service is up and its store answers."""
    store.version()
    return Health(status="ok")


@router.get("/version")
def version(request: Request) -> Version:
    """Software, tables and models."""
    models = [ModelIdentity(name=name, sha256=digest) for name, digest in request.app.state.models.items()]
    return Version(software=SOFTWARE, tables=SCHEMA_VERSION, models=models)
