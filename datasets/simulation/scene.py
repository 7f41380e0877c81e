"""A scene: one junction, one light, one seed; any instant of it can be drawn and asked for its truth."""

import json
from dataclasses import asdict, dataclass

import numpy as np

from helmetbelt.datasets.simulation.backdrop import backdrop, with_signal
from helmetbelt.datasets.simulation.camera import Camera
from helmetbelt.datasets.simulation.cast import Rates, car_actor
from helmetbelt.datasets.simulation.compose import cast_shadow, paste, truth
from helmetbelt.datasets.simulation.ground import Street
from helmetbelt.datasets.simulation.light import DAY, DUSK, NIGHT, Light
from helmetbelt.datasets.simulation.roads import lanes
from helmetbelt.datasets.simulation.sensor import Sensor
from helmetbelt.datasets.simulation.signal import Lamp, Signal
from helmetbelt.datasets.simulation.studio import Hung, Standing, Studio
from helmetbelt.datasets.simulation.traffic import Traffic
from helmetbelt.datasets.simulation.truth import VehicleTruth
from helmetbelt.pipelines.frames import Image
from helmetbelt.pipelines.passages import Direction

WIDTH, HEIGHT, FPS = 1280, 720, 25.0
VERSION = 1
"""Part of a scene's description: raise it whenever the same seed gives another picture."""
PARKED_FROM = 100_000
"""Numbers of parked cars start here."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What makes a named scene.

    Attributes:
        light: of the day.
        busy: multiplies the usual traffic.
        rates: how often people comply and ride in company.
        parked: cars at the kerb.
    """

    light: Light
    busy: float
    rates: Rates
    parked: int


SETTINGS = {
    "junction": Setting(DAY, 1.0, Rates(), 3),
    "dusk": Setting(DUSK, 1.0, Rates(), 3),
    "night": Setting(NIGHT, 0.8, Rates(), 2),
    "dense": Setting(DAY, 5.0, Rates(two_up=0.36, three_up=0.10), 4),
    "quiet": Setting(DAY, 0.4, Rates(), 1),
}


class Scene:
    """A simulated camera over a junction. The same name, seed and size give the same picture of a second."""

    def __init__(self, name: str, seed: int, width: int = WIDTH, height: int = HEIGHT) -> None:
        """The scene of a name.

        Raises:
            ValueError: no such name.
        """
        if name not in SETTINGS:
            raise ValueError(f"no scene {name!r}; there are {', '.join(sorted(SETTINGS))}")
        setting = SETTINGS[name]
        self.name, self.seed, self.width, self.height = name, seed, width, height
        self.light, self.street, self.signal = setting.light, Street(), Signal()
        self.camera = Camera(-3.0, 5.2, float(np.radians(14.0)), float(np.radians(-1.5)), 0.9 * width, width, height)
        self._setting = setting
        self._traffic = Traffic(lanes(self.street, setting.busy), self.signal, setting.rates, seed)
        self._parked = _parked(self.street, setting.parked, seed)
        self._studio = Studio(self.camera, self.light)
        self._sensor = Sensor(self.light, width, height)
        self._street_alone: Image | None = None
        self._backdrops: dict[Lamp, Image] = {}

    def description(self) -> str:
        """Canonical JSON of all that decides the pictures."""
        said = {
            "scene": self.name,
            "seed": self.seed,
            "size": [self.width, self.height],
            "version": VERSION,
            "setting": asdict(self._setting),
        }
        return json.dumps(said, sort_keys=True, separators=(",", ":"))

    def standing(self, t: float) -> list[Standing]:
        """Every vehicle in the world at a second, parked ones last."""
        return [*self._traffic.at(t), *self._parked]

    def render(self, t: float, index: int) -> Image:
        """(height, width, 3) BGR at second `t`; `index` seeds the noise."""
        picture = self.empty(t).copy()
        hung = self._hung(t)
        for one in hung:
            cast_shadow(picture, one, self.light.shadow)
        for one in hung:
            paste(picture, one, self._sensor.smear(one, self.camera))
        return self._sensor.develop(picture, hung, self.camera, index)

    def truth_at(self, t: float) -> list[VehicleTruth]:
        """What is in the picture at second `t`, far vehicles first."""
        hung = self._hung(t)
        directions = [direction(h.standing.heading) for h in hung]
        parked = [h.standing.actor.number >= PARKED_FROM for h in hung]
        return truth(hung, (self.width, self.height), directions, parked)

    def empty(self, t: float) -> Image:
        """The street without vehicles, before the sensor's noise; not to be written into."""
        lamp = self.signal.main(t)
        if self._street_alone is None:
            self._street_alone = backdrop(self.camera, self.street, self.light, self.seed)
        if lamp not in self._backdrops:
            self._backdrops[lamp] = with_signal(self._street_alone, self.camera, self.street, self.light, lamp)
        return self._backdrops[lamp]

    def _hung(self, t: float) -> list[Hung]:
        near = [s for s in self.standing(t) if self._may_be_seen(s)]
        return sorted((self._studio.hang(s) for s in near), key=lambda h: (-h.depth, h.standing.actor.number))

    def _may_be_seen(self, standing: Standing) -> bool:
        u, v, px_per_m = self.camera.anchor(standing.x, standing.y)
        reach = px_per_m * (standing.actor.half_length + 1.6)
        return standing.y > 1.0 and -reach < u < self.width + reach and v - reach < self.height


def direction(heading: float) -> Direction:
    """The direction of a heading as seen from the camera."""
    ahead = float(np.cos(heading))
    if abs(ahead) > 0.7:
        return Direction.AWAY if ahead > 0 else Direction.TOWARD
    return Direction.LEFT if np.sin(heading) > 0 else Direction.RIGHT


def _parked(street: Street, count: int, seed: int) -> list[Standing]:
    places = ((-1, 31.0), (1, 36.0), (-1, 37.0), (1, 52.0))[:count]
    out = []
    for k, (side, y) in enumerate(places):
        actor = car_actor(PARKED_FROM + k, np.random.default_rng([seed, 17, k]), Rates(), empty=True)
        out.append(Standing(actor, side * (street.cycle_edge + 1.7), y, np.pi if side < 0 else 0.0, 0.0))
    return out
