"""The distribution holds every folder, and the links for type checkers lead somewhere."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PYPROJECT = ROOT / "pyproject.toml"

pytestmark = pytest.mark.skipif(not (ROOT / "detector").is_dir(), reason="the source folders are not beside the tests")

ROOMS = ("api", "cli", "compliance", "datasets", "detector", "models", "pipelines", "records")


def test_every_folder_with_python_is_a_package() -> None:
    """A folder that is not listed works in an editable install and is missing from the wheel."""
    setuptools = tomllib.loads(PYPROJECT.read_text())["tool"]["setuptools"]
    folders = {p.parent.relative_to(ROOT) for room in ROOMS for p in (ROOT / room).rglob("*.py")}
    expected = {"helmetbelt." + ".".join(folder.parts): folder.as_posix() for folder in folders}
    assert setuptools["package-dir"] == expected
    assert set(setuptools["packages"]) == set(expected)


@pytest.mark.parametrize("room", ROOMS)
def test_type_checkers_find_every_room(room: str) -> None:
    """`typings/helmetbelt/X` is a link to folder X."""
    assert (ROOT / "typings/helmetbelt" / room).resolve() == ROOT / room


def test_datasets_does_not_shadow_another_package() -> None:
    """With an __init__.py the folder would hide Hugging Face's `datasets` from the repository root."""
    assert not (ROOT / "datasets/__init__.py").exists()


def test_shipped_weights_are_small() -> None:
    """Each model is under 15 MB."""
    sizes = {p.name: p.stat().st_size for p in (ROOT / "models").glob("*.onnx")}
    assert sizes
    assert max(sizes.values()) < 15e6
