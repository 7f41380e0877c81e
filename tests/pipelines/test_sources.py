"""Reading recorded video: time stamps, thinning, and files that are not what they promise."""

import hashlib
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from builders_video import even_seconds, number_in, write_video

from helmetbelt.detector.errors import SourceError
from helmetbelt.pipelines.capture import RisingSeconds
from helmetbelt.pipelines.clock import Start
from helmetbelt.pipelines.frames import ClockProvenance
from helmetbelt.pipelines.sources import FileLimits, FileSource, Pace, digest_of

BEGAN = datetime(2026, 3, 2, 0, 15, tzinfo=UTC)
UNEVEN = [0.0, 0.1, 0.15, 1.0, 1.2, 2.5]
LIMITS = FileLimits()


def opened(path: Path, limits: FileLimits = LIMITS) -> FileSource:
    """A source on a file with a known start."""
    return FileSource(path, "gate-1", Start(BEGAN, ClockProvenance.OPERATOR), "0" * 64, limits)


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.mp4", "libx264"),
        ("a.mkv", "libx264"),
        ("a.webm", "libvpx-vp9"),
        ("a.ts", "libx264"),
        ("a.mov", "mpeg4"),
    ],
)
@pytest.mark.parametrize("offset", [0.0, 5.0], ids=["from zero", "from five"])
def test_frames_of_uneven_rate_keep_their_times(tmp_path: Path, name: str, codec: str, offset: float) -> None:
    """Seconds come from the time stamps, counted from the first frame, and each picture has its own."""
    source = opened(write_video(tmp_path / name, [t + offset for t in UNEVEN], codec=codec))
    frames = list(source.frames(at_most_fps=1000))
    assert [f.seconds for f in frames] == pytest.approx(UNEVEN, abs=0.002)
    assert [number_in(f.image) for f in frames] == [0, 1, 2, 3, 4, 5]
    assert [f.index for f in frames] == [0, 1, 2, 3, 4, 5]
    assert frames[3].taken_at == BEGAN + timedelta(seconds=frames[3].seconds)


def test_info_tells_what_the_file_is(tmp_path: Path) -> None:
    """Size, rate and duration before the first frame is asked for."""
    info = opened(write_video(tmp_path / "a.mp4", even_seconds(50, 25), rate=25)).info
    assert (info.name, info.width, info.height) == ("a.mp4", 96, 64)
    assert info.fps == pytest.approx(25)
    assert info.duration_s == pytest.approx(2.0)
    assert (info.started_at, info.clock, info.simulated) == (BEGAN, ClockProvenance.OPERATOR, False)


def test_container_without_a_frame_rate_is_measured(tmp_path: Path) -> None:
    """Matroska from a browser says 1000 frames a second."""
    info = opened(write_video(tmp_path / "a.mkv", even_seconds(50, 12.5))).info
    assert info.fps == pytest.approx(12.5)
    assert info.duration_s == pytest.approx(4.0, abs=0.1)


def test_frames_can_be_read_again_from_the_start(tmp_path: Path) -> None:
    """Each reading opens the file anew."""
    source = opened(write_video(tmp_path / "a.mp4", even_seconds(6, 5), rate=5))
    assert [f.index for f in source.frames(1000)] == [f.index for f in source.frames(1000)] == list(range(6))
    assert source.decode_s > 0


@pytest.mark.parametrize(
    ("fps", "at_most", "expected_s"),
    [
        (25.0, 10.0, [0.0, 0.08, 0.2, 0.28, 0.4, 0.48, 0.6, 0.68, 0.8, 0.88]),
        (10.0, 10.0, [round(i / 10, 2) for i in range(10)]),
        (8.0, 10.0, [i / 8 for i in range(8)]),
        (30.0, 1.0, [0.0]),
        (30.0, 2.0, [0.0, 0.5]),
    ],
)
def test_thinning_is_even_in_time(fps: float, at_most: float, expected_s: Sequence[float]) -> None:
    """One second of each rate."""
    pace = Pace(at_most)
    assert [t for t in even_seconds(int(fps), fps) if pace.takes(t)] == pytest.approx(expected_s)


@pytest.mark.parametrize("fps", [10.3, 12.0, 12.5, 15.0, 23.976, 25.0, 29.97, 30.0, 50.0, 60.0])
def test_thinning_keeps_the_wanted_rate_whatever_the_file_has(fps: float) -> None:
    """A minute of any rate above ten gives ten a second."""
    pace = Pace(10)
    assert sum(pace.takes(t) for t in even_seconds(int(fps * 60), fps)) == pytest.approx(600, abs=2)


def test_jitter_around_the_wanted_rate_loses_no_frame() -> None:
    """Ten a second that come 20 ms early and late are all taken."""
    pace = Pace(10)
    assert all(pace.takes(i / 10 + (0.02 if i % 2 else 0.0)) for i in range(100))


def test_gap_is_not_made_up_for() -> None:
    """After a hole in the recording the pace goes on as before."""
    pace = Pace(10)
    assert [t for t in (0.0, 5.0, 5.04, 5.08, 5.12) if pace.takes(t)] == [0.0, 5.0, 5.08]


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan")])
def test_pace_needs_a_rate(rate: float) -> None:
    """Zero frames a second is a mistake of the caller."""
    with pytest.raises(ValueError, match="more than 0"):
        Pace(rate)


@pytest.mark.parametrize(
    ("stamps", "seconds"),
    [
        ([0.0, 0.04, 0.08], [0.0, 0.04, 0.08]),
        ([0.0, 0.0, 0.0], [0.0, 0.04, 0.08]),
        ([0.0, 0.04, 0.02, 0.12], [0.0, 0.04, 0.08, 0.12]),
        ([0.0, 9.0, 0.0, 0.04, 1.0], [0.0, 9.0, 9.04, 9.08, 10.04]),
        ([5.0, 5.04], [0.0, 0.04]),
    ],
    ids=["rising", "none", "one back", "joined files", "from five"],
)
def test_time_always_rises(stamps: Sequence[float], seconds: Sequence[float]) -> None:
    """Whatever the container says, at 25 frames a second."""
    rising = RisingSeconds(25)
    assert [rising.after(s) for s in stamps] == pytest.approx(seconds)


def cut(path: Path, share: float) -> Path:
    """The file without its end."""
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


def test_cut_off_file_gives_its_frames_and_then_an_error(tmp_path: Path) -> None:
    """What can be read is read; the error says how much of how much."""
    path = write_video(tmp_path / "a.mp4", even_seconds(250, 25), rate=25, muxing={"movflags": "faststart"})
    frames = opened(cut(path, 0.7)).frames(1000)
    read = list[int]()
    with pytest.raises(SourceError, match=r"a\.mp4: ended after \d\.\d s of 10\.0 s"):
        read.extend(frame.index for frame in frames)
    assert 25 < len(read) < 250
    assert read == list(range(len(read)))


def test_file_without_its_index_is_refused(tmp_path: Path) -> None:
    """An mp4 whose end was cut off holds its index there and cannot be opened."""
    path = write_video(tmp_path / "a.mp4", even_seconds(250, 25), rate=25)
    with pytest.raises(SourceError, match="damaged, cut off"):
        opened(cut(path, 0.7))


@pytest.mark.parametrize(
    ("name", "data_mark"), [("a.mkv", b"\x1f\x43\xb6\x75"), ("a.mp4", b"mdat"), ("a.avi", b"movi")]
)
def test_file_of_no_frames_is_refused(tmp_path: Path, name: str, data_mark: bytes) -> None:
    """A header without a picture after it is not a video."""
    path = write_video(tmp_path / name, even_seconds(3, 25), rate=25, muxing={"movflags": "faststart"})
    content = path.read_bytes()
    path.write_bytes(content[: content.index(data_mark) + len(data_mark)])
    with pytest.raises(SourceError, match=r"holds no frame|cannot be opened"):
        opened(path)


def test_list_of_other_files_is_not_followed(tmp_path: Path) -> None:
    """FFmpeg would play the other file."""
    write_video(tmp_path / "secret.mp4", even_seconds(5, 25), rate=25)
    path = tmp_path / "a.mp4"
    path.write_text("ffconcat version 1.0\nfile secret.mp4\n")
    with pytest.raises(SourceError, match="list of other files"):
        opened(path)


@pytest.mark.parametrize(
    ("limits", "reason"),
    [(FileLimits(side_px=64), "96x64 are larger"), (FileLimits(area_px=6000), "96x64 are larger")],
)
def test_large_pictures_are_refused_before_decoding(tmp_path: Path, limits: FileLimits, reason: str) -> None:
    """By the size in the header."""
    with pytest.raises(SourceError, match=reason):
        opened(write_video(tmp_path / "a.mp4", even_seconds(3, 25), rate=25), limits)


@pytest.mark.parametrize(
    ("limits", "read", "reason"),
    [
        (FileLimits(frames=4), 4, "limit of 4"),
        (FileLimits(duration_s=0.1), 3, "limit of 0.1 s"),
    ],
)
def test_long_files_stop_at_the_limit(tmp_path: Path, limits: FileLimits, read: int, reason: str) -> None:
    """What came before the limit has been given."""
    frames = opened(write_video(tmp_path / "a.mp4", even_seconds(10, 25), rate=25), limits).frames(1000)
    given = [next(frames).index for _ in range(read)]
    assert given == list(range(read))
    with pytest.raises(SourceError, match=reason):
        next(frames)


def test_opening_leaves_the_environment_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FFmpeg's options are set for the moment of opening only."""
    monkeypatch.setenv("OPENCV_FFMPEG_CAPTURE_OPTIONS", "rtsp_transport;tcp")
    monkeypatch.delenv("OPENCV_FFMPEG_LOGLEVEL", raising=False)
    opened(write_video(tmp_path / "a.mp4", even_seconds(3, 25), rate=25))
    assert os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] == "rtsp_transport;tcp"
    assert "OPENCV_FFMPEG_LOGLEVEL" not in os.environ


def test_name_that_looks_like_a_protocol_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`concat:` and the like are only names here."""
    monkeypatch.chdir(tmp_path)
    write_video(tmp_path / "a.mp4", even_seconds(3, 25), rate=25).rename(tmp_path / "concat:a.mp4")
    assert [f.index for f in opened(Path("concat:a.mp4")).frames(1000)] == [0, 1, 2]


def test_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    """Whatever the file is called."""
    path, parts = tmp_path / "a.bin", list[int]()
    path.write_bytes(b"helmet" * 1_000_000)
    assert digest_of(path, parts.append) == hashlib.sha256(b"helmet" * 1_000_000).hexdigest()
    assert sum(parts) == 6_000_000
    assert len(parts) > 1


def test_digest_of_nothing_is_an_error(tmp_path: Path) -> None:
    """The same error as for any source."""
    with pytest.raises(SourceError, match="no such file"):
        digest_of(tmp_path / "none.mp4")


@pytest.mark.parametrize(("clock", "simulated"), [(ClockProvenance.SIMULATED, True), (ClockProvenance.OPERATOR, False)])
def test_file_of_a_simulation_is_simulated(tmp_path: Path, clock: ClockProvenance, simulated: bool) -> None:
    """Its rates must not pass for traffic."""
    path = write_video(tmp_path / "a.mp4", even_seconds(3, 25), rate=25)
    assert FileSource(path, "gate-1", Start(BEGAN, clock), "0" * 64).info.simulated is simulated
