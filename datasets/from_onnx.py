"""From a shipped ONNX back to weights that can be trained: the start of fine-tuning needs no download.

The export folds each batch normalisation into the convolution before it and leaves the convolutions' names. Here the
folded weights go back into a model that has its normalisations, which are then given the mean and variance that they
see on real pictures, and the scale and shift that undo both: the model answers as before, and is normalised again as
soon as it trains. Without that step the first batches would drown what the weights know.

The one-to-one head of an end-to-end model isn't in the ONNX, which carries the one-to-many head; it starts as its copy.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.training_environment import detection_model, require
from helmetbelt.detector.errors import ModelDamagedError
from helmetbelt.detector.letterbox import paste
from helmetbelt.detector.pictures import read_picture

ARCHITECTURES = ("yolo26n", "yolo26s", "yolo11n", "yolo11s")
"""Tried in this order; the one whose convolutions all have the shapes in the file is it."""

HIDDEN_CLASSES = 80
"""Classes that the COCO starts have: the width of the class branch stays as it was for so many."""

MOST_PICTURES = 128
"""Pictures on which the normalisations are measured; more change nothing that matters."""

Weights = Mapping[str, NDArray[np.float32]]


def write_start(onnx_file: Path, classes: Sequence[str], pictures: Sequence[Path], input_px: int, start: Path) -> Path:
    """Writes the weights file that ultralytics starts training from.

    Args:
        onnx_file: written by `export_onnx`.
        classes: names in the order of the model.
        pictures: to measure the normalisations on, of the kind that will be trained on.
        input_px: side of the square training input.
        start: the .pt file to write.

    Raises:
        ModelDamagedError: not an export of a known architecture, or one whose weights were quantised.
        PictureError: a picture that can't be read.
        TrainingEnvironmentError: ultralytics isn't installed here.
    """
    require()
    import torch

    model = rebuild(onnx_file, classes)
    step = max(len(pictures) // MOST_PICTURES, 1)
    settle(model, [_planes(path, input_px) for path in pictures[::step]])
    start.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"epoch": -1, "model": model, "train_args": {}}, start)
    return start


def rebuild(onnx_file: Path, classes: Sequence[str]) -> Any:
    """The ultralytics model that answers as the ONNX does, with normalisations that change nothing yet.

    Raises:
        ModelDamagedError: not an export of a known architecture, or one whose weights were quantised.
        TrainingEnvironmentError: ultralytics isn't installed here.
    """
    weights = convolutions(onnx_file)
    for name in ARCHITECTURES:
        for hidden in (HIDDEN_CLASSES, len(classes)):
            model = _with_classes(detection_model(name, hidden), classes)
            if _shapes(model) == {key: value.shape for key, value in weights.items()}:
                _fill(model, weights)
                return model.eval()
    raise ModelDamagedError(
        f"{onnx_file}: its {len(weights)} tensors of convolutions are those of none of {', '.join(ARCHITECTURES)}"
    )


def convolutions(onnx_file: Path) -> Weights:
    """Weights and biases of all convolutions by name, the first taking RGB between 0 and 1 again.

    Raises:
        ModelDamagedError: the file can't be read, or holds no plain convolution weights.
    """
    import onnx
    from onnx import numpy_helper

    try:
        graph = onnx.load(onnx_file).graph
    except Exception as error:  # protobuf has its own errors, which are not exported
        raise ModelDamagedError(f"{onnx_file}: not an ONNX file ({error})") from error
    used = {name for node in graph.node if node.op_type == "Conv" for name in node.input[1:]}
    weights = {t.name: np.array(numpy_helper.to_array(t), np.float32) for t in graph.initializer if t.name in used}
    first = "model.0.conv.weight"
    if first not in weights:
        raise ModelDamagedError(f"{onnx_file}: no weights {first}: not an export of ultralytics, or a quantised one")
    weights[first] = np.ascontiguousarray(weights[first][:, ::-1] * np.float32(255))
    return weights


def settle(model: Any, batches: Sequence[NDArray[np.float32]]) -> None:
    """Gives every normalisation the mean and variance that it sees, and keeps the model's answers.

    Args:
        model: of `rebuild`, in evaluation mode.
        batches: each (n, 3, height, width) RGB between 0 and 1.
    """
    import torch

    with _watched(model) as seen, torch.no_grad():
        for batch in batches:
            model(torch.from_numpy(batch))
    for norm, (count, total, squares) in seen.items():
        mean = (total / count).float()
        variance = (squares / count - (total / count) ** 2).clamp(min=0).float()
        with torch.no_grad():
            norm.bias.add_(mean)
            norm.running_mean.copy_(mean)
            norm.running_var.copy_(variance)
            norm.weight.copy_(torch.sqrt(variance + norm.eps))


@contextmanager
def _watched(model: Any) -> Iterator[dict[Any, tuple[int, Any, Any]]]:
    """Counts, sums and sums of squares of what goes into each normalisation, by channel, in double precision."""
    from torch import nn

    seen: dict[Any, tuple[int, Any, Any]] = {}

    def look(norm: Any, inputs: Any) -> None:
        x = inputs[0].double()
        count, total, squares = seen.get(norm, (0, 0.0, 0.0))
        seen[norm] = (
            count + x.numel() // x.shape[1],
            total + x.sum((0, 2, 3)),
            squares + (x * x).sum((0, 2, 3)),
        )

    hooks = [m.register_forward_pre_hook(look) for m in model.modules() if isinstance(m, nn.BatchNorm2d)]
    try:
        yield seen
    finally:
        for hook in hooks:
            hook.remove()


def _with_classes(model: Any, classes: Sequence[str]) -> Any:
    """The model with as many classes as there are names, its class branch as wide as it was."""
    from torch import nn

    head = model.model[-1]
    for branch in (head.cv3, getattr(head, "one2one_cv3", None) or ()):
        for layers in branch:
            layers[-1] = nn.Conv2d(layers[-1].in_channels, len(classes), 1)
    head.nc, head.no = len(classes), len(classes) + 4 * head.reg_max
    model.nc = model.yaml["nc"] = len(classes)
    model.names = dict(enumerate(classes))
    return model


def _places(model: Any) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Name and shape in the model of each tensor of the file, by its name there."""
    state = model.state_dict()
    places = {}
    for name, value in state.items():
        if "one2one" in name or ".bn.w" in name or ".bn.r" in name or ".bn.n" in name or ".dfl." in name:
            continue
        places[name.replace(".bn.bias", ".conv.bias")] = (name, tuple(value.shape))
    return places


def _shapes(model: Any) -> dict[str, tuple[int, ...]]:
    return {key: shape for key, (_, shape) in _places(model).items()}


def _fill(model: Any, weights: Weights) -> None:
    """Writes the weights; a normalisation becomes y = x + bias, the folded bias."""
    import torch
    from torch import nn

    state = model.state_dict()
    with torch.no_grad():
        for norm in (m for m in model.modules() if isinstance(m, nn.BatchNorm2d)):
            norm.running_mean.zero_()
            norm.running_var.fill_(1 - norm.eps)
            norm.weight.fill_(1)
        for key, (name, _) in _places(model).items():
            state[name].copy_(torch.from_numpy(weights[key]))
        for name, value in state.items():
            if ".one2one_" in name:
                value.copy_(state[name.replace(".one2one_", ".")])


def _planes(path: Path, input_px: int) -> NDArray[np.float32]:
    """(1, 3, input_px, input_px) RGB between 0 and 1."""
    canvas = np.empty((input_px, input_px, 3), np.uint8)
    paste(read_picture(path), canvas)
    rgb = np.asarray(cv2.cvtColor(canvas, cv2.COLOR_BGR2RGB), np.float32)
    return np.ascontiguousarray(rgb.transpose(2, 0, 1)[None] / np.float32(255))
