"""What a lane remembers of one track: its moments, its way through the gate, its looks and persons."""

from dataclasses import dataclass, field

from helmetbelt.pipelines.frames import Frame
from helmetbelt.pipelines.gates import Crossing
from helmetbelt.pipelines.looks import Look, Looks
from helmetbelt.pipelines.passages import Box, Moment
from helmetbelt.pipelines.verdicts import Verdict


@dataclass(slots=True, eq=False)
class Visit:
    """The memory of one track, dropped with it.

    Attributes:
        first: first sight.
        last: last sight.
        crossing: its state at the gate.
        looks: of the second models.
        clearest: the moment of the clearest view since it moved.
        gate: when it went through; None while it hasn't.
        verdicts: on its persons so far, rider or driver first.
        look: the latest one.
    """

    first: Moment
    last: Moment
    crossing: Crossing
    looks: Looks
    clearest: Moment
    quality: float = 0.0
    gate: Moment | None = None
    verdicts: tuple[Verdict, ...] = field(default=())
    look: Look | None = None

    def see(self, moment: Moment, quality: float, has_moved: bool) -> None:
        """Was seen at this moment with this quality of view.

        A vehicle that parks for hours and leaves passes when it leaves, however clear it was before.
        """
        self.gate = self.gate or self.crossing.step(self.last, moment)
        self.last = moment
        if quality > self.quality and has_moved:
            self.clearest, self.quality = moment, quality

    @property
    def best(self) -> Moment:
        """The moment of the best look with people in it; without one, of the clearest view."""
        telling = [look for look in self.looks.all if look.shows_people]
        return max(telling, key=lambda look: look.quality).moment if telling else self.clearest

    @property
    def seen_s(self) -> float:
        """Seconds from the first sight to the last."""
        return self.last.seconds - self.first.seconds


def moment_of(frame: Frame, xyxy: Box) -> Moment:
    """The place of a vehicle in a frame."""
    return Moment(frame.index, frame.seconds, frame.taken_at, xyxy)
