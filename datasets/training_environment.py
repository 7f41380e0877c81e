"""The door to ultralytics and torch, which live in the training environment only (`make train-env`)."""

import os
from pathlib import Path
from typing import Any

from helmetbelt.detector.errors import HelmetbeltError, ModelFileError


class TrainingEnvironmentError(HelmetbeltError, ImportError):
    """ultralytics or torch isn't installed here."""


def yolo(weights: Path) -> Any:
    """An ultralytics model, untyped because its package has no types.

    Raises:
        ModelFileError: no such weights.
        TrainingEnvironmentError: ultralytics isn't installed here.
    """
    if not weights.is_file():
        raise ModelFileError(f"{weights}: no such weights file")
    os.environ.setdefault("YOLO_OFFLINE", "true")
    try:
        from ultralytics import YOLO
    except ImportError as e:
        raise _missing(e) from e
    return YOLO(str(weights))


def detection_model(architecture: str, classes: int) -> Any:
    """A detector of ultralytics with random weights.

    Args:
        architecture: such as "yolo26n".
        classes: how many.

    Raises:
        TrainingEnvironmentError: ultralytics isn't installed here.
    """
    os.environ.setdefault("YOLO_OFFLINE", "true")
    try:
        from ultralytics.nn.tasks import DetectionModel
    except ImportError as e:
        raise _missing(e) from e
    return DetectionModel(f"{architecture}.yaml", nc=classes, verbose=False)


def require() -> None:
    """Torch and ultralytics are there.

    Raises:
        TrainingEnvironmentError: they aren't.
    """
    os.environ.setdefault("YOLO_OFFLINE", "true")
    try:
        import torch  # noqa: F401
        import ultralytics  # noqa: F401
    except ImportError as e:
        raise _missing(e) from e


def _missing(error: ImportError) -> TrainingEnvironmentError:
    return TrainingEnvironmentError(
        f"training needs ultralytics and torch ({error}): `make train-env`, then .venv-train/bin/helmetbelt ..."
    )
