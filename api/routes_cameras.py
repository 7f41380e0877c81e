"""The cameras."""

from fastapi import APIRouter

from helmetbelt.api.dependencies import TheStore
from helmetbelt.api.problems import documented
from helmetbelt.api.schemas import CameraAnswer, Cameras

router = APIRouter(prefix="/api/v1", tags=["cameras"], responses=documented())


@router.get("/cameras")
def cameras(store: TheStore) -> Cameras:
    """All cameras, by id."""
    return Cameras(
        cameras=[
            CameraAnswer(id=one.id, name=one.name, site=one.site, kind=one.kind, sessions=one.sessions)
            for one in store.cameras()
        ]
    )
