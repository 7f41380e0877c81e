"""Other people's helmet detectors, exported once and then asked the same pictures as ours.

A peer finds heads with and without a helmet on the whole picture. Its weights are never shipped nor committed:
`helmetbelt score --peer helmet_detector-2.1.0-py3-none-any.whl` exports what `pip download` fetched (PyPI
helmet-detector 2.1.0: YOLOv12m, "With Helmet", "Without Helmet").

Loading weights of ultralytics runs the code inside them: only from where you would install a program.
"""

import hashlib
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.toml import toml
from helmetbelt.datasets.training_environment import yolo
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.errors import ModelDamagedError, ModelFileError
from helmetbelt.detector.finder import Finder
from helmetbelt.detector.letterbox import Image

INPUT_PX = 640
WORKING_SCORE = 0.25
"""The usual threshold of ultralytics, at which a peer's heads are counted."""

MEANINGS = {"with helmet": 0, "helmet": 0, "without helmet": 1, "no helmet": 1, "no-helmet": 1, "bare": 1}
"""What peers call our classes (0 helmet, 1 bare)."""


@dataclass(frozen=True, slots=True, eq=False)
class Peer:
    """A head detector for whole pictures.

    Attributes:
        name: of its card.
        finder: the model.
        classes: (k,) our class of each of its classes.
    """

    name: str
    finder: Finder
    classes: NDArray[np.int64]

    @classmethod
    def load(cls, card: Path) -> Self:
        """A peer by the card that `export_peer` wrote.

        Raises:
            ModelFileError: no such card or model.
            ModelDamagedError: a class that is neither of ours, or one of ours that it lacks.
        """
        finder = Finder.load(card, 1)
        named = [MEANINGS.get(name.lower(), -1) for name in finder.card.classes]
        if sorted(named) != [0, 1]:
            raise ModelDamagedError(
                f"{card}: classes {list(finder.card.classes)}: expected one with and one without helmet"
                f" ({', '.join(MEANINGS)})"
            )
        return cls(finder.card.name, finder, np.array(named, np.int64))

    def heads(self, image: Image, min_score: float) -> Detections:
        """Heads of the whole picture: class 0 helmet, 1 bare, pixels of the picture."""
        found = self.finder.find(image, min_score)
        return Detections(found.xyxy, found.score, self.classes[found.class_id])


def export_peer(source: Path, folder: Path) -> Path:
    """Writes a peer's ONNX and card into a folder; needs the training environment.

    Args:
        source: weights (.pt) of ultralytics, or a wheel (.whl) with one such file in it.
        folder: for `NAME.onnx` and `NAME.toml`; an already exported one is taken as it is.

    Returns:
        the card.

    Raises:
        ModelFileError: no such file, or no single .pt in the wheel.
        TrainingEnvironmentError: ultralytics isn't installed here.
    """
    name = source.name.split("-py3")[0].removesuffix(".pt").replace(".", "-")
    card = folder / f"{name}.toml"
    if card.exists():
        return card
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        model = yolo(_weights(source, Path(temporary)))
        with_fused_attention(model.model)
        onnx_file = Path(model.export(format="onnx", imgsz=INPUT_PX, opset=17, simplify=True, verbose=False))
        (folder / f"{name}.onnx").write_bytes(onnx_file.read_bytes())
    card.write_text(_card(name, folder / f"{name}.onnx", list(model.names.values())), "utf-8")
    return card


def with_fused_attention(network: Any) -> None:
    """Rewrites, in place, the area attention of YOLOv12's authors to the layout that ultralytics runs.

    They keep queries and keys in one convolution and values in another; ultralytics keeps all three in one, head
    by head. The weights are the same, in another order (github.com/sunsmarterjie/yolov12, class AAttn).

    Args:
        network: a torch module.
    """
    for block in network.modules():
        if type(block).__name__ == "AAttn" and hasattr(block, "qk"):
            block.qkv = _fused(block.qk, block.v, attention_order(block.num_heads, block.head_dim))
            del block.qk, block.v


def attention_order(heads: int, head_dim: int) -> NDArray[np.int64]:
    """Where the channels of ultralytics' attention are in (queries, keys, values) put one after another.

    Returns:
        (3 * heads * head_dim,) indices: for each head its queries, keys and values.
    """
    place = np.arange(3 * heads * head_dim).reshape(3, heads, head_dim)
    return place.transpose(1, 0, 2).reshape(-1)


def _fused(qk: Any, v: Any, order: NDArray[np.int64]) -> Any:
    """One convolution with batch norm in place of two."""
    import copy

    import torch

    fused = copy.deepcopy(qk)
    index = torch.from_numpy(order)
    for module, first, second in ((fused.conv, qk.conv, v.conv), (fused.bn, qk.bn, v.bn)):
        for key, value in second.state_dict().items():
            if value.ndim:
                whole = torch.cat([first.state_dict()[key], value])[index]
                kept = getattr(module, key)
                setattr(module, key, torch.nn.Parameter(whole) if isinstance(kept, torch.nn.Parameter) else whole)
    fused.conv.out_channels = fused.bn.num_features = len(order)
    return fused


def _weights(source: Path, folder: Path) -> Path:
    """The .pt itself, or the one inside a wheel, copied so that nothing is written beside it."""
    if not source.is_file():
        raise ModelFileError(f"{source}: no such peer; expected weights (.pt) or a wheel (.whl) with them")
    copy = folder / "peer.pt"
    if source.suffix != ".whl":
        copy.write_bytes(source.read_bytes())
        return copy
    with zipfile.ZipFile(source) as wheel:
        inside = [n for n in wheel.namelist() if n.endswith(".pt")]
        if len(inside) != 1:
            raise ModelFileError(f"{source}: {len(inside)} weights files (.pt) inside; expected one")
        copy.write_bytes(wheel.read(inside[0]))
    return copy


def _card(name: str, onnx_file: Path, classes: list[str]) -> str:
    head = {
        "name": name,
        "file": onnx_file.name,
        "sha256": hashlib.sha256(onnx_file.read_bytes()).hexdigest(),
        "task": "a peer: heads with and without a helmet in the whole picture",
        "classes": classes,
        "input": [INPUT_PX, INPUT_PX],
        "min_score": WORKING_SCORE,
    }
    return toml(head, {})
