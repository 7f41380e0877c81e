"""A finished passage with the pictures that evidence may be made of."""

from dataclasses import dataclass

from helmetbelt.pipelines.frames import Image
from helmetbelt.pipelines.passages import Box, Moment, Passage, Status


@dataclass(frozen=True, slots=True)
class HeadView:
    """A person in a view.

    Attributes:
        seat: of the person, as in the passage's observations.
        xyxy: of the head, of people in cars of the upper body; pixels of the view's picture.
        status: the final answer for this person.
    """

    seat: int
    xyxy: Box
    status: Status


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One moment of a passage in full view.

    Attributes:
        moment: when and where the vehicle was.
        image: the whole frame as it came, not to be written into.
        heads: those found at this moment.
    """

    moment: Moment
    image: Image
    heads: tuple[HeadView, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Closed:
    """A passage that is over.

    Attributes:
        passage: what is counted.
        views: at most two, earliest first, at different moments with a bare head or no belt in them; empty for a
            passage in which nobody leaned to `not_worn`.
        evidence: seats whose `not_worn` is sure enough to be shown to a person (the threshold of enforcement,
            which is not that of the statistics).
    """

    passage: Passage
    views: tuple[View, ...]
    evidence: tuple[int, ...]
