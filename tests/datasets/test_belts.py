"""Belts: drawn straps change what they should, labels are read and corrected, answers are counted honestly."""

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest

from helmetbelt.datasets import belt_scoring, cabin_set
from helmetbelt.datasets.belt_data import State, load_car_pictures, load_front_glass, load_rear_views, load_seat_crops
from helmetbelt.datasets.belt_pictures import Shower, shown, visibility
from helmetbelt.datasets.belt_scoring import Asked, Rule
from helmetbelt.datasets.belt_set import Occupant
from helmetbelt.datasets.glass import frosted
from helmetbelt.datasets.manifest import ManifestError
from helmetbelt.datasets.straps import with_distraction, with_strap
from helmetbelt.datasets.views import seen_from_elsewhere
from helmetbelt.detector.card import Calibration, Thresholds

DATA = Path(__file__).parents[2].parent / "shared/data/belt"
needs_pictures = pytest.mark.skipif(not DATA.is_dir(), reason="the labelled pictures (../shared/data) are not beside")


def speckled(height: int, width: int, seed: int = 1) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Grey with a little noise."""
    return np.random.default_rng(seed).integers(90, 120, (height, width, 3)).astype(np.uint8)


def occupant(state: State, camera: str = "highway") -> Occupant:
    """One of 90x120 pixels within a margin."""
    box = np.array([20, 20, 110, 140], np.float32)
    return Occupant(speckled(160, 130), box, state, state, camera, f"{camera}-{state}", None)


def test_a_strap_is_drawn_where_its_mask_says() -> None:
    """The picture differs there and nowhere else; the original stays as it was."""
    image = speckled(120, 100)
    before, there = image.copy(), []
    for seed in range(12):
        strapped, mask = with_strap(image, None, np.random.default_rng(seed))
        differs = np.abs(strapped.astype(int) - image).max(2)
        assert differs[mask == 0].max() <= 1
        assert mask.max() <= 1.001
        there.append(differs[mask > 0.4].mean() if (mask > 0.4).any() else np.nan)
    assert np.nanmedian(there) > 8
    assert (image == before).all()


def test_a_strap_lies_below_the_head() -> None:
    """Where the head is known it neither crosses the face nor leaves the body."""
    head = np.array([40, 10, 60, 35], np.float32)
    rows, columns = [], []
    for seed in range(30):
        _, mask = with_strap(speckled(120, 100), head, np.random.default_rng(seed))
        y, x = np.nonzero(mask > 0.5)
        rows += y.tolist()
        columns += x.tolist()
    assert min(rows) >= 30
    assert np.percentile(columns, 1) > 15
    assert np.percentile(columns, 99) < 85


def test_distractions_look_like_straps_elsewhere() -> None:
    """They change the picture, so that a strip of cloth alone doesn't say belted."""
    image = speckled(120, 100)
    changed = [(with_distraction(image, np.random.default_rng(s)) != image).any() for s in range(8)]
    assert all(changed)


def test_boxes_follow_the_view() -> None:
    """A dark rectangle is still where its box is, seen from elsewhere."""
    image = np.full((200, 300, 3), 200, np.uint8)
    image[60:120, 90:210] = 0
    for seed in range(6):
        seen, boxes = seen_from_elsewhere(
            image, np.array([[90, 60, 210, 120]], np.float32), np.random.default_rng(seed), 0.6
        )
        dark = seen.max(2) < 60
        x1, y1, x2, y2 = (round(float(v)) for v in boxes[0])
        assert dark[y1:y2, x1:x2].mean() > 0.8
        assert dark[y1:y2, x1:x2].sum() > 0.85 * dark.sum()


def test_frosted_glass_hides_who_sits_there() -> None:
    """Detail within the windshield goes, the rest of the car stays."""
    image = np.indices((100, 160)).sum(0)[..., None].repeat(3, 2).astype(np.uint8) % 16 * 15
    out = frosted(image.astype(np.uint8), np.array([30, 20, 130, 80], np.float32), np.random.default_rng(1))
    assert out[42:58, 60:100].std() < 0.3 * image[42:58, 60:100].std()
    assert (out[:5] == image[:5]).all()


def test_what_nobody_could_see_is_unclear() -> None:
    """A strap that hardly changes the picture teaches unclear, a plain one its state."""
    without = speckled(128, 128)
    cover = np.zeros((128, 128), np.float32)
    cover[40:90, 50:60] = 1
    faint, plain = without.copy(), without.copy()
    faint[40:90, 50:60] += 1
    plain[40:90, 50:60] = 20
    assert visibility(faint, without, cover) < 0.2
    assert visibility(plain, without, cover) > 2
    assert visibility(plain, without, np.zeros_like(cover)) == 0


def test_within_a_camera_belted_and_unbelted_come_alike() -> None:
    """So the camera, its light and its dirt say nothing; belted ones are drawn where there are no real ones."""
    rng = np.random.default_rng(2)
    shower = Shower([occupant(State.UNBELTED), occupant(State.UNBELTED, "dusk"), occupant(State.BELTED, "dusk")])
    states = [shower.draw(rng)[0].state for _ in range(120)]
    belted, unbelted = states.count(State.BELTED), states.count(State.UNBELTED)
    assert abs(belted - unbelted) < 3.5 * np.sqrt(belted + unbelted)
    assert belted > 20


def test_the_strap_is_known_where_it_was_drawn() -> None:
    """Cells of the map for a drawn strap, none for an unbelted occupant, unknown for a real belt."""
    rng = np.random.default_rng(4)
    drawn = [shown(occupant(State.UNBELTED), True, rng) for _ in range(12)]
    real = [shown(occupant(State.BELTED), False, rng) for _ in range(12)]
    bare = [shown(occupant(State.UNBELTED), False, rng) for _ in range(12)]
    assert all(s.strap is not None and s.strap.sum() > 0 for s in drawn if s.state is State.BELTED)
    assert all(s.strap is None for s in real)
    assert all(s.strap is not None and s.strap.sum() == 0 for s in bare if s.state is State.UNBELTED)
    assert {s.image.shape for s in drawn + real + bare} == {(128, 128, 3)}


RULE = Rule(Calibration(1.0, 0.0), Thresholds(0.8, 0.2))


@pytest.mark.parametrize(
    ("probabilities", "expected"),
    [
        pytest.param([0.9, 0.05, 0.05], State.BELTED, id="belted"),
        pytest.param([0.05, 0.9, 0.05], State.UNBELTED, id="unbelted"),
        pytest.param([0.5, 0.4, 0.1], State.UNCLEAR, id="between the thresholds"),
        pytest.param([0.4, 0.01, 0.59], State.UNCLEAR, id="unclear"),
    ],
)
def test_the_rule_is_the_product_s(probabilities: list[float], expected: State) -> None:
    """Unclear above a half, else the share of belted against both thresholds."""
    assert RULE.answer(np.array(probabilities, np.float32)) is expected


def asked(state: State, belted: float, strapped: float | None = None) -> Asked:
    """Answers without any unclear share; hazed as raw."""
    seen = np.array([belted, 1 - belted, 0], np.float32)
    after = None if strapped is None else np.array([strapped, 1 - strapped, 0], np.float32)
    return Asked(occupant(state), seen, seen, seen, after)


def test_figures_count_what_they_say() -> None:
    """Accuracy over answers given, unknown over all, flips over those called unbelted."""
    right, unknown = belt_scoring.accuracy(
        [(State.BELTED, State.BELTED), (State.BELTED, State.UNBELTED), (State.UNBELTED, State.UNCLEAR)]
    )
    assert (right.value, right.n, unknown.n) == (0.5, 2, 3)
    assert unknown.value == pytest.approx(1 / 3)
    both = [asked(State.UNBELTED, 0.1, 0.9), asked(State.UNBELTED, 0.1, 0.1), asked(State.UNBELTED, 0.9, 0.9)]
    assert (belt_scoring.flips(both, RULE).value, belt_scoring.flips(both, RULE).n) == (0.5, 2)
    assert (belt_scoring.turned(both).value, belt_scoring.turned(both).n) == (0.5, 2)
    assert np.isnan(belt_scoring.wilson(0, 0).value)
    assert belt_scoring.wilson(8, 10).low == pytest.approx(0.490, abs=0.001)


def test_thresholds_are_where_answers_become_right() -> None:
    """Wrong answers below 0.8 on the belted side push the limit above them; a useless side never speaks."""
    good = [asked(State.BELTED, p) for p in np.linspace(0.82, 0.99, 20)]
    bad = [asked(State.UNBELTED, p) for p in np.linspace(0.6, 0.79, 10)]
    limits = belt_scoring.choose_thresholds(good + bad, Calibration(1.0, 0.0), 0.95)
    assert 0.76 <= limits.worn <= 0.83
    assert limits.not_worn == pytest.approx(0.01)


def test_a_camera_of_belted_people_proves_nothing() -> None:
    """A model that always says belted is right nine times in ten there, and is not let speak."""
    many = [asked(State.BELTED, 0.9)] * 90 + [asked(State.UNBELTED, 0.9)] * 10
    assert belt_scoring.choose_thresholds(many, Calibration(1.0, 0.0), 0.8).worn == pytest.approx(0.99)


def test_an_overconfident_model_is_cooled() -> None:
    """A fifth of the answers at 0.99 are wrong: the fitted temperature is above 1."""
    many = [asked(State.BELTED if k % 5 else State.UNBELTED, 0.99) for k in range(50)]
    assert belt_scoring.fit_temperature(many).temperature > 2


def test_a_folder_without_pictures_is_named(tmp_path: Path) -> None:
    """With what was expected."""
    with pytest.raises(ManifestError, match="no pictures there"):
        load_car_pictures(tmp_path)
    with pytest.raises(ManifestError, match="crops_gantry"):
        load_seat_crops(tmp_path)
    with pytest.raises(ManifestError, match="no such picture"):
        load_rear_views(tmp_path)


def test_a_bad_label_is_named(tmp_path: Path) -> None:
    """With its file."""
    (tmp_path / "images").mkdir()
    (tmp_path / "labels").mkdir()
    cv2.imwrite(str(tmp_path / "images/a.png"), speckled(20, 30))
    (tmp_path / "labels/a.txt").write_text("0 0.5\n")
    with pytest.raises(ManifestError, match=r"a\.txt"):
        load_car_pictures(tmp_path)


@needs_pictures
def test_the_real_pictures() -> None:
    """All load; every correction and every scene names an existing picture; folds split no scene."""
    cars = load_car_pictures(DATA)
    names = {c.path.name for c in cars}
    for table in ("belt_corrections.csv", "belt_scenes.csv"):
        with (Path(cabin_set.__file__).parent / table).open(newline="") as lines:
            assert {row["image"] for row in csv.DictReader(lines)} <= names
    states = np.concatenate([c.states for c in cars])
    assert [int((states == s).sum()) for s in State] == [74, 84, 9]
    assert sum((~c.readable).sum() for c in cars) == 37
    assert {cabin_set.fold_of(c.scene) for c in cars} == {0, 1, 2}
    assert (len(load_front_glass(DATA)), len(load_seat_crops(DATA))) == (500, 152)
    assert len(load_rear_views(DATA.parent / "helmet")) == 81
