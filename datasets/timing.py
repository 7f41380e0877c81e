"""Processor time of several things side by side, on a machine that does other work too.

They take turns, so that a slow minute hits all of them; what counts is processor time, not the clock on the wall, and
the ratio to the first of them, taken within each round.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from helmetbelt.datasets.bootstrap import Doubles

WARM_UP = 2


@dataclass(frozen=True, slots=True)
class Spent:
    """Processor time of one call.

    Attributes:
        ms: median.
        low_ms: lower quartile.
        high_ms: upper quartile.
        ratio: median over the rounds of its time divided by that of the first thing in the same round.
    """

    ms: float
    low_ms: float
    high_ms: float
    ratio: float


def side_by_side(works: Mapping[str, Callable[[], object]], rounds: int = 15) -> dict[str, Spent]:
    """Times each of several calls in turns, after two rounds to warm up.

    Args:
        works: by name; the first one is what the others are compared with.
        rounds: that are counted.
    """
    taken: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(WARM_UP + rounds):
        for name, work in works.items():
            began = time.process_time()
            work()
            if turn >= WARM_UP:
                taken[name].append(1000 * (time.process_time() - began))
    first = np.array(next(iter(taken.values())))
    return {name: _spent(np.array(times), first) for name, times in taken.items()}


def _spent(times: Doubles, first: Doubles) -> Spent:
    low, middle, high = np.percentile(times, [25, 50, 75])
    return Spent(float(middle), float(low), float(high), float(np.median(times / first)))
