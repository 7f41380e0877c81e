"""Belts through the whole path, from video or picture to the written results, with tiny real models."""

import json
from pathlib import Path
from typing import Any

import cv2
import pytest
from builders_cabin import (
    BELTED,
    LEFT,
    MIDDLE,
    RIGHT,
    SEAT_PX,
    UNBELTED,
    UNCLEAR,
    Car,
    Person,
    car_image,
    write_car_models,
    write_cars,
)
from builders_evaluate import helmetbelt, observations, summary

CARS = (
    Car(0.2, ((RIGHT, BELTED), (LEFT, UNBELTED))),
    Car(3.2, None),
    Car(6.0, ((RIGHT, UNCLEAR),), top=60),
)
"""Driver with and passenger without a belt, a car from behind, a driver behind haze."""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Road, heads, cabin and belts."""
    return write_car_models(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three cars in ten seconds."""
    return write_cars(tmp_path_factory.mktemp("videos") / "gate_20260302_081500.mp4", CARS)


def detected(
    capsys: pytest.CaptureFixture[str], models: Path, folder: Path, people: tuple[Person, ...] | None, *options: object
) -> dict[str, Any]:
    """The answer of `detect` about the car at 40, 100."""
    cv2.imwrite(str(folder / "street.png"), car_image([(40, 100, people)]))
    said = helmetbelt(capsys, "detect", folder / "street.png", "--models", models, *options)
    assert said.code == 0, said.err
    found: dict[str, Any] = json.loads(said.out)["cars"][0]
    return found


def test_video_with_cars_becomes_answers_about_belts(
    capsys: pytest.CaptureFixture[str], models: Path, street: Path, tmp_path: Path
) -> None:
    """Each car once, each person in front once, the reason where there is no answer; evidence of the passenger."""
    said = helmetbelt(capsys, "evaluate", street, "--out", tmp_path, "--models", models)
    assert said.code == 0, said.err
    content = summary(tmp_path)
    assert content["passages"] == {"two_wheeler": 0, "car": 3}
    assert content["observations"]["seatbelt"] == {
        "driver": {"worn": 1, "not_worn": 0, "unknown": 2},
        "front_passenger": {"worn": 0, "not_worn": 1, "unknown": 0},
    }
    assert set(content["model"]) == {"road", "heads", "cabin", "belts"}
    rows = [(r["role"], r["status"], r["reason"]) for r in observations(tmp_path)]
    assert rows == [
        ("driver", "worn", ""),
        ("front_passenger", "not_worn", ""),
        ("driver", "unknown", "no_windshield"),
        ("driver", "unknown", "glare"),
    ]
    (folder,) = (tmp_path / "evidence").iterdir()
    assert folder.name == observations(tmp_path)[1]["passage_id"]
    assert {p.name for p in folder.iterdir()} == {"full_1.jpg", "full_2.jpg", "close_up.jpg", "manifest.json"}
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "未见前挡风玻璃" in page
    assert "玻璃反光或模糊" in page


def test_the_wheel_on_the_right_changes_the_roles(
    capsys: pytest.CaptureFixture[str], models: Path, street: Path, tmp_path: Path
) -> None:
    """Where traffic keeps left."""
    arguments = ("--out", tmp_path, "--models", models, "--no-video", "--wheel", "right")
    assert helmetbelt(capsys, "evaluate", street, *arguments).code == 0
    rows = [(r["role"], r["status"], r["reason"]) for r in observations(tmp_path)]
    assert rows == [
        ("driver", "not_worn", ""),
        ("front_passenger", "worn", ""),
        ("driver", "unknown", "no_windshield"),
        ("driver", "unknown", "occluded"),
        ("front_passenger", "unknown", "glare"),
    ]


def test_without_the_models_belts_are_unknown(capsys: pytest.CaptureFixture[str], street: Path, tmp_path: Path) -> None:
    """Cars are counted all the same."""
    models = write_car_models(tmp_path / "models", with_belts=False)
    assert helmetbelt(capsys, "evaluate", street, "--out", tmp_path, "--models", models, "--no-video").code == 0
    assert {(r["role"], r["reason"]) for r in observations(tmp_path)} == {("driver", "no_model")}
    assert len(observations(tmp_path)) == 3


def test_windshield_and_occupants_of_a_picture(
    capsys: pytest.CaptureFixture[str], models: Path, tmp_path: Path
) -> None:
    """In pixels of the picture, with every key of the format."""
    car = detected(capsys, models, tmp_path, ((RIGHT, BELTED), (LEFT, UNBELTED)))
    assert set(car) == {"xyxy", "score", "windshield", "occupants"}
    assert set(car["windshield"]) == {"xyxy", "score"}
    assert car["windshield"]["xyxy"] == pytest.approx([53, 104, 123, 130], abs=4)
    by_role = {one["role"]: one for one in car["occupants"]}
    assert {role: one["status"] for role, one in by_role.items()} == {"driver": "worn", "front_passenger": "not_worn"}
    assert all(set(one) == {"xyxy", "role", "status", "score"} for one in by_role.values())
    left, top = 40 + RIGHT[0], 100 + RIGHT[1]
    assert by_role["driver"]["xyxy"] == pytest.approx([left, top, left + SEAT_PX, top + SEAT_PX], abs=3)
    assert by_role["driver"]["score"] == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(
    ("people", "statuses"),
    [(None, []), ((), []), (((RIGHT, UNCLEAR),), ["unknown"]), (((MIDDLE, BELTED),), ["worn"])],
    ids=["from behind", "nobody seen", "haze", "in the middle"],
)
def test_a_picture_without_an_answer(
    capsys: pytest.CaptureFixture[str],
    models: Path,
    tmp_path: Path,
    people: tuple[Person, ...] | None,
    statuses: list[str],
) -> None:
    """No windshield is null, nobody found is an empty list, haze is unknown."""
    car = detected(capsys, models, tmp_path, people)
    assert (car["windshield"] is None) == (people is None)
    assert [one["status"] for one in car["occupants"]] == statuses


def test_the_wheel_is_an_option_for_pictures_too(
    capsys: pytest.CaptureFixture[str], models: Path, tmp_path: Path
) -> None:
    """The picture's right half is the passenger's then."""
    car = detected(capsys, models, tmp_path, ((RIGHT, BELTED),), "--wheel", "right")
    assert [one["role"] for one in car["occupants"]] == ["front_passenger"]


def test_a_low_score_keeps_what_was_sure_and_adds_the_doubtful(
    capsys: pytest.CaptureFixture[str], models: Path, tmp_path: Path
) -> None:
    """A belt behind haze makes the windshield doubtful here: 0.67 of 1."""
    people = ((RIGHT, UNCLEAR), (LEFT, (255, 255, 225)))
    usual = detected(capsys, models, tmp_path, people)
    more = detected(capsys, models, tmp_path, people, "--min-score", "0.05")
    few = detected(capsys, models, tmp_path, people, "--min-score", "0.9")
    assert usual["windshield"] == more["windshield"]
    assert [one for one in more["occupants"] if one["score"] >= 0.5] == usual["occupants"]
    assert min(one["score"] for one in more["occupants"]) < 0.5
    assert few["windshield"] is None


def test_drawings_show_windshield_and_occupants(
    capsys: pytest.CaptureFixture[str], models: Path, tmp_path: Path
) -> None:
    """Red at the edge of the box of who wears no belt, green at that of who does."""
    detected(capsys, models, tmp_path, ((RIGHT, BELTED), (LEFT, UNBELTED)), "--draw", tmp_path / "drawn")
    image = cv2.imread(str(tmp_path / "drawn" / "street-detected.jpg"))
    assert image is not None
    for x, channel in ((40 + RIGHT[0], 1), (40 + LEFT[0], 2)):
        column = image[112:122, x - 3 : x + 4].astype(int)
        others = [c for c in range(3) if c != channel]
        assert (column[..., channel] - column[..., others].max(axis=-1)).max() > 60
