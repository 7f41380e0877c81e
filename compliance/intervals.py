"""Intervals for a share of a count."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed range of shares, 0..1."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.low <= self.high <= 1.0:
            raise ValueError(f"interval {self.low}..{self.high}: expected 0 <= low <= high <= 1")

    def __contains__(self, share: float) -> bool:
        return self.low <= share <= self.high

    @property
    def width(self) -> float:
        """From end to end."""
        return self.high - self.low


def z_of(confidence: float) -> float:
    """The standard normal quantile that leaves (1 - confidence) / 2 above it: 1.96 at 0.95.

    Raises:
        ValueError: confidence is not between 0 and 1.
    """
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence {confidence}: expected a number between 0 and 1")
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def wilson(successes: int, n: int, confidence: float = 0.95) -> Interval | None:
    """The Wilson score interval of `successes` out of `n`; None when n is 0.

    Right for independent draws (one cluster); keeps its coverage near 0 and 1, where the textbook
    interval fails. Wilson (1927), JASA 22:209-212; Brown, Cai and DasGupta (2001), Statistical Science
    16:101-133, section 3.1.1.

    Raises:
        ValueError: not 0 <= successes <= n, or a confidence outside 0..1.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n}: expected 0 <= successes <= n")
    if n == 0:
        return None
    z = z_of(confidence)
    share, shrink = successes / n, 1 + z * z / n
    centre = (share + z * z / (2 * n)) / shrink
    half = z / shrink * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low = 0.0 if successes == 0 else max(0.0, min(centre - half, share))
    high = 1.0 if successes == n else min(1.0, max(centre + half, share))
    return Interval(low, high)
