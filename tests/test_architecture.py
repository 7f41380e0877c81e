"""The import arrows are the data arrows, and heavy or threaded things stay in their one place."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BELOW = {
    "models": set(),
    "detector": {"models"},
    "pipelines": {"detector"},
    "records": {"detector", "pipelines"},
    "compliance": {"detector"},
    "api": {"detector", "pipelines", "records", "compliance"},
    "datasets": {"detector", "pipelines"},
    "cli": {"models", "detector", "pipelines", "records", "compliance", "api", "datasets", "cli"},
}
"""What each room may import of the others."""

FILES = sorted(path for room in BELOW for path in (ROOT / room).rglob("*.py"))

pytestmark = pytest.mark.skipif(not FILES, reason="the source folders are not beside the tests")


def imports(path: Path) -> set[str]:
    """Dotted names that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_every_room_imports_only_what_lies_before_it() -> None:
    """A frame flows one way, and so do the imports."""
    wrong = []
    for path in FILES:
        room = path.relative_to(ROOT).parts[0]
        others = {n.split(".")[1] for n in imports(path) if n.startswith("helmetbelt.")} - {room}
        wrong += [f"{path.relative_to(ROOT)} imports {other}" for other in sorted(others - BELOW[room])]
    assert wrong == []


@pytest.mark.parametrize(
    ("package", "allowed"),
    [
        ("onnxruntime", {"detector/onnxruntime_engine.py", "datasets/quantize.py"}),
        ("openvino", {"detector/openvino_engine.py"}),
        (
            "threading",
            {"pipelines/runner.py", "pipelines/capture.py", "detector/session.py", "detector/openvino_engine.py"},
        ),
        ("multiprocessing", set()),
        ("concurrent.futures", set()),
        ("sqlalchemy", {"records"}),
        ("fastapi", {"api"}),
    ],
)
def test_some_packages_are_imported_in_one_place_only(package: str, allowed: set[str]) -> None:
    """The runtime, the threads, SQL and HTTP each have their room; elsewhere `threading` is there for a lock only."""
    users = {
        path.relative_to(ROOT).as_posix()
        for path in FILES
        if any(name == package or name.startswith(package + ".") for name in imports(path))
    }
    assert {u for u in users if u not in allowed and u.split("/")[0] not in allowed} == set()


def test_importing_the_commands_is_light() -> None:
    """Nobody who asks for --help waits for a training framework, a video encoder or a plotting library."""
    heavy = ["torch", "ultralytics", "matplotlib", "av", "ray", "psycopg", "scipy", "openvino"]
    code = f"import helmetbelt.cli.main, sys; print([m for m in {heavy} if m in sys.modules])"
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert seen.strip() == "[]"


def test_threads_start_in_the_runner_only() -> None:
    """Whatever has memory or a file is touched by one loop only."""
    starters = {p.relative_to(ROOT).as_posix() for p in FILES if re.search(r"\bThread\(|ThreadPool", p.read_text())}
    assert starters == {"pipelines/runner.py"}


def test_only_the_runner_swallows_everything() -> None:
    """A broad handler hides errors; the runner may have one, to name the camera. One that raises again hides none."""
    broad = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ExceptHandler) and (
                node.type is None or getattr(node.type, "id", "") in ("Exception", "BaseException")
            ) and not isinstance(node.body[-1], ast.Raise):
                broad.append(path.relative_to(ROOT).as_posix())
    assert set(broad) <= {"pipelines/runner.py"}
