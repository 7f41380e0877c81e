"""Fine-tuning on own pictures: what is trained on, whether it helped, and the whole way in the training environment."""

from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest
from builders_detector import BLUE, black, with_patch, write_models

from helmetbelt.datasets.answers import Answer, Light
from helmetbelt.datasets.before_after import compared, differences, verdict
from helmetbelt.datasets.bootstrap import Interval
from helmetbelt.datasets.fine_tune import fine_tune, recipe_for_own
from helmetbelt.datasets.formats.foreign import FormatError
from helmetbelt.datasets.manifest import Label, LabelledPicture
from helmetbelt.datasets.own_set import write_own_set
from helmetbelt.detector.card import read_card
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.finder import Finder
from helmetbelt.detector.perception import Perception, load_perception

VEHICLE = [20.0, 10.0, 60.0, 60.0]


def own(folder: Path, number: int, labelled: set[Label], **boxes: list[list[float]]) -> LabelledPicture:
    """A black picture of 96 x 64 in a scene of its own, with a blue patch at the vehicle; boxes by class name."""
    path = folder / f"{number}.png"
    cv2.imwrite(str(path), with_patch(black(64, 96), (32, 16, 48, 48), BLUE))
    rows = [(box, Label[name.upper()]) for name, some in boxes.items() for box in some]
    return LabelledPicture(
        path, 96, 64, "own", f"scene{number}", "val" if number % 2 else "train", frozenset(labelled),
        np.array([b for b, _ in rows], np.float32).reshape(-1, 4), np.array([c for _, c in rows], np.int64),
    )  # fmt: skip


def written(folder: Path, split: str) -> list[list[int]]:
    """Class ids of each picture of a split, without degraded copies."""
    names = sorted(p for p in (folder / "labels" / split).iterdir() if "worse" not in p.name)
    return [sorted(int(line.split()[0]) for line in p.read_text().splitlines()) for p in names]


@pytest.fixture
def shipped(tmp_path: Path) -> Perception:
    """Models that find a two-wheeler (and a helmet) in blue cells."""
    (tmp_path / "models").mkdir()
    return load_perception(1, write_models(tmp_path / "models"))


def test_road_set_keeps_what_is_labelled_and_fills_what_is_not(tmp_path: Path, shipped: Perception) -> None:
    """The blue cells are not labelled as two-wheelers where the user says that there are none; cars are unsaid."""
    said = [own(tmp_path, k, {Label.TWO_WHEELER}, two_wheeler=[[70, 10, 90, 60]]) for k in range(2)]
    _, counts = write_own_set("road", said, shipped, tmp_path / "set", 1)
    assert written(tmp_path / "set", "train") == [[0]]
    assert counts == Counter({"labelled": 2})
    yaml, counts = write_own_set(
        "road", [own(tmp_path, k, {Label.TWO_WHEELER, Label.CAR}, car=[[0, 0, 9, 9]]) for k in range(2)],
        shipped, tmp_path / "cars", 1,
    )  # fmt: skip
    assert written(tmp_path / "cars", "val") == [[1]]
    assert "1: car" in yaml.read_text()


def test_head_set_is_cut_around_found_two_wheelers_and_fills_unsaid_heads(
    tmp_path: Path, shipped: Perception
) -> None:
    """The user labels bare heads only: helmets are filled in by the shipped model, other labels are counted."""
    pictures = [own(tmp_path, k, {Label.BARE}, bare=[[33, 20, 45, 30], [80, 0, 90, 10]]) for k in range(2)]
    _, counts = write_own_set("heads", pictures, shipped, tmp_path / "set", 1)
    assert counts["labelled"] >= 2
    assert counts["labelled heads outside every two-wheeler"] == 2
    assert counts["filled by the shipped model"] > 0
    assert any(ids and ids[0] == 0 for ids in written(tmp_path / "set", "train"))


@pytest.mark.parametrize(
    ("model", "labelled", "words"),
    [
        pytest.param("road", Label.HELMET, "no picture has two_wheeler labelled", id="road"),
        pytest.param("heads", Label.TWO_WHEELER, "no picture has helmet or bare labelled", id="heads"),
    ],
)
def test_nothing_to_learn_is_refused(
    tmp_path: Path, shipped: Perception, model: str, labelled: Label, words: str
) -> None:
    """Before anything is written."""
    with pytest.raises(FormatError, match=words):
        write_own_set(model, [own(tmp_path, 0, {labelled})], shipped, tmp_path / "set", 1)
    assert not (tmp_path / "set").exists()


def answered(picture: LabelledPicture, *boxes: list[float]) -> Answer:
    """An answer with these two-wheelers."""
    found = Detections(
        np.array(boxes, np.float32).reshape(-1, 4), np.full(len(boxes), 0.9, np.float32), np.zeros(len(boxes), np.int64)
    )
    return Answer(picture, Light.DAY, found, Detections.empty(), [], None)


def test_before_and_after_on_the_same_scenes(tmp_path: Path) -> None:
    """The new model finds what the old one missed in every scene: better, whatever scenes are drawn."""
    pictures = [own(tmp_path, k, {Label.TWO_WHEELER}, two_wheeler=[VEHICLE]) for k in range(6)]
    before, after = [answered(p) for p in pictures], [answered(p, VEHICLE) for p in pictures]
    (ap50,) = [row for row in compared("road", before, after) if row.what == "two_wheeler AP50"]
    assert (ap50.before.value, ap50.after.value, ap50.after.n) == (0, 1, 6)
    difference = differences("road", before, after)["two_wheeler AP50"]
    assert (difference.value, difference.low, difference.high) == (1, 1, 1)
    assert differences("heads", before, after) == {}


@pytest.mark.parametrize(
    ("low", "high", "word"), [(0.01, 0.2, "better"), (-0.2, -0.01, "worse"), (-0.1, 0.3, "no difference shown")]
)
def test_verdict_is_that_of_the_interval(low: float, high: float, word: str) -> None:
    """A difference that chance explains is none."""
    assert verdict(Interval(0.1, low, high, 9)) == word


def test_few_pictures_are_shown_more_often() -> None:
    """Between a few epochs and sixty; what the user says counts."""
    assert [recipe_for_own("heads", n).epochs for n in (10, 250, 100_000)] == [60, 20, 8]
    assert recipe_for_own("heads", 10, 3).epochs == 3


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of torch's exporter, which ultralytics uses
def test_the_whole_way(tmp_path: Path) -> None:
    """One epoch on pictures of the simulated junction: models that load, with a card that says what they are."""
    pytest.importorskip("ultralytics", reason="needs the training environment (make train-env)")
    from helmetbelt.datasets.simulated_set import simulated_pictures

    pictures = [
        LabelledPicture(**{f: getattr(p, f) for f in p.__slots__} | {"split": "val" if k % 2 else "train"})
        for k, p in enumerate(simulated_pictures(tmp_path / "sim", 4, 7))
    ]
    tuned = fine_tune("heads", pictures, recipe_for_own("heads", 2, 1), tmp_path / "runs")
    card = read_card(tuned.folder / "heads.toml")
    assert card.sha256 != read_card("heads").sha256
    assert card.training["recipe"] == "helmetbelt train heads --own"
    assert "helmet AP50" in card.scores
    assert (tuned.train_pictures, tuned.held_out_scenes) == (2, 2)
    assert Finder.load(tuned.folder / "heads.toml").card.classes == ("helmet", "bare")
    assert Finder.load(tuned.folder / "road.toml").card.sha256 == read_card("road").sha256
