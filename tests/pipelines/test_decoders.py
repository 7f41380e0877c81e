"""The proof that a kind of video can be read."""

import tempfile
from pathlib import Path

import numpy as np
import pytest

from helmetbelt.detector.errors import SourceError
from helmetbelt.pipelines.decoders import CLIP_HW, Encoder, decode_ms, scene


@pytest.mark.parametrize("encoder", list(Encoder))
def test_a_clip_of_each_kind_is_read(encoder: Encoder) -> None:
    """And takes some time."""
    assert decode_ms(encoder) > 0


def test_a_clip_that_cannot_be_made_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With the system's reason."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(SourceError, match="no clip could be made"):
        decode_ms(Encoder.H264)


def test_the_scene_moves() -> None:
    """The same picture, eight pixels to the right with each step."""
    assert scene(0).shape == (*CLIP_HW, 3)
    np.testing.assert_array_equal(scene(2)[:, 16:], scene(0)[:, :-16])
