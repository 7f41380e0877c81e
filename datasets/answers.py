"""What the models answer to each labelled picture, kept so that every question is asked of the same answers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.manifest import Label, LabelledPicture
from helmetbelt.datasets.peers import Peer
from helmetbelt.detector.detections import Detections
from helmetbelt.detector.letterbox import Image
from helmetbelt.detector.perception import Perception
from helmetbelt.detector.pictures import read_picture
from helmetbelt.pipelines.seats import assign_heads, joined
from helmetbelt.pipelines.stills import Sight, look

LEAST_SCORE = 0.05
"""Low enough to draw the whole precision-recall curve."""

DARK = 70.0
"""Mean luma (ITU-R BT.601, 0..255) below which a picture is called dusk or dark. Of the validation pictures about
every tenth is: evening streets, but day streets under trees and pictures that their source darkened as well."""


class Light(StrEnum):
    """How light a picture is."""

    DAY = "day"
    DUSK_OR_DARK = "dusk or dark"


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """One picture and what was found in it; boxes in its pixels.

    Attributes:
        picture: with its labels.
        light: by mean luma.
        two_wheelers: at `LEAST_SCORE`; None from a model that finds none.
        heads: of the whole path at `LEAST_SCORE`; class 0 helmet, 1 bare.
        working: heads at the working thresholds, those of each two-wheeler apart; all in one from a peer.
        in_labelled: heads in the crops of labelled two-wheelers at `LEAST_SCORE`; None where there are none.
    """

    picture: LabelledPicture
    light: Light
    two_wheelers: Detections | None
    heads: Detections
    working: list[Detections]
    in_labelled: Detections | None

    @property
    def group(self) -> str:
        """The scene."""
        return self.picture.group

    @property
    def source(self) -> str:
        """Who labelled it."""
        return self.picture.source


def answers(perception: Perception, pictures: Iterable[LabelledPicture]) -> Iterator[Answer]:
    """What the product finds, as `helmetbelt detect` finds it; it doesn't look into cars.

    Args:
        perception: the models.
        pictures: not trained on.
    """
    outside = Perception(perception.road_model, perception.head_model, closely=perception.closely)
    for picture in pictures:
        image = read_picture(picture.path)
        sight = look(outside, image, LEAST_SCORE)
        yield Answer(
            picture=picture,
            light=light_of(image),
            two_wheelers=sight.two_wheelers,
            heads=joined(sight.heads),
            working=_at_working_thresholds(perception, sight),
            in_labelled=_in_labelled(perception, image, picture),
        )


def peer_answers(peer: Peer, pictures: Iterable[LabelledPicture]) -> Iterator[Answer]:
    """What another's head detector finds on whole pictures.

    Args:
        peer: the model.
        pictures: the same as ours.
    """
    for picture in pictures:
        image = read_picture(picture.path)
        heads = peer.heads(image, LEAST_SCORE)
        working = [heads[heads.score >= peer.finder.card.min_score]]
        yield Answer(picture, light_of(image), None, heads, working, None)


def light_of(image: Image) -> Light:
    """Day, or dusk or dark, by mean luma."""
    luma = float(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).mean())
    return Light.DAY if luma >= DARK else Light.DUSK_OR_DARK


def height(xyxy: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n,) of boxes, pixels."""
    return xyxy[:, 3] - xyxy[:, 1]


def _at_working_thresholds(perception: Perception, sight: Sight) -> list[Detections]:
    """What a look at a low score holds of a look at the working thresholds: all of it."""
    least = perception.head_model.card.min_score
    sure = sight.two_wheelers.score >= perception.road_model.card.min_score
    return [sight.heads[i][sight.heads[i].score >= least] for i in np.flatnonzero(sure)]


def _in_labelled(perception: Perception, image: Image, picture: LabelledPicture) -> Detections | None:
    vehicles = picture.boxes(Label.TWO_WHEELER)
    if Label.TWO_WHEELER not in picture.labelled or not len(vehicles):
        return None
    return joined(assign_heads(vehicles, perception.heads(image, vehicles, LEAST_SCORE)))
