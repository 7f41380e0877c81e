"""One camera: frames, tracks, judgements, gates, passages."""
