"""File names for copies of pictures that came from many folders."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from helmetbelt.datasets.manifest import LabelledPicture


def different_names(pictures: Sequence[LabelledPicture]) -> list[str]:
    """A file name for each picture: its own, with its scene before it and a number behind it where names repeat."""
    own = [p.path.name for p in pictures]
    seen = Counter(own)
    names: list[str] = []
    taken: set[str] = set()
    for picture, name in zip(pictures, own, strict=True):
        if seen[name] > 1:
            name = re.sub(r"[^\w-]+", "_", picture.group) + "_" + name
        stem, suffix = Path(name).stem, Path(name).suffix
        number = 1
        while name in taken:
            number += 1
            name = f"{stem}-{number}{suffix}"
        taken.add(name)
        names.append(name)
    return names
