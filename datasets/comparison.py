"""Our models, earlier ones and other people's, in one table on the same pictures.

A peer takes longer than the whole rest, so all are compared on a fixed sample; what a peer scored there is kept in a
file and need not be repeated while the sample's labels stay the same.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from helmetbelt.datasets.answers import Answer
from helmetbelt.datasets.bootstrap import Interval
from helmetbelt.datasets.head_scoring import IN_LABELLED, LARGE, score_heads, score_names
from helmetbelt.datasets.judging import Judged, inside_envelope
from helmetbelt.datasets.manifest import Label, LabelledPicture
from helmetbelt.datasets.persons import Person, persons_of
from helmetbelt.datasets.rate_error import score_rate
from helmetbelt.datasets.road_scoring import score_road
from helmetbelt.datasets.rows import ALL, Row
from helmetbelt.datasets.sampling import sample
from helmetbelt.datasets.status_scoring import score_statuses
from helmetbelt.detector.errors import HelmetbeltError

SAMPLE = 150

PARTS = (ALL, LARGE, "mean of sources")
AFTER = "after correction"
"""A correction is measured on all pictures, not on the sample."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One column of the table.

    Attributes:
        name: of the models.
        weights: beginnings of their sha256.
        sample: digest of the pictures and labels that it was scored on.
        rows: the figures.
    """

    name: str
    weights: str
    sample: str
    rows: list[Row]


def peers_sample(pictures: Sequence[LabelledPicture]) -> list[LabelledPicture]:
    """About `SAMPLE` pictures with labelled heads; always the same ones."""
    return sample(pictures, SAMPLE, Label.HELMET, Label.BARE)


def digest(pictures: Sequence[LabelledPicture]) -> str:
    """Of the pictures' names and labels, in whatever order they come."""
    seen = hashlib.sha256()
    for p in sorted(pictures, key=lambda p: p.path.name):
        seen.update(f"{p.path.name} {sorted(p.labelled)} {p.label.tolist()} {p.xyxy.round(1).tolist()}".encode())
    return seen.hexdigest()[:16]


def compare(name: str, weights: str, answers: Sequence[Answer], judged: Judged) -> Compared:
    """One column of the table.

    Args:
        name: of the models.
        weights: beginnings of their sha256.
        answers: on the sample.
        judged: the verdicts on the sample's persons inside the envelope.
    """
    rows = [*score_road(answers), *score_heads(answers), *score_names(persons_of(answers))]
    rows += [*score_statuses(judged), *score_rate(judged)]
    kept = [r for r in rows if r.part in PARTS and IN_LABELLED not in r.what and AFTER not in r.what]
    return Compared(name, weights, digest([a.picture for a in answers]), kept)


def persons_inside(answers: Sequence[Answer], least_px: float) -> list[Person]:
    """The persons of some answers inside the envelope."""
    return inside_envelope(persons_of(answers), least_px)


def read_compared(file: Path) -> list[Compared]:
    """Columns that were kept; none where there is no such file.

    Raises:
        HelmetbeltError: the file is not what `write_compared` writes.
    """
    if not file.is_file():
        return []
    try:
        return [
            Compared(c["name"], c["weights"], c["sample"], [_row(r) for r in c["rows"]])
            for c in json.loads(file.read_text("utf-8"))
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise HelmetbeltError(f"{file}: not what `helmetbelt score` keeps of peers ({error!r}); remove it") from error


def write_compared(file: Path, columns: Sequence[Compared]) -> None:
    """Keeps columns for the next time."""
    file.write_text(json.dumps([asdict(column) for column in columns], indent=1) + "\n", "utf-8")


def _row(kept: dict[str, Any]) -> Row:
    return Row(kept["what"], kept["part"], Interval(**kept["figure"]))
