"""Folders of videos and folders of pictures."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import pytest
from builders_video import even_seconds, grey_image, number_in, write_video

from helmetbelt.detector.errors import SourceError
from helmetbelt.pipelines.clock import Start
from helmetbelt.pipelines.folders import FolderSource, picture_seconds, videos_in
from helmetbelt.pipelines.frames import ClockProvenance

BEGAN = datetime(2026, 3, 2, 0, 15, tzinfo=UTC)
NOW = BEGAN + timedelta(days=1)


def write_pictures(folder: Path, names: list[str], size: tuple[int, int] = (96, 64)) -> list[Path]:
    """Grey pictures by number."""
    folder.mkdir(exist_ok=True)
    for number, name in enumerate(names):
        cv2.imwrite(str(folder / name), grey_image(number, *size))
    return [folder / name for name in names]


def opened(folder: Path, seconds: list[float]) -> FolderSource:
    """A source on a folder with a known start."""
    return FolderSource(folder, "gate-1", Start(BEGAN, ClockProvenance.FILE_NAME), seconds)


def test_videos_of_a_folder_come_by_name(tmp_path: Path) -> None:
    """By what they are, not by their endings; hidden files are left alone."""
    for name in ("b.mp4", "a.mkv", ".hidden.mp4"):
        write_video(tmp_path / name, even_seconds(3, 25), rate=25)
    (tmp_path / "b.mp4").rename(tmp_path / "c")
    (tmp_path / "notes.mp4").write_text("a text")
    (tmp_path / "sub.mp4").mkdir()
    assert [p.name for p in videos_in(tmp_path)] == ["a.mkv", "c"]


def test_missing_folder_is_an_error(tmp_path: Path) -> None:
    """As with files."""
    with pytest.raises(SourceError, match="not a folder"):
        videos_in(tmp_path / "none")


def test_pictures_are_frames_in_the_order_of_their_names(tmp_path: Path) -> None:
    """With the times that were given."""
    write_pictures(tmp_path, ["0001.png", "0002.png", "0003.png"])
    source = opened(tmp_path, [0.0, 0.2, 0.4])
    frames = list(source.frames(10))
    assert [number_in(f.image) for f in frames] == [0, 1, 2]
    assert frames[2].taken_at == BEGAN + timedelta(seconds=0.4)
    assert (source.info.width, source.info.height) == (96, 64)
    assert source.info.fps == pytest.approx(5)
    assert source.info.duration_s == pytest.approx(0.6)


def test_pictures_are_thinned_like_video(tmp_path: Path) -> None:
    """Only those that are looked at are decoded."""
    write_pictures(tmp_path, [f"{i}.png" for i in range(6)])
    assert [f.index for f in opened(tmp_path, even_seconds(6, 20)).frames(10)] == [0, 2, 4]


def test_times_come_from_the_names(tmp_path: Path) -> None:
    """Where they tell them."""
    paths = [tmp_path / f"cam_20260302_08150{i}.jpg" for i in (0, 2, 7)]
    assert picture_seconds(paths, UTC, NOW, None) == [0.0, 2.0, 7.0]


def test_operator_says_how_many_a_second(tmp_path: Path) -> None:
    """Whatever the names are."""
    assert picture_seconds([tmp_path / "a.jpg", tmp_path / "b.jpg"], UTC, NOW, 4) == [0.0, 0.25]


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["1.jpg", "2.jpg"], "do not tell when"),
        (["20260302_081500.jpg", "x.jpg"], "do not tell when"),
        (["20260302_081500_1.jpg", "20260302_081500_2.jpg"], "do not rise"),
    ],
)
def test_pictures_without_a_time_need_the_operator(tmp_path: Path, names: list[str], reason: str) -> None:
    """A made-up frame rate would make up speeds."""
    with pytest.raises(SourceError, match=reason):
        picture_seconds([tmp_path / name for name in names], UTC, NOW, None)


def test_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    """Nothing to see is an error, not a rate."""
    with pytest.raises(SourceError, match="neither a video nor a picture"):
        opened(tmp_path, [])


def test_damaged_picture_stops_the_source(tmp_path: Path) -> None:
    """The frames before it have been given."""
    write_pictures(tmp_path, ["1.png", "2.png"])
    (tmp_path / "2.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    frames = opened(tmp_path, [0.0, 1.0]).frames(10)
    assert next(frames).index == 0
    with pytest.raises(SourceError, match=r"2\.png"):
        next(frames)


def test_picture_of_another_size_stops_the_source(tmp_path: Path) -> None:
    """Another camera's picture got in between."""
    write_pictures(tmp_path, ["1.png"])
    write_pictures(tmp_path, ["2.png"], size=(64, 64))
    with pytest.raises(SourceError, match="64x64 pixels among pictures of 96x64"):
        list(opened(tmp_path, [0.0, 1.0]).frames(10))


def test_digest_knows_names_and_contents(tmp_path: Path) -> None:
    """The same pictures in the same order are the same recording."""
    write_pictures(tmp_path, ["1.png", "2.png"])
    before = opened(tmp_path, [0.0, 1.0]).info.digest
    assert opened(tmp_path, [0.0, 1.0]).info.digest == before
    (tmp_path / "2.png").rename(tmp_path / "3.png")
    assert opened(tmp_path, [0.0, 1.0]).info.digest != before
