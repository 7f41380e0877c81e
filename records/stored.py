"""What the store answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from helmetbelt.pipelines.passages import Box, Direction, Item, Observation, Vehicle
from helmetbelt.records.facts import CameraKind, EvidenceKind
from helmetbelt.records.ids import parse_id


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """A session as stored.

    Attributes:
        id: 16 bytes.
        camera: identifier.
        source: name of what was read.
        digest: sha256 (hex) of what was read.
        models: name of each model to its sha256 (hex).
        software: version of helmetbelt.
        started_at: aware, UTC, of the first frame.
        clock: where `started_at` comes from, a `ClockProvenance`.
        duration_s: seconds; None while not known.
        simulated: drawn pictures.
        complete: it ran to the end of its source.
        counts: its passages count in rates.
        passages: how many it holds.
    """

    id: bytes
    camera: str
    source: str
    digest: str
    models: Mapping[str, str]
    software: str
    started_at: datetime
    clock: str
    duration_s: float | None
    simulated: bool
    complete: bool
    counts: bool
    passages: int


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """A camera as stored; `sessions` counts those that count in rates."""

    id: str
    name: str
    site: str | None
    kind: CameraKind
    sessions: int


@dataclass(frozen=True, slots=True)
class StoredMoment:
    """One instant of a passage; `xyxy` is None where it isn't kept."""

    frame: int
    seconds: float
    at: datetime
    xyxy: Box | None


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as stored, without its persons."""

    id: bytes
    session_id: bytes
    camera: str
    source: str
    simulated: bool
    track: int
    vehicle: Vehicle
    direction: Direction | None
    first: StoredMoment
    gate: StoredMoment
    last: StoredMoment
    best: StoredMoment


@dataclass(frozen=True, slots=True)
class PassageWithPeople:
    """A passage and the answers about its persons, by seat and item."""

    passage: StoredPassage
    observations: tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class StoredEvidence:
    """A picture as stored; `path` is below the store's evidence folder."""

    id: bytes
    kind: EvidenceKind
    seconds: float
    path: str
    sha256: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ViolationKey:
    """Which observation; as text PASSAGE-SEAT-ITEM."""

    passage_id: bytes
    seat: int
    item: Item

    def __str__(self) -> str:
        return f"{self.passage_id.hex()}-{self.seat}-{self.item}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key that `str` wrote.

        Raises:
            ValueError: it didn't.
        """
        match = re.fullmatch(r"([0-9a-f]{32})-([0-9]{1,4})-([a-z]+)", text)
        if match is None:
            raise ValueError(f"{text!r}: expected PASSAGE-SEAT-ITEM")
        return cls(parse_id(match[1]), int(match[2]), Item(match[3]))


@dataclass(frozen=True, slots=True)
class Violation:
    """One person seen not wearing, and the pictures of the passage."""

    key: ViolationKey
    passage: StoredPassage
    observation: Observation
    evidence: tuple[StoredEvidence, ...]
