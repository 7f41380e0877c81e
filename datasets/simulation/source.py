"""The simulated junction as a video source, named by an address such as `sim://junction?seed=7&seconds=60`."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

from helmetbelt.datasets.simulation.scene import FPS, HEIGHT, SETTINGS, WIDTH, Scene
from helmetbelt.detector.errors import SourceError
from helmetbelt.pipelines.frames import ClockProvenance, Frame, SourceInfo
from helmetbelt.pipelines.sources import Pace

LONGEST_S = 24 * 3600.0
SMALLEST_PX, LARGEST_PX = 160, 3840
DEFAULT_START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
EXAMPLE = "sim://junction?seed=7&seconds=60&start=2026-03-02T08:00:00Z"


@dataclass(frozen=True, slots=True)
class Wish:
    """What an address asks for.

    Attributes:
        name: of the scene.
        seed: of everybody on the road.
        seconds: length.
        start: of the first frame, aware.
        size: width and height in pixels.
    """

    name: str
    seed: int = 7
    seconds: float = 60.0
    start: datetime = DEFAULT_START
    size: tuple[int, int] = (WIDTH, HEIGHT)


class SimulatedSource:
    """A scene of so many seconds as the recording of one camera."""

    def __init__(self, wish: Wish, camera: str) -> None:
        self._camera = camera
        self._scene = Scene(wish.name, wish.seed, *wish.size)
        self._count = max(round(wish.seconds * FPS), 1)
        said = json.dumps({"scene": self._scene.description(), "frames": self._count, "fps": FPS}, sort_keys=True)
        digest = hashlib.sha256(said.encode()).hexdigest()
        name = f"sim://{wish.name}?seed={wish.seed}&seconds={wish.seconds:g}"
        self._info = SourceInfo(
            name,
            digest,
            *wish.size,
            FPS,
            self._count / FPS,
            wish.start.astimezone(UTC),
            ClockProvenance.SIMULATED,
            True,
        )

    @property
    def info(self) -> SourceInfo:
        """What is known before the first frame; the digest depends on the pictures, not on their date."""
        return self._info

    @property
    def scene(self) -> Scene:
        """Where the truth can be asked for."""
        return self._scene

    def frames(self, at_most_fps: float) -> Iterator[Frame]:
        """The frames, evenly thinned in time to at most so many a second; those left out are never drawn."""
        pace = Pace(at_most_fps)
        for index in range(self._count):
            seconds = index / FPS
            if pace.takes(seconds):
                taken_at = self._info.started_at + timedelta(seconds=seconds)
                yield Frame(self._camera, index, seconds, taken_at, self._scene.render(seconds, index))


def open_simulation(url: str, camera: str) -> SimulatedSource:
    """The source that an address names.

    Args:
        url: `sim://NAME?seed=7&seconds=60&start=2026-03-02T08:00:00Z&size=1280x720`; every key may be left out.
        camera: identifier of the camera.

    Raises:
        SourceError: another scheme, an unknown scene or key, or a value that makes no sense.
    """
    return SimulatedSource(parse_address(url), camera)


def parse_address(url: str) -> Wish:
    """What an address asks for.

    Raises:
        SourceError: as in `open_simulation`.
    """
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise SourceError(f"{url}: expected an address like {EXAMPLE}") from error
    if parts.scheme != "sim":
        raise SourceError(f"{url}: expected an address like {EXAMPLE}")
    if parts.netloc not in SETTINGS or parts.path not in ("", "/") or parts.fragment:
        raise SourceError(f"{url}: no scene {parts.netloc + parts.path!r}; there are {', '.join(sorted(SETTINGS))}")
    wish: dict[str, object] = {}
    for key, value in parse_qsl(parts.query, keep_blank_values=True):
        if key not in KEYS:
            raise SourceError(f"{url}: unknown key {key!r}; there are {', '.join(sorted(KEYS))}")
        if key in wish:
            raise SourceError(f"{url}: {key} is given twice")
        wish[key] = _understood(url, key, value)
    return Wish(parts.netloc, **wish)  # type: ignore[arg-type]


def _understood(url: str, key: str, value: str) -> object:
    read, expected = KEYS[key]
    try:
        return read(value)
    except ValueError as error:
        raise SourceError(f"{url}: {key}={value!r}: expected {expected}") from error


def _seed(value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise ValueError(value)
    return int(value)


def _seconds(value: str) -> float:
    seconds = float(value)
    if not 0 < seconds <= LONGEST_S:
        raise ValueError(value)
    return seconds


def _start(value: str) -> datetime:
    start = datetime.fromisoformat(value.replace(" ", "+"))
    if start.tzinfo is None:
        raise ValueError(value)
    return start


def _size(value: str) -> tuple[int, int]:
    width, height = (int(v) for v in value.split("x"))
    if not (min(width, height) >= SMALLEST_PX and max(width, height) <= LARGEST_PX and width % 2 == height % 2 == 0):
        raise ValueError(value)
    return width, height


KEYS: dict[str, tuple[Callable[[str], object], str]] = {
    "seed": (_seed, "a whole number from 0 to 999999999"),
    "seconds": (_seconds, f"a number above 0, at most {LONGEST_S:g}"),
    "start": (_start, "a time with its zone, such as 2026-03-02T08:00:00Z"),
    "size": (_size, f"even numbers from {SMALLEST_PX} to {LARGEST_PX}, such as 1280x720"),
}
