"""`report.html`: one self-contained page about an evaluated video, for people and for paper."""

import base64
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined

from helmetbelt.api import labels, timeline
from helmetbelt.api.evaluations import ALL, Counted, Evaluation, rates_of
from helmetbelt.api.labels import Label
from helmetbelt.compliance.rates import CONFIDENCE, Flag, Rate
from helmetbelt.pipelines.evidence import Kind, Picture
from helmetbelt.pipelines.passages import Item, Observation, Reason, Role, Status, Vehicle

MOST_EMBEDDED_BYTES = 16_000_000
"""Pictures beyond this stay in the evidence folder: a page of 100 MB opens nowhere."""

MEDIA_TYPE = "data:image/jpeg;base64,"


@dataclass(frozen=True, slots=True)
class RateRow:
    """One line of the table of rates."""

    label: Label
    rate: Rate
    is_total: bool


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One violation of the gallery; pictures are data addresses, the close-up first."""

    id: str
    at: str
    seconds: float
    track: int
    direction: Label | None
    persons: tuple[Observation, ...]
    pictures: tuple[str, ...]


def report_html(evaluation: Evaluation, evidence: Path) -> str:
    """The page.

    Args:
        evaluation: what is reported.
        evidence: folder that the pictures' paths are below.

    Raises:
        OSError: a picture of the evidence cannot be read.
    """
    environment = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": percent, "clock": duration_text, "step": step_text}
    exhibits, left_out = exhibits_of(evaluation, evidence)
    source, settings = evaluation.source, evaluation.settings
    began = source.started_at.astimezone(settings.zone)
    return environment.get_template("report.html").render(
        evaluation=evaluation,
        source=source,
        settings=settings,
        began=began,
        tally=evaluation.tally,
        tables={item: rate_rows(evaluation, item) for item in Item if asked(evaluation, item)},
        flags=raised_flags(evaluation),
        reasons=unknown_reasons(evaluation),
        drawings={item: _timeline(evaluation, item) for item in Item if asked(evaluation, item)},
        size=(timeline.WIDTH, timeline.HEIGHT, timeline.LEFT, timeline.RIGHT, timeline.BOTTOM),
        exhibits=exhibits,
        left_out=left_out,
        without_picture=violations_without_picture(evaluation),
        span_of=span,
        labels=labels,
        Status=Status,
        Vehicle=Vehicle,
        confidence=CONFIDENCE,
    )


def asked(evaluation: Evaluation, item: Item) -> bool:
    """Helmets always have a table; belts have one where a car passed."""
    return item is Item.HELMET or evaluation.tally.vehicles(Vehicle.CAR) > 0


def _timeline(evaluation: Evaluation, item: Item) -> timeline.Timeline:
    source = evaluation.source
    seconds = max(evaluation.seconds, source.duration_s or 0.0)
    passages = [c.passage for c in evaluation.counted]
    return timeline.timeline(passages, item, source.started_at, seconds, evaluation.settings.zone)


def rate_rows(evaluation: Evaluation, item: Item) -> list[RateRow]:
    """The rates of an item, by role, the sum last."""
    rates = rates_of(evaluation.tally, evaluation.basis)[item]
    return [
        RateRow(labels.ALL_ROLES if who == ALL else labels.ROLES[Role(who)], one, who == ALL)
        for who, one in rates.items()
    ]


def raised_flags(evaluation: Evaluation) -> list[tuple[Flag, Label]]:
    """Every flag of any rate that has somebody in it, with its meaning."""
    rates = rates_of(evaluation.tally, evaluation.basis)
    raised = {
        flag for by_role in rates.values() for one in by_role.values() if one.counts.observed for flag in one.flags
    }
    return [(flag, labels.FLAGS[flag]) for flag in Flag if flag in raised]


def unknown_reasons(evaluation: Evaluation) -> list[tuple[Label, Label, int]]:
    """Item, reason and number of the persons who could not be judged, most frequent first."""
    counts = Counter(
        (seen.item, seen.reason)
        for counted in evaluation.counted
        for seen in counted.passage.observations
        if isinstance(seen.reason, Reason)
    )
    return [(labels.ITEMS[item], labels.REASONS[reason], n) for (item, reason), n in counts.most_common()]


def violations_without_picture(evaluation: Evaluation) -> int:
    """Vehicles with somebody not wearing of whom no picture is kept: not sure enough to be shown."""
    return sum(c.passage.is_violation and not c.pictures for c in evaluation.counted)


def exhibits_of(evaluation: Evaluation, evidence: Path) -> tuple[list[Exhibit], int]:
    """The gallery, and how many violations are left to the folder because the page would grow too large."""
    shown, used = list[Exhibit](), 0
    violations = [c for c in evaluation.counted if c.pictures]
    for counted in violations:
        contents = [(evidence / p.path).read_bytes() for p in _close_up_first(counted)]
        used += sum(map(len, contents))
        if used > MOST_EMBEDDED_BYTES:
            break
        shown.append(_exhibit(evaluation, counted, contents))
    return shown, len(violations) - len(shown)


def percent(share: float | None) -> str:
    """A share in percent with one digit where it is needed."""
    if share is None:
        return "–"
    return f"{share * 100:.0f} %" if share in (0.0, 1.0) else f"{share * 100:.1f} %"


def span(low: float, high: float) -> str:
    """A range of shares in percent."""
    return f"{low * 100:.1f} – {high * 100:.1f} %"


def duration_text(seconds: float) -> str:
    """Hours, minutes and seconds."""
    whole = int(seconds)
    if whole < 60:
        return f"{seconds:.1f} s"
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {whole % 60:02d} s"


def step_text(step_s: int) -> str:
    """The length of a column of the timeline."""
    return f"{step_s} s" if step_s < 60 else f"{step_s // 60} min"


def _exhibit(evaluation: Evaluation, counted: Counted, contents: Iterable[bytes]) -> Exhibit:
    passage = counted.passage
    at = passage.gate.taken_at.astimezone(evaluation.settings.zone)
    return Exhibit(
        id=counted.id,
        at=f"{at:%Y-%m-%d %H:%M:%S}",
        seconds=passage.gate.seconds,
        track=passage.track,
        direction=None if passage.direction is None else labels.DIRECTIONS[passage.direction],
        persons=passage.observations,
        pictures=tuple(MEDIA_TYPE + base64.b64encode(content).decode() for content in contents),
    )


def _close_up_first(counted: Counted) -> list[Picture]:
    return sorted(counted.pictures, key=lambda p: p.kind is not Kind.CLOSE_UP)


def _template(name: str) -> str:
    return (files("helmetbelt.api") / "templates" / name).read_text(encoding="utf-8")
