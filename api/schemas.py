"""The answers of the API. A rate never comes without its interval, counts, unknown share, bounds and flags."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from helmetbelt.compliance.rates import Flag, Unit
from helmetbelt.pipelines.passages import Direction, Item, Reason, Role, Status, Vehicle
from helmetbelt.records.facts import CameraKind, EvidenceKind

Share = Annotated[float, Field(ge=0, le=1)]
Id = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
Pixels = Annotated[tuple[float, float, float, float], Field(description="left, top, right, bottom")]


class Answer(BaseModel):
    """Anything that is answered; fields are named as in JSON unless that is a word of Python."""

    model_config = ConfigDict(ser_json_inf_nan="null")


class Health(Answer):
    """The service is up and its store answers."""

    status: Literal["ok"]


class ModelIdentity(Answer):
    """A model, by name and sha256."""

    name: str
    sha256: str


class Version(Answer):
    """What answers here."""

    software: str = Field(examples=["0.1.0"])
    tables: str = Field(serialization_alias="schema", description="version of the store's tables", examples=["0001"])
    models: list[ModelIdentity] = Field(description="those that this installation would use")


class CameraAnswer(Answer):
    """A camera."""

    id: str
    name: str
    site: str | None
    kind: CameraKind
    sessions: int = Field(description="how many of its sessions count in rates")


class Cameras(Answer):
    """All cameras, by id."""

    cameras: list[CameraAnswer]


class Range(Answer):
    """From low to high."""

    low: Share
    high: Share


class RateInterval(Range):
    """Where the true rate lies."""

    confidence: Share
    method: Literal["wilson"]


class RateAnswer(Answer):
    """A compliance rate, worn / (worn + not_worn), and how sure it is."""

    value: Share
    interval: RateInterval
    standard_error: Share


class CountsAnswer(Answer):
    """How many got which answer."""

    worn: int
    not_worn: int
    unknown: int


class GroupAnswer(Answer):
    """What a row is about; null where it was not split."""

    camera: str | None
    vehicle: Vehicle | None
    role: Role | None
    hour: datetime | None = Field(description="its beginning")
    day: date | None


class ComplianceRow(Answer):
    """One group."""

    item: Item
    group: GroupAnswer
    unit: Unit
    counts: CountsAnswer
    rate: RateAnswer | None = Field(description="null where nobody was decided")
    unknown_share: Share | None = Field(description="unknown / all; null where there is nobody")
    bounds: Range | None = Field(description="the rate if all unknown had not worn, and if all had")
    sessions: int = Field(description="camera sessions behind the numbers")
    flags: list[Flag]


class Coverage(Answer):
    """How much of the time was watched."""

    state: Literal["not_measured"] = "not_measured"


class Compliance(Answer):
    """Rates for a period. A group without observations has no row: missing is not zero."""

    start: datetime | None = Field(serialization_alias="from")
    end: datetime | None = Field(serialization_alias="to")
    time_zone: str
    group_by: list[str]
    coverage: Coverage
    rows: list[ComplianceRow]


class BalanceRow(Answer):
    """One camera, hour and kind of vehicle."""

    camera: str
    hour: datetime
    vehicle: Vehicle
    passages: int
    worn: int
    not_worn: int
    unknown: int
    difference: int = Field(description="passages without an answer about their rider or driver")


class Reconciliation(Answer):
    """Passages counted one by one against the answers about riders and drivers."""

    start: datetime | None = Field(serialization_alias="from")
    end: datetime | None = Field(serialization_alias="to")
    time_zone: str
    balanced: bool
    rows: list[BalanceRow]


class MomentAnswer(Answer):
    """An instant of a passage."""

    frame: int
    seconds: float = Field(description="since the first frame of the source")
    at: datetime
    xyxy: Pixels | None


class ObservationAnswer(Answer):
    """One person and one item."""

    role: Role
    seat: int
    item: Item
    status: Status
    reason: Reason | None
    confidence: Share
    votes: int


class PassageSummary(Answer):
    """One vehicle through a gate, once."""

    id: Id
    camera: str
    session: Id
    source: str
    simulated: bool
    track: int
    vehicle: Vehicle
    direction: Direction | None
    first: MomentAnswer
    gate: MomentAnswer
    last: MomentAnswer
    best: MomentAnswer


class PassageAnswer(PassageSummary):
    """A passage with its persons."""

    observations: list[ObservationAnswer]


class Passages(Answer):
    """A page of passages, newest first."""

    passages: list[PassageAnswer]
    next_cursor: str | None


class EvidenceAnswer(Answer):
    """A picture of a violation."""

    id: Id
    kind: EvidenceKind
    seconds: float
    url: str
    sha256: str
    width: int
    height: int


class ViolationAnswer(Answer):
    """One person seen not wearing: a candidate, until a human has looked."""

    id: str = Field(examples=["0199d5a3c0004c1e8f3a5b6c7d8e9f01-0-helmet"])
    passage: PassageSummary
    observation: ObservationAnswer
    evidence: list[EvidenceAnswer]


class Violations(Answer):
    """A page of violations, newest first."""

    violations: list[ViolationAnswer]
    next_cursor: str | None
