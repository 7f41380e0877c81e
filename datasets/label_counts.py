"""How many pictures, scenes and boxes there are, by source and split, and what is not labelled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from helmetbelt.datasets.manifest import Label, LabelledPicture


@dataclass(frozen=True, slots=True)
class Count:
    """One line of the table.

    Attributes:
        source: of the pictures.
        split: "train" or "val".
        pictures: how many.
        scenes: how many.
        boxes: by class.
        unsaid: pictures in which the class is not labelled, and may be there all the same.
        flags: pictures by flag.
    """

    source: str
    split: str
    pictures: int
    scenes: int
    boxes: dict[Label, int]
    unsaid: dict[Label, int]
    flags: dict[str, int]

    def text_of(self, label: Label) -> str:
        """The number of boxes; "?" for what isn't known, with the pictures that it isn't known in."""
        boxes, unsaid = self.boxes[label], self.unsaid[label]
        if unsaid == self.pictures:
            return "?" if boxes == 0 else f"{boxes} ?"
        return str(boxes) if unsaid == 0 else f"{boxes} ?{unsaid}"


def count(pictures: Iterable[LabelledPicture]) -> list[Count]:
    """A line for each source and split, by name."""
    found: dict[tuple[str, str], list[LabelledPicture]] = {}
    for picture in pictures:
        found.setdefault((picture.source, picture.split), []).append(picture)
    return [_count(source, split, found[source, split]) for source, split in sorted(found)]


def _count(source: str, split: str, pictures: Sequence[LabelledPicture]) -> Count:
    flags = sorted({f for p in pictures for f in p.flags})
    return Count(
        source=source,
        split=split,
        pictures=len(pictures),
        scenes=len({p.group for p in pictures}),
        boxes={label: sum(int((p.label == label).sum()) for p in pictures) for label in Label},
        unsaid={label: sum(label not in p.labelled for p in pictures) for label in Label},
        flags={f: sum(f in p.flags for p in pictures) for f in flags},
    )
