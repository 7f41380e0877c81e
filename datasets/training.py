"""Fine-tuning with ultralytics on a CPU or GPU: one recipe a model, resumable after every epoch."""

import contextlib
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helmetbelt.datasets.training_environment import yolo

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is trained.

    Attributes:
        start: weights to start from, a file name in the folder of starting weights, or `SHIPPED`.
        input_px: longer side of the square training input.
        epochs: over the drawn list of pictures.
        batch: pictures a step.
        learning_rate: of AdamW, first value of a cosine.
        scale: random zoom, plus or minus this share.
        mosaic: probability of four pictures in one.
        seed: of weights' noise, shuffling and augmentation.
        bias_rate: learning rate that biases begin with; ultralytics' own value shakes what is trained already.
    """

    start: str
    input_px: int
    epochs: int
    batch: int
    learning_rate: float
    scale: float
    mosaic: float
    seed: int
    bias_rate: float = 0.1


SHIPPED = "shipped"
"""Start of a recipe that goes on from the model that came with the program."""

RECIPES = {
    "road": Recipe(SHIPPED, 576, 4, 16, 0.0007, 0.6, 0.6, 20261124),
    "heads": Recipe(SHIPPED, 224, 10, 32, 0.001, 0.4, 0.3, 20261124),
    "cabin": Recipe("yolo26n_coco_recovered.pt", 288, 6, 16, 0.001, 0.4, 0.2, 20261124),
    "belts": Recipe("yolo26n_coco_recovered.pt", 128, 4, 16, 0.0015, 0.0, 0.0, 20261124),
}


def train(recipe: Recipe, data_yaml: Path, start: Path, run: Path, teacher: Path | None = None) -> Path:
    """Trains, or goes on where an interrupted training of the same folder stopped.

    Args:
        recipe: how.
        data_yaml: written by `YoloFolder.close`.
        start: folder of the starting weights, or a file to start from instead of the recipe's.
        run: folder of checkpoints (`weights/last.pt` after every epoch) and of the log `results.csv`.
        teacher: weights whose features and outputs the model is also to imitate; None for the labels alone.

    Returns:
        the weights with the best score on the validation pictures.

    Raises:
        ModelFileError: no such starting weights.
        TrainingEnvironmentError: ultralytics isn't installed here.
    """
    last, best = run / "weights" / "last.pt", run / "weights" / "best.pt"
    finished = run / "finished"
    if finished.exists():
        log.info("%s: trained already; remove the folder to train anew", run)
        return best
    with bfloat16_on_cpu():
        if last.exists():
            log.info("going on from %s", last)
            _on_all_cores(yolo(last)).train(resume=True)
        else:
            model = _on_all_cores(yolo(start if start.is_file() else start / recipe.start))
            taught = {"distill_model": str(teacher.resolve())} if teacher else {}
            where = {"data": str(data_yaml), "project": str(run.parent.resolve()), "name": run.name}
            model.train(**where, **taught, **_arguments(recipe))
    finished.touch()
    return best


def _on_all_cores(model: Any) -> Any:
    """ultralytics leaves one core idle on a CPU: on two, that is half of the machine."""

    def use_them(_trainer: Any) -> None:
        import torch

        torch.set_num_threads(os.cpu_count() or 1)

    model.add_callback("on_train_start", use_them)
    return model


def _arguments(recipe: Recipe) -> dict[str, Any]:
    return {
        "imgsz": recipe.input_px,
        "epochs": recipe.epochs,
        "batch": recipe.batch,
        "lr0": recipe.learning_rate,
        "lrf": 0.05,
        "cos_lr": True,
        "optimizer": "AdamW",
        "weight_decay": 0.0005,
        "warmup_epochs": 0.5,
        "warmup_bias_lr": recipe.bias_rate,
        "close_mosaic": 2,
        "scale": recipe.scale,
        "mosaic": recipe.mosaic,
        "hsv_h": 0.015,
        "hsv_s": 0.6,
        "hsv_v": 0.5,
        "degrees": 5.0,
        "perspective": 0.0002,
        "translate": 0.1,
        "seed": recipe.seed,
        "deterministic": False,
        "cache": "ram",
        "workers": 0,
        "amp": False,
        "plots": False,
        "exist_ok": True,
        "verbose": True,
    }


@contextlib.contextmanager
def bfloat16_on_cpu() -> Iterator[None]:
    """Lets ultralytics' forward pass run in bfloat16 where the processor has it; it never does so by itself."""
    import torch
    from ultralytics.engine import trainer

    if torch.cuda.is_available() or not torch.cpu._is_avx512_bf16_supported():
        yield
        return
    stock = trainer.autocast
    trainer.autocast = lambda *_args, **_more: torch.autocast("cpu", torch.bfloat16)
    try:
        yield
    finally:
        trainer.autocast = stock
