"""One vehicle followed through the picture: a small state machine that alone decides its state."""

from dataclasses import dataclass, field

import numpy as np
from helmetbelt.pipelines.passages import Vehicle
from helmetbelt.pipelines.registration import zoom_of
from helmetbelt.pipelines.travel import Travel
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

VELOCITY_MEMORY_S = 0.3
GROWTH_MEMORY_S = 0.6
MOST_GROWTH = 1.5
"""Most change of size that is believed, natural logarithm a second."""

STANDING_SPEED = 0.15
"""Below so many of its own sizes a second a vehicle stands."""


@dataclass(slots=True, eq=False)
class Track:
    """A vehicle's place and motion in pixels of the current picture; motion is that against the background.

    Attributes:
        number: from 1, in its tracker.
        born: seconds of the first sight.
        seen: seconds of the last sight.
        box: (4,) centre x, centre y, width, height: measured, or predicted where unseen.
        found: index of its detection in the frame just stepped, -1 where unseen.
        velocity: (2,) pixels a second; a guess until `velocity_known`.
        hits: sights so far.
        confirmed: seen often and long enough to be believed.
        standing_since: seconds; None while it moves.
        travel: its way since the first sight.
    """

    number: int
    born: float
    seen: float
    box: Doubles
    found: int
    velocity: Doubles
    travel: Travel
    velocity_known: bool = False
    growth: float = 0.0
    hits: int = 1
    confirmed: bool = False
    standing_since: float | None = None
    class_votes: Doubles = field(default_factory=lambda: np.zeros(2))
    _anchor: Doubles = field(default_factory=lambda: np.zeros(4))

    def __post_init__(self) -> None:
        self._anchor = self.box.copy()

    @property
    def xyxy(self) -> Doubles:
        """(4,) left, top, right, bottom."""
        half = self.box[2:] / 2
        return np.concatenate([self.box[:2] - half, self.box[:2] + half])

    @property
    def size(self) -> float:
        """Root of the box's area, pixels."""
        return float(np.sqrt(self.box[2] * self.box[3]))

    @property
    def vehicle(self) -> Vehicle:
        """Kind, by all votes so far."""
        return Vehicle.CAR if self.class_votes[1] > self.class_votes[0] else Vehicle.TWO_WHEELER

    @property
    def mean_score(self) -> float:
        """Of all sights."""
        return float(self.class_votes.sum()) / self.hits

    def advance(self, seconds: float, matrix: Doubles) -> None:
        """Predicts to the next picture: by its own motion for so many seconds, then by the camera's."""
        if self.found < 0:
            self.growth *= float(np.exp(-seconds / GROWTH_MEMORY_S))
        self.found = -1
        self.box[:2] += self.velocity * seconds
        self.box[2:] *= np.exp(np.clip(self.growth * seconds, -0.3, 0.3))
        self.velocity = matrix[:, :2] @ self.velocity
        for box in (self.box, self._anchor):
            box[:2] = matrix[:, :2] @ box[:2] + matrix[:, 2]
            box[2:] *= zoom_of(matrix)
        self.travel.follow_camera(matrix)

    def update(self, box: Doubles, cut: NDArray[np.bool_], seconds: float) -> None:
        """Was seen again.

        Args:
            box: (4,) centre x, centre y, width, height.
            cut: (4,) which of left, top, right, bottom are the picture's edge.
            seconds: of the frame.
        """
        elapsed = seconds - self.seen
        gain = max(1 - float(np.exp(-elapsed / VELOCITY_MEMORY_S)), 1 / self.hits)
        self.velocity = self.velocity + gain * ((box[:2] - self._anchor[:2]) / elapsed - self.velocity)
        growth = np.clip(np.log(box[3] / self._anchor[3]) / elapsed, -MOST_GROWTH, MOST_GROWTH)
        self.growth += min(gain, 0.5) * (float(growth) - self.growth)
        self.velocity_known = True
        self.box, self._anchor = box.copy(), box.copy()
        self.seen, self.hits = seconds, self.hits + 1
        self.travel.add(box, cut, elapsed)
        if float(np.hypot(*self.velocity)) > STANDING_SPEED * self.size:
            self.standing_since = None
        elif self.standing_since is None:
            self.standing_since = seconds

    def vote(self, index: int, class_id: int, score: float) -> None:
        """Was detection `index` of this frame, taken for this class with this score."""
        self.found = index
        self.class_votes[class_id] += score
