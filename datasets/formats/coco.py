"""COCO files: one JSON with images, annotations (`bbox`: left, top, width, height in pixels) and categories.

The files that we write say in each image, under the key `helmetbelt`, what COCO has no place for: source, scene, split,
flags, and which classes are labelled there. Other programs pass over it.
"""

import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from helmetbelt.datasets.formats.file_names import different_names
from helmetbelt.datasets.formats.foreign import Carried, Fault, ForeignPicture, ForeignSet, FormatError, Problem
from helmetbelt.datasets.manifest import NAMES, Label, LabelledPicture

OURS = "helmetbelt"


def read_coco(files: Sequence[Path]) -> ForeignSet:
    """The pictures of one or several COCO files with the same categories.

    Files called after a split (`train.json`, `instances_val2017.json`) give it to their pictures.

    Raises:
        FormatError: a file isn't COCO, or two have different categories.
    """
    sets = [_Reader(file).read() for file in files]
    names = sets[0].names
    for file, one in zip(files, sets, strict=True):
        if one.names != names:
            raise FormatError(f"{file}: categories {list(one.names)}: {files[0]} has {list(names)}")
    return ForeignSet(
        names,
        [p for one in sets for p in one.pictures],
        [p for one in sets for p in one.problems],
        [n for one in sets for n in one.notes],
    )


def write_coco(pictures: Sequence[LabelledPicture], folder: Path) -> list[Path]:
    """Writes the pictures to `images/` and one JSON for each split; returns the JSON files.

    Args:
        pictures: of any folders; where file names repeat, the scene stands before them.
        folder: to write to.
    """
    (folder / "images").mkdir(parents=True, exist_ok=True)
    categories = [{"id": int(label) + 1, "name": label.name.lower()} for label in Label]
    named = list(zip(pictures, different_names(pictures), strict=True))
    for picture, name in named:
        shutil.copyfile(picture.path, folder / "images" / name)
    written = []
    for split in sorted({p.split for p in pictures}):
        of_split = [(p, name) for p, name in named if p.split == split]
        images = [_image(number, p, name) for number, (p, name) in enumerate(of_split, 1)]
        boxes = [row for number, (p, _) in enumerate(of_split, 1) for row in _annotations(number, p)]
        annotations = [{"id": i} | row for i, row in enumerate(boxes, 1)]
        file = folder / f"{split}.json"
        file.write_text(json.dumps({"images": images, "annotations": annotations, "categories": categories}), "utf-8")
        written.append(file)
    return written


def _image(number: int, picture: LabelledPicture, name: str) -> dict[str, Any]:
    return {
        "id": number,
        "file_name": f"images/{name}",
        "width": picture.width,
        "height": picture.height,
        OURS: {
            "source": picture.source,
            "group": picture.group,
            "split": picture.split,
            "labelled": [label.name.lower() for label in sorted(picture.labelled)],
            "flags": sorted(picture.flags),
        },
    }


def _annotations(number: int, picture: LabelledPicture) -> list[dict[str, Any]]:
    rows = []
    for (x1, y1, x2, y2), label in zip(picture.xyxy.astype(float).round(3).tolist(), picture.label, strict=True):
        box = [x1, y1, round(x2 - x1, 3), round(y2 - y1, 3)]
        rows.append(
            {"image_id": number, "category_id": int(label) + 1, "bbox": box, "area": box[2] * box[3], "iscrowd": 0}
        )
    return rows


class _Reader:
    """Reads one file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            self.data: Any = json.loads(file.read_text("utf-8-sig"))
        except (OSError, ValueError) as error:
            raise FormatError(f"{file}: not a JSON file ({error})") from error
        keys = ("images", "annotations", "categories")
        if not isinstance(self.data, dict) or not all(isinstance(self.data.get(k), list) for k in keys):
            raise FormatError(f"{file}: not COCO: expected lists {', '.join(keys)}")
        self.problems: list[Problem] = []
        self.counts: Counter[str] = Counter()

    def read(self) -> ForeignSet:
        """All pictures."""
        try:
            categories = sorted((int(c["id"]), str(c["name"])) for c in self.data["categories"])
            index = {id_: i for i, (id_, _) in enumerate(categories)}
            boxes = self._boxes(index)
            pictures = [self._picture(image, boxes[image["id"]]) for image in self.data["images"]]
        except (KeyError, TypeError, ValueError) as error:
            raise FormatError(f"{self.file}: not COCO: {error!r}") from error
        notes = [f"{count} {what}" for what, count in sorted(self.counts.items())]
        return ForeignSet(tuple(name for _, name in categories), pictures, self.problems, notes)

    def _boxes(self, index: dict[int, int]) -> dict[Any, list[tuple[int, list[float]]]]:
        """Class index and bbox by image id."""
        found: dict[Any, list[tuple[int, list[float]]]] = defaultdict(list)
        known = {image["id"] for image in self.data["images"]}
        for number, row in enumerate(self.data["annotations"]):
            where = f"{self.file} annotation {row.get('id', number)}"
            if row.get("iscrowd"):
                self.counts["crowds were left out"] += 1
            elif row["category_id"] not in index:
                self.problems.append(Problem(Fault.UNKNOWN_CLASS, where, f"category {row['category_id']}"))
            elif row["image_id"] not in known:
                self.problems.append(Problem(Fault.MISSING, where, f"no image {row['image_id']} in the file"))
            elif len(row.get("bbox") or ()) != 4:
                self.problems.append(Problem(Fault.UNREADABLE, where, "no bbox of 4 numbers"))
            else:
                found[row["image_id"]].append((index[row["category_id"]], [float(v) for v in row["bbox"]]))
        return found

    def _picture(self, image: dict[str, Any], rows: list[tuple[int, list[float]]]) -> ForeignPicture:
        width, height = int(image["width"]), int(image["height"])
        box = np.array([b for _, b in rows], np.float64).reshape(-1, 4)
        corners = np.concatenate([box[:, :2], box[:, :2] + box[:, 2:]], 1) / [width, height, width, height]
        return ForeignPicture(
            path=self._found(image["file_name"]),
            name=str(image["file_name"]),
            unit_xyxy=corners.astype(np.float32),
            class_id=np.array([c for c, _ in rows], np.int64),
            split=split_of(self.file.stem),
            size=(width, height),
            carried=_carried(image.get(OURS)),
        )

    def _found(self, name: str) -> Path:
        """Beside the file or where COCO keeps its pictures; where it should be, when it is nowhere."""
        folder, split = self.file.parent, self.file.stem.removeprefix("instances_")
        places = [folder, folder / "images", folder / split, folder.parent, folder.parent / "images"]
        places += [folder.parent / split, folder.parent / "images" / split]
        return next((p / name for p in places if (p / name).is_file()), folder / name)


def split_of(stem: str) -> str | None:
    """The split that a file or folder is named after."""
    lower = stem.lower()
    if "train" in lower:
        return "train"
    return "val" if "val" in lower or "test" in lower else None


def _carried(said: Any) -> Carried | None:
    if said is None:
        return None
    labelled = frozenset(Label(NAMES[name]) for name in said["labelled"])
    if said["split"] not in ("train", "val"):
        raise ValueError(f"split {said['split']!r}")
    return Carried(said["source"], said["group"], said["split"], labelled, frozenset(said["flags"]))
