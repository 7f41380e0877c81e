"""OpenVINO runs a model; the only file that imports openvino, and only when a model is opened with it.

Precision is left to OpenVINO: bfloat16 where the processor computes in it, else float32. Forcing bfloat16 on a
processor without it is 2.7 times slower than float32.
"""

import threading
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.engine import (
    PRECISION,
    InputForm,
    Runtime,
    RuntimeAbsentError,
    RuntimeUnfitError,
    Slot,
    core_count,
    input_form,
)
from helmetbelt.detector.errors import ModelDamagedError

KINDS = {"u8": "uint8", "f32": "float32"}
"""OpenVINO's names of the kinds of number that a picture may have."""


PRECISIONS = {"bf16": "bfloat16", "f16": "float16", "f32": "float32"}


class OpenVinoEngine:
    """A model compiled by OpenVINO for the processor. Any number of threads may use it at the same time.

    Attributes:
        form: what it takes.
        metadata: the model's own notes.
        precision: what OpenVINO chose for this processor: "bfloat16" or "float32".
    """

    runtime = Runtime.OPENVINO

    def __init__(self, path: Path, threads: int = 1) -> None:
        """Loads a model; as many callers at once as this process has cores do not wait for each other.

        Args:
            path: of the ONNX file.
            threads: of one run.

        Raises:
            RuntimeAbsentError: openvino isn't installed.
            RuntimeUnfitError: the model is quantised.
            ModelDamagedError: not an ONNX model, or one with other inputs or outputs than a model of ours has.
        """
        openvino = _imported()
        core = openvino.Core()
        try:
            model = core.read_model(path)
        except RuntimeError as error:
            raise ModelDamagedError(f"{path}: not an ONNX model that can be run ({_short(error)})") from error
        self.form: InputForm = input_form(str(path), [_slot(port) for port in model.inputs], len(model.outputs))
        self.metadata: Mapping[str, str] = MappingProxyType(_metadata(model))
        if PRECISION in self.metadata:
            # OpenVINO 2026.4 finds nothing with a quantised model of an open size, and is slower with a fixed one.
            precision = self.metadata[PRECISION]
            raise RuntimeUnfitError(f"{path}: a model in {precision} is run by onnxruntime, not by openvino")
        self._name = str(path)
        try:
            self._compiled = core.compile_model(model, "CPU", _settings(threads))
        except RuntimeError as error:
            raise ModelDamagedError(f"{path}: OpenVINO cannot compile it ({_short(error)})") from error
        hint = str(self._compiled.get_property("INFERENCE_PRECISION_HINT").to_string())
        self.precision = PRECISIONS.get(hint, hint)
        self._idle: list[Any] = []
        self._lock = threading.Lock()

    def infer(self, feed: NDArray[Any]) -> NDArray[np.float32]:
        """The output for one batch.

        Raises:
            ModelDamagedError: the model refuses a batch that fits its declared input.
        """
        with self._lock:
            request = self._idle.pop() if self._idle else self._compiled.create_infer_request()
        try:
            return np.array(request.infer([feed])[0], np.float32)
        except RuntimeError as error:
            raise ModelDamagedError(f"{self._name}: refuses a picture {feed.shape} ({_short(error)})") from error
        finally:
            with self._lock:
                self._idle.append(request)


def has_openvino() -> bool:
    """OpenVINO is installed here."""
    try:
        return bool(version("openvino"))
    except PackageNotFoundError:
        return False


def has_bfloat16() -> bool:
    """The processor computes in bfloat16, as far as OpenVINO knows.

    Raises:
        RuntimeAbsentError: openvino isn't installed.
    """
    return "BF16" in _imported().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def describe_openvino() -> str | None:
    """Version of OpenVINO; None where it isn't installed."""
    return version("openvino") if has_openvino() else None


def _imported() -> Any:
    try:
        import openvino
    except ImportError as error:
        raise RuntimeAbsentError(
            f"the runtime openvino isn't installed here ({error}): pip install 'helmetbelt[openvino]',"
            " or choose the runtime onnxruntime"
        ) from error
    return openvino


def _settings(threads: int) -> dict[str, Any]:
    streams = core_count()
    return {
        "NUM_STREAMS": streams,
        "INFERENCE_NUM_THREADS": streams * threads,
        # Pinned threads of two processes would meet on the same core while another idles.
        "ENABLE_CPU_PINNING": False,
    }


def _slot(port: Any) -> Slot:
    shape = tuple(int(side.get_length()) if side.is_static else None for side in port.get_partial_shape())
    kind = str(port.get_element_type().to_string())
    return Slot(str(port.get_any_name()), shape, KINDS.get(kind, kind))


def _metadata(model: Any) -> dict[str, str]:
    """An ONNX file's notes are what OpenVINO keeps under "framework"."""
    notes = model.get_rt_info()
    if "framework" not in notes:
        return {}
    return {str(key): str(getattr(value, "value", value)) for key, value in notes["framework"].items()}


def _short(error: RuntimeError) -> str:
    """OpenVINO's messages begin with places in its sources; the last line says what is wrong."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"
