"""Labels that the sources leave unsaid: riders put together, heads refitted, filled, added by eye; turned pictures."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from helmetbelt.datasets import road_set
from helmetbelt.datasets.added_heads import added_heads
from helmetbelt.datasets.manifest import Label, LabelledPicture, load_manifest
from helmetbelt.datasets.refit import RefitCounts, refit
from helmetbelt.datasets.ridden import ridden
from helmetbelt.datasets.upright import upright
from helmetbelt.datasets.yolo_files import YoloFolder
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.finder import Finder
from helmetbelt.detector.perception import HEAD_CLASSES, ROAD_CLASSES
from helmetbelt.detector.pictures import read_picture

DATA = Path(__file__).parents[2].parent / "shared/data"
needs_data = pytest.mark.skipif(not (DATA / "helmet").is_dir(), reason="no labelled pictures beside the project")


def seen(*boxes: tuple[tuple[float, float, float, float], float, int]) -> Detections:
    """Box, score, class id each."""
    return Detections(
        np.array([b for b, _, _ in boxes], np.float32).reshape(-1, 4),
        np.array([s for _, s, _ in boxes], np.float32),
        np.array([c for _, _, c in boxes], np.int64),
    )


MACHINE = ((100.0, 100.0, 160.0, 180.0), 0.9, 3)
RIDER = ((110.0, 50.0, 150.0, 160.0), 0.8, 0)


def test_a_machine_and_its_riders_are_one_box() -> None:
    """From the topmost head to the wheels, the pillion too."""
    pillion = ((105.0, 40.0, 140.0, 150.0), 0.7, 0)
    assert ridden(seen(MACHINE, RIDER, pillion)).tolist() == [[100, 40, 160, 180]]


@pytest.mark.parametrize(
    "person",
    [
        pytest.param(((170.0, 50.0, 200.0, 185.0), 0.8, 0), id="beside it"),
        pytest.param(((110.0, 60.0, 140.0, 240.0), 0.8, 0), id="standing before it"),
        pytest.param(((110.0, 150.0, 140.0, 190.0), 0.8, 0), id="sitting at its wheels"),
        pytest.param(((110.0, 50.0, 150.0, 160.0), 0.2, 0), id="hardly seen"),
    ],
)
def test_a_machine_without_a_rider_is_none(person: tuple[tuple[float, float, float, float], float, int]) -> None:
    """It is parked or pushed."""
    assert len(ridden(seen(MACHINE, person))) == 0


def test_labels_move_half_way_to_what_a_model_finds() -> None:
    """A label that nothing confirms stays, a sure head that the source missed is added, a doubtful one isn't."""
    labelled = (np.array([[10, 10, 30, 34], [100, 10, 120, 34]], np.float32), np.array([0, 1]))
    found = seen(((12, 12, 32, 36), 0.9, 0), ((200, 10, 220, 34), 0.8, 1), ((300, 10, 320, 34), 0.5, 1))
    counts = RefitCounts()
    xyxy, class_id = refit(labelled, found, frozenset({0, 1}), counts)
    assert xyxy.tolist() == [[11, 11, 31, 35], [100, 10, 120, 34], [200, 10, 220, 34]]
    assert class_id.tolist() == [0, 1, 1]
    assert (counts.moved, counts.kept, counts.filled) == (1, 1, 1)


def test_a_class_that_the_source_leaves_unsaid_is_filled_sooner() -> None:
    """The same doubtful bare head: added where bare heads aren't labelled, background where they are."""
    nothing = (np.zeros((0, 4), np.float32), np.zeros(0, np.int64))
    found = seen(((300, 10, 320, 34), 0.5, 1))
    assert len(refit(nothing, found, frozenset({0}), RefitCounts())[0]) == 1
    assert len(refit(nothing, found, frozenset({0, 1}), RefitCounts())[0]) == 0


def heads_only(folder: Path, helmet: tuple[float, float, float, float]) -> LabelledPicture:
    """A grey picture with one helmet, of a source that draws heads alone."""
    import cv2

    path = folder / "a.png"
    cv2.imwrite(str(path), np.full((200, 400, 3), 90, np.uint8))
    return LabelledPicture(
        path, 400, 200, "s", "g", "train", frozenset({Label.HELMET, Label.BARE}),
        np.array([helmet], np.float32), np.array([2]),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("helmet", "left_out"),
    [
        pytest.param((120.0, 45.0, 138.0, 68.0), 0, id="the rider's"),
        pytest.param((320.0, 45.0, 338.0, 68.0), 1, id="of a rider whom no teacher saw"),
    ],
)
def test_heads_tell_whether_the_teachers_saw_everybody(
    tmp_path: Path, helmet: tuple[float, float, float, float], left_out: int
) -> None:
    """A picture with an unexplained helmet would teach that riders are background."""
    picture = heads_only(tmp_path, helmet)
    folder = YoloFolder(tmp_path / "set", ROAD_CLASSES)
    counts = road_set.write_road_set([picture], {}, {picture.path: seen(MACHINE, RIDER)}, folder, seed=1)
    assert counts["left out"] == left_out
    assert counts["taught two_wheelers"] == 1 - left_out


def test_heads_labelled_by_eye() -> None:
    """Several hundred of each class, boxes with an area, heads in the padded box of their vehicle."""
    every = [added for rows in added_heads().values() for added in rows]
    told = Counter(HEAD_CLASSES[c] for added in every for c in added.class_id)
    assert told["helmet"] > 200
    assert told["bare"] > 200
    for added in every:
        boxes = np.concatenate([added.xyxy, added.unclear])
        assert (boxes[:, 2:] > boxes[:, :2]).all()
        tall = added.vehicle[3] - added.vehicle[1]
        assert (boxes[:, 1] > added.vehicle[1] - 0.4 * tall).all()
        assert (boxes[:, 3] < added.vehicle[3] + 0.1 * tall).all()


@needs_data
def test_heads_added_by_eye_are_of_training_pictures() -> None:
    """Held-out pictures keep the labels of their source."""
    split = {p.path.name: p.split for p in load_manifest(DATA / "helmet")}
    assert {split[name] for name in added_heads()} == {"train"}


@needs_data
def test_turned_pictures_are_turned_back() -> None:
    """An upright picture stays; turned by any quarter it comes back the same, boxes too."""
    heads = Finder.load("heads")
    pictures = [p for p in load_manifest(DATA / "helmet") if p.source == "zeel" and p.split == "val"]
    tried = 0
    for picture in pictures[:40]:
        image = read_picture(picture.path)
        straight = upright(picture, image, heads)
        if straight is None or not np.array_equal(straight[1], image):
            continue
        tried += 1
        side = picture.xyxy[:, [1, 0, 3, 2]].copy()
        side[:, [0, 2]] = picture.height - picture.xyxy[:, [3, 1]]
        lying = LabelledPicture(
            picture.path, picture.height, picture.width, "s", "g", "train", picture.labelled, side, picture.label
        )
        back = upright(lying, np.ascontiguousarray(np.rot90(image, -1)), heads)
        assert back is not None
        assert np.array_equal(back[1], image)
        assert back[0].xyxy == pytest.approx(picture.xyxy, abs=1e-3)
    assert tried >= 10
