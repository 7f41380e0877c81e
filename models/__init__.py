"""The shipped ONNX weights and their cards; data only."""
