"""The pictures of a violation: which, with what hidden, and a manifest that vouches for them."""

import hashlib
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from builders_passages import BEGAN, NOT_WORN, UNKNOWN, WORN, closed, passage

from helmetbelt.pipelines.closed import Closed
from helmetbelt.pipelines.evidence import EvidenceFolder, Kind
from helmetbelt.pipelines.frames import ClockProvenance, Image, SourceInfo
from helmetbelt.pipelines.output import OutputError
from helmetbelt.pipelines.passages import Vehicle

SOURCE = SourceInfo("street.mp4", "ab" * 32, 120, 100, 25, 4.0, BEGAN, ClockProvenance.FILE_NAME, False)
ID = "0a" * 16


def noise(seed: int) -> Image:
    """A picture full of detail."""
    return np.random.default_rng(seed).integers(0, 256, (100, 120, 3), np.uint8)


def violation() -> Closed:
    """A bare-headed rider in two views."""
    return closed(passage(7, NOT_WORN), [noise(1), noise(2)])


def read_manifest(folder: Path) -> dict[str, object]:
    """The manifest of the one passage."""
    content: dict[str, object] = json.loads((folder / ID / "manifest.json").read_text())
    return content


def test_two_views_and_a_close_up_are_written(tmp_path: Path) -> None:
    """At different moments, and readable as pictures."""
    pictures = EvidenceFolder(tmp_path, SOURCE).write(ID, violation())
    assert [p.path for p in pictures] == [f"{ID}/{n}.jpg" for n in ("full_1", "full_2", "close_up")]
    assert [p.kind for p in pictures] == [Kind.FULL_VIEW, Kind.FULL_VIEW, Kind.CLOSE_UP]
    assert [p.seconds for p in pictures[:2]] == [6.0, 7.0]
    for picture in pictures:
        image = cv2.imread(str(tmp_path / picture.path))
        assert image is not None
        assert image.shape[:2] == (picture.height, picture.width)
    assert (pictures[0].width, pictures[0].height) == (120, 100)
    assert pictures[2].width < 60


def test_manifest_vouches_for_every_file(tmp_path: Path) -> None:
    """By its sha256, with what and when it shows."""
    EvidenceFolder(tmp_path, SOURCE).write(ID, violation())
    manifest = read_manifest(tmp_path)
    listed = {p["file"]: p["sha256"] for p in manifest["pictures"]}  # type: ignore[attr-defined]
    found = {str(p.relative_to(tmp_path)): hashlib.sha256(p.read_bytes()).hexdigest() for p in tmp_path.rglob("*.jpg")}
    assert listed == found
    assert manifest["source"] == {"name": "street.mp4", "sha256": "ab" * 32}
    assert manifest["gate_at"] == "2026-03-02T00:15:07+00:00"
    assert manifest["clock"] == "file_name"


def test_nothing_clear_is_written_beside_the_vehicle(tmp_path: Path) -> None:
    """Bystanders are blurred; so is the rider's head."""
    EvidenceFolder(tmp_path, SOURCE).write(ID, violation())
    image = cv2.imread(str(tmp_path / ID / "full_1.jpg"))
    assert image is not None
    street, head = image[10:90, 60:115].astype(float), image[10:30, 13:38].astype(float)
    assert np.abs(np.diff(street, axis=1)).mean() < 12
    assert np.abs(np.diff(noise(1).astype(float), axis=1)).mean() > 60
    assert np.abs(np.diff(head, axis=1)).mean() < 45


def test_who_has_no_belt_is_framed(tmp_path: Path) -> None:
    """In red, in the picture of the whole car; the driver with a belt is not."""
    made = closed(passage(7, WORN, NOT_WORN, vehicle=Vehicle.CAR), [np.full((100, 120, 3), 90, np.uint8)])
    EvidenceFolder(tmp_path, SOURCE).write(ID, made)
    image = cv2.imread(str(tmp_path / ID / "full_1.jpg"))
    assert image is not None
    red = (image[..., 2].astype(int) - image[..., 1] > 60) & (image[..., 2].astype(int) - image[..., 0] > 60)
    rows, columns = np.nonzero(red)
    assert rows.min() >= 7
    assert rows.max() <= 20
    assert columns.min() >= 18
    assert columns.max() <= 32


def test_originals_are_kept_on_request_only(tmp_path: Path) -> None:
    """Apart from what is shown, and vouched for as well."""
    EvidenceFolder(tmp_path / "a", SOURCE).write(ID, violation())
    assert not (tmp_path / "a" / "originals").exists()
    shown = EvidenceFolder(tmp_path / "b", SOURCE, keep_originals=True).write(ID, violation())
    assert all("originals" not in p.path for p in shown)
    original = cv2.imread(str(tmp_path / "b" / "originals" / ID / "full_2.jpg"))
    assert original is not None
    grey = cv2.cvtColor(original, cv2.COLOR_BGR2GRAY).astype(float)
    assert np.abs(grey - cv2.cvtColor(noise(2), cv2.COLOR_BGR2GRAY)).mean() < 10
    assert len(read_manifest(tmp_path / "b")["pictures"]) == 5  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "made",
    [
        closed(passage(7, WORN), [noise(1), noise(2)]),
        closed(passage(7, UNKNOWN), [noise(1), noise(2)]),
        closed(passage(7, NOT_WORN)),
    ],
    ids=["worn", "unknown", "no view"],
)
def test_others_leave_no_picture(tmp_path: Path, made: Closed) -> None:
    """Nothing is kept of people who are not shown to have broken a rule."""
    assert EvidenceFolder(tmp_path, SOURCE, keep_originals=True).write(ID, made) == ()
    assert list(tmp_path.iterdir()) == []


def test_doubtful_violations_leave_no_picture(tmp_path: Path) -> None:
    """Counted as not worn, but not sure enough to be shown to a person."""
    made = violation()
    doubtful = Closed(made.passage, made.views, evidence=())
    assert EvidenceFolder(tmp_path, SOURCE).write(ID, doubtful) == ()


def test_writing_again_gives_the_same_files(tmp_path: Path) -> None:
    """A repeated evaluation changes nothing."""
    folder = EvidenceFolder(tmp_path, SOURCE)
    first = folder.write(ID, violation())
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    assert folder.write(ID, violation()) == first
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


def test_folder_that_cannot_be_made_is_an_output_error(tmp_path: Path) -> None:
    """With the path in the message."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be written into"):
        EvidenceFolder(tmp_path / "file", SOURCE).write(ID, violation())
