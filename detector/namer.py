"""A classifier: pictures in, the probability of each class out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from helmetbelt.detector.card import ModelCard, read_card
from helmetbelt.detector.engine import Runtime
from helmetbelt.detector.errors import ModelDamagedError
from helmetbelt.detector.finder import check_file, check_input, check_metadata
from helmetbelt.detector.letterbox import Image, paste
from helmetbelt.detector.session import CPU, Session

OFF_ONE = 0.01
"""By how much the probabilities of one picture may miss a sum of one: half precision does by a thousandth."""


class Namer:
    """A model that names what one picture shows. Any number of threads may use it at the same time.

    Attributes:
        card: what is known of the model.
        session: the model in memory.
    """

    def __init__(self, card: ModelCard, session: Session) -> None:
        """Checks that card and model agree and runs the model once.

        Raises:
            ModelDamagedError: they do not.
        """
        check_input(card, session)
        check_metadata(card, session)
        self.card = card
        self.session = session
        self._named(session.run(np.zeros((1, *card.input_px, 3), np.uint8)))
        self._seconds_before = session.run_seconds

    @classmethod
    def load(
        cls,
        name: str | Path,
        threads: int = 1,
        providers: tuple[str, ...] = CPU,
        runtime: Runtime = Runtime.ONNXRUNTIME,
    ) -> Self:
        """A model by its card.

        Args:
            name: of a model that came with the program, or the path of a .toml card.
            threads: of one run.
            providers: of onnxruntime, the preferred one first.
            runtime: what runs it.

        Raises:
            ModelFileError: no such card or model file.
            ModelDamagedError: the file is not what its card says.
            RuntimeAbsentError: the runtime isn't installed.
        """
        card = read_card(name)
        check_file(card)
        return cls(card, Session.open(card.path, threads, providers, runtime))

    @property
    def run_seconds(self) -> float:
        """Time spent inside the model since it was loaded, summed over all threads."""
        return self.session.run_seconds - self._seconds_before

    def name_each(self, images: Sequence[Image]) -> NDArray[np.float32]:
        """What each of several pictures of any sizes shows.

        Args:
            images: each (height, width, 3) BGR, only read.

        Returns:
            (n, classes) probabilities in the order of the card's classes.

        Raises:
            ModelDamagedError: the model's answer is not one of a classifier.
        """
        if not images:
            return np.zeros((0, len(self.card.classes)), np.float32)
        canvases = np.empty((len(images), *self.card.input_px, 3), np.uint8)
        for image, canvas in zip(images, canvases, strict=True):
            paste(image, canvas)
        return self._named(self.session.run(canvases))

    def _named(self, output: NDArray[np.float32]) -> NDArray[np.float32]:
        count = len(self.card.classes)
        if output.ndim != 2 or output.shape[1] != count:
            raise ModelDamagedError(f"{self.session.name}: output {output.shape}: expected (N, {count}) probabilities")
        if not bool(np.all(np.abs(output.sum(axis=1) - 1) <= OFF_ONE) and np.all(output >= 0)):
            raise ModelDamagedError(
                f"{self.session.name}: answers {output[0].round(3).tolist()} for a picture:"
                f" expected {count} probabilities with a sum of 1"
            )
        return np.asarray(output, np.float32)
