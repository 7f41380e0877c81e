"""Simulated clips as files: H.264 video that plays anywhere, and its truth beside it."""

import csv
import json
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path

import numpy as np

from helmetbelt.datasets.simulation.passing import passages
from helmetbelt.datasets.simulation.scene import Scene
from helmetbelt.datasets.simulation.truth import PassageTruth
from helmetbelt.pipelines.output import replacing

ENCODING = {"crf": "23", "preset": "fast", "bf": "0", "g": "50"}
COLUMNS = ("id", "kind", "direction", "parked", "first_s", "last_s", "line_s", "role", "seat", "item", "worn")


def write_clip(scene: Scene, path: Path, seconds: float, fps: int = 25) -> None:
    """Writes seconds 0 to `seconds` of a scene as an mp4; the same scene gives the same bytes on one machine.

    Raises:
        OutputError: it cannot be written.
    """
    import av

    with replacing(path) as part, av.open(str(part), "w", format="mp4", options={"movflags": "+faststart"}) as file:
        stream = file.add_stream("libx264", rate=fps, options=ENCODING)
        stream.width, stream.height, stream.pix_fmt = scene.width, scene.height, "yuv420p"
        stream.codec_context.thread_count = 1
        for index in range(max(round(seconds * fps), 1)):
            frame = av.VideoFrame.from_ndarray(scene.render(index / fps, index), format="bgr24")
            frame.pts, frame.time_base = index, Fraction(1, fps)
            file.mux(stream.encode(frame))
        file.mux(stream.encode())


def write_truth(scene: Scene, path: Path, seconds: float) -> None:
    """Writes the truth of a clip: `.csv` has a row for each person of each vehicle, `.json` the boxes as well.

    Raises:
        OutputError: it cannot be written.
        ValueError: another suffix.
    """
    if path.suffix not in (".csv", ".json"):
        raise ValueError(f"{path}: expected .csv or .json")
    told = passages(scene, seconds)
    with replacing(path) as part:
        if path.suffix == ".csv":
            _write_rows(part, told)
        else:
            part.write_text(_as_json(scene, told, seconds), "utf-8")


def _write_rows(path: Path, told: list[PassageTruth]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for p in told:
            line_s = "" if p.line_s is None else f"{p.line_s:.2f}"
            start = [p.vehicle, p.kind, p.direction, int(p.parked), f"{p.first_s:.1f}", f"{p.last_s:.1f}", line_s]
            rows.writerows([*start, r.role, r.seat, r.item, int(r.worn)] for r in p.persons)
            if not p.persons:
                rows.writerow([*start, "", "", "", ""])


def _as_json(scene: Scene, told: list[PassageTruth], seconds: float) -> str:
    """Passages, and five times a second every visible vehicle with its boxes."""
    sights = [
        {"seconds": round(float(t), 3), "vehicles": [asdict(v) for v in scene.truth_at(float(t))]}
        for t in np.arange(0.0, seconds, 0.2)
    ]
    said = {
        "scene": json.loads(scene.description()),
        "seconds": seconds,
        "passages": [asdict(p) for p in told],
        "sights": sights,
    }
    return json.dumps(said, indent=1)
