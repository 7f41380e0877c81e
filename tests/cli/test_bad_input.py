"""Whatever is wrong with input or output: one clear line, a proper exit code, nothing recorded lost."""

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from builders_evaluate import helmetbelt, started, stored, summary
from builders_street import BARE, Rider, write_street, write_street_models
from builders_video import even_seconds, write_video


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A road model and a head model that understand the tiny street."""
    return write_street_models(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One helmet and two bare heads."""
    return write_street(tmp_path_factory.mktemp("videos") / "gate_20260302_081500.mp4")


def missing(path: Path) -> None:
    """Nothing there."""


def empty(path: Path) -> None:
    """No byte."""
    path.write_bytes(b"")


def text(path: Path) -> None:
    """A note named .mp4."""
    path.write_text("camera 7 was repaired\n")


def concat(path: Path) -> None:
    """A list of other files that FFmpeg would play."""
    write_video(path.with_name("secret.mp4"), even_seconds(5, 25), rate=25)
    path.write_text("ffconcat version 1.0\nfile secret.mp4\n")


def without_index(path: Path) -> None:
    """The recorder lost power before it wrote the index."""
    whole = write_video(path, even_seconds(50, 25), rate=25).read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])


def no_frames(path: Path) -> None:
    """A header and nothing after it."""
    whole = write_video(path, even_seconds(5, 25), rate=25, muxing={"movflags": "faststart"}).read_bytes()
    path.write_bytes(whole[: whole.index(b"mdat") + 4])


def picture(path: Path) -> None:
    """A huge picture named .mp4; never decoded."""
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00" * 64)


def bomb(path: Path) -> None:
    """A small file with pictures of 67 megapixels."""
    write_video(path, even_seconds(1, 25), size=(8192, 8192), rate=25)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (missing, "no such file"),
        (empty, "the file is empty"),
        (text, "it is text"),
        (concat, "it is a list of other files"),
        (without_index, "damaged, cut off"),
        (no_frames, "cannot be opened|holds no frame"),
        (picture, "it is a picture"),
        (bomb, "pictures of 8192x8192 are larger than allowed"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_bad_video_is_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], models: Path, tmp_path: Path, make: Callable[[Path], None], reason: str
) -> None:
    """With the file's name and what is wrong with it."""
    path = tmp_path / "video.mp4"
    make(path)
    said = helmetbelt(capsys, "evaluate", path, "--out", tmp_path / "out", "--models", models)
    assert said.code == 2
    assert said.err.startswith(f"helmetbelt: {path}: ")
    assert said.err.count("\n") == 1
    assert any(part in said.err for part in reason.split("|"))
    assert not (tmp_path / "out" / "summary.json").exists()


def test_cut_off_video_is_evaluated_as_far_as_it_goes(
    capsys: pytest.CaptureFixture[str], models: Path, street: Path, tmp_path: Path
) -> None:
    """The first rider counts, the results say that they are incomplete, and the exit code is 1."""
    path, whole = tmp_path / "gate_20260302_081500.mp4", street.read_bytes()
    path.write_bytes(whole[: int(len(whole) * 0.6)])
    out = tmp_path / "out"
    said = helmetbelt(capsys, "evaluate", path, "--out", out, "--models", models)
    assert said.code == 1
    assert "Incomplete" in said.out
    content = summary(out)
    assert content["complete"] is False
    assert re.search(r"ended after \d\.\d s of (10\.0|9\.9) s: cut off or damaged", content["broken"])
    assert content["passages"]["two_wheeler"] >= 1
    assert len(stored(out / "helmetbelt.db")) == content["passages"]["two_wheeler"]
    assert "Incomplete evaluation" in (out / "report.html").read_text("utf-8")
    assert (out / "annotated.mp4").exists()


def test_picture_bomb_in_a_folder_is_refused(capsys: pytest.CaptureFixture[str], models: Path, tmp_path: Path) -> None:
    """20000x20000 in a megabyte: by its header, before a byte of it is decoded."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    content = cv2.imencode(".png", np.zeros((8, 8, 3), np.uint8))[1].tobytes()
    side = (20_000).to_bytes(4, "big")
    (folder / "1.png").write_bytes(content[:16] + side + side + content[24:])
    said = helmetbelt(
        capsys, "evaluate", folder, "--out", tmp_path / "out", "--models", models, "--pictures-per-second", 5
    )
    assert said.code == 2
    assert "20000 x 20000" in said.err


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--start", "yesterday"), "start time 'yesterday' cannot be understood"),
        (("--start", "2026-03-02"), "no time of day"),
        (("--start", "1970-01-01T00:00:00"), "before the year 2000"),
        (("--start", "2099-01-01T00:00:00"), "in the future"),
        (("--time-zone", "Mars/Olympus"), "time zone 'Mars/Olympus' is not known"),
        (("--gate", "line:0,0,1"), "gate"),
        (("--gate", "circle:1,2,3"), "gate"),
        (("--fps", "5", "--every", "0.2"), "give one of them"),
        (("--fps", "0"), "--fps"),
        (("--every", "-1"), "--every"),
        (("--fps", "many"), "--fps"),
        (("--store", "mysql://root@localhost/x"), "a store is a SQLite file or a PostgreSQL database"),
        (("--models", "/nowhere"), "/nowhere"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_nonsense_is_refused_before_the_first_frame(
    capsys: pytest.CaptureFixture[str],
    models: Path,
    street: Path,
    tmp_path: Path,
    options: tuple[str, ...],
    reason: str,
) -> None:
    """With exit code 2 and what was wrong."""
    given = options if "--models" in options else (*options, "--models", str(models))
    said = helmetbelt(capsys, "evaluate", street, "--out", tmp_path / "out", *given)
    assert said.code == 2
    assert reason in said.err
    assert "Traceback" not in said.err
    assert not (tmp_path / "out" / "summary.json").exists()


def test_one_start_time_does_not_fit_two_videos(
    capsys: pytest.CaptureFixture[str], models: Path, street: Path, tmp_path: Path
) -> None:
    """They did not begin at the same moment."""
    said = helmetbelt(
        capsys,
        "evaluate",
        street,
        street,
        "--out",
        tmp_path / "out",
        "--models",
        models,
        "--start",
        "2026-03-02T08:15:00",
    )
    assert said.code == 2
    assert "one start time for 2 videos" in said.err


def test_empty_folder_is_refused(capsys: pytest.CaptureFixture[str], models: Path, tmp_path: Path) -> None:
    """Nothing to see is not a rate of nothing."""
    (tmp_path / "day").mkdir()
    said = helmetbelt(capsys, "evaluate", tmp_path / "day", "--out", tmp_path / "out", "--models", models)
    assert said.code == 2
    assert "neither a video nor a picture" in said.err


def test_exchanged_model_is_refused(capsys: pytest.CaptureFixture[str], street: Path, tmp_path: Path) -> None:
    """A file that is not the one of its card judges nobody."""
    folder = write_street_models(tmp_path / "models")
    (folder / "heads.onnx").write_bytes((folder / "road.onnx").read_bytes())
    said = helmetbelt(capsys, "evaluate", street, "--out", tmp_path / "out", "--models", folder)
    assert said.code == 2
    assert "heads.onnx: damaged or exchanged" in said.err
    assert said.err.count("\n") == 1


def test_folder_in_place_of_a_file_cannot_be_written(
    capsys: pytest.CaptureFixture[str], models: Path, street: Path, tmp_path: Path
) -> None:
    """An output folder that is a file."""
    (tmp_path / "out").write_text("in the way")
    said = helmetbelt(capsys, "evaluate", street, "--out", tmp_path / "out", "--models", models)
    assert said.code == 2
    assert said.err.startswith(f"helmetbelt: {tmp_path / 'out'}: cannot be written into")


def test_proc_cannot_be_written_even_by_root(capsys: pytest.CaptureFixture[str], models: Path, street: Path) -> None:
    """Permission bits mean nothing to root; the kernel's own file system does."""
    said = helmetbelt(capsys, "evaluate", street, "--out", "/proc/helmetbelt", "--models", models)
    assert said.code == 2
    assert "/proc/helmetbelt: cannot be written into" in said.err


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 400 KiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_full_disk_is_told_and_what_was_stored_stays(models: Path, tmp_path: Path, small_disk: Path) -> None:
    """The passages stored before it was full can be read, and with room the same command goes on."""
    riders = [Rider(0.2 + 3.2 * i, BARE) for i in range(20)]
    video = write_street(tmp_path / "long_20260302_081500.mp4", riders, seconds=66)
    process = started("evaluate", video, "--out", small_disk, "--models", models)
    _, complaint = process.communicate()
    assert process.returncode == 2
    assert complaint.startswith("helmetbelt: ")
    assert "No space left" in complaint or "full" in complaint
    assert "Traceback" not in complaint
    before = stored(small_disk / "helmetbelt.db")
    assert 1 <= len(before) < 20
    subprocess.run(["mount", "-o", "remount,size=50m", small_disk], check=True)
    again = started("evaluate", video, "--out", small_disk, "--models", models)
    said, complaint = again.communicate()
    assert again.returncode == 0, complaint
    assert f"{len(before)} passages were there already" in said
    after = stored(small_disk / "helmetbelt.db")
    assert len(after) == 20
    assert [row for row in after if row in before] == before
