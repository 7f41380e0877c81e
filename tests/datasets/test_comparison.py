"""Models side by side on one sample."""

from dataclasses import replace
from pathlib import Path

import pytest
from builders_scoring import RULES, answer, found, picture

from helmetbelt.datasets.comparison import compare, digest, peers_sample, persons_inside, read_compared, write_compared
from helmetbelt.datasets.judging import judged
from helmetbelt.datasets.manifest import Label, LabelledPicture
from helmetbelt.detector.errors import HelmetbeltError

HEAD = (100.0, 100.0, 130.0, 135.0)


def pictures(source: str, count: int) -> list[LabelledPicture]:
    """Each with one helmet."""
    return [picture((Label.HELMET, HEAD), source=source, group=f"{source}{i}") for i in range(count)]


def test_each_source_has_its_share_and_six_at_least() -> None:
    """Of 360 pictures with heads; those without a labelled head aren't asked for."""
    roads = [picture(labelled=frozenset({Label.TWO_WHEELER}), source="road", group=f"r{i}") for i in range(50)]
    kept = peers_sample([*pictures("large", 300), *pictures("middle", 50), *pictures("small", 10), *roads])
    assert {s: sum(p.source == s for p in kept) for s in ("large", "middle", "small", "road")} == {
        "large": 125, "middle": 21, "small": 6, "road": 0,
    }  # fmt: skip


def test_the_sample_is_the_same_in_any_order() -> None:
    """And its digest changes with a label, so that stale figures are noticed."""
    those = pictures("large", 300)
    assert digest(peers_sample(those)) == digest(peers_sample(those[::-1])) == digest(peers_sample(those)[::-1])
    moved = [replace(p, xyxy=p.xyxy + 1) for p in those]
    assert digest(peers_sample(moved)) != digest(peers_sample(those))


def test_columns_are_read_as_they_were_written(tmp_path: Path) -> None:
    """With figures for all of the sample only; no file is no column."""
    given = [answer(p, found((0, 0.9, HEAD))) for p in pictures("one", 20)]
    column = compare("ours", "heads 12ab", given, judged(persons_inside(given, 10), RULES))
    assert {row.part for row in column.rows} <= {"all", "heads ≥ 12 px"}
    assert {row.what: row.figure.value for row in column.rows}["helmet AP50, whole path"] == 1.0
    write_compared(tmp_path / "peers.json", [column])
    assert read_compared(tmp_path / "peers.json") == [column]
    assert read_compared(tmp_path / "none.json") == []


def test_a_damaged_file_of_columns_is_named(tmp_path: Path) -> None:
    """With what to do about it."""
    (tmp_path / "peers.json").write_text('[{"name": "one"}]')
    with pytest.raises(HelmetbeltError, match=r"peers\.json: not what .* keeps of peers .*weights.*; remove it"):
        read_compared(tmp_path / "peers.json")
