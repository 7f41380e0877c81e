"""From what was written on the command line to the sources that are evaluated."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from helmetbelt.detector.errors import SourceError
from helmetbelt.pipelines.clock import Start, start_of
from helmetbelt.pipelines.folders import FolderSource, picture_seconds, pictures_in, videos_in
from helmetbelt.pipelines.frames import ClockProvenance, Source
from helmetbelt.pipelines.sniff import sniff_container
from helmetbelt.pipelines.sources import FileSource, digest_of

SIMULATED = "sim://"


@dataclass(frozen=True, slots=True)
class Input:
    """One video to be evaluated.

    Attributes:
        where: path of a file or of a folder of pictures, or a `sim://` address.
        name: of its results; no two inputs of a command share one.
    """

    where: str
    name: str


@dataclass(frozen=True, slots=True)
class Times:
    """What is known of time beside the files.

    Attributes:
        zone: of clocks that name none.
        now: aware.
        start: as the operator wrote it; None where nothing was said.
        pictures_per_s: of a folder of pictures; None where their names tell.
    """

    zone: tzinfo
    now: datetime
    start: str | None
    pictures_per_s: float | None


def inputs_of(given: Sequence[str]) -> list[Input]:
    """The videos meant by files, folders of videos or of pictures, and `sim://` addresses, in their order.

    Raises:
        SourceError: a folder cannot be read, or holds neither a video nor a picture.
    """
    places = [place for one in given for place in _places(one)]
    if not places:
        raise SourceError("no video was named")
    return [Input(place, name) for place, name in zip(places, _names(places), strict=True)]


def open_source(
    where: str,
    camera: str,
    times: Times,
    earlier: Callable[[str], datetime | None],
    hashed: Callable[[int], None] = lambda _: None,
) -> Source:
    """Opens a source.

    Args:
        where: from `Input`.
        camera: identifier.
        times: what is known of time.
        earlier: when footage with this sha256 (hex) began by an earlier evaluation. Asked where nothing but the
            file's own time stamp tells: a copy has another one, and would be counted twice.
        hashed: told how many bytes were read for the checksum.

    Raises:
        SourceError: it cannot be opened.
        StartTimeError: the operator's start time is refused.
    """
    if where.startswith(SIMULATED):
        from helmetbelt.datasets.simulation import open_simulation

        return open_simulation(where, camera)
    path = Path(where)
    if path.is_dir():
        pictures = pictures_in(path)
        seconds = picture_seconds(pictures, times.zone, times.now, times.pictures_per_s)
        return FolderSource(path, camera, start_of(pictures[0], times.zone, times.now, times.start), seconds)
    sniff_container(path)
    start = start_of(path, times.zone, times.now, times.start)
    digest = digest_of(path, hashed)
    if start.clock is ClockProvenance.FILE_TIME and (began := earlier(digest)):
        start = Start(began, ClockProvenance.FILE_TIME)
    return FileSource(path, camera, start, digest)


def _places(given: str) -> list[str]:
    if given.startswith(SIMULATED) or not Path(given).is_dir():
        return [given]
    videos = [str(path) for path in videos_in(Path(given))]
    if not videos:
        pictures_in(Path(given))
    return videos or [given]


def _names(places: Sequence[str]) -> list[str]:
    """File names without their endings, numbered where they repeat."""
    names, seen = list[str](), Counter[str]()
    for place in places:
        name = _name(place)
        while True:
            seen[name] += 1
            numbered = name if seen[name] == 1 else f"{name}-{seen[name]}"
            if numbered not in names:
                break
        names.append(numbered)
    return names


def _name(place: str) -> str:
    if place.startswith(SIMULATED):
        return place.removeprefix(SIMULATED).split("?")[0].strip("/") or "simulation"
    path = Path(place)
    return (path.resolve().name if path.is_dir() else path.stem) or "video"
