"""A user's own pictures: read, brought into our form, written for others, and read again the same."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from builders_labels import noise, row, write_manifest
from builders_sets import coco_set, yolo_set

from helmetbelt.datasets.corrections import HEADER
from helmetbelt.datasets.formats.coco import write_coco
from helmetbelt.datasets.formats.file_names import different_names
from helmetbelt.datasets.formats.foreign import Fault, FormatError
from helmetbelt.datasets.formats.yolo import write_yolo
from helmetbelt.datasets.label_counts import count
from helmetbelt.datasets.manifest import Label, LabelledPicture, load_manifest
from helmetbelt.datasets.manifest_files import write_manifest as write_ours
from helmetbelt.datasets.own_data import HowToRead, OwnData, read_own, require_held_out, usable
from helmetbelt.detector.pictures import read_picture

KEPT = HowToRead(keep_split=True)
TWO = (
    row(image="a.png", group="night/cam1", split="train", flags=["odd"]),
    row(image="b.png", group="cam2", labelled=[0, 2], boxes=[[2, 0.5, 0.5, 0.1, 0.2]]),
)


def said(pictures: list[LabelledPicture]) -> list[tuple[object, ...]]:
    """Everything of the pictures but where they are, by name."""
    return [
        (p.path.name, p.width, p.height, p.source, p.group, p.split, p.labelled, p.flags, p.label.tolist(),
         p.xyxy.round(1).tolist())
        for p in sorted(pictures, key=lambda p: (p.group, p.path.name))
    ]  # fmt: skip


@pytest.mark.parametrize("make", [yolo_set, coco_set], ids=["yolo", "coco"])
def test_a_foreign_set_becomes_labelled_pictures(tmp_path: Path, make: object) -> None:
    """Boxes in pixels, our classes, scenes by folder, one of them held out."""
    assert callable(make)
    read = read_own(make(tmp_path), HowToRead(source="town"))
    assert read.pictures[0].boxes(Label.HELMET) == pytest.approx(np.array([[40, 10, 60, 30]]))
    assert len(read.pictures[1].boxes(Label.HELMET)) == 0
    splits = {(p.group, p.split) for p in read.pictures}
    assert {group for group, _ in splits} == {"cam1", "cam2"}
    assert sorted(split for _, split in splits) == ["train", "val"]
    assert {p.source for p in read.pictures} == {"town"}
    assert {p.labelled for p in read.pictures} == {frozenset({Label.HELMET, Label.BARE})}
    assert read.mapping == {"With Helmet": Label.HELMET, "Without Helmet": Label.BARE}


def test_our_form_comes_back_from_coco(tmp_path: Path) -> None:
    """Classes, boxes, scenes, split, sources, flags, and what is labelled in each picture."""
    ours = load_manifest(write_manifest(tmp_path / "ours", *TWO))
    write_coco(ours, tmp_path / "coco")
    assert said(read_own(tmp_path / "coco", KEPT).pictures) == said(ours)


def test_yolo_carries_all_but_source_flags_and_what_is_unsaid(tmp_path: Path) -> None:
    """Scenes are folders."""
    ours = load_manifest(write_manifest(tmp_path / "ours", *TWO))
    again = read_own(write_yolo(ours, tmp_path / "yolo"), HowToRead(keep_split=True, source="s"))
    drawn = frozenset({Label.TWO_WHEELER, Label.HELMET, Label.BARE})
    same = [(*a[:6], drawn, frozenset(), *a[8:]) for a in said(ours)]
    assert said(again.pictures) == same


def test_an_imported_folder_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Names that repeat get their scene; an empty list of corrections lies ready."""
    read = read_own(yolo_set(tmp_path / "yolo"), HowToRead())
    write_ours(read.pictures, tmp_path / "ours")
    again = load_manifest(tmp_path / "ours")
    assert [p.path.name for p in again] == ["cam1_f_001.png", "cam1_f_002.png", "cam2_f_001.png", "cam2_f_002.png"]
    assert [a[1:] for a in said(again)] == [a[1:] for a in said(read.pictures)]
    assert (tmp_path / "ours/corrections.csv").read_text() == HEADER


def test_names_differ_even_where_scenes_repeat_too(tmp_path: Path) -> None:
    """A number behind the name."""
    pictures = load_manifest(write_manifest(tmp_path, row(), row()))
    assert different_names(pictures) == ["g_a.png", "g_a-2.png"]


def test_a_picture_turned_by_its_camera_is_read_upright(tmp_path: Path) -> None:
    """Labels are of what people see: 100 x 50 with EXIF orientation 6 is 50 x 100."""
    yaml = yolo_set(tmp_path)
    data = cv2.imencode(".jpg", noise(1, 100, 50))[1].tobytes()
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    turned = data[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + data[2:]
    (tmp_path / "images/cam1/f_001.png").write_bytes(turned)
    first = read_own(yaml, HowToRead()).pictures[0]
    assert (first.width, first.height) == (50, 100)
    assert read_picture(first.path).shape[:2] == (100, 50)


def test_pictures_that_cannot_be_read_are_problems(tmp_path: Path) -> None:
    """The others are read."""
    file = coco_set(tmp_path)
    (tmp_path / "images/cam1/f_001.png").unlink()
    (tmp_path / "images/cam2/f_001.png").write_bytes(b"no picture")
    cv2.imwrite(str(tmp_path / "images/cam2/f_002.png"), noise(9, 60, 50))
    read = read_own(file, HowToRead())
    assert [p.fault for p in read.problems] == [Fault.MISSING, Fault.DAMAGED, Fault.ANOTHER_SIZE]
    assert len(read.pictures) == 2


def test_a_bad_line_of_a_manifest_is_a_problem(tmp_path: Path) -> None:
    """And so is a correction that doesn't match."""
    write_manifest(tmp_path, row(), row(labelled=[9]))
    (tmp_path / "corrections.csv").write_text(f"{HEADER}s,b.png,drop_picture,,,,,,,x\n")
    read = read_own(tmp_path, HowToRead())
    assert [p.where.split("/")[-1] for p in read.problems] == ["manifest.jsonl line 2", "corrections"]


def test_a_single_scene_cannot_be_held_out(tmp_path: Path) -> None:
    """It can be looked at; it can't be trained on."""
    read = read_own(yolo_set(tmp_path), HowToRead(group="(cam)"))
    assert [p.fault for p in read.problems] == [Fault.ONE_SCENE]
    with pytest.raises(FormatError, match="all 4 pictures are one scene: say with --group"):
        require_held_out(read)


def test_an_empty_split_is_refused() -> None:
    """After pictures were lost, too."""
    with pytest.raises(FormatError, match="no pictures of split train, val"):
        require_held_out(OwnData("YOLO", [], [], [], {}))


@pytest.mark.parametrize(
    ("files", "words"),
    [
        pytest.param([], "labels in no known form; expected a folder with", id="nothing"),
        pytest.param(["a.yaml", "b.yml"], r"a\.yaml, b\.yml: name the one", id="two YAML files"),
    ],
)
def test_a_folder_in_no_known_form_is_refused(tmp_path: Path, files: list[str], words: str) -> None:
    """With the forms that are known."""
    for name in files:
        (tmp_path / name).touch()
    with pytest.raises(FormatError, match=words):
        read_own(tmp_path, HowToRead())
    with pytest.raises(FormatError, match="no such file or folder"):
        read_own(tmp_path / "none", HowToRead())


def test_boxes_are_cut_to_the_picture_before_use(tmp_path: Path) -> None:
    """What lies outside is gone."""
    boxes = [[2, 0.99, 0.5, 0.1, 0.1], [2, 1.5, 0.5, 0.1, 0.1], [3, 0.5, 0.5, 0.0, 0.1]]
    (picture,) = load_manifest(write_manifest(tmp_path, row(boxes=boxes)))
    assert usable(picture).xyxy == pytest.approx(np.array([[376, 90, 400, 110]]))


def test_counts_tell_nothing_there_from_nobody_looked(tmp_path: Path) -> None:
    """0 is known, ? is not."""
    pictures = load_manifest(
        write_manifest(
            tmp_path, row(), row(image="b.png", group="h", labelled=[0, 3]), row(image="c.png", split="train")
        )
    )
    train, val = count(pictures)
    assert (train.split, train.pictures, val.scenes) == ("train", 1, 2)
    assert [val.text_of(label) for label in Label] == ["2", "?", "2 ?1", "2", "?", "?"]
    assert train.text_of(Label.BARE) == "1"
