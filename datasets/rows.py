"""The rows of the table of scores, and the parts of the pictures for which each figure is given."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from helmetbelt.datasets.answers import Answer, Light
from helmetbelt.datasets.bootstrap import Interval

ALL = "all"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table of scores.

    Attributes:
        what: the figure's name.
        part: of the pictures or heads: "all", a source, a light, a size.
        figure: with its interval.
    """

    what: str
    part: str
    figure: Interval


def rows_of(what: str, answers: Sequence[Answer], figure: Callable[[Sequence[Answer]], Interval]) -> Iterator[Row]:
    """A figure over all pictures, of each source and of each light; parts without anything to count are left out.

    Args:
        what: its name.
        answers: those that it can be asked of.
        figure: of some answers.
    """
    for part, some in parts(answers):
        row = Row(what, part, figure(some))
        if row.figure.n:
            yield row


def parts(answers: Sequence[Answer]) -> Iterator[tuple[str, list[Answer]]]:
    """All, those of each source, those of each light."""
    yield ALL, list(answers)
    for source in sorted({a.source for a in answers}):
        yield source, [a for a in answers if a.source == source]
    for light in Light:
        yield light, [a for a in answers if a.light is light]
