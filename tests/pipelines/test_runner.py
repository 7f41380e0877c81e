"""Threads around a lane: order, errors from every side, and nothing left running."""

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from builders_passages import BEGAN, NOT_WORN, WORN, closed, frame, passage
from builders_video import even_seconds, grey_image, number_in, write_video

from helmetbelt.detector.errors import SourceError
from helmetbelt.pipelines.clock import Start
from helmetbelt.pipelines.closed import Closed
from helmetbelt.pipelines.frames import ClockProvenance, Frame, SourceInfo
from helmetbelt.pipelines.passages import Item, Role, Vehicle
from helmetbelt.pipelines.runner import Ahead, Behind, Progress, Shown, Sinks, evaluate_source
from helmetbelt.pipelines.sightings import Sighting
from helmetbelt.pipelines.sources import FileSource
from helmetbelt.pipelines.tally import Tally


class Frames:
    """A source of grey frames that breaks where it is told to."""

    def __init__(self, count: int, breaks_at: int | None = None, error: Exception | None = None) -> None:
        self.info = SourceInfo("test", "0" * 64, 96, 64, 10, None, BEGAN, ClockProvenance.OPERATOR, False)
        self.given = 0
        self._count, self._breaks_at, self._error = count, breaks_at, error

    def frames(self, at_most_fps: float) -> Iterator[Frame]:
        """Ten a second."""
        for index in range(self._count):
            if index == self._breaks_at and self._error:
                raise self._error
            self.given += 1
            yield frame(index, index / 10, grey_image(index % 6))


class EveryFourth:
    """A lane that closes a passage at every fourth frame and one at the end."""

    def __init__(self, fails_at: int | None = None, error: BaseException | None = None) -> None:
        self.indices: list[int] = []
        self._fails_at, self._error = fails_at, error

    def step(self, frame: Frame) -> list[Closed]:
        """A bare-headed rider at frames 3, 7, 11 ..."""
        self.indices.append(frame.index)
        if frame.index == self._fails_at and self._error:
            raise self._error
        return [closed(passage(frame.index, NOT_WORN))] if frame.index % 4 == 3 else []

    def finish(self) -> list[Closed]:
        """A helmet."""
        return [closed(passage(999, WORN))]

    def sightings(self) -> tuple[Sighting, ...]:
        """Nothing in view."""
        return ()


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    """Whatever a test does, its threads have ended."""
    before = threading.active_count()
    yield
    assert threading.active_count() == before


def sinks(
    tracks: list[int],
    show: Callable[[Shown], None] | None = None,
    progress: Callable[[Progress], None] = print,
) -> Sinks:
    """Collects the tracks of closed passages."""

    def collect(batch: Sequence[Closed]) -> None:
        tracks.extend(c.passage.track for c in batch)

    return Sinks(collect, show, progress)


def test_every_frame_goes_through_the_lane_in_order() -> None:
    """And what it closes comes out, the rest at the end."""
    lane, tracks = EveryFourth(), list[int]()
    run = evaluate_source(Frames(10), lane, sinks(tracks), 10)
    assert lane.indices == list(range(10))
    assert tracks == [3, 7, 999]
    assert (run.frames, run.seconds, run.broken) == (10, 0.9, None)
    assert run.tally.vehicles(Vehicle.TWO_WHEELER) == 3
    assert run.tally.answer(Item.HELMET, Role.RIDER, NOT_WORN) == 2


def test_shown_frames_carry_the_count_of_their_moment() -> None:
    """The drawing thread may lag; its numbers do not run ahead of its pictures. The last shows the whole count."""
    shown = list[tuple[int, int]]()
    evaluate_source(
        Frames(10),
        EveryFourth(),
        sinks([], lambda s: shown.append((s.frame.index, s.tally.vehicles(Vehicle.TWO_WHEELER)))),
        10,
    )
    assert shown == [*((i, (i + 1) // 4) for i in range(10)), (9, 3)]


def test_progress_is_told_after_every_frame() -> None:
    """Frames and seconds of the source rise together."""
    told = list[Progress]()
    evaluate_source(Frames(5), EveryFourth(), sinks([], progress=told.append), 10)
    assert [(p.frames, p.seconds) for p in told] == [(i + 1, i / 10) for i in range(5)]


def test_broken_source_is_evaluated_as_far_as_it_went() -> None:
    """What was seen counts, and the reason is told."""
    tracks = list[int]()
    run = evaluate_source(Frames(10, 6, SourceError("cut off")), EveryFourth(), sinks(tracks), 10)
    assert tracks == [3, 999]
    assert (run.frames, run.broken) == (6, "cut off")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("model")])
def test_failure_of_the_lane_gives_out_nothing_unfinished(error: BaseException) -> None:
    """Those passages will be seen whole when the run is repeated."""
    tracks = list[int]()
    with pytest.raises(type(error)):
        evaluate_source(Frames(100), EveryFourth(9, error), sinks(tracks, lambda _: None), 10)
    assert tracks == [3, 7]


def test_failure_of_the_decoder_comes_out_as_it_is() -> None:
    """An error that is none of the source's own is not a broken video."""
    with pytest.raises(ValueError, match="a bug"):
        evaluate_source(Frames(10, 6, ValueError("a bug")), EveryFourth(), sinks([]), 10)


@pytest.mark.parametrize("fails_at", [0, 9], ids=["at the first", "at the last"])
def test_failure_of_the_drawing_thread_comes_out(fails_at: int) -> None:
    """A full disk under the video ends the run with its reason, also when it comes with the last frame."""

    def show(shown: Shown) -> None:
        if shown.frame.index == fails_at:
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        evaluate_source(Frames(10), EveryFourth(), sinks([], show), 10)


def test_decoder_does_not_run_away() -> None:
    """A long file does not fill the memory while the lane thinks."""
    source = Frames(200)
    with Ahead(source.frames(10), depth=3) as frames:
        assert all(source.given <= taken.index + 1 + 3 + 1 for taken in frames)
    assert source.given == 200


def test_stopping_early_ends_a_decoder_that_waits() -> None:
    """Ctrl-C must not hang on a full hand-over."""
    with Ahead(iter(range(1000)), depth=1) as items:
        assert next(iter(items)) == 0


def test_work_is_done_in_order_and_to_the_end() -> None:
    """Leaving waits for the last item."""
    done = list[int]()
    with Behind(done.append, depth=2) as behind:
        for item in range(50):
            behind.put(item)
    assert done == list(range(50))


def test_empty_source_still_finishes_the_lane() -> None:
    """No frame is no error here; the source itself refuses an empty file."""
    tracks = list[int]()
    run = evaluate_source(Frames(0), EveryFourth(), sinks(tracks), 10)
    assert (run.frames, run.seconds, tracks) == (0, 0.0, [999])
    assert run.tally != Tally()


def test_real_file_through_real_threads(tmp_path: Path) -> None:
    """Pictures arrive in order, thinned to the wanted rate."""
    path = write_video(tmp_path / "a.mp4", even_seconds(6, 20), rate=20)
    source = FileSource(path, "gate-1", Start(BEGAN, ClockProvenance.OPERATOR), "0" * 64)
    seen = list[int]()
    run = evaluate_source(source, EveryFourth(), sinks([], lambda s: seen.append(number_in(s.frame.image))), 10)
    assert (run.frames, seen) == (3, [0, 2, 4, 4])
