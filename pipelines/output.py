"""Files that are either whole or not there."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helmetbelt.detector.errors import HelmetbeltError
from helmetbelt.pipelines.sniff import reason_of


class OutputError(HelmetbeltError, OSError):
    """A result could not be written; nothing half-written is left under its name."""


def make_folder(folder: Path) -> Path:
    """The folder, made where it is missing, and proven to take a file.

    Raises:
        OutputError: it cannot be made or written into.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written into ({reason_of(error)})") from error
    return folder


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file under a temporary name, forces it to the disk and gives it its name.

    Raises:
        OutputError: it could not be written; what was there under the name before still is.
    """
    with replacing(path) as part:
        try:
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise OutputError(f"{path}: cannot be written ({reason_of(error)})") from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary name beside `path`: renamed to it at the end, removed when an error passes.

    Raises:
        OutputError: it could not be renamed.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        try:
            part.replace(path)
        except OSError as error:
            raise OutputError(f"{path}: cannot be written ({reason_of(error)})") from error
    finally:
        part.unlink(missing_ok=True)
