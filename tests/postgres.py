"""A real PostgreSQL on a loopback port, for the tests that run on both kinds of store."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

BIN = Path("/usr/lib/postgresql/15/bin")
"""Where Debian's package puts it."""


def why_not() -> str | None:
    """What is missing for a PostgreSQL of our own; None when nothing is."""
    if find_spec("psycopg") is None:
        return "no PostgreSQL driver: pip install helmetbelt[postgres]"
    if not (BIN / "initdb").exists():
        return f"no PostgreSQL in {BIN}: apt-get install postgresql-15"
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        return "PostgreSQL refuses to run as root, and there is no runuser"
    return None


@contextmanager
def server() -> Iterator[str]:
    """The URL of a server without databases of ours, stopped and deleted afterwards."""
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="helmetbelt-pg-"))
    if as_postgres:
        shutil.chown(folder, "postgres")
    port = _free_port()
    control = [*as_postgres, str(BIN / "pg_ctl"), "-D", str(folder / "data"), "-l", str(folder / "log"), "-w"]
    options = f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories={folder} -c fsync=off"
    try:
        _run(
            [
                *as_postgres,
                str(BIN / "initdb"),
                "-D",
                str(folder / "data"),
                "-A",
                "trust",
                "-U",
                "postgres",
                "-N",
            ]
        )
        _run([*control, "-o", options, "start"])
        try:
            yield f"postgresql://postgres:s3cret-pw@127.0.0.1:{port}/postgres"
        finally:
            _run([*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
