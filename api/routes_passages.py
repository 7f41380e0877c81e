"""Passages and violations, a page at a time."""

from typing import Annotated

from fastapi import APIRouter, Query

from helmetbelt.api.dependencies import TheStore
from helmetbelt.api.problems import BAD_QUESTION, documented
from helmetbelt.api.questions import PageQuestion, PassagesPageQuestion, ViolationsPageQuestion
from helmetbelt.api.schemas import (
    EvidenceAnswer,
    MomentAnswer,
    ObservationAnswer,
    PassageAnswer,
    Passages,
    PassageSummary,
    ViolationAnswer,
    Violations,
)
from helmetbelt.pipelines.passages import Observation, Status
from helmetbelt.records.ids import parse_id
from helmetbelt.records.paging import PassagesQuestion
from helmetbelt.records.store import Store
from helmetbelt.records.stored import StoredEvidence, StoredMoment, StoredPassage, ViolationKey

router = APIRouter(prefix="/api/v1", tags=["passages"], responses=documented(*BAD_QUESTION))


@router.get("/passages")
def passages(store: TheStore, asked: Annotated[PassagesPageQuestion, Query()]) -> Passages:
    """Vehicles through their gates, newest first."""
    after = None if asked.cursor is None else parse_id(asked.cursor)
    rows = store.passages(_question(store, asked, tuple(asked.status)), after, asked.limit + 1)
    shown = rows[: asked.limit]
    return Passages(
        passages=[
            PassageAnswer(
                **_passage(row.passage).model_dump(),
                observations=[_observation(one) for one in row.observations],
            )
            for row in shown
        ],
        next_cursor=shown[-1].passage.id.hex() if len(rows) > asked.limit else None,
    )


@router.get("/violations")
def violations(store: TheStore, asked: Annotated[ViolationsPageQuestion, Query()]) -> Violations:
    """Persons seen not wearing, newest first, with the pictures of their passages. Candidates: nobody looked yet."""
    after = None if asked.cursor is None else ViolationKey.parse(asked.cursor)
    rows = store.violations(_question(store, asked), after, asked.limit + 1)
    shown = rows[: asked.limit]
    return Violations(
        violations=[
            ViolationAnswer(
                id=str(row.key),
                passage=_passage(row.passage),
                observation=_observation(row.observation),
                evidence=[_evidence(one) for one in row.evidence],
            )
            for row in shown
        ],
        next_cursor=str(shown[-1].key) if len(rows) > asked.limit else None,
    )


def _question(store: Store, asked: PageQuestion, statuses: tuple[Status, ...] = ()) -> PassagesQuestion:
    return PassagesQuestion(
        period=asked.period(),
        cameras=asked.cameras(store),
        vehicles=tuple(asked.vehicle),
        roles=tuple(asked.role),
        items=tuple(asked.item),
        statuses=statuses,
    )


def _passage(passage: StoredPassage) -> PassageSummary:
    return PassageSummary(
        id=passage.id.hex(),
        camera=passage.camera,
        session=passage.session_id.hex(),
        source=passage.source,
        simulated=passage.simulated,
        track=passage.track,
        vehicle=passage.vehicle,
        direction=passage.direction,
        first=_moment(passage.first),
        gate=_moment(passage.gate),
        last=_moment(passage.last),
        best=_moment(passage.best),
    )


def _moment(moment: StoredMoment) -> MomentAnswer:
    return MomentAnswer(frame=moment.frame, seconds=moment.seconds, at=moment.at, xyxy=moment.xyxy)


def _observation(seen: Observation) -> ObservationAnswer:
    return ObservationAnswer(
        role=seen.role,
        seat=seen.seat,
        item=seen.item,
        status=seen.status,
        reason=seen.reason,
        confidence=seen.confidence,
        votes=seen.votes,
    )


def _evidence(picture: StoredEvidence) -> EvidenceAnswer:
    return EvidenceAnswer(
        id=picture.id.hex(),
        kind=picture.kind,
        seconds=picture.seconds,
        url=f"/api/v1/evidence/{picture.id.hex()}",
        sha256=picture.sha256,
        width=picture.width,
        height=picture.height,
    )
