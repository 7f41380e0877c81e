"""The shipped ONNX as the start of fine-tuning: same answers, and it trains. Runs in the training environment."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from builders_detector import tiny_onnx
from builders_labels import noise, write_picture
from numpy.typing import NDArray
from onnx import numpy_helper

from helmetbelt.datasets.from_onnx import convolutions, rebuild, settle, write_start
from helmetbelt.detector.card import read_card
from helmetbelt.detector.errors import ModelDamagedError
from helmetbelt.detector.finder import Finder

SAME_PX, SAME_SCORE = 0.05, 1e-4


def needs_torch() -> Any:
    """Torch, or the test is skipped."""
    pytest.importorskip("ultralytics", reason="needs the training environment (make train-env)")
    return pytest.importorskip("torch", reason="needs the training environment (make train-env)")


def pictures(hw: tuple[int, int]) -> NDArray[np.uint8]:
    """(4, height, width, 3) BGR."""
    return np.stack([noise(seed, hw[1], hw[0]) for seed in range(4)])


def planes(bgr: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(n, 3, height, width) RGB between 0 and 1."""
    return np.ascontiguousarray(bgr[..., ::-1].transpose(0, 3, 1, 2), np.float32) / np.float32(255)


def answers(model: Any, batch: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, 4 + classes, anchors) of the one-to-many head."""
    torch = needs_torch()
    model.model[-1].end2end = False
    with torch.no_grad():
        return np.asarray(model.eval()(torch.from_numpy(batch))[0].numpy(), np.float32)


def shipped(name: str) -> tuple[Path, tuple[str, ...], Finder]:
    """File, classes and finder of a model that came with the program."""
    card = read_card(name)
    return card.path, card.classes, Finder.load(name)


@pytest.mark.parametrize("name", ["heads", "road"])
def test_rebuilt_model_answers_as_the_onnx(name: str) -> None:
    """Before and after its normalisations were measured."""
    needs_torch()
    file, classes, finder = shipped(name)
    model, bgr = rebuild(file, classes), pictures(finder.card.input_px)
    wanted = finder.session.run(bgr)
    for _ in ("as folded", "settled"):
        seen = answers(model, planes(bgr))
        assert np.abs(seen[:, :4] - wanted[:, :4]).max() < SAME_PX
        assert np.abs(seen[:, 4:] - wanted[:, 4:]).max() < SAME_SCORE
        settle(model, [planes(bgr)])


def test_settled_model_answers_alike_while_it_trains() -> None:
    """A normalisation that was only folded back would divide by a spread that it never measured."""
    torch = needs_torch()
    file, classes, finder = shipped("heads")
    batch = planes(pictures(finder.card.input_px))
    wanted = finder.session.run(pictures(finder.card.input_px))[:, 4:].ravel()
    alike = []
    for steps in ([], [batch]):
        model = rebuild(file, classes)
        settle(model, steps)
        with torch.no_grad():
            seen = model.train()(torch.from_numpy(batch))["one2many"]["scores"].sigmoid().numpy().ravel()
        alike.append(float(np.abs(seen - wanted).mean()))
    assert alike[1] < 0.2 * alike[0]


def test_one_to_one_head_starts_as_a_copy() -> None:
    """It isn't in the ONNX."""
    torch = needs_torch()
    file, classes, _ = shipped("heads")
    state = rebuild(file, classes).state_dict()
    copies = [key for key in state if ".one2one_" in key]
    assert copies
    assert all(torch.equal(state[key], state[key.replace(".one2one_", ".")]) for key in copies)


def test_start_is_a_file_of_ultralytics(tmp_path: Path) -> None:
    """It loads with the names of the classes, and as wide as it was."""
    needs_torch()
    from helmetbelt.datasets.training_environment import yolo

    file, classes, _ = shipped("heads")
    shown = [write_picture(tmp_path / f"{k}.png", k) for k in range(2)]
    model = yolo(write_start(file, classes, shown, 96, tmp_path / "start.pt"))
    assert model.names == {0: "helmet", 1: "bare"}
    assert model.model.nc == 2


def test_weights_are_those_of_rgb_between_0_and_1_again() -> None:
    """The export's folding into the first convolution is undone."""
    file = read_card("heads").path
    (kept,) = [t for t in onnx.load(file).graph.initializer if t.name == "model.0.conv.weight"]
    first = convolutions(file)["model.0.conv.weight"]
    assert first[:, ::-1] / 255 == pytest.approx(numpy_helper.to_array(kept))


def test_another_graph_is_refused(tmp_path: Path) -> None:
    """One without the names of ultralytics' convolutions, and one that is no ONNX at all."""
    (tmp_path / "tiny.onnx").write_bytes(tiny_onnx())
    with pytest.raises(ModelDamagedError, match=r"no weights model\.0\.conv\.weight"):
        convolutions(tmp_path / "tiny.onnx")
    (tmp_path / "text.onnx").write_text("hello")
    with pytest.raises(ModelDamagedError, match="not an ONNX file"):
        convolutions(tmp_path / "text.onnx")


def test_unknown_architecture_is_refused(tmp_path: Path) -> None:
    """A convolution more or less, and nobody would know where the weights belong."""
    needs_torch()
    model = onnx.load(read_card("heads").path)
    kept = [t for t in model.graph.initializer if t.name != "model.22.cv2.conv.bias"]
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    onnx.save(model, tmp_path / "less.onnx")
    with pytest.raises(ModelDamagedError, match="those of none of yolo26n"):
        rebuild(tmp_path / "less.onnx", ("helmet", "bare"))
