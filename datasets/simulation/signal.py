"""The traffic light: who may go when."""

from dataclasses import dataclass
from enum import StrEnum


class Lamp(StrEnum):
    """What the light of the main road shows."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Signal:
    """A fixed cycle, seconds: green, yellow, red; the crossing road goes in the middle of the red."""

    green_s: float = 20.0
    yellow_s: float = 3.0
    red_s: float = 17.0
    start_s: float = 8.0

    @property
    def cycle_s(self) -> float:
        """Length of one round."""
        return self.green_s + self.yellow_s + self.red_s

    def main(self, t: float) -> Lamp:
        """What the main road is shown at a second."""
        at = (t + self.start_s) % self.cycle_s
        if at < self.green_s:
            return Lamp.GREEN
        return Lamp.YELLOW if at < self.green_s + self.yellow_s else Lamp.RED

    def crossing_may_go(self, t: float) -> bool:
        """Whether the crossing road has green: it starts 3 s into the red and stops 6 s before its end."""
        at = (t + self.start_s) % self.cycle_s - self.green_s - self.yellow_s
        return 3.0 <= at < self.red_s - 6.0
