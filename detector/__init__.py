"""Picture in, boxes out: letterbox, ONNX session, decode, model cards."""
