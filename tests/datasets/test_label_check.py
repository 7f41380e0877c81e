"""Suspicious labels: each fault is found, and sound labels have none."""

from pathlib import Path

import numpy as np
import pytest
from builders_labels import noise, row, write_manifest

from helmetbelt.datasets.contact_sheet import COLOURS, Sheet, draw_picture, draw_sheet, write_sheets
from helmetbelt.datasets.degrade import compress, shrink
from helmetbelt.datasets.formats.foreign import Fault
from helmetbelt.datasets.label_check import check_boxes, check_splits
from helmetbelt.datasets.look_alikes import look_alikes, look_of
from helmetbelt.datasets.manifest import Label, LabelledPicture, load_manifest
from helmetbelt.detector.pictures import read_picture


def picture(folder: Path, *boxes: list[float]) -> LabelledPicture:
    """A picture of 400 x 200 with these boxes (class, centre, size)."""
    return load_manifest(write_manifest(folder, row(boxes=list(boxes))))[0]


def test_sound_labels_have_no_faults(tmp_path: Path) -> None:
    """The builder's own picture."""
    assert check_boxes(load_manifest(write_manifest(tmp_path, row()))[0]) == []


@pytest.mark.parametrize(
    ("boxes", "fault"),
    [
        pytest.param([[9, 0.5, 0.5, 0.1, 0.1]], Fault.UNKNOWN_CLASS, id="class"),
        pytest.param([[2, 0.5, 0.5, 0.0, 0.1]], Fault.NO_AREA, id="flat"),
        pytest.param([[2, 1.5, 0.5, 0.1, 0.1]], Fault.OUTSIDE, id="outside"),
        pytest.param([[2, 0.99, 0.5, 0.1, 0.1]], Fault.OVER_EDGE, id="over the edge"),
        pytest.param([[2, 0.5, 0.5, 0.1, 0.2]] * 2, Fault.DOUBLE, id="twice"),
        pytest.param([[2, 0.5, 0.5, 0.1, 0.2], [3, 0.5, 0.5, 0.1, 0.2]], Fault.TWO_ANSWERS, id="two answers"),
        pytest.param([[0, 0.5, 0.5, 0.2, 0.4], [3, 0.5, 0.45, 0.15, 0.3]], Fault.LARGE_HEAD, id="large head"),
    ],
)
def test_each_fault_is_found(tmp_path: Path, boxes: list[list[float]], fault: Fault) -> None:
    """Once, with the box that it is about."""
    (problem,) = check_boxes(picture(tmp_path, *boxes))
    assert problem.fault is fault
    assert problem.where == "a.png"


def test_faults_across_pictures(tmp_path: Path) -> None:
    """A name twice, a scene in both splits, and a held-out picture that is a copy of one trained on."""
    pictures = load_manifest(
        write_manifest(tmp_path, row(), row(split="train"), row(image="c.png", group="h", split="train"))
    )
    looks = [look_of(noise(1)), look_of(noise(2)), look_of(shrink(noise(1), 0.5))]
    assert [(p.fault, p.where) for p in check_splits(pictures, looks)] == [
        (Fault.REPEATED_NAME, "a.png"),
        (Fault.BOTH_SPLITS, "s g"),
        (Fault.LOOK_ALIKE, "a.png"),
    ]


def test_copies_look_alike_and_others_do_not() -> None:
    """Compressed and smaller is a copy; another picture isn't, nor is one of the same split."""
    copy = shrink(compress(noise(1), 40), 0.6)
    looks = np.array([look_of(image) for image in (noise(1), copy, noise(2), noise(2))], np.uint64)
    held = np.array([True, False, False, False])
    assert [(i, j) for i, j, _ in look_alikes(looks, held)] == [(0, 1)]
    assert look_alikes(looks, np.ones(4, np.bool_)) == []


def test_sheet_shows_every_picture_with_its_boxes(tmp_path: Path) -> None:
    """In the colours of the legend; as many sheets as are needed; one that can't be read doesn't stop the others."""
    names = [f"{k}.png" for k in range(3)]
    pictures = load_manifest(write_manifest(tmp_path, *(row(image=n, group=n) for n in names)))
    pictures[1].path.write_bytes(b"")
    sheet = Sheet(columns=2, rows=1, width=200, height=100)
    first, second = write_sheets(pictures, tmp_path / "sheets", sheet, ".png")
    shown = [read_picture(file) for file in (first, second)]
    for image in shown:
        below = image[30:]
        assert (below == COLOURS[Label.HELMET]).all(2).any()
        assert (below == COLOURS[Label.TWO_WHEELER]).all(2).any()
    assert shown[0].shape == draw_sheet(pictures[:2], sheet).shape
    assert (shown[0][40:140, 208:] == COLOURS[Label.BARE]).all(2).any()


def test_drawing_leaves_the_picture_as_it_is(tmp_path: Path) -> None:
    """In its own size; the file isn't touched."""
    one = picture(tmp_path, [2, 0.5, 0.5, 0.1, 0.2])
    before = read_picture(one.path)
    drawn = draw_picture(one)
    assert drawn.shape == before.shape
    assert (drawn != before).any()
    assert (read_picture(one.path) == before).all()
