"""Light of a scene: sun, sky, lamps and what the camera makes of it."""

from dataclasses import dataclass

from helmetbelt.datasets.simulation.mesh import Colour, Point


@dataclass(frozen=True, slots=True)
class Light:
    """Everything that makes day or night.

    Attributes:
        name: day, dusk or night.
        sun: direction towards the sun (or the moon) in the world, any length.
        sun_colour: added on faces turned to the sun, BGR.
        sky_colour: on faces turned up, BGR.
        ground_colour: on faces turned down, BGR.
        shadow: how much a shadow takes away, 0..1.
        lamps: how bright head lamps and street lamps shine, 0..1.
        noise: standard deviation of the sensor's noise, grey levels.
        gamma: of the picture; above 1 darkens.
        exposure_s: seconds over which motion is blurred.
    """

    name: str
    sun: Point
    sun_colour: Colour
    sky_colour: Colour
    ground_colour: Colour
    shadow: float
    lamps: float
    noise: float
    gamma: float
    exposure_s: float

    @property
    def on_the_ground(self) -> Colour:
        """Light that level ground receives, BGR."""
        share = self.sun[2] / (self.sun[0] ** 2 + self.sun[1] ** 2 + self.sun[2] ** 2) ** 0.5
        b, g, r = (sky + sun * share for sky, sun in zip(self.sky_colour, self.sun_colour, strict=True))
        return b, g, r


DAY = Light(
    "day",
    (-0.55, -0.45, 0.85),
    (0.52, 0.60, 0.66),
    (0.58, 0.54, 0.52),
    (0.30, 0.30, 0.31),
    0.48,
    0.0,
    2.2,
    1.0,
    0.004,
)
OVERCAST = Light(
    "overcast",
    (-0.2, -0.3, 1.0),
    (0.20, 0.20, 0.20),
    (0.80, 0.77, 0.75),
    (0.42, 0.42, 0.42),
    0.18,
    0.0,
    2.6,
    1.0,
    0.006,
)
DUSK = Light(
    "dusk",
    (0.85, 0.30, 0.45),
    (0.22, 0.36, 0.52),
    (0.42, 0.35, 0.33),
    (0.20, 0.18, 0.18),
    0.30,
    0.55,
    3.5,
    1.05,
    0.012,
)
NIGHT = Light(
    "night",
    (-0.3, 0.2, 1.0),
    (0.22, 0.27, 0.31),
    (0.31, 0.28, 0.26),
    (0.16, 0.16, 0.17),
    0.30,
    1.0,
    4.0,
    1.08,
    0.016,
)
