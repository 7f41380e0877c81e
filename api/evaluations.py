"""What one evaluated video amounts to: everything that its written results are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from helmetbelt.compliance.rates import Basis, Counts, Rate, rate
from helmetbelt.pipelines.evidence import Picture
from helmetbelt.pipelines.frames import ClockProvenance, SourceInfo
from helmetbelt.pipelines.passages import Item, Passage, Role, Status
from helmetbelt.pipelines.tally import PLACES, Tally


@dataclass(frozen=True, slots=True)
class Settings:
    """What the result depends on beside the video.

    Attributes:
        camera: identifier.
        site: where it stands; None where nobody said.
        gate: as the operator wrote it.
        at_most_fps: analysed frames a second.
        zone: of all times that are shown.
        zone_name: IANA name of it.
        models: name of each model to its sha256 (hex).
        software: version of helmetbelt.
    """

    camera: str
    site: str | None
    gate: str
    at_most_fps: float
    zone: tzinfo
    zone_name: str
    models: Mapping[str, str]
    software: str


@dataclass(frozen=True, slots=True)
class Speed:
    """How long it took.

    Attributes:
        frames: analysed.
        wall_s: from the first to the last.
        decode_s: of it in decoding, beside the rest.
        inference_s: of it inside the models.
    """

    frames: int
    wall_s: float
    decode_s: float
    inference_s: float


@dataclass(frozen=True, slots=True)
class Counted:
    """A passage with its identifier (32 hexadecimal digits) and the pictures of its violation."""

    id: str
    passage: Passage
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One evaluated video.

    Attributes:
        source: what was read.
        settings: how.
        session: identifier of the session in the store, 32 hexadecimal digits.
        counted: in the order in which the passages ended.
        speed: of the run.
        seconds: of the source, read.
        broken: why the source ended early; None where it ran to its end.
    """

    source: SourceInfo
    settings: Settings
    session: str
    counted: Sequence[Counted]
    speed: Speed
    seconds: float
    broken: str | None

    @property
    def tally(self) -> Tally:
        """Passages by vehicle, answers by item, role and status."""
        return Tally.of(c.passage for c in self.counted)

    @property
    def basis(self) -> Basis:
        """What its rates rest on: one camera session, not calibrated."""
        trusted = self.source.clock is not ClockProvenance.FILE_TIME
        return Basis(clusters=1, simulated=self.source.simulated, clock_trusted=trusted)


ALL = "all"
"""Key of the rate over every role of an item."""


def counts_of(tally: Tally, item: Item, roles: Sequence[Role]) -> Counts:
    """Answers of these roles together."""
    worn, not_worn, unknown = (
        sum(tally.answer(item, role, status) for role in roles)
        for status in (Status.WORN, Status.NOT_WORN, Status.UNKNOWN)
    )
    return Counts(worn, not_worn, unknown)


def rates_of(tally: Tally, basis: Basis) -> dict[Item, dict[str, Rate]]:
    """The rate of each item, by role and over all."""
    rates: dict[Item, dict[str, Rate]] = {}
    for item in Item:
        roles = [role for of, role in PLACES if of is item]
        groups = {role.value: [role] for role in roles} | {ALL: roles}
        rates[item] = {name: rate(counts_of(tally, item, who), basis) for name, who in groups.items()}
    return rates


def joint_basis(evaluations: Sequence[Evaluation]) -> Basis:
    """What rates over several videos rest on."""
    each = [e.basis for e in evaluations]
    return Basis(
        clusters=len(each),
        simulated=any(b.simulated for b in each),
        clock_trusted=all(b.clock_trusted for b in each),
    )


def joint_tally(evaluations: Sequence[Evaluation]) -> Tally:
    """The count over several videos."""
    return Tally.of(c.passage for e in evaluations for c in e.counted)
