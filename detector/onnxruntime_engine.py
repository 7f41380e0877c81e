"""onnxruntime runs a model; the only file that imports onnxruntime to run one."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as refusals  # type: ignore[import-untyped]

from helmetbelt.detector.engine import PRECISION, InputForm, Runtime, Slot, input_form
from helmetbelt.detector.errors import HelmetbeltError, ModelDamagedError

NOT_A_MODEL = (
    refusals.InvalidProtobuf,
    refusals.InvalidGraph,
    refusals.InvalidArgument,
    refusals.Fail,
    refusals.NotImplemented,
    refusals.RuntimeException,
)

KINDS = {"tensor(uint8)": "uint8", "tensor(float)": "float32"}
"""onnxruntime's names of the kinds of number that a picture may have."""


class OnnxruntimeEngine:
    """A model loaded by onnxruntime. Any number of threads may use it at the same time.

    Attributes:
        form: what it takes.
        metadata: the model's own notes.
        precision: that of the model file, on every machine.
    """

    runtime = Runtime.ONNXRUNTIME

    def __init__(self, path: Path, threads: int, providers: tuple[str, ...]) -> None:
        """Loads a model.

        Args:
            path: of the ONNX file.
            threads: of one run.
            providers: of onnxruntime, the preferred one first.

        Raises:
            ModelDamagedError: not an ONNX model, or one with other inputs or outputs than a model of ours has.
            HelmetbeltError: this onnxruntime has no such provider.
        """
        absent = [p for p in providers if p not in onnxruntime.get_available_providers()]
        if absent:
            has = ", ".join(onnxruntime.get_available_providers())
            raise HelmetbeltError(f"onnxruntime here has no {', '.join(absent)}; it has {has}")
        try:
            self._session = onnxruntime.InferenceSession(path, _options(threads), providers=list(providers))
        except NOT_A_MODEL as error:
            raise ModelDamagedError(f"{path}: not an ONNX model that can be run ({error})") from error
        self._name = str(path)
        slots = [_slot(one) for one in self._session.get_inputs()]
        self.form: InputForm = input_form(self._name, slots, len(self._session.get_outputs()))
        notes = self._session.get_modelmeta().custom_metadata_map
        self.metadata: Mapping[str, str] = MappingProxyType({str(k): str(v) for k, v in notes.items()})
        self.precision = self.metadata.get(PRECISION, "float32")

    def infer(self, feed: NDArray[Any]) -> NDArray[np.float32]:
        """The output for one batch.

        Raises:
            ModelDamagedError: the model refuses a batch that fits its declared input.
        """
        try:
            output: NDArray[np.float32] = self._session.run(None, {self.form.name: feed})[0]
        except NOT_A_MODEL as error:
            raise ModelDamagedError(f"{self._name}: refuses a picture {feed.shape} ({error})") from error
        return output


def describe_onnxruntime() -> tuple[str, tuple[str, ...]]:
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


def _slot(declared: Any) -> Slot:
    shape = tuple(side if isinstance(side, int) else None for side in declared.shape)
    return Slot(declared.name, shape, KINDS.get(declared.type, declared.type))
