"""How sure a score really is: a logistic curve from the head model's score to the chance that it names right.

Platt scaling (Platt, Probabilistic outputs for support vector machines, 1999, section 2.2) on the log-odds of the
score, fitted by Newton's method.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STEPS = 50
RIDGE = 1e-3
"""Keeps the curve finite where every answer is right."""


@dataclass(frozen=True, slots=True)
class Named:
    """Heads that were found, and whether their class was right.

    Attributes:
        score: (n,) of the head.
        right: (n,) its class is that of the label.
    """

    score: NDArray[np.float64]
    right: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Curve:
    """probability = sigmoid(logit(score) / temperature + bias)."""

    temperature: float
    bias: float

    def probability(self, score: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n,) chance that the class named at these scores is right."""
        return 1 / (1 + np.exp(-(logit(score) / self.temperature + self.bias)))


def logit(score: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-odds, the ends cut off at one in a thousand."""
    inside = np.clip(score, 1e-3, 1 - 1e-3)
    return np.asarray(np.log(inside / (1 - inside)), np.float64)


def fit(named: Named) -> Curve:
    """The curve of greatest likelihood.

    Raises:
        ValueError: fewer than 20 heads, or scores that don't rise with the chance to be right.
    """
    if len(named.score) < 20:
        raise ValueError(f"{len(named.score)} heads: a curve needs 20 or more")
    design = np.stack([logit(named.score), np.ones(len(named.score))], 1)
    weights = np.array([1.0, 0.0])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (named.right - chance) - RIDGE * weights
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design + RIDGE * np.eye(2)
        weights = weights + np.linalg.solve(curvature, slope)
    if weights[0] <= 0.01:
        raise ValueError(f"slope {weights[0]:.3f}: a higher score is no surer")
    return Curve(float(1 / weights[0]), float(weights[1]))


def expected_error(named: Named, curve: Curve, bins: int = 10) -> float:
    """Mean distance between promised and real chance over equally filled bins (Naeini et al., AAAI 2015)."""
    promised = curve.probability(named.score)
    order = np.argsort(promised, kind="stable")
    parts = np.array_split(order, bins)
    gaps = [len(p) * abs(promised[p].mean() - named.right[p].mean()) for p in parts if len(p)]
    return float(sum(gaps) / len(order))
