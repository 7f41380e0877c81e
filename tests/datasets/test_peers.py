"""Other people's helmet detectors: what they call the classes, and how their weights are put into our order."""

import zipfile
from pathlib import Path

import pytest
from builders_detector import BLUE, INPUT_PX, RED, black, tiny_onnx, with_patch, write_model

from helmetbelt.datasets.peers import Peer, attention_order, export_peer
from helmetbelt.detector.errors import ModelDamagedError, ModelFileError


def test_a_peers_classes_are_ours_by_their_names(tmp_path: Path) -> None:
    """Its first class is that without a helmet: blue cells are bare heads, red ones helmets."""
    card = write_model(tmp_path, tiny_onnx(), classes=["Without Helmet", "With Helmet"])
    image = with_patch(with_patch(black(*INPUT_PX), (0, 0, 16, 16), BLUE), (32, 32, 48, 48), RED)
    heads = Peer.load(card).heads(image, 0.5)
    by_class = dict(zip(heads.class_id.tolist(), heads.xyxy.round().tolist(), strict=True))
    assert by_class == {1: [0, 0, 16, 16], 0: [32, 32, 48, 48]}


def test_unknown_classes_are_refused(tmp_path: Path) -> None:
    """With what would have been understood."""
    with pytest.raises(ModelDamagedError, match=r"\['two_wheeler', 'car'\]: expected one with and one without helmet"):
        Peer.load(write_model(tmp_path, tiny_onnx()))


def test_attention_channels_are_put_head_by_head() -> None:
    """Two heads of three channels: of each its queries (from 0), keys (from 6), values (from 12)."""
    assert attention_order(2, 3).tolist() == [0, 1, 2, 6, 7, 8, 12, 13, 14, 3, 4, 5, 9, 10, 11, 15, 16, 17]


def test_a_peer_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A file that is missing, and a wheel with two weights in it."""
    with pytest.raises(ModelFileError, match=r"none\.pt: no such peer"):
        export_peer(tmp_path / "none.pt", tmp_path)
    wheel = tmp_path / "two-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as opened:
        opened.writestr("a.pt", b"")
        opened.writestr("b.pt", b"")
    with pytest.raises(ModelFileError, match="2 weights files"):
        export_peer(wheel, tmp_path)


def test_an_exported_peer_is_taken_as_it_is(tmp_path: Path) -> None:
    """By the name of its file, which then isn't opened again."""
    (tmp_path / "helmet-1-0.toml").touch()
    assert export_peer(tmp_path / "helmet-1.0.pt", tmp_path) == tmp_path / "helmet-1-0.toml"
