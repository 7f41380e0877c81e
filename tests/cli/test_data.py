"""`helmetbelt data` as a user types it."""

from pathlib import Path

import pytest
from builders_evaluate import helmetbelt
from builders_labels import row, write_manifest
from builders_sets import coco_set, yolo_set

from helmetbelt.datasets.manifest import load_manifest
from helmetbelt.detector.pictures import read_picture

Capture = pytest.CaptureFixture[str]


def test_import_check_show_export(tmp_path: Path, capsys: Capture) -> None:
    """The way of a user's own pictures through all four commands."""
    ours, sheets = tmp_path / "ours", tmp_path / "sheets"
    done = helmetbelt(capsys, "data", "import", yolo_set(tmp_path / "set").parent, "--out", ours, "--source", "town")
    assert (done.code, "With Helmet = helmet, Without Helmet = bare" in done.out) == (0, True)
    checked = helmetbelt(capsys, "data", "check", ours)
    assert (checked.code, "4 pictures: 0 errors, 0 suspects" in checked.out) == (0, True)
    shown = helmetbelt(capsys, "data", "show", ours, "--out", sheets, "--class", "helmet", "--format", "png")
    assert "nowhere labelled: two_wheeler, rider, plate, car" in shown.out
    assert read_picture(sheets / "sheet-01.png").ndim == 3
    for kind in ("yolo", "coco"):
        assert helmetbelt(capsys, "data", "export", ours, "--format", kind, "--out", tmp_path / kind).code == 0
    back = helmetbelt(capsys, "data", "import", tmp_path / "coco", "--out", tmp_path / "back")
    assert back.code == 0
    again, first = load_manifest(tmp_path / "back"), load_manifest(ours)
    assert [(p.path.name, p.group, p.split, p.source) for p in sorted(again, key=lambda p: p.path.name)] == [
        (p.path.name, p.group, p.split, p.source) for p in first
    ]


def test_check_ends_with_1_on_an_error_and_0_on_a_suspect(tmp_path: Path, capsys: Capture) -> None:
    """Both are named with picture and box."""
    bad = helmetbelt(capsys, "data", "check", yolo_set(tmp_path / "bad", cam1f001="5 .5 .5 .1 .1\n0 .5 .5 0 .1\n"))
    assert bad.code == 1
    assert "class 5: the names go from 0 to 1" in bad.out
    assert "box without area" in bad.out
    odd = helmetbelt(capsys, "data", "check", yolo_set(tmp_path / "odd", cam1f001="0 .5 .5 .1 .1\n0 .5 .5 .1 .1\n"))
    assert odd.code == 0
    assert "suspect box twice: 1" in odd.out


def test_import_names_what_it_left_out(tmp_path: Path, capsys: Capture) -> None:
    """The rest is imported, and the exit code says that it isn't all."""
    file = coco_set(tmp_path / "set")
    (tmp_path / "set/images/cam1/f_001.png").write_bytes(b"x")
    done = helmetbelt(capsys, "data", "import", file, "--out", tmp_path / "ours")
    assert done.code == 1
    assert "picture damaged: 1" in done.out
    assert len(load_manifest(tmp_path / "ours")) == 3


def test_yolo_export_says_what_it_cannot_carry(tmp_path: Path, capsys: Capture) -> None:
    """A class that is not labelled in some pictures would be taken as not being there."""
    ours = write_manifest(tmp_path / "ours", row(split="train"), row(image="b.png", group="h", labelled=[0, 2]))
    done = helmetbelt(capsys, "data", "export", ours, "--format", "yolo", "--out", tmp_path / "yolo")
    assert "1 of 2 pictures leave a class unsaid" in done.out


def test_show_counts_corrections_and_flags(tmp_path: Path, capsys: Capture) -> None:
    """Those that apply to what is shown."""
    ours = write_manifest(tmp_path / "ours", row(flags=["dusk"]), row(image="b.png"))
    with (ours / "corrections.csv").open("w") as file:
        file.write("source,image,action,class,x1,y1,x2,y2,to,reason\ns,b.png,drop_picture,,,,,,,a drawing\n")
    done = helmetbelt(capsys, "data", "show", ours, "--count", "0")
    assert "corrections of s: 1 drop_picture" in done.out
    assert "flag dusk: 1 of s val" in done.out


def test_one_picture_in_its_own_size(tmp_path: Path, capsys: Capture) -> None:
    """By its name."""
    ours = write_manifest(tmp_path / "ours", row())
    assert helmetbelt(capsys, "data", "show", ours, "--picture", "a", "--out", tmp_path).code == 0
    assert read_picture(tmp_path / "g-a.jpg").shape == (200, 400, 3)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(("show", "OURS", "--picture", "z"), "--picture z: no such picture", id="no such picture"),
        pytest.param(("show", "OURS", "--class", "hat"), "--class hat: expected one of two_wheeler", id="class"),
        pytest.param(("check", "OURS/none"), "no such file or folder", id="no data"),
        pytest.param(("import", "SET", "--out", "OURS"), "is there already and not empty", id="full folder"),
        pytest.param(("import", "SET", "--out", "NEW", "--map", "x"), "expected NAME=CLASS", id="map"),
        pytest.param(("import", "SET", "--out", "NEW", "--group", "(cam)"), "are one scene", id="one scene"),
    ],
)
def test_refusals_say_what_was_expected(
    tmp_path: Path, capsys: Capture, arguments: tuple[str, ...], words: str
) -> None:
    """In one line, with exit code 2."""
    ours, yaml = write_manifest(tmp_path / "ours", row()), yolo_set(tmp_path / "set")
    places = {"OURS": ours, "SET": yaml, "NEW": tmp_path / "new", "OURS/none": ours / "none"}
    done = helmetbelt(capsys, "data", *(places.get(a, a) for a in arguments))
    assert done.code == 2
    assert words in done.err


@pytest.mark.parametrize(
    ("model", "words"),
    [
        pytest.param("belts", "belts can't be fine-tuned on own pictures, only road and heads", id="belts"),
        pytest.param("heads", "no such file or folder", id="no data"),
    ],
)
def test_fine_tuning_says_what_it_needs(tmp_path: Path, capsys: Capture, model: str, words: str) -> None:
    """Before anything is trained."""
    done = helmetbelt(capsys, "train", model, "--own", tmp_path / "none", "--work", tmp_path)
    assert done.code == 2
    assert words in done.err
