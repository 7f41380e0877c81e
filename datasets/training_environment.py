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
        raise TrainingEnvironmentError(
            f"training needs ultralytics and torch ({e}): `make train-env`, then .venv-train/bin/helmetbelt ..."
        ) from e
    return YOLO(str(weights))
