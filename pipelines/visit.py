"""What a lane remembers of one track: its moments, its way through the gate, its looks and persons."""

from dataclasses import dataclass, field

from helmetbelt.pipelines.frames import Frame
from helmetbelt.pipelines.gates import Crossing
from helmetbelt.pipelines.judge import Verdict
from helmetbelt.pipelines.looks import Looks
from helmetbelt.pipelines.passages import Box, Moment


@dataclass(slots=True, eq=False)
class Visit:
    """The memory of one track, dropped with it.

    Attributes:
        first: first sight.
        last: last sight.
        crossing: its state at the gate.
        looks: of the second model.
        clearest: the moment of the clearest view since it moved.
        gate: when it went through; None while it hasn't.
        verdicts: on its persons so far, rider first.
    """

    first: Moment
    last: Moment
    crossing: Crossing
    looks: Looks
    clearest: Moment
    quality: float = 0.0
    gate: Moment | None = None
    verdicts: tuple[Verdict, ...] = field(default=())

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
        """The moment of the best look with a head in it; without one, of the clearest view."""
        with_heads = [look for look in self.looks.all if len(look.heads)]
        return max(with_heads, key=lambda look: look.quality).moment if with_heads else self.clearest

    @property
    def seen_s(self) -> float:
        """Seconds from the first sight to the last."""
        return self.last.seconds - self.first.seconds


def moment_of(frame: Frame, xyxy: Box) -> Moment:
    """The place of a vehicle in a frame."""
    return Moment(frame.index, frame.seconds, frame.taken_at, xyxy)
