"""The weights that a training starts from: a file beside the data, or the model that came with the program."""

from pathlib import Path

from helmetbelt.datasets.from_onnx import write_start
from helmetbelt.datasets.training import SHIPPED, Recipe
from helmetbelt.detector.card import models_folder, read_card


def first_weights(recipe: Recipe, model: str, weights: Path, data_yaml: Path, run: Path) -> Path:
    """The .pt file to start from.

    Args:
        recipe: says which.
        model: name of the model's card.
        weights: folder of starting weights.
        data_yaml: of the training set, whose pictures a rebuilt model is settled on.
        run: folder of the training; a rebuilt model is written into it.

    Raises:
        ModelFileError: no such model.
        ModelDamagedError: the shipped model can't be trained on.
        TrainingEnvironmentError: ultralytics isn't installed here.
    """
    if recipe.start != SHIPPED:
        return weights / recipe.start
    start = run / "start.pt"
    if not start.exists():
        card = read_card(models_folder() / f"{model}.toml")
        pictures = [Path(line) for line in (data_yaml.parent / "train.txt").read_text().splitlines()]
        write_start(card.path, card.classes, pictures, recipe.input_px, start)
    return start
