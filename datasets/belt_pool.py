"""The belt model's training pictures on disk, drawn once from the occupants beside them."""

from pathlib import Path

import numpy as np

from helmetbelt.datasets.belt_pictures import Pool, Shower
from helmetbelt.datasets.belt_set import load_belt_set

PICTURES = 6144
FILE = "pictures.npz"


def write_pool(index: Path, seed: int, count: int = PICTURES) -> Path:
    """Draws the training pictures of a written set of occupants, beside its index."""
    pool = Shower(load_belt_set(index)).pool(count, seed)
    half = index.with_name("half.npz")
    np.savez(half, images=pool.images, states=pool.states, straps=pool.straps, occupants=pool.occupants)
    return half.replace(index.with_name(FILE))


def load_pool(file: Path) -> Pool:
    """The pictures that `write_pool` wrote."""
    with np.load(file) as parts:
        return Pool(parts["images"], parts["states"], parts["straps"], parts["occupants"])
