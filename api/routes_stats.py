"""Rates, and whether the books behind them balance."""

from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query

from helmetbelt.api.dependencies import TheStore
from helmetbelt.api.freshness import ONLY_IF_CHANGED
from helmetbelt.api.problems import BAD_QUESTION, documented, refuse
from helmetbelt.api.questions import ComplianceQuestion, ReconciliationQuestion
from helmetbelt.api.schemas import (
    BalanceRow,
    Compliance,
    ComplianceRow,
    CountsAnswer,
    Coverage,
    GroupAnswer,
    Range,
    RateAnswer,
    RateInterval,
    Reconciliation,
)
from helmetbelt.compliance.rates import CONFIDENCE, Basis, Counts, Rate, rate
from helmetbelt.pipelines.passages import Item
from helmetbelt.records.counting import CountsQuestion, Group, GroupBy, StatusCounts
from helmetbelt.records.errors import ZoneError
from helmetbelt.records.period import Period
from helmetbelt.records.store import Store

MOST_CELLS: Final = 100_000
"""Of one answer: hours or days, times cameras."""

LONGEST_RECONCILIATION: Final = timedelta(days=31)
USUAL_RECONCILIATION: Final = timedelta(days=7)

router = APIRouter(
    prefix="/api/v1/stats",
    tags=["stats"],
    dependencies=[ONLY_IF_CHANGED],
    responses=documented(*BAD_QUESTION) | {304: {"description": "The client has this answer already (If-None-Match)"}},
)


@router.get("/compliance")
def compliance(store: TheStore, asked: Annotated[ComplianceQuestion, Query()]) -> Compliance:
    """Compliance rates of persons, with everything that they must not be shown without."""
    question = CountsQuestion(
        period=asked.period(),
        items=tuple(asked.item),
        cameras=asked.cameras(store),
        roles=tuple(asked.role),
        vehicles=tuple(asked.vehicle),
        by=frozenset(asked.group_by),
        zone=asked.zone,
    )
    _refuse_too_many_cells(store, question)
    try:
        found = store.counts(question)
    except ZoneError as error:
        raise refuse(str(error), "time_zone", "group_by") from None
    return Compliance(
        start=question.period.start and question.period.start.astimezone(question.zone),
        end=question.period.end and question.period.end.astimezone(question.zone),
        time_zone=asked.time_zone,
        group_by=[by for by in GroupBy if by in question.by],
        coverage=Coverage(),
        rows=[_row(counts, question) for counts in found or _nobody(question)],
    )


@router.get("/reconciliation")
def reconciliation(store: TheStore, asked: Annotated[ReconciliationQuestion, Query()]) -> Reconciliation:
    """Passages = worn + not_worn + unknown, per camera, hour and vehicle; without dates the last seven days.

    The period is widened to full hours.
    """
    period, zone = _reconciled(store, asked.period()), asked.zone
    rows = [
        BalanceRow(
            camera=one.camera,
            hour=one.hour.astimezone(zone),
            vehicle=one.vehicle,
            passages=one.passages,
            worn=one.worn,
            not_worn=one.not_worn,
            unknown=one.unknown,
            difference=one.difference,
        )
        for one in store.balances(period, asked.cameras(store))
    ]
    return Reconciliation(
        start=period.start and period.start.astimezone(zone),
        end=period.end and period.end.astimezone(zone),
        time_zone=asked.time_zone,
        balanced=all(row.difference == 0 for row in rows),
        rows=rows,
    )


def _reconciled(store: Store, asked: Period) -> Period:
    extent = store.extent()
    end = asked.end or (extent.end if extent else None)
    start = asked.start or (end - USUAL_RECONCILIATION if end else None)
    if start is not None and end is not None:
        if start >= end:
            return Period(start, start)
        if end - start > LONGEST_RECONCILIATION:
            raise refuse(f"at most {LONGEST_RECONCILIATION.days} days at a time", "from", "to")
    return Period(start, end)


def _refuse_too_many_cells(store: Store, question: CountsQuestion) -> None:
    if not question.by & {GroupBy.HOUR, GroupBy.DAY}:
        return
    extent = store.extent() or Period()
    start, end = question.period.start or extent.start, question.period.end or extent.end
    if start is None or end is None:
        return
    stretch = timedelta(hours=1) if GroupBy.HOUR in question.by else timedelta(days=1)
    cameras = (len(question.cameras) or len(store.cameras())) if GroupBy.CAMERA in question.by else 1
    cells = ((end - start) // stretch + 1) * cameras
    if cells > MOST_CELLS:
        raise refuse(f"{cells} cells are more than {MOST_CELLS}: ask for less at a time", "from", "to", "group_by")


def _nobody(question: CountsQuestion) -> tuple[StatusCounts, ...]:
    """Where nothing was split, nobody is an answer too."""
    if question.by:
        return ()
    items = question.items or tuple(Item)
    return tuple(StatusCounts(Group(item, None, None, None, None, None), 0, 0, 0, 0, False, True) for item in items)


def _row(counts: StatusCounts, question: CountsQuestion) -> ComplianceRow:
    basis = Basis(counts.sessions, counts.simulated, counts.clock_trusted)
    found = rate(Counts(counts.worn, counts.not_worn, counts.unknown), basis)
    group = counts.group
    return ComplianceRow(
        item=group.item,
        group=GroupAnswer(
            camera=group.camera,
            vehicle=group.vehicle,
            role=group.role,
            hour=_in_zone(group.hour, question),
            day=group.day,
        ),
        unit=found.unit,
        counts=CountsAnswer(worn=counts.worn, not_worn=counts.not_worn, unknown=counts.unknown),
        rate=_rate(found),
        unknown_share=found.unknown_share,
        bounds=None if found.bounds is None else Range(low=found.bounds.low, high=found.bounds.high),
        sessions=counts.sessions,
        flags=list(found.flags),
    )


def _rate(found: Rate) -> RateAnswer | None:
    if found.value is None or found.interval is None or found.standard_error is None:
        return None
    interval = RateInterval(low=found.interval.low, high=found.interval.high, confidence=CONFIDENCE, method="wilson")
    return RateAnswer(value=found.value, interval=interval, standard_error=found.standard_error)


def _in_zone(instant: datetime | None, question: CountsQuestion) -> datetime | None:
    return None if instant is None else instant.astimezone(question.zone)
