"""Simulated clips and training pictures as files and arrays, with their truth."""

import csv
import json
from itertools import islice
from pathlib import Path

import av
import numpy as np
import pytest
from builders_simulation import HEIGHT, WIDTH, scene, shared_scene

from helmetbelt.datasets.simulation.files import write_clip, write_truth
from helmetbelt.datasets.simulation.passing import passages
from helmetbelt.datasets.simulation.training import SIZES, training_pictures


def test_a_clip_plays_and_shows_the_scene(tmp_path: Path) -> None:
    """H.264 without B-frames, 25 frames a second, each close to what was drawn."""
    write_clip(shared_scene(), tmp_path / "clip.mp4", 1.0)
    with av.open(str(tmp_path / "clip.mp4")) as file:
        stream = file.streams.video[0]
        assert stream.codec_context.name == "h264"
        frames = [f.to_ndarray(format="bgr24") for f in file.decode(stream)]
        assert stream.average_rate == 25
        assert not stream.codec_context.has_b_frames
    assert len(frames) == 25
    drawn = shared_scene().render(0.48, 12)
    assert np.abs(frames[12].astype(int) - drawn.astype(int)).mean() < 8


def test_a_clip_can_be_watched_while_it_loads(tmp_path: Path) -> None:
    """The index comes before the pictures, and a second writing gives the same bytes."""
    for name in ("one.mp4", "two.mp4"):
        write_clip(scene(), tmp_path / name, 0.2)
    one, two = ((tmp_path / name).read_bytes() for name in ("one.mp4", "two.mp4"))
    assert one.index(b"moov") < one.index(b"mdat")
    assert one == two
    assert {p.name for p in tmp_path.iterdir()} == {"one.mp4", "two.mp4"}


def test_the_table_has_a_row_for_each_person(tmp_path: Path) -> None:
    """People of a vehicle share its number; a parked car has one row without a person."""
    write_truth(shared_scene(), tmp_path / "truth.csv", 20.0)
    with (tmp_path / "truth.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    told = passages(shared_scene(), 20.0)
    assert len(rows) == sum(max(len(p.persons), 1) for p in told)
    assert [int(r["id"]) for r in rows] == [p.vehicle for p in told for _ in p.persons or (None,)]
    worn = [int(r["worn"]) for r in rows if r["role"]]
    assert worn == [r.worn for p in told for r in p.persons]
    assert all(r["role"] == "" for r in rows if r["parked"] == "1")


def test_the_boxes_are_written_five_times_a_second(tmp_path: Path) -> None:
    """The JSON holds the passages and every visible vehicle with its boxes."""
    write_truth(shared_scene(), tmp_path / "truth.json", 1.0)
    told = json.loads((tmp_path / "truth.json").read_text("utf-8"))
    assert told["scene"]["scene"] == "junction"
    assert [s["seconds"] for s in told["sights"]] == [0.0, 0.2, 0.4, 0.6, 0.8]
    first = shared_scene().truth_at(0.0)
    assert [v["vehicle"] for v in told["sights"][0]["vehicles"]] == [v.vehicle for v in first]
    assert told["sights"][0]["vehicles"][0]["xyxy"] == pytest.approx(first[0].xyxy)
    assert len(told["passages"]) == len(passages(shared_scene(), 1.0))


def test_truth_has_two_formats(tmp_path: Path) -> None:
    """Another suffix is refused and leaves nothing."""
    with pytest.raises(ValueError, match=r"expected .csv or .json"):
        write_truth(shared_scene(), tmp_path / "truth.xml", 1.0)
    assert list(tmp_path.iterdir()) == []


def test_training_pictures_vary_and_repeat() -> None:
    """Picture k depends on the seed and k, not on how many are asked for."""
    few, more = list(training_pictures(2, 5)), list(islice(training_pictures(9, 5), 2))
    for (image, told), (again, told_again) in zip(few, more, strict=True):
        assert np.array_equal(image, again)
        assert told == told_again
        assert image.shape[1::-1] in SIZES
        assert image.dtype == np.uint8
    assert few[0][1] != few[1][1]


def test_boxes_of_training_pictures_lie_in_them() -> None:
    """Boxes are cut at the border of whatever size was drawn."""
    for image, told in training_pictures(4, 6):
        height, width = image.shape[:2]
        every = [v.xyxy for v in told] + [p.head for v in told for p in v.persons if p.head is not None]
        assert every
        for x1, y1, x2, y2 in every:
            assert 0 <= x1 < x2 <= width
            assert 0 <= y1 < y2 <= height


def test_small_pictures_show_the_same_street() -> None:
    """Another size is the same scene seen with fewer pixels."""
    small, large = shared_scene().truth_at(20.0), type(shared_scene())("junction", 7, 640, 360).truth_at(20.0)
    ratio = 640 / WIDTH
    assert ratio == 360 / HEIGHT
    boxes = {v.vehicle: v.xyxy for v in large}
    for vehicle in small:
        assert np.array(boxes[vehicle.vehicle]) == pytest.approx(np.array(vehicle.xyxy) * ratio, abs=4)
