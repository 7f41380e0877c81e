"""95 % intervals by drawing whole scenes with replacement.

Pictures of one scene are alike, so the scene is the unit: percentile bootstrap over clusters (Davison and Hinkley,
Bootstrap Methods and their Application, 1997, sections 3.8 and 5.3).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

DRAWS, SEED = 400, 1


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % interval.

    Attributes:
        value: on the data themselves; NaN where there is nothing to be counted.
        low: 2.5 percentile over the draws.
        high: 97.5 percentile.
        n: what was counted: true boxes, heads or persons.
    """

    value: float
    low: float
    high: float
    n: int


def scene_weights(groups: Sequence[str], draws: int = DRAWS, seed: int = SEED) -> Doubles:
    """How often each row is in each draw; a scene moves as a whole. Draw 0 is the data themselves.

    Args:
        groups: (n,) the scene of each row.
        draws: with replacement, after draw 0.
        seed: same rows and seed, same draws.

    Returns:
        (draws + 1, n).
    """
    scenes, scene = np.unique(np.array(groups, dtype=np.str_), return_inverse=True)
    rng = np.random.default_rng(seed)
    count = len(scenes)
    drawn = rng.integers(0, max(count, 1), (draws, count)) + count * np.arange(draws)[:, None]
    times = np.bincount(drawn.reshape(-1), minlength=draws * count).reshape(draws, count)
    return np.concatenate([np.ones((1, len(scene))), times[:, scene]])


def interval(figures: Doubles, n: int) -> Interval:
    """The interval of a figure.

    Args:
        figures: (draws + 1,) of the data themselves and of each draw; NaN where a draw has nothing to count.
        n: what was counted.
    """
    known = figures[1:][~np.isnan(figures[1:])]
    if not len(known):
        return Interval(float(figures[0]), float("nan"), float("nan"), n)
    low, high = np.percentile(known, [2.5, 97.5])
    return Interval(float(figures[0]), float(low), float(high), n)


def share(hit: NDArray[np.bool_], groups: Sequence[str]) -> Interval:
    """The share of rows for which something holds.

    Args:
        hit: (n,).
        groups: (n,) the scene of each row.
    """
    return ratio(hit.astype(np.float64), np.ones(len(hit)), groups)


def ratio(part: Doubles, whole: Doubles, groups: Sequence[str]) -> Interval:
    """Sum of one count over the sum of another.

    Args:
        part: (n,).
        whole: (n,).
        groups: (n,) the scene of each row.
    """
    weight = scene_weights(groups)
    return interval(divided(weight @ part, weight @ whole), int(whole.sum()))


def divided(part: Doubles, whole: Doubles) -> Doubles:
    """Element by element, NaN where the whole is 0."""
    return np.asarray(np.divide(part, whole, out=np.full(np.shape(part), np.nan), where=whole != 0), np.float64)
