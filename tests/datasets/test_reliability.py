"""The reliability diagram."""

from xml.etree import ElementTree

import numpy as np
import pytest

from helmetbelt.datasets.calibration import Promises
from helmetbelt.datasets.reliability import diagram, points

SVG = "{http://www.w3.org/2000/svg}"


def promises(count: int = 400) -> Promises:
    """Kept as promised."""
    promised = np.linspace(0.01, 0.99, count)
    worn = np.random.default_rng(2).random(count) < promised
    return Promises(promised, worn, np.array([f"g{i % 80}" for i in range(count)]))


def test_points_are_equally_many_heads_from_low_to_high() -> None:
    """Each with the share that wore one, near its promise."""
    shown = points(promises(), 8)
    assert [point.kept.n for point in shown] == [50] * 8
    assert [p.promised for p in shown] == sorted(p.promised for p in shown)
    assert all(p.kept.low - 0.1 < p.promised < p.kept.high + 0.1 for p in shown)


def test_the_picture_has_a_mark_for_each_point_where_it_belongs() -> None:
    """Right and up with promise and share; its text says how many heads and how large the error is."""
    picture = ElementTree.fromstring(diagram(promises(), 0.0123))
    marks = [(float(c.attrib["cx"]), float(c.attrib["cy"])) for c in picture.iter(f"{SVG}circle")]
    assert len(marks) == 10
    assert marks[0][0] < marks[-1][0]
    assert marks[0][1] > marks[-1][1]
    text = " ".join(t.text or "" for t in picture.iter(f"{SVG}text"))
    assert "400 heads" in text
    assert "error 0.012" in text


def test_a_single_scene_has_a_mark_and_a_flat_bar() -> None:
    """All of one scene: no spread is known, and none is drawn beside the mark."""
    once = Promises(np.array([0.2, 0.8]), np.array([False, True]), np.array(["a", "a"]))
    picture = ElementTree.fromstring(diagram(once, 0.2))
    assert len(list(picture.iter(f"{SVG}circle"))) == 2
    assert [p.kept.value for p in points(once)] == pytest.approx([0, 1])
