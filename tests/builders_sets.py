"""Small YOLO and COCO sets of tests: four pictures of two cameras, with a helmet or a bare head each."""

import json
from pathlib import Path
from typing import Any

from builders_labels import write_picture

NAMES = ("With Helmet", "Without Helmet")
PICTURES = ("cam1/f_001.png", "cam1/f_002.png", "cam2/f_001.png", "cam2/f_002.png")


def yolo_set(folder: Path, names: str = "names: ['With Helmet', 'Without Helmet']", **labels: str) -> Path:
    """The data.yaml of a set of 100 x 50 pictures; other label files by the picture's path, such as `cam1f001`."""
    for number, name in enumerate(PICTURES):
        write_picture(folder / "images" / name, number, 100, 50)
        text = folder / "labels" / Path(name).with_suffix(".txt")
        text.parent.mkdir(parents=True, exist_ok=True)
        text.write_text(labels.get(_key(name), f"{number % 2} .5 .4 .2 .4\n"))
    yaml = folder / "data.yaml"
    yaml.write_text(f"train: images\n{names}\n")
    return yaml


def _key(name: str) -> str:
    return "".join(c for c in Path(name).with_suffix("").as_posix() if c.isalnum())


def coco_set(folder: Path, **changes: Any) -> Path:
    """The JSON of a set of 100 x 50 pictures."""
    for number, name in enumerate(PICTURES):
        write_picture(folder / "images" / name, number, 100, 50)
    data = {
        "images": [{"id": i, "file_name": n, "width": 100, "height": 50} for i, n in enumerate(PICTURES)],
        "annotations": [
            {"id": i, "image_id": i, "category_id": 7 + i % 2, "bbox": [40, 10, 20, 20]} for i in range(4)
        ],
        "categories": [{"id": 7, "name": NAMES[0]}, {"id": 8, "name": NAMES[1]}],
    } | changes
    file = folder / "labels.json"
    file.write_text(json.dumps(data))
    return file
