"""The same model for an input of another size: a convolutional detector has none of its own."""

from pathlib import Path
from typing import Any

from helmetbelt.detector.errors import ModelDamagedError


def resized(onnx_file: Path, target: Path, side: int) -> Path:
    """Writes a model with a fixed square input for another one.

    Args:
        onnx_file: written by `export_onnx`, which leaves everything inside the graph open.
        target: to write.
        side: of the square input, pixels, a multiple of 32.

    Raises:
        ModelDamagedError: its input isn't (N, height, width, 3).
    """
    import onnx

    model = onnx.load(onnx_file)
    dims: Any = model.graph.input[0].type.tensor_type.shape.dim
    if len(dims) != 4 or dims[3].dim_value != 3:
        raise ModelDamagedError(f"{onnx_file}: its input isn't (N, height, width, 3)")
    dims[1].dim_value = dims[2].dim_value = side
    kept = [entry for entry in model.metadata_props if entry.key != "imgsz"]
    del model.metadata_props[:]
    model.metadata_props.extend(kept)
    onnx.save(model, target)
    return target
