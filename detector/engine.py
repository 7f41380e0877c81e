"""What can run a model, and the form of pictures that a model takes."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from numpy.typing import NDArray

from helmetbelt.detector.errors import HelmetbeltError, ModelDamagedError


class RuntimeAbsentError(HelmetbeltError, ImportError):
    """The runtime that was asked for isn't installed here."""


class RuntimeUnfitError(HelmetbeltError, ValueError):
    """The runtime that was asked for doesn't run this model as it should."""


class Runtime(StrEnum):
    """What runs the models.

    `ONNXRUNTIME` computes in the precision of the model file and answers alike on every machine. `OPENVINO` (an
    extra) takes bfloat16 where the processor has it: about two thirds of the time, scores move by about 0.01. `AUTO`
    is OpenVINO where it is installed, the processor has bfloat16 and the model isn't quantised.
    """

    ONNXRUNTIME = "onnxruntime"
    OPENVINO = "openvino"
    AUTO = "auto"


@dataclass(frozen=True, slots=True)
class InputForm:
    """What a model takes.

    Attributes:
        name: of the input in the graph.
        batch: pictures of one run; None where it is open.
        height: pixels; None where it is open.
        width: pixels; None where it is open.
        is_uint8: (N, height, width, 3) BGR bytes; otherwise (N, 3, height, width) RGB float32 from 0 to 1.
    """

    name: str
    batch: int | None
    height: int | None
    width: int | None
    is_uint8: bool


class Engine(Protocol):
    """A model loaded by one runtime. Any number of threads may use it at the same time.

    Attributes:
        runtime: what it is loaded by.
        form: what it takes.
        metadata: the model's own notes (ultralytics writes names, stride and imgsz there).
        precision: the kind of number that it computes with, such as "float32".
    """

    runtime: Runtime
    form: InputForm
    metadata: Mapping[str, str]
    precision: str

    def infer(self, feed: NDArray[Any]) -> NDArray[Any]:
        """The output for one batch in the form of the model.

        Raises:
            ModelDamagedError: the model refuses a batch that fits its declared input.
        """


PRECISION = "precision"
"""Key of a model's notes that says what its weights and activations were quantised to; absent: nothing was."""


@dataclass(frozen=True, slots=True)
class Slot:
    """An input or output as a runtime declares it: open sides are None; `kind` is "uint8", "float32" or another."""

    name: str
    shape: tuple[int | None, ...]
    kind: str


def input_form(model: str, inputs: Sequence[Slot], outputs: int) -> InputForm:
    """What a model takes, from what it declares.

    Args:
        model: what messages call it.
        inputs: of the graph.
        outputs: how many.

    Raises:
        ModelDamagedError: other inputs or outputs than a model of ours has.
    """
    if len(inputs) != 1 or outputs != 1:
        raise ModelDamagedError(f"{model}: {len(inputs)} inputs, {outputs} outputs: expected one of each")
    slot = inputs[0]
    shape = slot.shape
    if slot.kind == "uint8" and len(shape) == 4 and shape[3] == 3:
        return InputForm(slot.name, shape[0], shape[1], shape[2], True)
    if slot.kind == "float32" and len(shape) == 4 and shape[1] == 3:
        return InputForm(slot.name, shape[0], shape[2], shape[3], False)
    sides = ["open" if side is None else side for side in shape]
    raise ModelDamagedError(
        f"{model}: input {sides} {slot.kind}: expected (N, height, width, 3) uint8"
        " or (N, 3, height, width) float32"
    )


def core_count() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
