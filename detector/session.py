"""One ONNX model ready to run, whatever runs it: batches, time spent, and the choice of the runtime."""

import threading
import time
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.engine import Engine, Runtime, RuntimeUnfitError
from helmetbelt.detector.onnxruntime_engine import OnnxruntimeEngine
from helmetbelt.detector.openvino_engine import OpenVinoEngine, has_bfloat16, has_openvino

CPU = ("CPUExecutionProvider",)

LARGEST_BATCH = 4
"""Pictures of one run where the model leaves the batch open: on a CPU more of them only cost memory."""


class Session:
    """A model in memory. Any number of threads may run it at the same time.

    Attributes:
        name: what messages call it.
        engine: what runs it.
        form: what it takes.
        metadata: the model's own notes (ultralytics writes names, stride and imgsz there).
    """

    def __init__(self, name: str, engine: Engine) -> None:
        self.name = name
        self.engine = engine
        self.form = engine.form
        self.metadata = engine.metadata
        self._lock = threading.Lock()
        self._run_seconds = 0.0

    @classmethod
    def open(
        cls,
        path: Path,
        threads: int = 1,
        providers: tuple[str, ...] = CPU,
        runtime: Runtime = Runtime.ONNXRUNTIME,
    ) -> Self:
        """Loads a model.

        Args:
            path: of the ONNX file.
            threads: of one run. Callers beside one another gain more than threads inside a run.
            providers: of onnxruntime, the preferred one first; OpenVINO has none.
            runtime: what runs it.

        Raises:
            ModelDamagedError: not an ONNX model, or one with other inputs or outputs than a model of ours has.
            RuntimeAbsentError: the runtime isn't installed.
            RuntimeUnfitError: it is OpenVINO, and the model is quantised.
            HelmetbeltError: this onnxruntime has no such provider.
        """
        if chosen(runtime) is Runtime.OPENVINO:
            try:
                return cls(str(path), OpenVinoEngine(path, threads))
            except RuntimeUnfitError:
                if runtime is not Runtime.AUTO:
                    raise
        return cls(str(path), OnnxruntimeEngine(path, threads, providers))

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
        output: NDArray[np.float32] = self.engine.infer(feed)
        with self._lock:
            self._run_seconds += time.perf_counter() - started
        return output[:count]


def chosen(runtime: Runtime) -> Runtime:
    """The runtime itself; of `AUTO`, OpenVINO where it is installed and the processor has bfloat16."""
    if runtime is not Runtime.AUTO:
        return runtime
    return Runtime.OPENVINO if has_openvino() and has_bfloat16() else Runtime.ONNXRUNTIME


def _as_float(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    planes = np.ascontiguousarray(pictures[..., ::-1].transpose(0, 3, 1, 2))
    return np.multiply(planes, np.float32(1 / 255), dtype=np.float32)
