"""`helmetbelt quantize` from end to end, with tiny models that follow the pixels."""

import json
from pathlib import Path

import cv2
import pytest
import typer
from builders_detector import black, with_patch, write_models
from builders_labels import row
from typer.testing import CliRunner

from helmetbelt.cli.quantize import quantize
from helmetbelt.cli.training import train
from helmetbelt.detector.card import read_card
from helmetbelt.detector.finder import Finder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Labelled pictures of both splits: a blue cell is a two-wheeler."""
    (tmp_path / "helmet").mkdir()
    rows = []
    for number in range(12):
        left = 16 * (number % 5)
        image = with_patch(black(64, 96), (left, 0, left + 16, 16), (255, 0, 0))
        cv2.imwrite(str(tmp_path / f"helmet/{number}.png"), image)
        box = [0, (left + 8) / 96, 8 / 64, 16 / 96, 16 / 64]
        split = "train" if number % 2 else "val"
        rows.append(row(image=f"{number}.png", width=96, height=64, group=f"g{number}", split=split, boxes=[box]))
    (tmp_path / "helmet/manifest.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    return tmp_path


def test_an_int8_model_and_its_card_are_written(data: Path) -> None:
    """The card says what it was made of and how it compares; both can be loaded in the float model's place."""
    app = typer.Typer()
    app.command()(quantize)
    models = write_models(data)
    out = data / "int8"
    arguments = ["road", "--out", str(out), "--data", str(data), "--models", str(models), "--calibrate", "4"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert "F1 of boxes beside float32" in result.output
    card, before = read_card(out / "road.toml"), read_card(models / "road.toml")
    assert (card.name, card.classes) == (before.name, before.classes)
    assert card.training["quantised_from"] == before.sha256
    assert "on 4 pictures of the training split" in str(card.training["quantised"])
    assert any(key.startswith("two_wheeler AP50, float32 then int8") for key in card.scores)
    assert Finder.load(out / "road.toml").session.engine.precision == "int8"


@pytest.mark.parametrize("arguments", [["belts", "--relu"], ["road", "--relu", "--own", "town"]], ids=" ".join)
def test_relu_is_for_the_models_that_are_quantised(arguments: list[str]) -> None:
    """Refused before anything is read."""
    app = typer.Typer()
    app.command()(train)
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert "--relu is for the recipes of road and heads" in result.output
