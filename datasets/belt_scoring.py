"""How right the belt model is when it speaks, how often it doesn't, and whether it is the strap that it looks at."""

import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.belt_data import State
from helmetbelt.datasets.belt_pictures import Image, cut, letterboxed, plain
from helmetbelt.datasets.belt_set import Occupant
from helmetbelt.datasets.bootstrap import Interval
from helmetbelt.datasets.degrade import shrink
from helmetbelt.datasets.straps import with_strap
from helmetbelt.detector.card import Calibration, Thresholds
from helmetbelt.pipelines.belts import UNCLEAR

Names = Callable[[Sequence[Image]], NDArray[np.float32]]
"""(n, 3) probabilities of belted, unbelted, unclear for pictures of (128, 128, 3)."""

TEMPERATURES = tuple(np.geomspace(0.3, 6.0, 60))
CANDIDATES = tuple(np.round(np.arange(0.55, 0.991, 0.01), 2))

FEWEST = 8
"""Answers below this number say nothing of a threshold."""

SMALL_PX = 40.0
"""Height of an occupant's box in the frame."""

HAZY_SPREAD = 16.0
"""Grey levels: spread within the haziest quarter of the highway's occupants, to which haze is equalised."""

HAZY_LEVEL = 110.0
HAZY_NOISE = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """An occupant that the model was not trained on, and its answers.

    Attributes:
        occupant: who.
        probabilities: (3,) of the picture as it is.
        hazed: (3,) with haze equalised.
        small: (3,) shrunk to the least height that is judged, `SMALL_PX`.
        strapped: (3,) with a strap drawn on; None for those who aren't unbelted.
    """

    occupant: Occupant
    probabilities: NDArray[np.float32]
    hazed: NDArray[np.float32]
    small: NDArray[np.float32]
    strapped: NDArray[np.float32] | None


@dataclass(frozen=True, slots=True)
class Rule:
    """How probabilities become an answer, as the product does it."""

    calibration: Calibration
    thresholds: Thresholds

    def answer(self, probabilities: NDArray[np.float32]) -> State:
        """Belted, unbelted, or unclear for unknown."""
        if probabilities[2] >= UNCLEAR:
            return State.UNCLEAR
        chance = belted_chance(probabilities, self.calibration)
        if chance >= self.thresholds.worn:
            return State.BELTED
        return State.UNBELTED if chance <= self.thresholds.not_worn else State.UNCLEAR


HELD_OUT = ("gantry", "dusk", "highway")
"""Runs of the cross-validation, each without one camera; the first two also without half of the highway's cars."""


def is_held_out(one: Occupant, run: str) -> bool:
    """Whether a run of the cross-validation doesn't train on an occupant."""
    if one.camera in ("highway", "other"):
        return run == "highway" or zlib.crc32(one.scene.encode()) % 2 == HELD_OUT.index(run)
    return one.camera == run


def ask(names: Names, occupants: Sequence[Occupant], seed: int) -> list[Asked]:
    """The model's answers on each occupant, with haze equalised, small, and with a strap drawn on the unbelted."""
    rng = np.random.default_rng(seed)
    seen = names([plain(o) for o in occupants])
    hazed = names([letterboxed(equally_hazy(cut(o.image, o.xyxy), rng)) for o in occupants])
    small = names([smaller(o, SMALL_PX) for o in occupants])
    bare = [k for k, o in enumerate(occupants) if o.state is State.UNBELTED]
    drawn = [_with_strap(occupants[k], rng) for k in bare]
    strapped = dict(zip(bare, names(drawn), strict=True)) if bare else {}
    return [Asked(o, seen[k], hazed[k], small[k], strapped.get(k)) for k, o in enumerate(occupants)]


def equally_hazy(image: Image, rng: np.random.Generator) -> Image:
    """The picture brought to one mean and one spread of grey levels, rounded and noisy as a hazy one is."""
    grey = image.astype(np.float32)
    flat = (grey - grey.mean()) * (HAZY_SPREAD / max(float(grey.std()), 1.0)) + HAZY_LEVEL
    return np.asarray(np.clip(flat + rng.normal(0, HAZY_NOISE, image.shape), 0, 255).round(), np.uint8)


def smaller(one: Occupant, height_px: float) -> Image:
    """The model's input when the occupant's box is so many pixels high in the frame."""
    factor = height_px / float(one.xyxy[3] - one.xyxy[1])
    part = cut(one.image, one.xyxy)
    return letterboxed(shrink(part, factor) if factor < 1 else part)


def belted_chance(probabilities: NDArray[np.float32], calibration: Calibration) -> float:
    """Calibrated P(belted) among belted and unbelted."""
    belted, unbelted = float(probabilities[0]), float(probabilities[1])
    return float(1 / (1 + np.exp(-calibration.log_odds(belted / max(belted + unbelted, 1e-6)))))


def fit_temperature(asked: Iterable[Asked]) -> Calibration:
    """The temperature under which the held-out answers on readable occupants are likeliest, raw and hazed."""
    said = [(p, a.occupant.state is State.BELTED) for a in asked for p in (a.probabilities, a.hazed) if _is_said(a)]

    def surprise(temperature: float) -> float:
        curve = Calibration(temperature, 0.0)
        chances = [belted_chance(p, curve) if belted else 1 - belted_chance(p, curve) for p, belted in said]
        return float(-np.log(np.maximum(chances, 1e-6)).mean())

    return Calibration(round(float(min(TEMPERATURES, key=surprise)), 3), 0.0)


def choose_thresholds(asked: Sequence[Asked], calibration: Calibration, wanted: float) -> Thresholds:
    """The two limits nearest the middle beyond which answers on readable occupants are right often enough.

    Within each camera belted and unbelted weigh the same: where nearly everybody is belted, saying so is no art.

    Args:
        asked: held-out answers; the pictures as they are and hazed count alike.
        calibration: of the probabilities.
        wanted: least share of right ones among the answers beyond each limit.
    """
    clear = [(p, a.occupant) for a in asked for p in (a.probabilities, a.hazed) if _is_said(a)]
    times = Counter((one.camera, one.state) for _, one in clear)
    clear = [(p, one) for p, one in clear if p[2] < UNCLEAR]
    chances = np.array([belted_chance(p, calibration) for p, _ in clear])
    belted = np.array([one.state is State.BELTED for _, one in clear], np.bool_)
    weight = np.array([1 / times[one.camera, one.state] for _, one in clear])
    worn = _first(lambda c: _share(belted, weight, chances >= c), wanted)
    not_worn = _first(lambda c: _share(~belted, weight, chances <= 1 - c), wanted)
    return Thresholds(worn, round(1 - not_worn, 2))


def accuracy(answers: Iterable[tuple[State, State]]) -> tuple[Interval, Interval]:
    """Share of right answers among those given, and share of unknown; with Wilson intervals.

    Args:
        answers: what is true (belted or unbelted) and what was answered.
    """
    rows = list(answers)
    given = [(truth, said) for truth, said in rows if said is not State.UNCLEAR]
    right = sum(truth is said for truth, said in given)
    return wilson(right, len(given)), wilson(len(rows) - len(given), len(rows))


def flips(asked: Iterable[Asked], rule: Rule) -> Interval:
    """The pair test: share of readable unbelted occupants called unbelted, whom a drawn strap makes belted."""
    pairs = [(rule.answer(a.probabilities), rule.answer(a.strapped)) for a in asked if a.strapped is not None]
    spoken = [after for before, after in pairs if before is State.UNBELTED]
    return wilson(sum(after is State.BELTED for after in spoken), len(spoken))


def turned(asked: Iterable[Asked]) -> Interval:
    """The pair test without thresholds: of unbelted occupants likelier unbelted, those likelier belted with a strap."""
    bare = [a.strapped for a in asked if a.strapped is not None and likelier(a.probabilities) is State.UNBELTED]
    return wilson(sum(likelier(after) is State.BELTED for after in bare), len(bare))


def likelier(probabilities: NDArray[np.float32]) -> State:
    """Belted or unbelted, whichever is likelier, whatever the thresholds say."""
    return State.BELTED if probabilities[0] > probabilities[1] else State.UNBELTED


def wilson(successes: int, n: int) -> Interval:
    """A share with its 95 % interval (Wilson, J. Am. Stat. Assoc. 22:209, 1927); NaN of none."""
    if n == 0:
        return Interval(float("nan"), float("nan"), float("nan"), 0)
    z, p = 1.959964, successes / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Interval(p, float(max(middle - half, 0)), float(min(middle + half, 1)), n)


def _is_said(asked: Asked) -> bool:
    return asked.occupant.state is not State.UNCLEAR


def _with_strap(one: Occupant, rng: np.random.Generator) -> Image:
    strapped, _ = with_strap(one.image, one.head_xyxy, rng)
    return letterboxed(cut(strapped, one.xyxy))


def _share(right: NDArray[np.bool_], weight: NDArray[np.float64], given: NDArray[np.bool_]) -> float:
    """NaN of too few answers to say anything."""
    return float((right * weight)[given].sum() / weight[given].sum()) if given.sum() >= FEWEST else float("nan")


def _first(share: Callable[[float], float], wanted: float) -> float:
    """The lowest candidate from which on every higher one is right often enough, as far as it answers at all."""
    best = CANDIDATES[-1]
    for candidate in reversed(CANDIDATES):
        if share(candidate) < wanted:
            break
        best = candidate if share(candidate) >= wanted else best
    return float(best)
