"""Scenes: which pictures belong together, and which scenes are held out.

Pictures of one scene (a camera, a video, a walk) look alike. A split by picture would ask a model for what it learnt by
heart, so only whole scenes are held out.
"""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from helmetbelt.datasets.formats.foreign import FormatError

STRUCTURE = re.compile(r"images?|pictures|jpegimages|(train|valid|validation|val|test)(_?\d+)?", re.IGNORECASE)
"""Folders that say nothing of a scene."""

ROBOFLOW = re.compile(r"(_(jpe?g|png|webp|bmp))?\.rf\.\w+$", re.IGNORECASE)
FRAME_NUMBER = re.compile(r"[\s_.\-#(]*(frame|img|f)?[\s_.\-#(]*\d+\)?$", re.IGNORECASE)

HELD_OUT = 0.2
"""Share of the pictures that whole scenes are held out for."""


def scene_of(name: str, pattern: str | None = None) -> str:
    """The scene of a picture by its path in the set.

    By the pattern's first group (or all that it matched), searched in the path without its ending; else the folders
    that don't only structure a set; else the file name without its last number.

    Args:
        name: with "/".
        pattern: a regular expression.

    Raises:
        FormatError: not a regular expression, or one that doesn't match.
    """
    folders, _, file = name.rpartition("/")
    stem = file.rpartition(".")[0] or file
    if pattern is not None:
        return _by_pattern(f"{folders}/{stem}" if folders else stem, pattern)
    telling = [f for f in folders.split("/") if f and not STRUCTURE.fullmatch(f) and f != ".."]
    return "/".join(telling) or FRAME_NUMBER.sub("", ROBOFLOW.sub("", stem)) or "pictures"


def split_scenes(scenes: Sequence[str], seed: int, share: float = HELD_OUT) -> dict[str, str]:
    """"train" or "val" for each of two or more scenes: they are held out in random order until the share is reached.

    A scene that would hold out more than twice the share is passed over, as long as a smaller one is left.

    Args:
        scenes: of every picture.
        seed: of the order.
        share: of the pictures.
    """
    sizes = Counter(scenes)
    names = sorted(sizes)
    split = dict.fromkeys(names, "train")
    held, wanted = 0, share * len(scenes)
    for i in np.random.default_rng(seed).permutation(len(names)):
        size = sizes[names[i]]
        if held < wanted and held + size <= max(2 * wanted, min(sizes.values())):
            split[names[i]], held = "val", held + size
    return split


def _by_pattern(name: str, pattern: str) -> str:
    try:
        found = re.search(pattern, name)
    except re.error as error:
        raise FormatError(f"--group {pattern!r}: not a regular expression ({error})") from error
    if not found or not found.group(found.re.groups and 1):
        raise FormatError(f"--group {pattern!r} finds no scene in {name!r}")
    return str(found.group(found.re.groups and 1))
