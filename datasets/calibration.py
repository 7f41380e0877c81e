"""How sure a score really is: a logistic curve from the head model's score to the chance that it names right.

Platt scaling (Platt, Probabilistic outputs for support vector machines, 1999, section 2.2) on the log-odds of the
score, fitted by Newton's method. Judged by cross-fitting: each head by a curve that was fitted without its scene.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.bootstrap import Doubles
from helmetbelt.datasets.persons import Person
from helmetbelt.detector.card import Calibration
from helmetbelt.detector.errors import HelmetbeltError

STEPS = 50
RIDGE = 1e-3
"""Keeps the curve finite where every answer is right."""

FEWEST = 20
FOLDS, SEED = 5, 20261124
BINS = 10


class CalibrationError(HelmetbeltError, ValueError):
    """Too few heads to calibrate on, or scores that say nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """Heads that were found, and whether their class was right.

    Attributes:
        score: (n,) of the head.
        helmet: (n,) the class that was named; False for bare.
        right: (n,) its class is that of the label.
        group: (n,) the scene.
    """

    score: Doubles
    helmet: NDArray[np.bool_]
    right: NDArray[np.bool_]
    group: NDArray[np.str_]

    @classmethod
    def of(cls, persons: Sequence[Person]) -> Self:
        """The found ones among the labelled persons of sources that draw both classes."""
        seen = [(p, p.head) for p in persons if p.both_said and p.truth is not None and p.head is not None]
        return cls(
            np.array([h.score for _, h in seen], np.float64),
            np.array([h.helmet for _, h in seen], np.bool_),
            np.array([h.helmet is p.truth for p, h in seen], np.bool_),
            np.array([p.group for p, _ in seen], np.str_),
        )

    def __len__(self) -> int:
        return len(self.score)

    def __getitem__(self, pick: NDArray[np.bool_]) -> Self:
        return type(self)(self.score[pick], self.helmet[pick], self.right[pick], self.group[pick])


AS_IT_IS = Calibration(temperature=1.0, bias=0.0)
"""Takes the model's score for the probability."""


@dataclass(frozen=True, slots=True, eq=False)
class Promises:
    """Probabilities that a helmet is worn, beside whether one was.

    Attributes:
        promised: (n,).
        worn: (n,) by the labels.
        group: (n,) the scene.
    """

    promised: Doubles
    worn: NDArray[np.bool_]
    group: NDArray[np.str_]


def probability(curve: Calibration, score: Doubles) -> Doubles:
    """(n,) chance that the class named at these scores is right: sigmoid(logit(score) / temperature + bias)."""
    log_odds = np.array([curve.log_odds(float(s)) for s in score], np.float64)
    return 1 / (1 + np.exp(-log_odds))


def fit(named: Named) -> Calibration:
    """The curve of greatest likelihood.

    Raises:
        CalibrationError: fewer than 20 heads, or scores that don't rise with the chance to be right.
    """
    if len(named) < FEWEST:
        raise CalibrationError(f"{len(named)} heads: a curve needs {FEWEST} or more")
    log_odds = [AS_IT_IS.log_odds(float(score)) for score in named.score]
    design = np.stack([np.array(log_odds), np.ones(len(named))], 1)
    weights = np.array([1.0, 0.0])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (named.right - chance) - RIDGE * weights
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design + RIDGE * np.eye(2)
        weights = weights + np.linalg.solve(curvature, slope)
    if weights[0] <= 0.01:
        raise CalibrationError(f"slope {weights[0]:.3f}: a higher score is no surer")
    return Calibration(temperature=float(1 / weights[0]), bias=float(weights[1]))


def cross_fitted(named: Named) -> Promises:
    """What curves promise that were fitted without the scene of the head that they are asked about.

    Raises:
        CalibrationError: a fold leaves too few heads to fit on, see `fit`.
    """
    fold = folds(named.group, FOLDS)
    chance = np.zeros(len(named))
    for k in range(FOLDS):
        chance[fold == k] = probability(fit(named[fold != k]), named.score[fold == k])
    return _promises(named, chance)


def promised_by(named: Named, curve: Calibration) -> Promises:
    """What one curve promises."""
    return _promises(named, probability(curve, named.score))


def folds(group: NDArray[np.str_], count: int, seed: int = SEED) -> NDArray[np.int64]:
    """(n,) the fold of each row, 0 to count - 1; a scene is in one fold, the folds have equally many scenes.

    Args:
        group: (n,) the scene.
        count: folds.
        seed: of the shuffling of scenes.
    """
    scenes, scene = np.unique(group, return_inverse=True)
    place = np.random.default_rng(seed).permutation(len(scenes))
    return np.asarray(place[scene] % count, np.int64)


def expected_error(promises: Promises, bins: int = BINS) -> float:
    """Mean distance between promised and real share over equally filled bins (Naeini et al., AAAI 2015)."""
    parts = [p for p in equal_parts(promises.promised, bins) if len(p)]
    gaps = [len(p) * abs(promises.promised[p].mean() - promises.worn[p].mean()) for p in parts]
    return float(sum(gaps) / max(len(promises.worn), 1))


def equal_parts(promised: Doubles, bins: int) -> list[NDArray[np.intp]]:
    """Indices of equally many rows each, from the least promise to the greatest."""
    return np.array_split(np.argsort(promised, kind="stable"), bins)


def _promises(named: Named, right: Doubles) -> Promises:
    promised = np.where(named.helmet, right, 1 - right)
    return Promises(promised, named.right == named.helmet, named.group)
