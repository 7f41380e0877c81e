"""The rate that the models publish against the rate of the labels, before and after correction.

The correction is that of Rogan and Gladen (American Journal of Epidemiology 107:71, 1978): with sensitivity Se (worn
called worn) and specificity Sp (not worn called not worn) of the decided, p = (q + Sp - 1) / (Se + Sp - 1), cut to
0..1. Se and Sp are always measured on other scenes than those whose rate they correct.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.bootstrap import Doubles, Interval, divided, interval, scene_weights
from helmetbelt.datasets.calibration import folds
from helmetbelt.datasets.judging import Judged, Verdict
from helmetbelt.datasets.rows import ALL, Row

SPLITS = 20
"""Ways to halve the scenes: the correction is their mean, so that no single split decides."""

FEWEST = 30
"""Persons of a source whose rate is asked for apart."""

POINTS = 100.0


class Counts:
    """What a rate is made of, each (n,) of 0 and 1; n persons of sources that draw both classes.

    Attributes:
        label: somebody is drawn.
        helmet: with a helmet.
        worn: called worn, drawn or not.
        decided: called worn or not worn, drawn or not.
        table: helmet called worn, helmet decided, bare called not worn, bare decided: (4, n).
    """

    def __init__(self, judged: Judged) -> None:
        worn, decided = judged.verdict == Verdict.WORN, judged.decided
        helmet, bare = judged.helmet, judged.bare
        self.label = judged.drawn.astype(np.float64)
        self.helmet = helmet.astype(np.float64)
        self.worn = worn.astype(np.float64)
        self.decided = decided.astype(np.float64)
        self.table = np.array([helmet & worn, helmet & decided, bare & decided & ~worn, bare & decided], np.float64)

    def true_rate(self, weight: Doubles) -> Doubles:
        """(d,) of the labels, from (d, n) weights."""
        return divided(weight @ self.helmet, weight @ self.label)

    def raw_rate(self, weight: Doubles) -> Doubles:
        """(d,) as published: worn / (worn + not worn), the falsely found persons too."""
        return divided(weight @ self.worn, weight @ self.decided)

    def corrected_rate(self, weight: Doubles, other: Doubles) -> Doubles:
        """(d,) the raw rate corrected by Se and Sp of other persons, (d, n) weights of both."""
        right_worn, worn, right_bare, bare = (other @ row for row in self.table)
        return corrected(self.raw_rate(weight), divided(right_worn, worn), divided(right_bare, bare))


def corrected(raw: Doubles, se: Doubles, sp: Doubles) -> Doubles:
    """Rogan and Gladen's rate, element by element; NaN where Se + Sp is not above 1: such a machine only guesses."""
    informative = np.where(se + sp > 1, se + sp - 1, np.nan)
    return np.asarray(np.clip((raw + sp - 1) / informative, 0, 1), np.float64)


def rate_error(judged: Judged) -> float:
    """Published rate less the rate of the labels; 1 where nobody is decided."""
    counts, once = Counts(judged), np.ones((1, len(judged.persons)))
    error = float((counts.raw_rate(once) - counts.true_rate(once))[0])
    return 1.0 if np.isnan(error) else error


def score_rate(judged: Judged) -> list[Row]:
    """Errors of the rate in points, over all persons and by source, raw and corrected.

    Args:
        judged: inside the envelope; only sources that draw both classes are asked.
    """
    both = judged.of_both_said()
    return [*_overall(both), *_judge_alone(both.seen()), *_by_source(both)]


def _overall(judged: Judged) -> list[Row]:
    counts, groups = Counts(judged), judged.groups
    weight = scene_weights(groups)
    n = int(counts.label.sum())
    true, raw = counts.true_rate(weight), counts.raw_rate(weight)
    halves = _by_halves(counts, weight, np.array(groups, np.str_))
    return [
        Row("helmet rate of the labels", ALL, interval(true, n)),
        Row("helmet rate of the statuses", ALL, interval(raw, int(counts.decided.sum()))),
        Row("rate error, points", ALL, _points(raw - true, n)),
        Row("rate error after correction by other scenes, points", ALL, _points(halves - true, n)),
    ]


def _judge_alone(seen: Judged) -> list[Row]:
    """The error among persons that are drawn and were seen: what the correction is made for."""
    counts, weight, n = Counts(seen), scene_weights(seen.groups), len(seen.persons)
    true = counts.true_rate(weight)
    halves = _by_halves(counts, weight, np.array(seen.groups, np.str_))
    return [
        Row("rate error of the judge alone, points", ALL, _points(counts.raw_rate(weight) - true, n)),
        Row("rate error of the judge alone after correction by other scenes, points", ALL, _points(halves - true, n)),
    ]


def _by_halves(counts: Counts, weight: Doubles, groups: NDArray[np.str_]) -> Doubles:
    """(d,) each half of the scenes corrected by the other, joined by their decided persons, over many splits."""
    rates = []
    for split in range(SPLITS):
        half = folds(groups, 2, split)
        one, other = weight * (half == 0), weight * (half == 1)
        decided = [w @ counts.decided for w in (one, other)]
        rate = [counts.corrected_rate(one, other), counts.corrected_rate(other, one)]
        rates.append(divided(decided[0] * rate[0] + decided[1] * rate[1], decided[0] + decided[1]))
    return divided(np.nansum(rates, axis=0), np.sum(~np.isnan(rates), axis=0).astype(np.float64))


def _by_source(judged: Judged) -> list[Row]:
    """Each source against its own labels; corrected by Se and Sp of all other sources, as on a new camera."""
    sources = np.array([p.source for p in judged.persons], np.str_)
    counts, weight = Counts(judged), scene_weights(judged.groups)
    large = [s for s in np.unique(sources) if counts.label[sources == s].sum() >= FEWEST]
    rows: list[Row] = []
    errors: dict[str, list[Doubles]] = {"": [], " after correction by other sources": []}
    for source in large:
        own, others = weight * (sources == source), weight * (sources != source)
        n, true = int(counts.label[sources == source].sum()), counts.true_rate(own)
        rates = counts.raw_rate(own), counts.corrected_rate(own, others)
        for (how, seen), rate in zip(errors.items(), rates, strict=True):
            seen.append(rate - true)
            rows.append(Row(f"rate error{how}, points", str(source), _points(rate - true, n)))
    return rows + [_typical(how, seen, int(counts.label.sum())) for how, seen in errors.items() if seen]


def _typical(how: str, errors: Sequence[Doubles], n: int) -> Row:
    size = np.mean(np.abs(errors), axis=0)
    return Row(f"mean size of the rate error{how}, points", "mean of sources", _points(size, n))


def _points(error: Doubles, n: int) -> Interval:
    return interval(error * POINTS, n)
