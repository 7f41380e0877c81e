"""Labels: boxes, one head convention, what a source leaves unsaid, corrections, degraded copies."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from helmetbelt.datasets import head_set, road_set
from helmetbelt.datasets.boxes import cover, iou, yolo_lines
from helmetbelt.datasets.degrade import degrade, shrink
from helmetbelt.datasets.manifest import Label, LabelledPicture, ManifestError, dropped_pictures, load_manifest
from helmetbelt.datasets.yolo_files import YoloFolder
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.finder import Finder
from helmetbelt.detector.perception import HEAD_CLASSES, ROAD_CLASSES
from helmetbelt.detector.pictures import read_picture

DATA = Path(__file__).parents[2].parent / "shared/data"


def row(**changes: Any) -> dict[str, Any]:
    """A row of a manifest: a two-wheeler with a helmet head and, above its right edge, a bare one."""
    boxes = [[0, 0.5, 0.5, 0.2, 0.6], [2, 0.48, 0.25, 0.04, 0.1], [3, 0.55, 0.26, 0.04, 0.2]]
    return {
        "image": "a.png", "width": 400, "height": 200, "source": "s", "group": "g", "split": "val",
        "labelled": [0, 2, 3], "boxes": boxes, "flags": [],
    } | changes  # fmt: skip


def manifest(folder: Path, *rows: dict[str, Any]) -> list[LabelledPicture]:
    """The pictures of a manifest written into a folder, each with a grey picture."""
    (folder / "manifest.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    for r in rows:
        cv2.imwrite(str(folder / r["image"]), np.full((r["height"], r["width"], 3), 90, np.uint8))
    return load_manifest(folder)


def taught(picture: LabelledPicture, *boxes: tuple[list[float], float, int]) -> dict[Path, Detections]:
    """A teacher's answer: (box, score, class id) each."""
    xyxy = np.array([b for b, _, _ in boxes], np.float32).reshape(-1, 4)
    score, class_id = np.array([s for _, s, _ in boxes], np.float32), np.array([c for _, _, c in boxes], np.int64)
    return {picture.path: Detections(xyxy, score, class_id)}


def test_manifest_gives_boxes_in_pixels(tmp_path: Path) -> None:
    """Relative centres and sizes become corners; a tall head box is cut to the convention from below."""
    (picture,) = manifest(tmp_path, row())
    assert picture.boxes(Label.TWO_WHEELER)[0] == pytest.approx([160, 40, 240, 160])
    assert picture.boxes(Label.HELMET)[0] == pytest.approx([184, 40, 200, 60])
    assert picture.boxes(Label.BARE)[0] == pytest.approx([212, 32, 228, 32 + 1.35 * 16])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"labelled": [9]}, "9 is not a valid Label", id="unknown class"),
        pytest.param({"boxes": [[0, 0.5]]}, "reshape", id="short box"),
        pytest.param({"flags": None}, "line 1", id="no flags"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    """With the file and the line."""
    with pytest.raises(ManifestError, match=words):
        manifest(tmp_path, row(**change))


def test_missing_manifest_is_named(tmp_path: Path) -> None:
    """Says what was expected where."""
    with pytest.raises(ManifestError, match=r"manifest\.jsonl: no such manifest"):
        load_manifest(tmp_path)


def test_overlap_and_cover() -> None:
    """Half of the second box lies in the first."""
    a, b = np.array([[0, 0, 10, 10]], np.float32), np.array([[5, 0, 15, 10]], np.float32)
    assert iou(a, b)[0, 0] == pytest.approx(1 / 3)
    assert cover(b, a)[0, 0] == pytest.approx(0.5)


def test_yolo_text_is_relative() -> None:
    """Class, centre, size."""
    text = yolo_lines(np.array([[10, 20, 30, 60]], np.float32), np.array([1]), 100, 200)
    assert text == "1 0.200000 0.200000 0.200000 0.200000\n"


def test_head_crops_hold_both_heads(tmp_path: Path) -> None:
    """Cut by the product's rule: class 0 helmet, 1 bare, in pixels of the crop, clipped to it."""
    (picture,) = manifest(tmp_path, row())
    folder = YoloFolder(tmp_path / "set", HEAD_CLASSES)
    head_set.write_head_set([picture], {}, folder, Finder.load("heads"), seed=1)
    lines = (tmp_path / "set/labels/val/a-0.txt").read_text().split("\n")
    crop = read_picture(tmp_path / "set/images/val/a-0.jpg")
    assert crop.shape[:2] == pytest.approx((156, 96), abs=2)
    assert [line.split()[0] for line in lines if line] == ["0", "1"]
    assert float(lines[0].split()[1]) == pytest.approx((192 - 152) / 96, abs=0.02)


def test_crop_without_heads_is_left_out_where_bare_heads_are_unsaid(tmp_path: Path) -> None:
    """It may show a bare head that the source doesn't draw; where both are drawn it is an honest empty crop."""
    alone = [[0, 0.5, 0.5, 0.2, 0.6]]
    said, unsaid = manifest(tmp_path, row(boxes=alone), row(image="b.png", boxes=alone, labelled=[0, 2]))
    folder = YoloFolder(tmp_path / "set", HEAD_CLASSES)
    head_set.write_head_set([said, unsaid], {}, folder, Finder.load("heads"), seed=1)
    assert [p.name for p in folder.written["val", "s"]] == ["a-0.jpg"]


def test_road_set_fills_what_the_source_leaves_unsaid(tmp_path: Path) -> None:
    """Cars by the COCO teacher, missed two-wheelers by the road teacher; no doubles, no motorcycle as a truck."""
    (picture,) = manifest(tmp_path, row())
    road = taught(picture, ([160, 40, 240, 160], 0.9, 0), ([20, 40, 80, 160], 0.8, 0), ([300, 20, 390, 100], 0.9, 1))
    coco = taught(picture, ([302, 20, 390, 100], 0.7, 2), ([160, 40, 240, 160], 0.6, 7), ([0, 0, 50, 30], 0.3, 2))
    folder = YoloFolder(tmp_path / "set", ROAD_CLASSES)
    counts = road_set.write_road_set([picture], road, coco, folder, seed=1)
    assert counts == {"labelled two_wheelers": 1, "taught two_wheelers": 1, "taught cars": 1, "left out": 0}
    assert [line[0] for line in (tmp_path / "set/labels/val/a.txt").read_text().splitlines()] == ["0", "0", "1"]


def test_no_source_dominates_training(tmp_path: Path) -> None:
    """The list of training pictures holds at most so many of a source; validation keeps all."""
    folder = YoloFolder(tmp_path, ROAD_CLASSES)
    nothing = (np.zeros((0, 4), np.float32), np.zeros(0, np.int64))
    for split, count in (("train", 5), ("val", 4)):
        for k in range(count):
            folder.add(split, "big", f"{k}", np.zeros((8, 8, 3), np.uint8), nothing)
    yaml = folder.close({"big": 3}, seed=1)
    assert len((tmp_path / "train.txt").read_text().splitlines()) == 3
    assert len((tmp_path / "val.txt").read_text().splitlines()) == 4
    assert "0: two_wheeler" in yaml.read_text()


def test_degraded_copy_keeps_size_and_the_original() -> None:
    """Boxes stay where they are, and nobody else's picture is written into."""
    rng = np.random.default_rng(3)
    image = rng.integers(0, 255, (60, 40, 3), np.uint8)
    before = image.copy()
    copies = [degrade(image, rng) for _ in range(10)]
    assert {c.shape for c in copies} == {(60, 40, 3)}
    assert any((c != image).any() for c in copies)
    assert (image == before).all()
    assert shrink(image, 0.5).shape == (30, 20, 3)


@pytest.mark.skipif(not DATA.is_dir(), reason="the labelled pictures (../shared/data) are not beside the project")
def test_the_real_manifest() -> None:
    """All pictures load, no scene is in both splits, and every corrected picture exists."""
    pictures = load_manifest(DATA / "helmet")
    splits: dict[str, set[str]] = {}
    for picture in pictures:
        splits.setdefault(f"{picture.source} {picture.group}", set()).add(picture.split)
    assert len(pictures) + len(dropped_pictures()) == len((DATA / "helmet/manifest.jsonl").read_text().splitlines())
    assert [group for group, both in splits.items() if len(both) > 1] == []
