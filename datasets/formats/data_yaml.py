"""The file `data.yaml` of a YOLO set: where the pictures are and what the classes are called.

Read without a YAML library, which the program doesn't need otherwise: of the language only what such files use, keys
with plain values, lists (`[a, b]` or `- a`) and numbered names (`0: a` or `{0: a}`). Anything else is refused.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from helmetbelt.datasets.formats.foreign import FormatError

KEY = re.compile(r"([A-Za-z_][\w-]*)\s*:(?:\s+(.*))?$")
QUOTED = re.compile(r"""(?<![^\s,\[{:])(?:'[^']*'|"[^"]*")(?=[\s,\]}:]|$)""")
ITEM = re.compile(r"""\s*((?:\d+\s*:\s*)?(?:'[^']*'|"[^"]*"|[^,]*?))\s*(?:,|$)""")
NUMBERED = re.compile(r"(\d+)\s*:\s*(.+)$")


@dataclass(frozen=True, slots=True)
class DataYaml:
    """What the file says.

    Attributes:
        root: folder that the places are relative to.
        places: folders or lists of pictures, by split ("train", "val", "test").
        names: of the classes in the order of their ids.
    """

    root: Path
    places: dict[str, list[str]]
    names: tuple[str, ...]


def read_data_yaml(file: Path) -> DataYaml:
    """Reads the file.

    Raises:
        FormatError: no such file, or not in this form, or without pictures or names.
    """
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"{file}: can't be read ({error})") from error
    values = {key: _values(lines, f"{file}: {key}") for key, lines in _blocks(text).items()}
    places = {split: values[key] for key, split in _SPLITS.items() if values.get(key)}
    if not values.get("names") or not places:
        raise FormatError(f"{file}: expected 'names' and at least 'train', as ultralytics writes them")
    root = file.parent
    if values.get("path") and (root / values["path"][0]).is_dir():
        root = root / values["path"][0]
    return DataYaml(root, places, tuple(values["names"]))


_SPLITS = {"train": "train", "val": "val", "valid": "val", "test": "test"}
_KEYS = frozenset({"path", "names", *_SPLITS})


def _blocks(text: str) -> dict[str, list[str]]:
    """The lines of each key that matters, its own line first, without comments."""
    blocks: dict[str, list[str]] = {}
    current: list[str] = []
    for raw in text.splitlines():
        line = _without_comment(raw)
        if not line.strip() or line == "---":
            continue
        begins = KEY.match(line)
        if begins and not _is_open(current):
            current = [(begins.group(2) or "").strip()]
            if begins.group(1) in _KEYS:
                blocks[begins.group(1)] = current
        else:
            current.append(line.strip())
    return blocks


def _without_comment(line: str) -> str:
    """The line up to a "#" that isn't inside quotes."""
    begins = re.search(r"(?:^|\s)#", QUOTED.sub(lambda quoted: "x" * len(quoted[0]), line))
    return (line[: begins.start()] if begins else line).rstrip()


def _is_open(lines: list[str]) -> bool:
    text = "".join(lines)
    return text[:1] in ("[", "{") and text[-1:] not in ("]", "}")


def _values(lines: list[str], where: str) -> list[str]:
    """One plain value, or those of a list, or of a numbered table in the order of its numbers."""
    first, rest = lines[0], lines[1:]
    if first[:1] in ("[", "{"):
        inner = " ".join(lines).strip()
        if inner[-1] != {"[": "]", "{": "}"}[first[0]]:
            raise FormatError(f"{where}: {first[0]} without its end")
        items = [m.group(1).strip() for m in ITEM.finditer(inner[1:-1]) if m.group(1).strip()]
        return _numbered(items, where) if first[0] == "{" else [_plain(i) for i in items]
    if first:
        return [_plain(first)]
    if all(line.startswith("- ") for line in rest):
        return [_plain(line[2:]) for line in rest]
    return _numbered(rest, where)


def _numbered(items: list[str], where: str) -> list[str]:
    pairs = [NUMBERED.match(item) for item in items]
    found = {int(p.group(1)): _plain(p.group(2)) for p in pairs if p}
    if len(found) != len(items) or sorted(found) != list(range(len(found))):
        raise FormatError(f"{where}: {items}: expected a list, or names numbered from 0 without gaps")
    return [found[k] for k in sorted(found)]


def _plain(text: str) -> str:
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    return text
