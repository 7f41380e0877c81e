"""Corrections of labels: what each action does, and that one which no longer matches is an error."""

from pathlib import Path

import pytest
from builders_labels import row, write_manifest

from helmetbelt.datasets.corrections import HEADER, Action, CorrectionError, counts
from helmetbelt.datasets.manifest import Label, LabelledPicture, corrections_for, load_manifest

HELMET = "s,a.png,{},helmet,184,40,200,60,{},why"


def load(folder: Path, *lines: str) -> list[LabelledPicture]:
    """The pictures of a manifest with one picture `a.png` of source `s`, after these corrections."""
    write_manifest(folder, row())
    (folder / "corrections.csv").write_text(HEADER + "".join(line + "\n" for line in lines))
    return load_manifest(folder)


def test_a_dropped_picture_is_gone(tmp_path: Path) -> None:
    """It is neither trained on nor scored."""
    assert load(tmp_path, "s,a.png,drop_picture,,,,,,,a drawing") == []


def test_a_dropped_box_is_gone(tmp_path: Path) -> None:
    """The other boxes stay."""
    (picture,) = load(tmp_path, HELMET.format("drop_box", ""))
    assert picture.label.tolist() == [Label.TWO_WHEELER, Label.BARE]


def test_a_class_is_changed(tmp_path: Path) -> None:
    """The box stays where it is; it is found by overlap, not by its exact corners."""
    (picture,) = load(tmp_path, "s,a.png,change_class,helmet,186,41,201,59,bare,hair")
    assert picture.label.tolist() == [Label.TWO_WHEELER, Label.BARE, Label.BARE]
    assert picture.xyxy[1] == pytest.approx([184, 40, 200, 60])


def test_an_added_box_follows_the_convention_of_heads(tmp_path: Path) -> None:
    """A box down to the shoulders is cut from below, as the sources' are."""
    (picture,) = load(tmp_path, "s,a.png,add_box,bare,100,40,120,100,,missed")
    assert picture.boxes(Label.BARE)[-1] == pytest.approx([100, 40, 120, 40 + 1.35 * 20])


def test_corrections_are_counted(tmp_path: Path) -> None:
    """By source and action."""
    load(tmp_path, HELMET.format("drop_box", ""), "s,a.png,add_box,plate,10,10,30,20,,missed")
    assert counts(corrections_for(tmp_path)) == {("s", Action.DROP_BOX): 1, ("s", Action.ADD_BOX): 1}


def test_corrections_of_another_source_do_not_apply(tmp_path: Path) -> None:
    """Those that came with the program say nothing of a user's own pictures."""
    assert len(load(tmp_path, "zeel,a.png,drop_picture,,,,,,,a drawing")) == 1


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param("s,b.png,drop_picture,,,,,,,x", "line 2: s has no picture b.png", id="picture gone"),
        pytest.param("s,a.png,drop_box,bare,184,40,200,60,,x", "no such box to drop_box", id="other class"),
        pytest.param("s,a.png,drop_box,helmet,10,40,30,60,,x", "overlaps by 0.00", id="other place"),
        pytest.param(HELMET.format("add_box", ""), "has this box already", id="added by its author since"),
        pytest.param(HELMET.format("change_class", "cap"), "class 'cap': expected one of two_wheeler", id="class"),
        pytest.param(HELMET.format("drop", ""), "action 'drop': expected one of drop_picture", id="action"),
        pytest.param("s,a.png,drop_box,helmet,184,40,x,60,,x", "must be numbers", id="not a number"),
        pytest.param("s,a.png,drop_box,helmet,200,40,184,60,,x", "has no area", id="corners swapped"),
        pytest.param("s,a.png,drop_picture,,,,,,,", "reason must be said", id="no reason"),
        pytest.param("s,a.png,drop_picture,helmet,,,,,,x", "takes no 'class'", id="class of a picture"),
        pytest.param(HELMET.format("drop_box", "bare"), "takes no 'to'", id="class to drop to"),
        pytest.param("s,a.png,drop_picture", "expected the 10 columns", id="short line"),
    ],
)
def test_a_correction_that_does_not_match_is_named(tmp_path: Path, line: str, words: str) -> None:
    """With file and line, so that nobody trains on labels that were meant to be corrected."""
    with pytest.raises(CorrectionError, match=words):
        load(tmp_path, line)


def test_the_old_header_is_refused(tmp_path: Path) -> None:
    """A file of `image,reason` would otherwise correct nothing."""
    write_manifest(tmp_path, row())
    (tmp_path / "corrections.csv").write_text("image,reason\na.png,x\n")
    with pytest.raises(CorrectionError, match="header"):
        load_manifest(tmp_path)


