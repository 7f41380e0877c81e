"""The cabin model's training set: cut as the product cuts, boxes where things are, nothing taught that is unsaid."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from helmetbelt.datasets import cabin_set
from helmetbelt.datasets.belt_data import CarPicture
from helmetbelt.datasets.boxes import cover
from helmetbelt.datasets.cabin_set import Cabin, car_of, crop_of, fold_of, labelled_boxes
from helmetbelt.datasets.simulated_cabins import simulated_cars
from helmetbelt.datasets.yolo_files import YoloFolder
from helmetbelt.detector.cabins import CABIN_CLASSES
from helmetbelt.detector.detections import Detections

GLASS, DRIVER = [100, 60, 300, 140], [210, 70, 290, 138]
CAR, OTHER_CAR = [60, 40, 340, 260], [0, 0, 398, 30]


def car_picture(folder: Path, camera: str = "highway", name: str = "a", glass: bool = True) -> CarPicture:
    """A car of 400x300 pixels whose windshield is checkered; a driver unless it is a parked one."""
    image = np.full((300, 400, 3), 120, np.uint8)
    image[60:140, 100:300] = (np.indices((80, 200)).sum(0) % 8 * 30)[..., None]
    path = folder / f"{name}.png"
    cv2.imwrite(str(path), image)
    people = np.array([DRIVER] if camera == "highway" else [], np.float32).reshape(-1, 4)
    windshields = np.array([GLASS] if glass else [], np.float32).reshape(-1, 4)
    states = np.zeros(len(people), np.int64)
    return CarPicture(path, 400, 300, camera, name, windshields, people, states, states == 0)


def seen(*cars: Sequence[float]) -> Detections:
    """Cars by COCO's class."""
    xyxy = np.array(cars, np.float32).reshape(-1, 4)
    return Detections(xyxy, np.full(len(cars), 0.8, np.float32), np.full(len(cars), 2, np.int64))


def labels(folder: Path, split: str) -> dict[str, list[str]]:
    """Lines of each label file, by name."""
    return {p.stem: p.read_text().splitlines() for p in (folder / "labels" / split).glob("*.txt")}


def test_the_car_is_the_one_with_the_windshield(tmp_path: Path) -> None:
    """Else the largest; the whole picture where no car is seen."""
    picture, rear = car_picture(tmp_path), car_picture(tmp_path, "frontglass", "b", glass=False)
    assert car_of(picture, seen(OTHER_CAR, CAR)).tolist() == CAR
    assert car_of(rear, seen(OTHER_CAR, CAR)).tolist() == CAR
    assert car_of(picture, seen(OTHER_CAR)).tolist() == [0, 0, 400, 300]


def test_crops_are_the_product_s(tmp_path: Path) -> None:
    """The car's box padded by a twentieth; boxes in pixels of the crop."""
    picture = car_picture(tmp_path)
    image, (xyxy, class_id) = crop_of(
        Cabin(np.zeros((300, 400, 3), np.uint8), np.array(CAR, np.float32), labelled_boxes(picture))
    )
    assert image.shape == (242, 308, 3)
    assert class_id.tolist() == [0, 1]
    assert xyxy[0] == pytest.approx([100 - 46, 60 - 29, 300 - 46, 140 - 29])


@pytest.mark.parametrize("held_out", [0, 1, 2])
def test_a_held_out_fold_is_not_trained_on(tmp_path: Path, held_out: int) -> None:
    """Nor is any training crop of it written; without a fold everything is trained on."""
    pictures = [car_picture(tmp_path, name=f"car{k}") for k in range(9)]
    cars = {p.path: seen(CAR) for p in pictures}
    out = {p.scene for p in pictures if fold_of(p.scene) == held_out}
    assert 0 < len(out) < 9
    folder = YoloFolder(tmp_path / "set", CABIN_CLASSES)
    cabin_set.add_car_pictures(pictures, cars, folder, held_out, np.random.default_rng(1))
    assert {n.rsplit("-", 1)[0] for n in labels(tmp_path / "set", "val")} == out
    assert not {n.rsplit("-", 1)[0] for n in labels(tmp_path / "set", "train")} & out
    everything = YoloFolder(tmp_path / "all", CABIN_CLASSES)
    cabin_set.add_car_pictures(pictures, cars, everything, None, np.random.default_rng(1))
    assert len(labels(tmp_path / "all", "train")) == 9 * cabin_set.COPIES


def test_degraded_crops_keep_windshield_and_driver(tmp_path: Path) -> None:
    """Each copy has both, the driver inside the windshield, however it was warped and shrunk."""
    picture = car_picture(tmp_path)
    folder = YoloFolder(tmp_path / "set", CABIN_CLASSES)
    cabin_set.add_car_pictures([picture], {picture.path: seen(CAR)}, folder, None, np.random.default_rng(3))
    for lines in labels(tmp_path / "set", "train").values():
        (_, gx, gy, gw, gh), (_, dx, dy, _, _) = (map(float, line.split()) for line in lines)
        assert abs(dx - gx) < gw / 2
        assert abs(dy - gy) < gh / 2


def test_parked_cars_say_nothing_of_occupants(tmp_path: Path) -> None:
    """Their glass is frosted; of those from behind every second one teaches that there is no windshield."""
    front = [car_picture(tmp_path, "frontglass", "f")]
    rear = [car_picture(tmp_path, "frontglass", f"r{k}", glass=False) for k in range(1, 5)]
    folder = YoloFolder(tmp_path / "set", CABIN_CLASSES)
    cabin_set.add_front_glass(front + rear, {p.path: seen(CAR) for p in front + rear}, folder, np.random.default_rng(5))
    written = labels(tmp_path / "set", "train")
    assert [line[0] for line in written.pop("f")] == ["0"]
    assert written == {"r2": [], "r4": []}


def test_simulated_cars_are_drawn_once(tmp_path: Path) -> None:
    """The second reading gives the same cars without drawing; occupants sit behind the windshield."""
    drawn = list(simulated_cars(tmp_path, 1, 20261177))
    written = {p.name: p.stat().st_mtime_ns for p in tmp_path.iterdir()}
    again = list(simulated_cars(tmp_path, 1, 20261177))
    assert {p.name: p.stat().st_mtime_ns for p in tmp_path.iterdir()} == written
    assert [c.car_xyxy.tolist() for c in again] == [c.car_xyxy.tolist() for c in drawn]
    assert any(len(c.occupants_xyxy) for c in drawn)
    for car in drawn:
        assert len(car.is_belted) == len(car.occupants_xyxy)
        if len(car.occupants_xyxy):
            assert (cover(car.occupants_xyxy, car.windshield_xyxy) > 0.9).all()
