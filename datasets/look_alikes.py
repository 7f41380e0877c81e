"""Which pictures look alike: a perceptual hash of the coarse structure, compared bit by bit.

The hash is that of Zauner, Implementation and benchmarking of perceptual image hash functions (2010), section 3.2.1:
the 8 x 8 lowest frequencies of the cosine transform of a 32 x 32 grey copy, each above or below their median.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.letterbox import Image

SAME_BITS = 4
"""Bits of 64 that may differ; unrelated pictures differ by about 32."""

SIDE, KEPT = 32, 8


def look_of(image: Image) -> int:
    """The 64-bit hash of a picture."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = np.asarray(cv2.dct(small), np.float32)[:KEPT, :KEPT].ravel()
    bits = low > np.median(low[1:])
    return int("".join("1" if b else "0" for b in bits), 2)


def look_alikes(looks: NDArray[np.uint64], is_held_out: NDArray[np.bool_]) -> list[tuple[int, int, int]]:
    """Held-out pictures that look like one that is trained on: index of both, and the bits that differ.

    Args:
        looks: (n,) hashes.
        is_held_out: (n,).
    """
    trained = np.flatnonzero(~is_held_out)
    found = []
    for i in np.flatnonzero(is_held_out) if len(trained) else ():
        bits = np.bitwise_count(looks[trained] ^ looks[i])
        nearest = int(bits.argmin())
        if bits[nearest] <= SAME_BITS:
            found.append((int(i), int(trained[nearest]), int(bits[nearest])))
    return found
