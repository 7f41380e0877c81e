"""Model cards."""

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from builders_detector import tiny_onnx, write_model

from helmetbelt.detector.card import Calibration, Envelope, Thresholds, read_card
from helmetbelt.detector.decode import Layout
from helmetbelt.detector.errors import ModelDamagedError, ModelFileError

MODEL = tiny_onnx()


def test_a_card_is_read_as_written(tmp_path: Path) -> None:
    """Every table, and the model file next to the card."""
    path = write_model(
        tmp_path,
        MODEL,
        layout="raw",
        envelope={"min_head_px": 10, "light": ["day", "dusk"]},
        thresholds={"worn": 0.7, "not_worn": 0.3},
        calibration={"temperature": 1.5, "bias": -0.1},
        training={"epochs": 12, "augmented": True},
    )
    card = read_card(path)
    assert card.path == tmp_path / "tiny.onnx"
    assert card.classes == ("two_wheeler", "car")
    assert card.input_px == (64, 96)
    assert card.layout is Layout.RAW
    assert card.envelope == Envelope(10.0, None, ("day", "dusk"))
    assert card.thresholds == Thresholds(0.7, 0.3)
    assert card.calibration == Calibration(1.5, -0.1)
    assert dict(card.training) == {"epochs": 12, "augmented": True}


def test_a_belt_card_has_an_envelope_of_its_own(tmp_path: Path) -> None:
    """Occupants instead of heads."""
    card = read_card(write_model(tmp_path, MODEL, envelope={"min_occupant_px": 40, "light": ["day"]}))
    assert card.envelope == Envelope(None, 40.0, ("day",))


@pytest.mark.parametrize(
    ("score", "log_odds"), [(0.5, 0.2), (0.8, 0.2 + np.log(4) / 2), (1.0, 0.2 + np.log(999) / 2)]
)
def test_a_calibration_turns_scores_into_log_odds(score: float, log_odds: float) -> None:
    """sigmoid(logit(score) / temperature + bias), finite at the ends."""
    assert Calibration(2.0, 0.2).log_odds(score) == pytest.approx(log_odds)


@pytest.mark.parametrize(("not_worn", "worn"), [(0.8, 0.2), (0.5, 0.5), (-0.1, 0.8), (0.2, 1.2)])
def test_thresholds_that_cross_are_refused(not_worn: float, worn: float) -> None:
    """Between the two lies the unknown."""
    with pytest.raises(ValueError, match="expected 0"):
        Thresholds(worn, not_worn)


def test_optional_tables_may_be_absent(tmp_path: Path) -> None:
    """Absent is None or empty."""
    card = read_card(write_model(tmp_path, MODEL))
    assert (card.layout, card.envelope, card.thresholds, card.calibration) == (None, None, None, None)
    assert (dict(card.training), dict(card.data), dict(card.scores)) == ({}, {}, {})


def test_free_tables_hold_dates_and_lists_and_cannot_be_changed(tmp_path: Path) -> None:
    """What is known of a model does not change while it runs."""
    path = write_model(tmp_path, MODEL)
    path.write_text(path.read_text() + '[data]\nmade = 2026-11-24\nsources = ["a", "b"]\n')
    data = read_card(path).data
    assert data == {"made": dt.date(2026, 11, 24), "sources": ["a", "b"]}
    with pytest.raises(TypeError):
        data["made"] = "today"  # type: ignore[index]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sha256": None}, "missing sha256"),
        ({"name": None, "task": None}, "missing name, task"),
        ({"min_scores": 0.5}, "unknown min_scores"),
        ({"sha256": "abc"}, "sha256 is 'abc'"),
        ({"file": "../../etc/model.onnx"}, "file is '../../etc/model.onnx'"),
        ({"classes": []}, "classes is []"),
        ({"classes": ["car", "car"]}, "each text once"),
        ({"input": [640]}, "[height, width] in pixels"),
        ({"input": [0, 640]}, "[height, width] in pixels"),
        ({"min_score": 1.5}, "a number from 0 to 1"),
        ({"min_score": True}, "a number from 0 to 1"),
        ({"layout": "yolo"}, "raw|end_to_end"),
        ({"envelope": 3}, "a table [envelope]"),
        ({"envelope": {"min_head_px": 10.0}}, "[envelope]: missing light"),
        ({"thresholds": {"worn": 0.3, "not_worn": 0.7}}, "below worn"),
        ({"thresholds": {"worn": 0.7, "not_worn": 0.3, "x": 1}}, "[thresholds]: unknown x"),
        ({"calibration": {"temperature": 0, "bias": 0}}, "temperature is 0"),
        ({"scores": {"val": {"map50": 0.9}}}, "scores is ['val']: expected no tables inside"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_wrong_card_says_what_is_wrong(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    """With the card's path and the key."""
    path = write_model(tmp_path, MODEL, **changes)
    with pytest.raises(ModelDamagedError) as caught:
        read_card(path)
    assert str(path) in str(caught.value)
    assert message in str(caught.value)


def test_a_card_that_is_not_there_is_a_file_error(tmp_path: Path) -> None:
    """Also for those who only know the built-in error."""
    with pytest.raises(ModelFileError, match=r"nobody\.toml"):
        read_card(tmp_path / "nobody.toml")
    with pytest.raises(FileNotFoundError, match=r"no model card .*unheard_of"):
        read_card("unheard_of")


@pytest.mark.parametrize("content", [b"name = ", b"\xff\xfe\x00", b"\x00\x01"])
def test_a_file_that_is_not_toml_is_damaged(tmp_path: Path, content: bytes) -> None:
    """Text that does not parse, and bytes that are no text."""
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    with pytest.raises(ModelDamagedError, match=r"bad\.toml: not "):
        read_card(path)
