"""`helmetbelt serve` as a person meets it."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from helmetbelt.cli.serve import ServeError, listening_on


def command(*arguments: str) -> list[str]:
    """The command line of a child."""
    return [sys.executable, "-c", "from helmetbelt.cli.main import run; run()", "serve", *arguments]


def refusal(*arguments: str) -> str:
    """What a refused call says on standard error."""
    done = subprocess.run(command(*arguments), capture_output=True, text=True)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_until_it_is_stopped(tmp_path: Path, stop: signal.Signals) -> None:
    """On a free port that it names, and it ends without complaint."""
    arguments = command("--store", str(tmp_path / "new.db"), "--create", "--port", "0")
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.readline() == f"store {tmp_path / 'new.db'}\n"
        page = child.stdout.readline().split()[0]
        with urllib.request.urlopen(page.replace("/docs", "/version")) as answer:
            assert b'"road"' in answer.read()
        child.send_signal(stop)
        assert child.stderr.read() == ""
    assert child.returncode in (0, -stop)


def test_a_missing_store_is_refused(tmp_path: Path) -> None:
    """A misspelt path is not an empty store."""
    assert "there is no store" in refusal("--store", str(tmp_path / "nowhere.db"), "--port", "0")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "example.com", ""])
def test_only_this_machine_is_served(host: str) -> None:
    """There is no login yet."""
    with pytest.raises(ServeError, match=r"no login yet|expected an address"):
        listening_on(host, 0)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.2"])
def test_loopback_addresses_are_served(host: str) -> None:
    """By name or number."""
    with listening_on(host, 0) as listener:
        assert listener.getsockname()[1] > 0


def test_a_taken_port_is_refused() -> None:
    """With the way out."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ServeError, match=f"port {port} is taken.*--port"):
            listening_on("127.0.0.1", port)


def test_the_password_of_a_store_is_not_shown() -> None:
    """From the variable, so that it isn't in the process list either."""
    environment = {**os.environ, "HELMETBELT_STORE": "postgresql://u:s3cret-pw@127.0.0.1:1/d"}
    done = subprocess.run(command("--port", "0"), env=environment, capture_output=True, text=True)
    assert done.returncode == 2
    assert "127.0.0.1:1" in done.stderr or "postgres" in done.stderr
    assert "s3cret-pw" not in done.stdout + done.stderr
