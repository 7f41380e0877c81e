"""`helmetbelt detect` on pictures whose answer is known, with tiny models that follow the pixels."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import typer
from builders_detector import BLUE, RED, black, with_patch, write_models
from numpy.typing import NDArray
from typer.testing import CliRunner, Result

from helmetbelt.cli.detect import detect, drawing_names, picture_names
from helmetbelt.detector.errors import HelmetbeltError, ModelFileError

HEAD = (190, 172, 242, 224)
"""One cell of the head model's input, in the crop of the two-wheeler at 160, 160."""


def street(head: tuple[int, int, int]) -> NDArray[np.uint8]:
    """960 x 640: a two-wheeler (score 0.54) with one head of that colour, and a car (score 1)."""
    image = with_patch(black(640, 960), (160, 160, 320, 320), (124, 0, 0))
    return with_patch(with_patch(image, HEAD, head), (640, 320, 800, 480), RED)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a road model and a head model."""
    return write_models(tmp_path_factory.mktemp("models"))


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder with a helmet, a bare head and nothing, in this order."""
    folder = tmp_path / "street"
    folder.mkdir()
    for name, image in (("a", street(BLUE)), ("b", street((200, 0, 255))), ("c", black(640, 960))):
        cv2.imwrite(str(folder / f"{name}.png"), image)
    return folder


def run(models: Path, *arguments: str) -> Result:
    """The command as a person starts it."""
    app = typer.Typer()
    app.command()(detect)
    return CliRunner().invoke(app, ["--models", str(models), *arguments])


def lines(text: str) -> list[dict[str, Any]]:
    """The JSON lines of an answer."""
    return [json.loads(line) for line in text.splitlines()]


def test_each_picture_of_a_folder_is_one_line(models: Path, pictures: Path, tmp_path: Path) -> None:
    """Named as it was given, in the order of names."""
    result = run(models, str(pictures), "--json", str(tmp_path / "out.jsonl"))
    assert result.exit_code == 0
    found = lines((tmp_path / "out.jsonl").read_text())
    assert [f["image"] for f in found] == [f"{pictures}/{name}.png" for name in "abc"]
    assert all((f["width"], f["height"]) == (960, 640) for f in found)


def test_boxes_are_in_pixels_of_the_picture(models: Path, pictures: Path) -> None:
    """With every key of the format, on standard output."""
    (found,) = lines(run(models, str(pictures / "a.png")).stdout)
    (two_wheeler,) = found["two_wheelers"]
    (head,) = two_wheeler["heads"]
    assert set(two_wheeler) == {"xyxy", "score", "heads"}
    assert two_wheeler["xyxy"] == pytest.approx([160, 160, 320, 320], abs=0.1)
    assert two_wheeler["score"] == pytest.approx(0.540, abs=0.005)
    assert head["xyxy"] == pytest.approx(HEAD, abs=2)
    assert head["score"] == pytest.approx(1, abs=0.03)
    assert found["cars"] == [
        {"xyxy": [640.0, 320.0, 800.0, 480.0], "score": 1.0, "windshield": None, "occupants": []}
    ]


@pytest.mark.parametrize(("name", "statuses"), [("a", ["worn"]), ("b", ["not_worn"]), ("c", [])])
def test_a_head_has_a_status(models: Path, pictures: Path, name: str, statuses: list[str]) -> None:
    """A helmet is worn, a bare head is not_worn, an empty street has no heads."""
    (found,) = lines(run(models, str(pictures / f"{name}.png")).stdout)
    assert [head["status"] for vehicle in found["two_wheelers"] for head in vehicle["heads"]] == statuses


def test_a_low_score_reaches_the_heads_too(models: Path, pictures: Path) -> None:
    """And keeps all that is found at the working threshold."""
    (usual,) = lines(run(models, str(pictures / "a.png")).stdout)
    (more,) = lines(run(models, str(pictures / "a.png"), "--min-score", "0.1").stdout)
    heads = more["two_wheelers"][0]["heads"]
    assert usual["two_wheelers"][0]["heads"][0] in heads
    assert min(head["score"] for head in heads) < 0.5


def test_a_high_score_leaves_the_sure_ones(models: Path, pictures: Path) -> None:
    """Only the car is that bright."""
    (found,) = lines(run(models, str(pictures / "a.png"), "--min-score", "0.9").stdout)
    assert (len(found["two_wheelers"]), len(found["cars"])) == (0, 1)


def test_bad_pictures_are_named_and_the_others_answered(models: Path, pictures: Path) -> None:
    """With exit code 1."""
    (pictures / "b.png").write_bytes(b"")
    result = run(models, str(pictures), "gone.jpg")
    assert result.exit_code == 1
    assert [Path(f["image"]).name for f in lines(result.stdout)] == ["a.png", "c.png"]
    assert f"{pictures}/b.png: the file is empty" in result.stderr
    assert "gone.jpg: cannot be read" in result.stderr


def test_drawings_show_status_colours_and_leave_the_picture_alone(
    models: Path, pictures: Path, tmp_path: Path
) -> None:
    """Green at the edge of a worn helmet, red at that of a bare head, grey at a car's."""
    before = (pictures / "a.png").read_bytes()
    run(models, str(pictures), "--json", str(tmp_path / "out.jsonl"), "--draw", str(tmp_path / "drawn"))
    assert sorted(p.name for p in (tmp_path / "drawn").iterdir()) == [f"{n}-detected.jpg" for n in "abc"]
    assert (pictures / "a.png").read_bytes() == before
    worn, bare = (cv2.imread(str(tmp_path / "drawn" / f"{n}-detected.jpg")) for n in "ab")
    assert worn is not None
    assert bare is not None
    blue, green, red = worn[HEAD[3], 215].astype(int)
    assert green > red + 60
    assert green > blue + 60
    blue, green, red = bare[HEAD[3], 215].astype(int)
    assert red > max(green, blue) + 60
    assert np.ptp(worn[480, 700].astype(int)) < 60


def test_drawings_of_pictures_with_one_name_stay_apart() -> None:
    """And none has the name of a picture."""
    assert drawing_names(["x/a.jpg", "y/a.png", "b.webp"]) == [
        "a-detected.jpg",
        "a-detected-2.jpg",
        "b-detected.jpg",
    ]


def test_a_picture_given_twice_is_answered_once(pictures: Path) -> None:
    """By itself and through its folder."""
    names = picture_names([str(pictures / "b.png"), str(pictures)])
    assert [Path(n).name for n in names] == ["b.png", "a.png", "c.png"]


def test_a_folder_without_pictures_is_an_error(models: Path, tmp_path: Path) -> None:
    """With its name."""
    with pytest.raises(HelmetbeltError, match=f"no JPEG, PNG, WebP or BMP pictures in {tmp_path}"):
        detect([str(tmp_path)], models=models)


@pytest.mark.parametrize("target", ["nowhere/out.jsonl", "street"])
def test_an_answer_that_cannot_be_written_is_an_error(
    models: Path, pictures: Path, tmp_path: Path, target: str
) -> None:
    """Before any picture is looked at."""
    with pytest.raises(HelmetbeltError, match=f"{target}: cannot be written"):
        detect([str(pictures)], json_file=str(tmp_path / target), models=models)


def test_a_drawing_that_cannot_be_written_is_an_error(models: Path, pictures: Path) -> None:
    """A file stands where the folder should be."""
    with pytest.raises(HelmetbeltError, match=r"a-detected\.jpg: cannot be written"):
        detect([str(pictures)], json_file="/dev/null", draw=pictures / "a.png", models=models)


def test_a_full_disk_is_an_error(models: Path, pictures: Path) -> None:
    """/dev/full is one."""
    with pytest.raises(HelmetbeltError, match="/dev/full: cannot be written"):
        detect([str(pictures)], json_file="/dev/full", models=models)


def test_missing_models_are_an_error(pictures: Path, tmp_path: Path) -> None:
    """With the card that was looked for."""
    with pytest.raises(ModelFileError, match=r"road\.toml"):
        detect([str(pictures)], models=tmp_path)
