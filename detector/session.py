"""One ONNX model ready to run; the only file that imports onnxruntime."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Self

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as refusals  # type: ignore[import-untyped]

from helmetbelt.detector.errors import HelmetbeltError, ModelDamagedError

CPU = ("CPUExecutionProvider",)

LARGEST_BATCH = 4
"""Pictures of one run where the model leaves the batch open: on a CPU more of them only cost memory."""

NOT_A_MODEL = (
    refusals.InvalidProtobuf,
    refusals.InvalidGraph,
    refusals.InvalidArgument,
    refusals.Fail,
    refusals.NotImplemented,
    refusals.RuntimeException,
)


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


class Session:
    """A model in memory. Any number of threads may run it at the same time.

    Attributes:
        name: what messages call it.
        form: what it takes.
        metadata: the model's own notes (ultralytics writes names, stride and imgsz there).
    """

    def __init__(self, name: str, session: onnxruntime.InferenceSession) -> None:
        self.name = name
        self.form = input_form(name, session)
        self.metadata: Mapping[str, str] = MappingProxyType(
            {str(k): str(v) for k, v in session.get_modelmeta().custom_metadata_map.items()}
        )
        self._session = session
        self._lock = threading.Lock()
        self._run_seconds = 0.0

    @classmethod
    def open(cls, path: Path, threads: int = 1, providers: tuple[str, ...] = CPU) -> Self:
        """Loads a model.

        Args:
            path: of the ONNX file.
            threads: of one run. Callers beside one another gain more than threads inside a run.
            providers: of onnxruntime, the preferred one first.

        Raises:
            ModelDamagedError: not an ONNX model, or one with other inputs or outputs than a detector has.
            HelmetbeltError: this onnxruntime has no such provider.
        """
        absent = [p for p in providers if p not in onnxruntime.get_available_providers()]
        if absent:
            has = ", ".join(onnxruntime.get_available_providers())
            raise HelmetbeltError(f"onnxruntime here has no {', '.join(absent)}; it has {has}")
        try:
            session = onnxruntime.InferenceSession(path, _options(threads), providers=list(providers))
        except NOT_A_MODEL as error:
            raise ModelDamagedError(f"{path}: not an ONNX model that can be run ({error})") from error
        return cls(str(path), session)

    @property
    def run_seconds(self) -> float:
        """Time spent inside the model so far, summed over all threads."""
        with self._lock:
            return self._run_seconds

    def run(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """The model's output for pictures of the size that it takes.

        Args:
            pictures: (n, height, width, 3) BGR, n at least 1.

        Returns:
            (n, ...) in the form of the model.

        Raises:
            ModelDamagedError: the model refuses pictures that fit its declared input.
        """
        size = self.form.batch or LARGEST_BATCH
        parts = [self._run_one(pictures[i : i + size]) for i in range(0, len(pictures), size)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _run_one(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        count = len(pictures)
        if self.form.batch is not None and count < self.form.batch:
            spare = np.zeros((self.form.batch - count, *pictures.shape[1:]), np.uint8)
            pictures = np.concatenate([pictures, spare])
        feed = pictures if self.form.is_uint8 else _as_float(pictures)
        started = time.perf_counter()
        try:
            output: NDArray[np.float32] = self._session.run(None, {self.form.name: feed})[0]
        except NOT_A_MODEL as error:
            raise ModelDamagedError(f"{self.name}: refuses a picture {feed.shape} ({error})") from error
        with self._lock:
            self._run_seconds += time.perf_counter() - started
        return output[:count]


def input_form(name: str, session: onnxruntime.InferenceSession) -> InputForm:
    """What the model takes, from its declared input.

    Raises:
        ModelDamagedError: other inputs or outputs than a detector has.
    """
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if len(inputs) != 1 or len(outputs) != 1:
        raise ModelDamagedError(f"{name}: {len(inputs)} inputs, {len(outputs)} outputs: expected one of each")
    shape = [side if isinstance(side, int) else None for side in inputs[0].shape]
    kind = inputs[0].type
    if kind == "tensor(uint8)" and len(shape) == 4 and shape[3] == 3:
        return InputForm(inputs[0].name, shape[0], shape[1], shape[2], True)
    if kind == "tensor(float)" and len(shape) == 4 and shape[1] == 3:
        return InputForm(inputs[0].name, shape[0], shape[2], shape[3], False)
    raise ModelDamagedError(
        f"{name}: input {inputs[0].shape} {kind}: expected (N, height, width, 3) uint8"
        " or (N, 3, height, width) float"
    )


def describe_runtime() -> tuple[str, tuple[str, ...]]:
    """Version of onnxruntime and the providers it has here."""
    return str(onnxruntime.__version__), tuple(onnxruntime.get_available_providers())


def _options(threads: int) -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 4
    # As fast without, and a third of the working memory of a batch less.
    options.enable_mem_pattern = False
    # Waiting threads that spin take the processor from the decoders beside them.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


def _as_float(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    planes = np.ascontiguousarray(pictures[..., ::-1].transpose(0, 3, 1, 2))
    return np.multiply(planes, np.float32(1 / 255), dtype=np.float32)
