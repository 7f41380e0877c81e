"""YOLO and COCO: what is read, what is refused, names of classes, scenes."""

from pathlib import Path

import numpy as np
import pytest
from builders_sets import coco_set, yolo_set

from helmetbelt.datasets.formats.class_names import labels_for, parse_map
from helmetbelt.datasets.formats.coco import read_coco
from helmetbelt.datasets.formats.data_yaml import read_data_yaml
from helmetbelt.datasets.formats.foreign import Fault, FormatError
from helmetbelt.datasets.formats.scenes import scene_of, split_scenes
from helmetbelt.datasets.formats.yolo import label_file, read_yolo
from helmetbelt.datasets.manifest import Label

T, H, B, C = Label.TWO_WHEELER, Label.HELMET, Label.BARE, Label.CAR


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("train: a\nnames: ['With Helmet', \"it's\"]", id="inline list"),
        pytest.param("train: a\nnames: ['With Helmet',\n  \"it's\"]  # two", id="over two lines"),
        pytest.param("train: a\nnames:\n- With Helmet\n- it's\nnc: 2", id="items"),
        pytest.param("names:\n  0: With Helmet  # first\n  1: it's # don't\n\ntrain: a # 'b'", id="numbered"),
        pytest.param("train: [a]\nnames: {1: it's, 0: 'With Helmet'}\nroboflow:\n  names: x", id="inline numbered"),
    ],
)
def test_names_are_read_as_people_write_them(tmp_path: Path, text: str) -> None:
    """The forms that ultralytics, Roboflow and CVAT write."""
    (tmp_path / "data.yaml").write_text(text)
    said = read_data_yaml(tmp_path / "data.yaml")
    assert said.names == ("With Helmet", "it's")
    assert said.places == {"train": ["a"]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("train: a", "expected 'names' and at least 'train'", id="no names"),
        pytest.param("names: [a, b]", "at least 'train'", id="no pictures"),
        pytest.param("train: a\nnames:\n  0: a\n  2: b", "numbered from 0 without gaps", id="gap"),
        pytest.param("train: a\nnames: [a, b", "without its end", id="open list"),
    ],
)
def test_a_strange_data_yaml_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """With the file's name and what was expected."""
    (tmp_path / "data.yaml").write_text(text)
    with pytest.raises(FormatError, match=words):
        read_data_yaml(tmp_path / "data.yaml")


def test_yolo_boxes_and_polygons(tmp_path: Path) -> None:
    """Corners as shares; a polygon is its box; a picture without a file shows nothing; all of it is noted."""
    yaml = yolo_set(tmp_path, cam1f001="1 .5 .5 .2 .4\n\n0 .1 .1 .3 .1 .2 .5\n")
    (tmp_path / "labels/cam2/f_002.txt").unlink()
    read = read_yolo(yaml)
    assert read.names == ("With Helmet", "Without Helmet")
    assert read.pictures[0].name == "images/cam1/f_001.png"
    assert read.pictures[0].class_id.tolist() == [1, 0]
    assert read.pictures[0].unit_xyxy == pytest.approx(np.array([[0.4, 0.3, 0.6, 0.7], [0.1, 0.1, 0.3, 0.5]]))
    assert len(read.pictures[3].class_id) == 0
    assert sorted(n.split(" ", 1)[0] for n in read.notes) == ["1", "1"]
    assert {p.split for p in read.pictures} == {None}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        pytest.param("0 .5 .5 .2", Fault.UNREADABLE, id="short"),
        pytest.param("0 .5 .5 .2 .2 .9", Fault.UNREADABLE, id="with a score"),
        pytest.param("helmet .5 .5 .2 .2", Fault.UNREADABLE, id="name instead of number"),
        pytest.param("0 nan .5 .2 .2", Fault.UNREADABLE, id="nan"),
        pytest.param("2 .5 .5 .2 .2", Fault.UNKNOWN_CLASS, id="class beyond the names"),
        pytest.param("0.5 .5 .5 .2 .2", Fault.UNKNOWN_CLASS, id="half a class"),
    ],
)
def test_a_bad_yolo_line_is_a_problem_with_its_place(tmp_path: Path, line: str, fault: Fault) -> None:
    """The other lines are still read."""
    read = read_yolo(yolo_set(tmp_path, cam1f001=f"{line}\n0 .5 .5 .2 .2\n"))
    (problem,) = read.problems
    assert problem.fault is fault
    assert problem.where.endswith("f_001.txt line 1")
    assert read.pictures[0].class_id.tolist() == [0]


def test_places_may_be_lists_and_roboflow_paths(tmp_path: Path) -> None:
    """A text file of pictures; `../train/images` means the folder beside the file; test is held out like val."""
    yaml = yolo_set(tmp_path)
    (tmp_path / "held.txt").write_text("images/cam2/f_001.png\n")
    yaml.write_text("train: ../images/cam1\ntest: held.txt\nnames: [helmet]\n")
    assert [p.split for p in read_yolo(yaml).pictures] == ["train", "train", "val"]
    yaml.write_text("train: nowhere\nnames: [helmet]\n")
    with pytest.raises(FormatError, match=r"train: neither .*nowhere nor"):
        read_yolo(yaml)


def test_labels_lie_beside_the_last_images_folder() -> None:
    """As ultralytics looks for them."""
    assert label_file(Path("/images/a/images/b/c.jpg")) == Path("/images/a/labels/b/c.txt")
    assert label_file(Path("flat/c.jpg")) == Path("flat/c.txt")


def test_coco_boxes(tmp_path: Path) -> None:
    """Pixels become shares; category numbers needn't begin at 0; the file's name gives the split."""
    read = read_coco([coco_set(tmp_path).rename(tmp_path / "instances_val.json")])
    assert [p.class_id.tolist() for p in read.pictures] == [[0], [1], [0], [1]]
    assert read.pictures[0].unit_xyxy[0] == pytest.approx([0.4, 0.2, 0.6, 0.6])
    assert read.pictures[0].path == tmp_path / "images/cam1/f_001.png"
    assert (read.pictures[0].size, read.pictures[0].split) == ((100, 50), "val")


def test_bad_coco_annotations_are_problems(tmp_path: Path) -> None:
    """Unknown categories and images, missing boxes; crowds are left out and counted."""
    rows = [
        {"id": 1, "image_id": 0, "category_id": 99, "bbox": [1, 1, 2, 2]},
        {"id": 2, "image_id": 9, "category_id": 7, "bbox": [1, 1, 2, 2]},
        {"id": 3, "image_id": 0, "category_id": 7},
        {"id": 4, "image_id": 0, "category_id": 7, "bbox": [1, 1, 2, 2], "iscrowd": 1},
    ]
    read = read_coco([coco_set(tmp_path, annotations=rows)])
    assert [p.fault for p in read.problems] == [Fault.UNKNOWN_CLASS, Fault.MISSING, Fault.UNREADABLE]
    assert read.notes == ["1 crowds were left out"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("{", "not a JSON file", id="not JSON"),
        pytest.param("[]", "not COCO: expected lists images", id="not COCO"),
        pytest.param('{"images": [{}], "annotations": [], "categories": []}', "KeyError", id="image without id"),
    ],
)
def test_another_json_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """With the file's name."""
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(FormatError, match=words):
        read_coco([tmp_path / "x.json"])


@pytest.mark.parametrize(
    ("names", "ours"),
    [
        pytest.param(["With Helmet", "Without Helmet"], [H, B], id="kaggle"),
        pytest.param(["helmet", "no_helmet", "motorcycle"], [H, B, T], id="snake"),
        pytest.param(["Helmet", "head"], [H, B], id="a head beside helmets is bare"),
        pytest.param(["WithoutHelmet", "NumberPlate", "bus"], [B, Label.PLATE, C], id="camel"),
        pytest.param(["佩戴头盔", "未佩戴头盔", "电动自行车"], [H, B, T], id="chinese"),
    ],
)
def test_names_in_the_wild(names: list[str], ours: list[Label]) -> None:
    """Without a word from the user."""
    assert labels_for(names, {}) == ours


def test_user_says_what_a_name_means() -> None:
    """Also against our own guess, and what to leave out."""
    said = parse_map(["motorcycle=rider", "Person A=ignore"])
    assert labels_for(["motorcycle", "person_a", "helmet"], said) == [Label.RIDER, None, H]


@pytest.mark.parametrize(
    ("names", "pairs", "words"),
    [
        pytest.param(["hat", "cap"], [], "'hat', 'cap' are not known: add --map 'hat=CLASS' --map", id="unknown"),
        pytest.param(["head"], [], "'head' are not known", id="a head alone may be any"),
        pytest.param(["hat"], ["hat=helmt"], r"did you mean helmet\?", id="misspelt class"),
        pytest.param(["hat"], ["hut=bare"], "the set has no such class; it has 'hat'", id="misspelt name"),
        pytest.param(["hat"], ["hat"], "expected NAME=CLASS", id="no equals sign"),
        pytest.param(["hat"], ["hat=bare", "hat=helmet"], "said twice", id="twice"),
    ],
)
def test_unclear_names_are_refused(names: list[str], pairs: list[str], words: str) -> None:
    """With what to type."""
    with pytest.raises(FormatError, match=words):
        labels_for(names, parse_map(pairs))


@pytest.mark.parametrize(
    ("name", "pattern", "scene"),
    [
        pytest.param("images/train/cam1/0001.jpg", None, "cam1", id="folder"),
        pytest.param("train/images/gate_north_000123.jpg", None, "gate_north", id="prefix"),
        pytest.param("patrol-frame12_jpg.rf.0a1b2c.jpg", None, "patrol", id="roboflow"),
        pytest.param("images/00012.jpg", None, "pictures", id="numbers only"),
        pytest.param("images/2024-05-01_gate7_33.jpg", r"_(gate\d+)_", "gate7", id="pattern with a group"),
        pytest.param("images/2024-05-01_gate7_33.jpg", r"\d{4}-\d\d-\d\d", "2024-05-01", id="pattern without"),
    ],
)
def test_scenes(name: str, pattern: str | None, scene: str) -> None:
    """By pattern, folder, or name without its number."""
    assert scene_of(name, pattern) == scene


@pytest.mark.parametrize(("pattern", "words"), [("(", "not a regular expression"), ("cam(3)", "finds no scene in")])
def test_a_pattern_that_does_not_fit_is_refused(pattern: str, words: str) -> None:
    """With the picture that it fails on."""
    with pytest.raises(FormatError, match=words):
        scene_of("images/cam1/1.jpg", pattern)


@pytest.mark.parametrize(
    ("sizes", "most"),
    [
        pytest.param([10] * 10, 0.2, id="even"),
        pytest.param([90, 10], 0.1, id="one huge scene"),
        pytest.param([50, 50], 0.5, id="two"),
        pytest.param([1] * 7 + [93], 0.2, id="small ones beside a huge one"),
    ],
)
def test_whole_scenes_are_held_out(sizes: list[int], most: float) -> None:
    """Some, never too much, and the same for the same seed."""
    scenes = [f"s{i}" for i, n in enumerate(sizes) for _ in range(n)]
    splits = [split_scenes(scenes, seed) for seed in range(8)]
    shares = [sum(split[s] == "val" for s in scenes) / len(scenes) for split in splits]
    assert min(shares) > 0
    assert max(shares) <= most
    assert split_scenes(scenes, 3) == splits[3]


def test_another_seed_holds_out_other_scenes() -> None:
    """So that a result can be tried on more than one choice."""
    scenes = [f"s{i}" for i in range(20)]
    assert split_scenes(scenes, 1) != split_scenes(scenes, 2)
