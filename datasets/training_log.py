"""What a training took, from the log that ultralytics keeps of it."""

import csv
from pathlib import Path


def training_hours(weights: Path) -> dict[str, float]:
    """How long the training of these weights ran, for the model's card.

    The log counts seconds from the start of the process; after an interruption it begins anew, so the sum of what
    each process took up to its last finished epoch is given.

    Args:
        weights: `RUN/weights/best.pt`; the log is `RUN/results.csv`.

    Returns:
        {"hours": …}, empty where there is no such log.
    """
    log = weights.resolve().parent.parent / "results.csv"
    if not log.is_file():
        return {}
    with log.open(newline="") as lines:
        seconds = [float(row["time"]) for row in csv.DictReader(lines, skipinitialspace=True) if row.get("time")]
    ends = [now for now, then in zip(seconds, [*seconds[1:], 0.0], strict=True) if then < now]
    return {"hours": round(sum(ends) / 3600, 2)}
