"""Written videos: what a browser plays, complete or absent."""

import struct
from pathlib import Path

import av
import numpy as np
import pytest
from builders_video import grey_image, number_in

from helmetbelt.pipelines.output import OutputError
from helmetbelt.pipelines.videofile import VideoFile, playable_size

UNEVEN = [0.0, 0.1, 0.15, 1.0, 1.2, 2.5]


def written(path: Path, seconds: list[float]) -> Path:
    """A small video of grey frames."""
    with VideoFile(path, 96, 64) as video:
        for number, at in enumerate(seconds):
            video.add(at, grey_image(number))
    return path


def write_and_stop(path: Path) -> None:
    """What Ctrl-C does in the middle."""
    with VideoFile(path, 96, 64) as video:
        video.add(0.0, grey_image(0))
        raise KeyboardInterrupt


def test_frames_keep_their_times_and_order(tmp_path: Path) -> None:
    """The player shows each picture when the street showed it."""
    with av.open(str(written(tmp_path / "a.mp4", UNEVEN))) as file:
        pictures = [(f.time or 0.0, f.to_ndarray(format="bgr24")) for f in file.decode(video=0)]
    frames = [(at, number_in(np.asarray(picture, np.uint8))) for at, picture in pictures]
    assert [t for t, _ in frames] == pytest.approx(UNEVEN, abs=0.002)
    assert [n for _, n in frames] == [0, 1, 2, 3, 4, 5]


def test_last_frame_lasts_as_long_as_the_one_before(tmp_path: Path) -> None:
    """Ten frames at 10 a second are one second."""
    with av.open(str(written(tmp_path / "a.mp4", [i / 10 for i in range(10)]))) as file:
        stream = file.streams.video[0]
        assert stream.duration is not None
        assert float(stream.duration * (stream.time_base or 0)) == pytest.approx(1.0)


def test_browser_can_play_it(tmp_path: Path) -> None:
    """H.264 with 4:2:0 colours, and the index before the pictures so that playing starts at once."""
    path = written(tmp_path / "a.mp4", UNEVEN)
    with av.open(str(path)) as file:
        context = file.streams.video[0].codec_context
        assert (context.name, context.pix_fmt, context.width, context.height) == ("h264", "yuv420p", 96, 64)
    assert path.read_bytes().index(b"moov") < path.read_bytes().index(b"mdat")


def test_error_leaves_the_old_video_and_no_part(tmp_path: Path) -> None:
    """A broken evaluation does not put half a video in place of a good one."""
    path = tmp_path / "a.mp4"
    path.write_bytes(b"good")
    with pytest.raises(KeyboardInterrupt):
        write_and_stop(path)
    assert path.read_bytes() == b"good"
    assert list(tmp_path.iterdir()) == [path]


def test_repeated_time_moves_on_by_a_tick(tmp_path: Path) -> None:
    """The container needs rising time stamps."""
    with av.open(str(written(tmp_path / "a.mp4", [0.0, 0.0, 0.0]))) as file:
        assert len(list(file.decode(video=0))) == 3


def test_folder_that_is_not_there_is_an_output_error(tmp_path: Path) -> None:
    """With the system's reason."""
    with pytest.raises(OutputError, match="No such file"), VideoFile(tmp_path / "none" / "a.mp4", 96, 64):
        pass


def test_wrong_sizes_are_refused(tmp_path: Path) -> None:
    """Odd ones at once, others at the picture."""
    with pytest.raises(ValueError, match="even sides"):
        VideoFile(tmp_path / "a.mp4", 95, 64)
    video = VideoFile(tmp_path / "a.mp4", 64, 96)
    with pytest.raises(ValueError, match="in a video of 64x96"), video:
        video.add(0.0, grey_image(0))


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ((1280, 720), (1280, 720)),
        ((1600, 1200), (1600, 1200)),
        ((3840, 2160), (1920, 1080)),
        ((1080, 4000), (518, 1920)),
        ((1021, 567), (1020, 566)),
        ((1, 1), (2, 2)),
    ],
)
def test_sizes_are_even_and_limited(given: tuple[int, int], wanted: tuple[int, int]) -> None:
    """The shape stays."""
    assert playable_size(*given) == wanted


def test_time_scale_is_kept(tmp_path: Path) -> None:
    """Hours of video do not overflow the 32-bit counters of the header."""
    content = written(tmp_path / "a.mp4", [0.0, 5 * 3600.0]).read_bytes()
    at = content.index(b"mvhd")
    timescale, length = struct.unpack_from(">II", content, at + 4 + 12)
    assert length / timescale == pytest.approx(5 * 3600, abs=1)
    assert np.iinfo(np.uint32).max / timescale > 48 * 3600
