"""All threads of the program: frames are decoded ahead of the lane and drawn behind it."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from queue import Full, Queue
from time import perf_counter
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

from helmetbelt.detector.errors import SourceError
from helmetbelt.pipelines.closed import Closed
from helmetbelt.pipelines.frames import Frame, Source
from helmetbelt.pipelines.sightings import Sighting
from helmetbelt.pipelines.tally import Tally

DEPTH = 3
"""Frames waiting at each hand-over: enough to keep both sides busy, few enough for 4K pictures."""

LOOK_AGAIN_S = 0.2
"""How long a thread waits at a full hand-over before it looks whether anybody still takes."""

T = TypeVar("T")


class Stepping(Protocol):
    """What the runner needs of a lane."""

    def step(self, frame: Frame) -> list[Closed]:
        """Takes the next frame; the passages that are over now."""

    def finish(self) -> list[Closed]:
        """The passages that were not over when the source ended."""

    def sightings(self) -> tuple[Sighting, ...]:
        """The vehicles in the frame just stepped."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One analysed frame with everything that can be drawn on it."""

    frame: Frame
    sightings: tuple[Sighting, ...]
    tally: Tally


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        frames: analysed.
        seconds: of the source.
        wall_s: since the start.
    """

    frames: int
    seconds: float
    wall_s: float


@dataclass(frozen=True, slots=True)
class Sinks:
    """Where a run's results go.

    Attributes:
        closed: takes finished passages as soon as they are over; called in the runner's own thread.
        show: draws or plays frames, in a thread of its own, in order, the last one again with the final count;
            None where nobody looks.
        progress: is told after every frame.
    """

    closed: Callable[[Sequence[Closed]], None]
    show: Callable[[Shown], None] | None = None
    progress: Callable[[Progress], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Run:
    """What became of a run.

    Attributes:
        frames: analysed.
        seconds: of the source, at the last of them.
        wall_s: from the first to the last.
        tally: of everything counted.
        broken: why the source ended early; None where it ran to its end.
    """

    frames: int
    seconds: float
    wall_s: float
    tally: Tally
    broken: str | None


def evaluate_source(source: Source, lane: Stepping, sinks: Sinks, at_most_fps: float) -> Run:
    """Takes a source through a lane to its end.

    A source that breaks is evaluated as far as it went. When anything else fails, or on Ctrl-C, both threads
    are ended and the error goes on; passages that were not over are then not given out, because a repeated
    run would see them whole.

    Raises:
        HelmetbeltError: what a model or a sink raised, in whatever thread.
    """
    run = _Running(lane, sinks)
    with ExitStack() as stack:
        frames = stack.enter_context(Ahead(source.frames(at_most_fps), DEPTH))
        shows = stack.enter_context(Behind(sinks.show, DEPTH)) if sinks.show else None
        broken = None
        try:
            for frame in frames:
                run.step(frame, shows)
        except SourceError as error:
            broken = str(error)
        run.give(lane.finish())
        run.show_end(shows)
    return run.ended(broken)


class _Running:
    """The state of one run, touched by its own thread only."""

    def __init__(self, lane: Stepping, sinks: Sinks) -> None:
        self._lane, self._sinks = lane, sinks
        self._begun = perf_counter()
        self._frames, self._seconds, self._tally = 0, 0.0, Tally()
        self._last: Shown | None = None

    def step(self, frame: Frame, shows: "Behind[Shown] | None") -> None:
        self.give(self._lane.step(frame))
        self._frames, self._seconds = self._frames + 1, frame.seconds
        if shows is not None:
            self._last = Shown(frame, self._lane.sightings(), self._tally)
            shows.put(self._last)
        self._sinks.progress(Progress(self._frames, self._seconds, perf_counter() - self._begun))

    def give(self, closed: list[Closed]) -> None:
        if closed:
            self._sinks.closed(closed)
            self._tally = self._tally.plus(c.passage for c in closed)

    def show_end(self, shows: "Behind[Shown] | None") -> None:
        """The last frame once more, with the passages that were still open counted."""
        if shows is not None and self._last is not None:
            shows.put(replace(self._last, tally=self._tally))

    def ended(self, broken: str | None) -> Run:
        return Run(self._frames, self._seconds, perf_counter() - self._begun, self._tally, broken)


class _End:
    """Stands behind the last item."""


class Ahead(Generic[T]):
    """Items made in a thread of their own, a few ahead of who takes them; its error comes in their place."""

    def __init__(self, items: Iterator[T], depth: int) -> None:
        """Nothing is made before `with`; `depth` items wait at most."""
        self._items = items
        self._queue: Queue[T | _End] = Queue(depth)
        self._stop = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._make, name="decode", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def __iter__(self) -> Iterator[T]:
        while not isinstance(item := self._queue.get(), _End):
            yield item
        if self._error is not None:
            raise self._error

    def _make(self) -> None:
        try:
            for item in self._items:
                if not self._put(item):
                    return
        except BaseException as error:
            self._error = error
        self._put(_End())

    def _put(self, item: T | _End) -> bool:
        """False when nobody takes items any more."""
        while not self._stop.is_set():
            try:
                self._queue.put(item, timeout=LOOK_AGAIN_S)
            except Full:
                continue
            return True
        return False


class Behind(Generic[T]):
    """Items worked off in order in a thread of its own; its error comes at the next `put` or at the end."""

    def __init__(self, work: Callable[[T], None], depth: int) -> None:
        """`depth` items wait at most; more make the giver wait."""
        self._work = work
        self._queue: Queue[T | _End] = Queue(depth)
        self._stop = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work_off, name="draw", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Waits until everything is worked off, or drops it when an error passes."""
        if error is not None:
            self._stop.set()
        self._put(_End())
        self._thread.join()
        if error is None and self._error is not None:
            raise self._error

    def put(self, item: T) -> None:
        """Hands over one item, waiting while the thread is busy with `depth` others."""
        self._put(item)
        if self._error is not None:
            raise self._error

    def _put(self, item: T | _End) -> None:
        while self._thread.is_alive():
            try:
                self._queue.put(item, timeout=LOOK_AGAIN_S)
            except Full:
                continue
            return

    def _work_off(self) -> None:
        try:
            while not isinstance(item := self._queue.get(), _End) and not self._stop.is_set():
                self._work(item)
        except BaseException as error:
            self._error = error
