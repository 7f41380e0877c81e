"""One vehicle followed through the picture: a small state machine that alone decides its state."""

import math
from dataclasses import dataclass, field

from helmetbelt.pipelines.passages import Vehicle
from helmetbelt.pipelines.place import Camera, Cut, Place
from helmetbelt.pipelines.travel import Travel

VELOCITY_MEMORY_S = 0.3
GROWTH_MEMORY_S = 0.6
MOST_GROWTH = 1.5
"""Most change of size that is believed, natural logarithm a second."""

STANDING_SPEED = 0.15
"""Below so many of its own sizes a second a vehicle stands."""

CONFIRM_HITS, CONFIRM_S = 3, 0.15
"""Sights, and seconds between the first and the last of them, that confirm a track. Two are too few: a false box
and one box of a passing vehicle are two."""
CONFIRM_BELIEF = 0.30
"""Least belief in a confirmed track. On six real clips vehicles had 0.36 and more, most 0.6 to 0.9; persons on foot
and other mistakes 0.11 to 0.32."""

EARLY = 8
"""How many places of an unconfirmed track are remembered."""


@dataclass(slots=True, eq=False)
class Track:
    """A vehicle's place and motion in pixels of the current picture; motion is that against the background.

    Attributes:
        number: from 1, in its tracker.
        born: seconds of the first sight.
        seen: seconds of the last sight.
        place: measured, or predicted where unseen.
        found: index of its detection in the frame just stepped, -1 where unseen.
        velocity: pixels a second; a guess until `velocity_known`.
        travel: its way since the first sight.
        growth: of its size, natural logarithm a second.
        hits: sights so far.
        stands: it hardly moved at its last sights.
        votes: scores for a two-wheeler and for a car.
        early: where it was before it was confirmed, for who confirms it.
    """

    number: int
    born: float
    seen: float
    place: Place
    found: int
    velocity: tuple[float, float]
    travel: Travel
    votes: list[float]
    velocity_known: bool = False
    growth: float = 0.0
    hits: int = 1
    stands: bool = False
    early: list[Place] = field(default_factory=list)
    _anchor: Place = field(init=False)
    _frames: int = 1
    _chances: int = 1

    def __post_init__(self) -> None:
        self._anchor = self.place

    @property
    def vehicle(self) -> Vehicle:
        """Kind, by all votes so far."""
        return Vehicle.CAR if self.votes[1] > self.votes[0] else Vehicle.TWO_WHEELER

    @property
    def belief(self) -> float:
        """Mean score from the first sight to the last, 0 for frames in which it wasn't found.

        What the detector takes for a vehicle by mistake scores low or comes and goes, or both.
        """
        return sum(self.votes) / self._chances

    @property
    def confirmed(self) -> bool:
        """Seen often, long and surely enough to be believed."""
        often = self.hits >= CONFIRM_HITS and self.seen - self.born >= CONFIRM_S
        return often and self.belief >= CONFIRM_BELIEF

    def advance(self, seconds: float) -> None:
        """Predicts by its own motion for so many seconds."""
        if self.found < 0:
            self.growth *= math.exp(-seconds / GROWTH_MEMORY_S)
        self.found = -1
        self._frames += 1
        vx, vy = self.velocity
        grown = min(max(self.growth * seconds, -0.3), 0.3)
        self.place = self.place.ahead((vx * seconds, vy * seconds), grown)

    def follow_camera(self, camera: Camera) -> None:
        """Moves all that is remembered with the background."""
        self.velocity = camera.turned(self.velocity)
        self.place, self._anchor = self.place.seen_by(camera), self._anchor.seen_by(camera)
        self.travel.follow_camera(camera)

    def update(self, place: Place, cut: Cut, seconds: float, index: int) -> None:
        """Was seen again: detection `index` of this frame, with `cut` edges."""
        elapsed = seconds - self.seen
        gain = max(1 - math.exp(-elapsed / VELOCITY_MEMORY_S), 1 / self.hits)
        vx, vy = self.velocity
        vx += gain * ((place.x - self._anchor.x) / elapsed - vx)
        vy += gain * ((place.y - self._anchor.y) / elapsed - vy)
        growth = math.log(place.h / self._anchor.h) / elapsed
        self.growth += min(gain, 0.5) * (min(max(growth, -MOST_GROWTH), MOST_GROWTH) - self.growth)
        self.velocity, self.velocity_known = (vx, vy), True
        if not self.confirmed and len(self.early) < EARLY:
            self.early.append(self._anchor)
        self.place = self._anchor = place
        self.seen, self.hits, self.found = seconds, self.hits + 1, index
        self._chances = self._frames
        self.travel.add(place, cut, elapsed)
        self.stands = math.hypot(vx, vy) < STANDING_SPEED * place.size

    def vote(self, class_id: int, score: float) -> None:
        """Was taken for this class with this score."""
        self.votes[class_id] += score
