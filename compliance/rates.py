"""From counts of answers to a rate that says how far it can be trusted."""

from dataclasses import dataclass
from enum import StrEnum

from helmetbelt.compliance.intervals import Interval, wilson, z_of

CONFIDENCE = 0.95
FEW = 30
"""Fewer answers than this give no usable normal approximation: the usual rule of thumb of survey texts."""
UNKNOWN_SHARE_LIMIT = 0.10
"""23 CFR Part 1340 (US state belt surveys): at most 10 % of those observed may be unknown."""
STANDARD_ERROR_LIMIT = 0.025
"""23 CFR Part 1340: the standard error of a rate may be at most 2.5 points."""


class Unit(StrEnum):
    """What one count stands for."""

    PERSON = "person"
    VEHICLE = "vehicle"


class Flag(StrEnum):
    """What a reader of a rate must know. Few is LOW_N, not a smaller rate."""

    LOW_N = "LOW_N"
    HIGH_UNKNOWN = "HIGH_UNKNOWN"
    HIGH_SE = "HIGH_SE"
    UNCALIBRATED = "UNCALIBRATED"
    SINGLE_CLUSTER = "SINGLE_CLUSTER"
    SIMULATED = "SIMULATED"
    CLOCK_UNTRUSTED = "CLOCK_UNTRUSTED"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many got which answer."""

    worn: int
    not_worn: int
    unknown: int

    def __post_init__(self) -> None:
        if min(self.worn, self.not_worn, self.unknown) < 0:
            raise ValueError(f"{self}: counts cannot be negative")

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.worn + other.worn, self.not_worn + other.not_worn, self.unknown + other.unknown)

    @property
    def decided(self) -> int:
        """Worn and not worn: the denominator of the rate."""
        return self.worn + self.not_worn

    @property
    def observed(self) -> int:
        """Everybody, the unknown too."""
        return self.decided + self.unknown


@dataclass(frozen=True, slots=True)
class Basis:
    """What the counts rest on.

    Attributes:
        clusters: how many camera sessions contributed.
        simulated: drawn pictures are among them.
        clock_trusted: the time of every one of them is known from something better than a file's time stamp.
        calibrated: the machine's errors on these cameras were measured against human labels.
    """

    clusters: int
    simulated: bool = False
    clock_trusted: bool = True
    calibrated: bool = False


@dataclass(frozen=True, slots=True)
class Rate:
    """A compliance rate with everything it must not be shown without.

    Attributes:
        counts: what it was computed from.
        unit: what was counted.
        value: worn / (worn + not_worn), 0..1; None when nobody was decided.
        interval: 95 % Wilson interval of `value`; None together with it.
        standard_error: see `standard_error`; None together with `value`.
        unknown_share: unknown / observed; None when nobody was observed.
        bounds: the rate if all unknown had not worn, and if all had; None when nobody was observed.
        flags: in the order of `Flag`.
    """

    counts: Counts
    unit: Unit
    value: float | None
    interval: Interval | None
    standard_error: float | None
    unknown_share: float | None
    bounds: Interval | None
    flags: tuple[Flag, ...]


def rate(counts: Counts, basis: Basis, unit: Unit = Unit.PERSON) -> Rate:
    """The rate of these counts; unknown is reported beside it and never imputed."""
    share = counts.unknown / counts.observed if counts.observed else None
    error = standard_error(counts)
    return Rate(
        counts=counts,
        unit=unit,
        value=counts.worn / counts.decided if counts.decided else None,
        interval=wilson(counts.worn, counts.decided, CONFIDENCE),
        standard_error=error,
        unknown_share=share,
        bounds=worst_case(counts),
        flags=_flags(counts, basis, error, share),
    )


def worst_case(counts: Counts) -> Interval | None:
    """The rate if every unknown person had not worn, and if every one had; None when nobody was observed.

    Manski (1989), Journal of Human Resources 24:343-360: bounds without any assumption about the missing.
    """
    if not counts.observed:
        return None
    return Interval(counts.worn / counts.observed, (counts.worn + counts.unknown) / counts.observed)


def standard_error(counts: Counts) -> float | None:
    """Standard error of the rate in 0..1, as if persons were independent; None when nobody was decided.

    Half the Wilson interval over its z: sqrt(p(1-p)/n) for large n, but not 0 when all or nobody wore.
    """
    interval = wilson(counts.worn, counts.decided, CONFIDENCE)
    return None if interval is None else interval.width / (2 * z_of(CONFIDENCE))


def _flags(
    counts: Counts, basis: Basis, error: float | None, unknown_share: float | None
) -> tuple[Flag, ...]:
    raised = {
        Flag.LOW_N: counts.decided < FEW,
        Flag.HIGH_UNKNOWN: unknown_share is not None and unknown_share > UNKNOWN_SHARE_LIMIT,
        Flag.HIGH_SE: error is not None and error > STANDARD_ERROR_LIMIT,
        Flag.UNCALIBRATED: not basis.calibrated,
        Flag.SINGLE_CLUSTER: basis.clusters <= 1,
        Flag.SIMULATED: basis.simulated,
        Flag.CLOCK_UNTRUSTED: not basis.clock_trusted,
    }
    return tuple(flag for flag, yes in raised.items() if yes)
