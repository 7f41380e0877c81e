"""How often the answer about a person is right, inside the operating envelope."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.answers import Light
from helmetbelt.datasets.bootstrap import Interval, ratio
from helmetbelt.datasets.head_scoring import SIZES
from helmetbelt.datasets.judging import Judged, Verdict
from helmetbelt.datasets.rows import ALL, Row


@dataclass(frozen=True, slots=True)
class Confusion:
    """How many persons got which answer: worn, not worn, unknown, not seen.

    Attributes:
        helmet: of those drawn with a helmet.
        bare: of those drawn bare.
        nobody: of heads found where none is drawn, in sources that draw both classes.
    """

    helmet: tuple[int, ...]
    bare: tuple[int, ...]
    nobody: tuple[int, ...]


def confusion(judged: Judged) -> Confusion:
    """The table of answers."""
    asked = (judged.helmet, judged.bare, ~judged.drawn)
    rows = [np.bincount(judged.verdict[of], minlength=len(Verdict)) for of in asked]
    helmet, bare, found = (tuple(int(v) for v in row) for row in rows)
    return Confusion(helmet, bare, found)


def score_statuses(judged: Judged) -> list[Row]:
    """Accuracy of the decided, sensitivity, specificity and the share of the unknown.

    Args:
        judged: persons inside the envelope.
    """
    figures: dict[str, Callable[[Judged], Interval]] = {
        "status right, of the decided": lambda some: _right(some, some.drawn),
        "worn called worn, of the decided": lambda some: _right(some, some.helmet),
        "not worn called not worn, of the decided": lambda some: _right(some, some.bare),
        "unknown or not seen": lambda some: _undecided(some, some.drawn),
        "unknown, of the seen": lambda some: _undecided(some, some.verdict != Verdict.UNSEEN),
    }
    drawn = judged.where(judged.drawn)
    rows = [Row(what, part, figure(some)) for what, figure in figures.items() for part, some in _parts(drawn)]
    return [row for row in rows if row.figure.n]


def _parts(judged: Judged) -> Iterator[tuple[str, Judged]]:
    yield ALL, judged
    yield "both classes drawn", judged.where(np.array([p.both_said for p in judged.persons], np.bool_))
    for source in sorted({p.source for p in judged.persons}):
        yield source, judged.where(np.array([p.source == source for p in judged.persons], np.bool_))
    for light in Light:
        yield light, judged.where(np.array([p.light is light for p in judged.persons], np.bool_))
    for size, (low, high) in SIZES.items():
        yield size, judged.where(np.array([low <= p.height_px < high for p in judged.persons], np.bool_))


def _right(judged: Judged, of: NDArray[np.bool_]) -> Interval:
    wrong = judged.false_worn | judged.false_not_worn
    return _share(~wrong, of & judged.decided, judged)


def _undecided(judged: Judged, of: NDArray[np.bool_]) -> Interval:
    return _share(~judged.decided, of, judged)


def _share(holds: NDArray[np.bool_], of: NDArray[np.bool_], judged: Judged) -> Interval:
    return ratio((holds & of).astype(np.float64), of.astype(np.float64), judged.groups)
