"""Runs `helmetbelt evaluate` on tiny streets, inside this process or as a process of its own."""

import csv
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from helmetbelt.cli.main import run

COMMAND = Path(sys.executable).parent / "helmetbelt"


@dataclass(frozen=True)
class Said:
    """What a command ended with and said."""

    code: int
    out: str
    err: str


def helmetbelt(capsys: pytest.CaptureFixture[str], *arguments: object) -> Said:
    """The command `helmetbelt` with these arguments, in this process."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        run([str(a) for a in arguments])
    code = ended.value.code
    said = capsys.readouterr()
    return Said(code if isinstance(code, int) else int(bool(code)), said.out, said.err)


def started(*arguments: object) -> "subprocess.Popen[str]":
    """The same in a process of its own."""
    return subprocess.Popen([COMMAND, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def summary(folder: Path) -> dict[str, Any]:
    """The content of `summary.json`."""
    content: dict[str, Any] = json.loads((folder / "summary.json").read_text("utf-8"))
    return content


def observations(folder: Path) -> list[dict[str, str]]:
    """The rows of `observations.csv`."""
    with (folder / "observations.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def stored(database: Path) -> list[tuple[Any, ...]]:
    """Every passage and answer of a SQLite store, in order; empty while there is no table."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        try:
            return connection.execute(
                "SELECT * FROM passage JOIN observation ON passage.id = passage_id ORDER BY 1"
            ).fetchall()
        except sqlite3.OperationalError:
            return []
