"""The belt model's training: resumable, exported faithfully, its cross-validation honest about what it leaves out.

Runs where torch, ultralytics and the starting weights are (the training environment).
"""

import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from helmetbelt.datasets.belt_data import State
from helmetbelt.datasets.belt_export import compare_names, export_belts, names_by_torch
from helmetbelt.datasets.belt_pictures import Pool
from helmetbelt.datasets.belt_pool import load_pool
from helmetbelt.datasets.belt_training import train_belts
from helmetbelt.datasets.parity import ParityError
from helmetbelt.datasets.training import RECIPES
from helmetbelt.detector.errors import ModelFileError
from helmetbelt.detector.session import Session

WEIGHTS = Path(__file__).parents[2].parent / "shared/data/weights"
RECIPE = replace(RECIPES["belts"], epochs=2, batch=8)


@pytest.fixture
def start() -> Path:
    """The starting weights, in an environment that can train."""
    for package in ("torch", "ultralytics"):
        pytest.importorskip(package, reason="needs the training environment (make train-env)")
    if not WEIGHTS.is_dir():
        pytest.skip("the starting weights (../shared/data/weights) are not beside the project")
    return WEIGHTS


def pool(count: int = 16) -> Pool:
    """Noise, a third of each state, straps known to be absent for the unbelted."""
    rng = np.random.default_rng(3)
    images = rng.integers(0, 255, (count, 128, 128, 3)).astype(np.uint8)
    states = np.arange(count) % 3
    straps = np.where(states[:, None, None] == State.UNBELTED, 0.0, np.nan) * np.ones((1, 16, 16))
    return Pool(images, states, straps.astype(np.float32), np.arange(count))


def test_interrupted_training_ends_where_an_uninterrupted_one_does(start: Path, tmp_path: Path) -> None:
    """One epoch and, later, the other give the weights of two at once."""
    whole = train_belts(RECIPE, pool(), start, tmp_path / "whole", 1)
    stopped, plug, log = tmp_path / "stopped", _PullingThePlug(), logging.getLogger("helmetbelt.datasets.belt_training")
    log.setLevel(logging.INFO)
    log.addHandler(plug)
    with pytest.raises(KeyboardInterrupt, match="epoch 1 of 2"):
        train_belts(RECIPE, pool(), start, stopped, 1)
    log.removeHandler(plug)
    again = train_belts(RECIPE, pool(), start, stopped, 1)
    pictures = list(pool(4).images)
    a, b = (names_by_torch(w, start / RECIPE.start)(pictures) for w in (whole, again))
    assert a == pytest.approx(b, abs=1e-4)


def test_export_answers_as_the_framework(start: Path, tmp_path: Path) -> None:
    """Bytes in, three probabilities out, any number at once."""
    weights = train_belts(replace(RECIPE, epochs=1), pool(), start, tmp_path / "run", 1)
    session = Session.open(export_belts(weights, start / RECIPE.start, tmp_path / "belts.onnx"))
    names = names_by_torch(weights, start / RECIPE.start)
    pictures = list(pool(5).images)
    said = compare_names(names, lambda some: session.run(np.stack(some)), pictures)
    assert said.startswith("5 occupants")
    assert session.run(np.stack(pictures)).sum(1) == pytest.approx(np.ones(5), abs=1e-5)


def test_another_export_is_refused() -> None:
    """A difference of more than 0.02."""

    def names(_pictures: object) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        return np.array([[0.5, 0.3, 0.2]], np.float32)

    with pytest.raises(ParityError, match=r"worst probability 0\.1000"):
        compare_names(names, lambda _: np.array([[0.4, 0.4, 0.2]], np.float32), list(pool(1).images))


def test_missing_weights_are_named(tmp_path: Path) -> None:
    """Before anything is loaded."""
    with pytest.raises(ModelFileError, match="no such weights"):
        train_belts(RECIPE, pool(), tmp_path / "none.pt", tmp_path)
    with pytest.raises(ModelFileError, match="no such weights"):
        names_by_torch(tmp_path / "none.pt", tmp_path / "start.pt")


def test_a_pool_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Unknown straps stay unknown."""
    some = pool(6)
    np.savez(tmp_path / "p.npz", images=some.images, states=some.states, straps=some.straps, occupants=some.occupants)
    again = load_pool(tmp_path / "p.npz")
    assert (again.images == some.images).all()
    assert (np.isnan(again.straps) == np.isnan(some.straps)).all()
    assert len(again[again.states == State.BELTED]) == 2


class _PullingThePlug(logging.Handler):
    """Interrupts as soon as an epoch is reported."""

    def emit(self, record: logging.LogRecord) -> None:
        """Raises what Ctrl-C raises."""
        raise KeyboardInterrupt(record.getMessage())
