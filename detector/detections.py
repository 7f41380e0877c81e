"""Boxes of one picture: arrays of equal length."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """What one model saw in one picture.

    Attributes:
        xyxy: (n, 4) float32, left top right bottom in pixels of the picture.
        score: (n,) float32 in 0..1.
        class_id: (n,) int64, an index into the classes of the model's card.
    """

    xyxy: NDArray[np.float32]
    score: NDArray[np.float32]
    class_id: NDArray[np.int64]

    def __post_init__(self) -> None:
        n = len(self.score)
        if self.xyxy.shape != (n, 4) or self.score.shape != (n,) or self.class_id.shape != (n,):
            raise ValueError(
                f"xyxy {self.xyxy.shape}, score {self.score.shape}, class_id {self.class_id.shape}:"
                f" expected ({n}, 4), ({n},), ({n},)"
            )

    @classmethod
    def empty(cls) -> Self:
        """No boxes."""
        return cls(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int64))

    def __len__(self) -> int:
        return len(self.score)

    def __getitem__(self, pick: NDArray[np.bool_] | NDArray[np.intp] | slice) -> Self:
        return type(self)(self.xyxy[pick], self.score[pick], self.class_id[pick])
