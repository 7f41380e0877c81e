"""The judge's numbers are those of the models' cards."""

from pathlib import Path
from typing import Any

import pytest
from builders_cabin import BELT_PX, BELTS, belts_onnx, write_car_models
from builders_detector import HEADS, write_model
from builders_street import window_model

from helmetbelt.detector.card import Calibration, Thresholds
from helmetbelt.detector.errors import ModelDamagedError
from helmetbelt.detector.perception import load_perception
from helmetbelt.pipelines.rules import Rules, Wheel, rules_of

ENVELOPE, THRESHOLDS = {"min_head_px": 12, "light": ["day"]}, {"worn": 0.7, "not_worn": 0.4}
CALIBRATION = {"temperature": 1.5, "bias": 2.5}


def with_heads(folder: Path, **card: Any) -> Rules:
    """The rules of a folder of models whose head model has this card."""
    write_car_models(folder)
    heads = window_model(input_px=(64, 64), window=(9, 9), channels=(1, 2))
    write_model(folder, heads, "heads", classes=HEADS, input=[64, 64], min_score=0.4, **card)
    return rules_of(load_perception(folder=folder), Wheel.RIGHT)


def test_rules_for_helmets_are_those_of_the_head_models_card(tmp_path: Path) -> None:
    """Score, size, thresholds, calibration."""
    rules = with_heads(tmp_path, envelope=ENVELOPE, thresholds=THRESHOLDS, calibration=CALIBRATION)
    assert (rules.helmet.min_score, rules.helmet.least_px) == (0.4, 12)
    assert rules.helmet.thresholds == Thresholds(0.7, 0.4)
    assert rules.helmet.calibration == Calibration(1.5, 2.5)
    assert rules.wheel is Wheel.RIGHT


def test_rules_for_belts_are_those_of_the_belt_models_card(tmp_path: Path) -> None:
    """The least score is that of the cabin model, which finds the boxes."""
    rules = rules_of(load_perception(folder=write_car_models(tmp_path)))
    assert rules.belt is not None
    assert (rules.belt.min_score, rules.belt.least_px) == (0.5, 9)
    assert rules.belt.thresholds == Thresholds(0.9, 0.1)


def test_without_a_calibration_the_score_is_the_probability(tmp_path: Path) -> None:
    """A card that was not scored yet."""
    assert with_heads(tmp_path, envelope=ENVELOPE, thresholds=THRESHOLDS).helmet.calibration == Calibration(1, 0)


def test_without_belt_models_there_are_no_rules_for_belts(tmp_path: Path) -> None:
    """Drivers are unknown then."""
    assert rules_of(load_perception(folder=write_car_models(tmp_path, with_belts=False))).belt is None


@pytest.mark.parametrize(
    ("card", "message"),
    [
        ({"envelope": ENVELOPE}, r"\[thresholds\]"),
        ({"thresholds": THRESHOLDS}, r"min_head_px in \[envelope\]"),
        ({"thresholds": THRESHOLDS, "envelope": {"light": ["day"]}}, r"min_head_px in \[envelope\]"),
    ],
)
def test_a_card_that_does_not_say_how_to_judge_is_an_error(tmp_path: Path, card: dict[str, Any], message: str) -> None:
    """No number is made up."""
    with pytest.raises(ModelDamagedError, match=rf"heads\.onnx: its card has no {message}"):
        with_heads(tmp_path, **card)


def test_a_belt_card_must_say_it_too(tmp_path: Path) -> None:
    """By its own key."""
    folder = write_car_models(tmp_path)
    write_model(folder, belts_onnx(), "belts", classes=BELTS, input=list(BELT_PX), thresholds=THRESHOLDS)
    with pytest.raises(ModelDamagedError, match=r"belts\.onnx: its card has no min_occupant_px in \[envelope\]"):
        rules_of(load_perception(folder=folder))
