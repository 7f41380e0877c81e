"""The pictures of a violation: two views of the street and a close-up, and a manifest that vouches for them.

What is written is made for showing: one vehicle in front of a blurred street, its faces and plate hidden. The
clean pictures are kept only where somebody asked for them, apart from the others.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import cv2
import numpy as np

from helmetbelt.pipelines.annotate import COLOURS
from helmetbelt.pipelines.brush import Brush
from helmetbelt.pipelines.closed import Closed, View
from helmetbelt.pipelines.frames import Image, SourceInfo
from helmetbelt.pipelines.output import OutputError, make_folder, write_whole
from helmetbelt.pipelines.passages import Passage, Status, Vehicle
from helmetbelt.pipelines.privacy import Share, inside, only_vehicle, part_of

JPEG_QUALITY = 90
CLOSE_UP: Share = (-0.15, -0.15, 1.15, 1.06)
MANIFEST = "manifest.json"
ORIGINALS = "originals"


class Kind(StrEnum):
    """What a picture shows."""

    FULL_VIEW = "full_view"
    CLOSE_UP = "close_up"


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture as written.

    Attributes:
        kind: what it shows.
        path: below the evidence folder, with forward slashes.
        frame: index in the source.
        seconds: of its moment, since the first frame of the source.
        sha256: hex, of the file.
        width: pixels.
        height: pixels.
    """

    kind: Kind
    path: str
    frame: int
    seconds: float
    sha256: str
    width: int
    height: int


class EvidenceFolder:
    """Where the pictures of one source's violations go: a folder for each passage."""

    def __init__(self, root: Path, source: SourceInfo, keep_originals: bool = False) -> None:
        """Pictures of `source` below `root`; with `keep_originals` also the clean ones."""
        self._root, self._source, self._keep_originals = root, source, keep_originals

    def write(self, passage_id: str, closed: Closed) -> tuple[Picture, ...]:
        """Writes the pictures of a passage; none where nobody is sure enough to be shown.

        Writing the same again gives the same files. The manifest comes last: where it is, all of them are.

        Raises:
            OutputError: a picture could not be written.
        """
        if not closed.evidence or not closed.views:
            return ()
        pictures = tuple(
            self._write_picture(passage_id, name, kind, view, image)
            for name, kind, view, image in shown_pictures(closed)
        )
        originals = tuple(self._write_originals(passage_id, closed)) if self._keep_originals else ()
        manifest = self._manifest(passage_id, closed.passage, (*pictures, *originals))
        write_whole(self._root / passage_id / MANIFEST, manifest)
        return pictures

    def _write_originals(self, passage_id: str, closed: Closed) -> Iterator[Picture]:
        for number, view in enumerate(closed.views, 1):
            folder, name = f"{ORIGINALS}/{passage_id}", f"full_{number}.jpg"
            yield self._write_picture(folder, name, Kind.FULL_VIEW, view, view.image)

    def _write_picture(self, folder: str, name: str, kind: Kind, view: View, image: Image) -> Picture:
        path = make_folder(self._root / folder) / name
        content = as_jpeg(image)
        write_whole(path, content)
        digest = hashlib.sha256(content).hexdigest()
        height, width = image.shape[:2]
        moment = view.moment
        return Picture(kind, f"{folder}/{name}", moment.frame, moment.seconds, digest, width, height)

    def _manifest(self, passage_id: str, passage: Passage, pictures: tuple[Picture, ...]) -> bytes:
        content = {
            "passage_id": passage_id,
            "camera": passage.camera,
            "track": passage.track,
            "vehicle": passage.vehicle,
            "direction": passage.direction,
            "gate_at": passage.gate.taken_at.isoformat(),
            "clock": self._source.clock,
            "source": {"name": self._source.name, "sha256": self._source.digest},
            "simulated": self._source.simulated,
            "persons": [
                {
                    "role": o.role,
                    "seat": o.seat,
                    "item": o.item,
                    "status": o.status,
                    "confidence": round(o.confidence, 4),
                }
                for o in passage.observations
            ],
            "pictures": [
                {
                    "file": p.path,
                    "kind": p.kind,
                    "frame": p.frame,
                    "seconds": round(p.seconds, 3),
                    "width": p.width,
                    "height": p.height,
                    "sha256": p.sha256,
                }
                for p in pictures
            ],
        }
        return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def shown_pictures(closed: Closed) -> Iterator[tuple[str, Kind, View, Image]]:
    """File name, kind, view and picture of everything that is shown of a passage with at least one view."""
    shown = [(view, shown_view(closed.passage, view)) for view in closed.views]
    for number, (view, image) in enumerate(shown, 1):
        yield f"full_{number}.jpg", Kind.FULL_VIEW, view, image
    view, image = max(shown, key=lambda pair: _height(pair[0]))
    left, top, right, bottom = inside(part_of(view.moment.xyxy, CLOSE_UP), image)
    yield "close_up.jpg", Kind.CLOSE_UP, view, image[top:bottom, left:right]


def shown_view(passage: Passage, view: View) -> Image:
    """One vehicle in front of a blurred street, with a mark around each person without a helmet or belt."""
    heads = [head.xyxy for head in view.heads]
    accused = [head.xyxy for head in view.heads if head.status is Status.NOT_WORN]
    is_car = passage.vehicle is Vehicle.CAR
    image = only_vehicle(view.image, passage.vehicle, view.moment.xyxy, heads, accused if is_car else ())
    brush = Brush(image)
    for box in accused:
        if is_car:
            brush.frame(box, COLOURS[Status.NOT_WORN])
        else:
            brush.ring(box, COLOURS[Status.NOT_WORN])
    return image


def as_jpeg(image: Image) -> bytes:
    """The picture as the content of a JPEG file.

    Raises:
        OutputError: it cannot be encoded.
    """
    done, content = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not done:
        raise OutputError(f"a picture of {image.shape[1]}x{image.shape[0]} cannot be encoded as JPEG")
    return np.asarray(content, np.uint8).tobytes()


def _height(view: View) -> float:
    return view.moment.xyxy[3] - view.moment.xyxy[1]
