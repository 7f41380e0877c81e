"""A fixed part of the labelled pictures, for comparisons that would take too long on all."""

import hashlib
from collections.abc import Sequence

from helmetbelt.datasets.manifest import Label, LabelledPicture

FEWEST_OF_SOURCE = 6


def sample(pictures: Sequence[LabelledPicture], count: int, *labels: Label) -> list[LabelledPicture]:
    """About so many pictures whose source draws one of these classes.

    Of each source its share, six at least; always the same ones.

    Args:
        pictures: of one split.
        count: how many there should be.
        labels: the classes.
    """
    asked = [p for p in pictures if p.labelled & set(labels)]
    kept: list[LabelledPicture] = []
    for source in sorted({p.source for p in asked}):
        own = sorted((p for p in asked if p.source == source), key=_lot)
        kept += own[: max(FEWEST_OF_SOURCE, round(count * len(own) / len(asked)))]
    return kept


def _lot(picture: LabelledPicture) -> str:
    return hashlib.sha256(picture.path.name.encode()).hexdigest()
