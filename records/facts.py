"""What the store is given, and what it says at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from helmetbelt.pipelines.frames import SourceInfo
from helmetbelt.pipelines.passages import Passage
from helmetbelt.records.ids import time_ordered_id
from helmetbelt.records.instants import ms_of


class CameraKind(StrEnum):
    """How a camera stands or moves."""

    FIXED = "fixed"
    CHECKPOINT = "checkpoint"
    PTZ = "ptz"
    PATROL_CAR = "patrol_car"
    BODY_WORN = "body_worn"


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera, by what is known of it now; None leaves what the store knows.

    Attributes:
        id: short and unique; shown to people.
        name: what people call it; the id where nobody said.
        site: where it stands.
        kind: fixed where nobody said.
    """

    id: str
    name: str | None = None
    site: str | None = None
    kind: CameraKind | None = None

    def __post_init__(self) -> None:
        if not self.id.strip():
            raise ValueError("a camera needs an id")


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """One continuous run over one source with one fixed model and configuration.

    Attributes:
        camera: whose pictures.
        source: what was read.
        models: name of each model to its sha256 (hex).
        config_digest: sha256 (hex) of every setting that the result depends on.
        software: version of helmetbelt.
    """

    camera: Camera
    source: SourceInfo
    models: Mapping[str, str]
    config_digest: str
    software: str

    @property
    def id(self) -> bytes:
        """16 bytes, the same for the same source, start, camera, models, settings and software."""
        models = [f"{name}={digest}" for name, digest in sorted(self.models.items())]
        return time_ordered_id(
            ms_of(self.source.started_at),
            "session", self.source.digest, self.camera.id, self.config_digest, self.software, *models,
        )  # fmt: skip


class Begun(StrEnum):
    """What the store knew of a session when it was begun."""

    NEW = "new"
    RESUMED = "resumed"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class SessionHandle:
    """A begun session.

    Attributes:
        id: 16 bytes.
        camera: identifier.
        begun: whether it is new, was broken off before, or is already complete.
        counts: its passages count in rates; no while another session of the same footage does.
    """

    id: bytes
    camera: str
    begun: Begun
    counts: bool

    def passage_id(self, passage: Passage) -> bytes:
        """16 bytes, the same whenever this session is run again.

        Raises:
            ValueError: the passage is another camera's, or before 1970.
        """
        if passage.camera != self.camera:
            raise ValueError(f"passage of camera {passage.camera} in a session of camera {self.camera}")
        return time_ordered_id(ms_of(passage.gate.taken_at), "passage", self.id, passage.track)


class EvidenceKind(StrEnum):
    """What a picture shows."""

    FULL_VIEW = "full_view"
    CLOSE_UP = "close_up"


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """One picture of a passage, already written.

    Attributes:
        passage_id: from `SessionHandle.passage_id`.
        kind: what it shows.
        seconds: of its moment, since the first frame of the source.
        path: below the store's evidence folder, with forward slashes.
        sha256: hex, of the file.
        width: pixels.
        height: pixels.
    """

    passage_id: bytes
    kind: EvidenceKind
    seconds: float
    path: str
    sha256: str
    width: int
    height: int

    def __post_init__(self) -> None:
        path = PurePosixPath(self.path)
        if path.is_absolute() or ".." in path.parts or "\\" in self.path or not path.parts:
            raise ValueError(f"evidence path {self.path!r}: expected one below the evidence folder")


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a batch.

    Attributes:
        new: passages that were not there before.
        known: passages that were there already; nothing changed.
        ignored: passages offered to a session that is already complete and does not hold them.
    """

    new: int
    known: int
    ignored: int
