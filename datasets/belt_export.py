"""From a trained belt model to the ONNX that is shipped: uint8 pictures in, three probabilities out."""

import warnings
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.belt_data import load_seat_crops, read
from helmetbelt.datasets.belt_pictures import SIDE_PX, Image, letterboxed
from helmetbelt.datasets.belt_scoring import Names
from helmetbelt.datasets.cards import new_card
from helmetbelt.datasets.parity import SCORE_SLACK, ParityError
from helmetbelt.datasets.training import RECIPES
from helmetbelt.detector.namer import Namer

RECIPE = "belts"
OPSET = 17
BATCH = 16


def ship_belts(weights: Path, data: Path, card: Path, note: str = "") -> str:
    """Writes the ONNX and its card, and compares the export with the framework on real occupants.

    Args:
        weights: the checkpoint of `belt_training.train_belts`.
        data: the folder with `belt/` and `weights/`.
        card: to write, the ONNX beside it.
        note: what the card should say of this training beside its recipe.

    Returns:
        what the comparison found.

    Raises:
        ModelFileError: no such weights.
        TrainingEnvironmentError: torch or ultralytics isn't installed here.
        ParityError: the export answers otherwise.
    """
    recipe = RECIPES[RECIPE]
    start, onnx_file = data / "weights" / recipe.start, card.with_suffix(".onnx")
    export_belts(weights, start, onnx_file)
    facts = {"recipe": f"helmetbelt train {RECIPE}"} | asdict(recipe) | ({"note": note} if note else {})
    card.write_text(new_card(RECIPE, onnx_file, facts), "utf-8")
    pictures = [letterboxed(read(seat)) for seat in load_seat_crops(data / "belt")]
    facts["parity"] = compare_names(names_by_torch(weights, start), Namer.load(card).name_each, pictures)
    card.write_text(new_card(RECIPE, onnx_file, facts), "utf-8")
    return str(facts["parity"])


def export_belts(weights: Path, start: Path, onnx_file: Path) -> Path:
    """Writes the ONNX of a trained belt model.

    Args:
        weights: the checkpoint of `belt_training.train_belts`.
        start: the detector whose stages it began with.
        onnx_file: to write.

    Raises:
        ModelFileError: no such weights.
        TrainingEnvironmentError: torch or ultralytics isn't installed here.
    """
    network = _network(weights, start)
    import torch

    from helmetbelt.datasets.belt_network import Shipped

    picture = torch.zeros(1, SIDE_PX, SIDE_PX, 3, dtype=torch.uint8)
    onnx_file.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        # The successor of this exporter needs onnxscript, which nothing else here does.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            Shipped(network).eval(),
            (picture,),
            str(onnx_file),
            input_names=["pictures"],
            output_names=["probabilities"],
            dynamic_axes={"pictures": {0: "batch"}, "probabilities": {0: "batch"}},
            opset_version=OPSET,
            dynamo=False,
        )
    return onnx_file


def names_by_torch(weights: Path, start: Path) -> Names:
    """The framework's answers, for scores of what isn't exported and for comparison."""
    network = _network(weights, start)
    import torch

    from helmetbelt.datasets.belt_network import Shipped

    shipped = Shipped(network).eval()

    def names(pictures: Sequence[Image]) -> NDArray[np.float32]:
        parts = [np.stack(pictures[k : k + BATCH]) for k in range(0, len(pictures), BATCH)]
        with torch.no_grad():
            answers = [shipped(torch.from_numpy(part)).numpy() for part in parts]
        return np.concatenate([*answers, np.zeros((0, 3), np.float32)])

    return names


def compare_names(framework: Names, exported: Names, pictures: Sequence[Image]) -> str:
    """Says how far framework and export differ on these pictures.

    Raises:
        ParityError: a probability differs by more than 0.02.
    """
    worst = float(np.abs(framework(pictures) - exported(pictures)).max())
    if worst > SCORE_SLACK:
        raise ParityError(f"the belt model and its export differ: worst probability {worst:.4f}")
    return f"{len(pictures)} occupants: worst probability {worst:.6f}"


def _network(weights: Path, start: Path) -> Any:
    from helmetbelt.datasets.training_environment import yolo
    from helmetbelt.detector.errors import ModelFileError

    if not weights.is_file():
        raise ModelFileError(f"{weights}: no such weights file")
    yolo(start)  # says what is missing before torch is imported
    from helmetbelt.datasets.belt_network import load_network

    return load_network(weights, start)
