"""`summary.json` and `observations.csv`: the numbers of evaluated video for programs."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from helmetbelt.api.evaluations import Evaluation, joint_basis, joint_tally, rates_of
from helmetbelt.compliance.intervals import Interval
from helmetbelt.compliance.rates import CONFIDENCE, Basis, Rate
from helmetbelt.pipelines.passages import Item, Status, Vehicle
from helmetbelt.pipelines.tally import PLACES, Tally

COLUMNS = (
    *("passage_id", "first_s", "last_s", "gate_s", "vehicle", "role", "item", "status", "reason"),
    *("confidence", "frame", "x1", "y1", "x2", "y2"),
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so is run as a formula by spreadsheets (OWASP ASVS 5.0, 1.2.10)."""


def summary_of(evaluation: Evaluation) -> dict[str, Any]:
    """The summary of one video; every key is always there."""
    source, settings, speed = evaluation.source, evaluation.settings, evaluation.speed
    return {
        "video": source.name,
        "duration_s": _rounded(source.duration_s if source.duration_s is not None else evaluation.seconds),
        **_numbers(evaluation.tally, evaluation.basis),
        "model": dict(settings.models),
        "speed": {
            "frames": speed.frames,
            "wall_s": _rounded(speed.wall_s),
            "frames_per_s": _rounded(speed.frames / speed.wall_s if speed.wall_s else 0.0),
            "times_real_time": _rounded(evaluation.seconds / speed.wall_s if speed.wall_s else 0.0),
            "decode_s": _rounded(speed.decode_s),
            "inference_s": _rounded(speed.inference_s),
        },
        "complete": evaluation.broken is None,
        "broken": evaluation.broken,
        "evaluated_s": _rounded(evaluation.seconds),
        "width": source.width,
        "height": source.height,
        "fps": _rounded(source.fps),
        "sha256": source.digest,
        "simulated": source.simulated,
        "started_at": source.started_at.isoformat(),
        "clock": source.clock,
        "time_zone": settings.zone_name,
        "camera": settings.camera,
        "site": settings.site,
        "gate": settings.gate,
        "at_most_fps": _rounded(settings.at_most_fps),
        "session": evaluation.session,
        "software": settings.software,
    }


def summary_of_all(evaluations: Sequence[Evaluation]) -> dict[str, Any]:
    """The summary of several videos together, with that of each."""
    each = [summary_of(e) for e in evaluations]
    return {
        "video": [one["video"] for one in each],
        "duration_s": _rounded(sum(one["duration_s"] for one in each)),
        **_numbers(joint_tally(evaluations), joint_basis(evaluations)),
        "model": each[0]["model"] if each else {},
        "speed": {
            "frames": sum(one["speed"]["frames"] for one in each),
            "wall_s": _rounded(sum(one["speed"]["wall_s"] for one in each)),
        },
        "complete": all(one["complete"] for one in each),
        "videos": each,
    }


def as_json(summary: dict[str, Any]) -> bytes:
    """The content of `summary.json`."""
    return (json.dumps(summary, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def observations_csv(evaluation: Evaluation) -> bytes:
    """One row for each person; the box is the vehicle's at the passage's clearest moment."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for counted in evaluation.counted:
        passage = counted.passage
        times = [f"{m.seconds:.3f}" for m in (passage.first, passage.last, passage.gate)]
        box = [f"{side:.1f}" for side in passage.best.xyxy]
        for seen in passage.observations:
            answer = [seen.role, seen.item, seen.status, seen.reason or "", f"{seen.confidence:.4f}"]
            row = [counted.id, *times, passage.vehicle, *answer, str(passage.best.frame)]
            writer.writerow([*map(harmless, row), *box])
    return text.getvalue().encode()


def harmless(cell: str) -> str:
    """The text of a cell that no spreadsheet takes for a formula."""
    return "'" + cell if cell.startswith(FORMULA_STARTS) else cell


def _numbers(tally: Tally, basis: Basis) -> dict[str, Any]:
    observations: dict[str, dict[str, dict[str, int]]] = {item.value: {} for item in Item}
    for item, role in PLACES:
        counts = {status.value: tally.answer(item, role, status) for status in Status}
        observations[item.value][role.value] = counts
    return {
        "passages": {vehicle.value: tally.vehicles(vehicle) for vehicle in Vehicle},
        "observations": observations,
        "rates": {
            item.value: {who: _rate(one) for who, one in by_role.items()}
            for item, by_role in rates_of(tally, basis).items()
        },
    }


def _rate(one: Rate) -> dict[str, Any]:
    return {
        "value": None if one.value is None else round(one.value, 4),
        "interval": _interval(one.interval),
        "confidence": CONFIDENCE,
        "unit": one.unit,
        "worn": one.counts.worn,
        "not_worn": one.counts.not_worn,
        "unknown": one.counts.unknown,
        "unknown_share": None if one.unknown_share is None else round(one.unknown_share, 4),
        "bounds": _interval(one.bounds),
        "flags": list(one.flags),
    }


def _interval(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [round(interval.low, 4), round(interval.high, 4)]


def _rounded(value: float) -> float:
    return round(value, 3)
