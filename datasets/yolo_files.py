"""Training sets on disk in the YOLO format: pictures, text labels, lists of a split, one YAML file."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.boxes import yolo_lines

JPEG_QUALITY = 93


@dataclass(slots=True)
class YoloFolder:
    """A training set being written.

    Attributes:
        root: its folder; pictures go to `images/<split>`, labels to `labels/<split>`.
        classes: names in the order of the class ids.
        written: pictures by (split, source), each with its path.
    """

    root: Path
    classes: tuple[str, ...]
    written: dict[tuple[str, str], list[Path]] = field(default_factory=lambda: defaultdict(list))

    def add(
        self,
        split: str,
        source: str,
        name: str,
        image: NDArray[np.uint8],
        boxes: tuple[NDArray[np.float32], NDArray[np.int64]],
    ) -> None:
        """Writes one picture with its boxes ((n, 4) pixels of the picture, (n,) class ids)."""
        picture = self.root / "images" / split / f"{name}.jpg"
        label = self.root / "labels" / split / f"{name}.txt"
        picture.parent.mkdir(parents=True, exist_ok=True)
        label.parent.mkdir(parents=True, exist_ok=True)
        height, width = image.shape[:2]
        cv2.imwrite(str(picture), image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
        label.write_text(yolo_lines(*boxes, width, height))
        self.written[split, source].append(picture)

    def close(self, most_per_source: dict[str, int], seed: int) -> Path:
        """Draws the list of each split and writes the YAML file that training is started with.

        Args:
            most_per_source: no more training pictures of a source than this, drawn at random; others are all taken.
            seed: of the draw.

        Returns:
            the YAML file.
        """
        rng = np.random.default_rng(seed)
        lists: dict[str, list[Path]] = defaultdict(list)
        for (split, source), pictures in sorted(self.written.items()):
            most = most_per_source.get(source, len(pictures)) if split == "train" else len(pictures)
            drawn = rng.permutation(len(pictures))[:most]
            lists[split].extend(pictures[i] for i in sorted(drawn))
        for split, pictures in lists.items():
            (self.root / f"{split}.txt").write_text("".join(f"{p.resolve()}\n" for p in pictures))
        names = "".join(f"  {i}: {name}\n" for i, name in enumerate(self.classes))
        yaml = self.root / "data.yaml"
        yaml.write_text(f"path: {self.root.resolve()}\ntrain: train.txt\nval: val.txt\nnames:\n{names}")
        return yaml
