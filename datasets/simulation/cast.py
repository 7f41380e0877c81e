"""Who is on the road: random but plausible people, two-wheelers and cars."""

from dataclasses import dataclass

import numpy as np

from helmetbelt.datasets.simulation.car_looks import Body, CarLook
from helmetbelt.datasets.simulation.heads import HeadLook, Headwear
from helmetbelt.datasets.simulation.machines import Build, TwoWheelerLook
from helmetbelt.datasets.simulation.mesh import Colour
from helmetbelt.datasets.simulation.people import PersonLook
from helmetbelt.pipelines.passages import Item, Role, Vehicle

SKINS: tuple[Colour, ...] = ((0.58, 0.70, 0.88), (0.50, 0.63, 0.82), (0.44, 0.56, 0.76), (0.36, 0.48, 0.68))
HAIRS: tuple[Colour, ...] = (
    (0.07, 0.07, 0.08),
    (0.10, 0.10, 0.12),
    (0.12, 0.15, 0.20),
    (0.45, 0.46, 0.47),
    (0.16, 0.24, 0.36),
    (0.06, 0.06, 0.07),
)
CLOTHES: tuple[Colour, ...] = (
    (0.20, 0.20, 0.22),
    (0.55, 0.32, 0.18),
    (0.25, 0.25, 0.72),
    (0.88, 0.88, 0.86),
    (0.30, 0.50, 0.30),
    (0.40, 0.60, 0.80),
    (0.62, 0.60, 0.58),
    (0.65, 0.45, 0.75),
    (0.70, 0.55, 0.30),
    (0.15, 0.45, 0.75),
    (0.45, 0.30, 0.45),
    (0.75, 0.75, 0.50),
    (0.18, 0.16, 0.40),
    (0.35, 0.38, 0.42),
    (0.20, 0.70, 0.90),
)
TROUSERS: tuple[Colour, ...] = (
    (0.28, 0.20, 0.16),
    (0.14, 0.14, 0.15),
    (0.42, 0.32, 0.25),
    (0.40, 0.48, 0.52),
    (0.30, 0.30, 0.32),
    (0.62, 0.62, 0.60),
)
PAINTS: tuple[Colour, ...] = (
    (0.88, 0.88, 0.88),
    (0.14, 0.14, 0.15),
    (0.20, 0.18, 0.68),
    (0.66, 0.38, 0.16),
    (0.70, 0.68, 0.42),
    (0.78, 0.62, 0.82),
    (0.35, 0.70, 0.88),
    (0.45, 0.62, 0.35),
    (0.60, 0.58, 0.56),
    (0.72, 0.80, 0.62),
)
HELMETS: tuple[Colour, ...] = (
    (0.90, 0.90, 0.90),
    (0.13, 0.13, 0.14),
    (0.18, 0.15, 0.72),
    (0.72, 0.40, 0.15),
    (0.20, 0.72, 0.92),
    (0.66, 0.55, 0.86),
    (0.50, 0.50, 0.52),
    (0.40, 0.62, 0.28),
    (0.20, 0.48, 0.90),
    (0.78, 0.72, 0.45),
)
CAR_PAINTS: tuple[Colour, ...] = (
    (0.90, 0.90, 0.89),
    (0.90, 0.90, 0.89),
    (0.16, 0.15, 0.15),
    (0.70, 0.70, 0.69),
    (0.45, 0.44, 0.43),
    (0.22, 0.18, 0.60),
    (0.52, 0.30, 0.16),
    (0.60, 0.70, 0.74),
    (0.30, 0.32, 0.22),
    (0.25, 0.35, 0.62),
)
COURIERS: tuple[Colour, ...] = ((0.10, 0.72, 0.96), (0.88, 0.55, 0.10))
BARE = (Headwear.HAIR, Headwear.HAIR, Headwear.LONG_HAIR, Headwear.BUN, Headwear.CAP, Headwear.CONICAL_HAT)
HELMETED = (Headwear.FULL_FACE, Headwear.OPEN_FACE, Headwear.HALF_SHELL, Headwear.HALF_SHELL)


@dataclass(frozen=True, slots=True)
class Rates:
    """How often people comply, 0..1, and how often they ride in company."""

    rider: float = 0.68
    pillion: float = 0.42
    driver: float = 0.80
    passenger: float = 0.55
    two_up: float = 0.30
    three_up: float = 0.06


@dataclass(frozen=True, slots=True)
class Occupant:
    """One person of a vehicle and the truth about what is worn."""

    role: Role
    seat: int
    item: Item
    worn: bool


@dataclass(frozen=True, slots=True)
class Actor:
    """A vehicle with its people, wherever it is.

    Attributes:
        number: unique in its scene, from 1.
        kind: two-wheeler or car.
        look: all that is needed to draw it.
        occupants: by seat.
        half_width, half_length: metres of its outline on the ground.
    """

    number: int
    kind: Vehicle
    look: TwoWheelerLook | CarLook
    occupants: tuple[Occupant, ...]
    half_width: float
    half_length: float


def _pick(rng: np.random.Generator, colours: tuple[Colour, ...]) -> Colour:
    base = np.array(colours[rng.integers(len(colours))]) + rng.normal(0, 0.035, 3)
    b, g, r = np.clip(base, 0.04, 0.95)
    return float(b), float(g), float(r)


def _person(rng: np.random.Generator, wear: Headwear, size: float = 1.0) -> PersonLook:
    jacket = _pick(rng, CLOTHES)
    head = HeadLook(
        wear,
        _pick(rng, SKINS),
        _pick(rng, HAIRS),
        _pick(rng, HELMETS),
        _pick(rng, HELMETS),
        glasses=bool(rng.random() < 0.15),
        mask=bool(rng.random() < 0.18),
    )
    return PersonLook(
        head,
        jacket,
        jacket if rng.random() < 0.6 else _pick(rng, CLOTHES),
        _pick(rng, TROUSERS),
        _pick(rng, TROUSERS),
        sleeves=bool(rng.random() < 0.7),
        backpack=_pick(rng, CLOTHES) if rng.random() < 0.18 else None,
        size=size * float(rng.uniform(0.95, 1.05)),
    )


def _wear(rng: np.random.Generator, helmet: bool) -> Headwear:
    kinds = HELMETED if helmet else BARE
    return kinds[rng.integers(len(kinds))]


def two_wheeler_actor(number: int, rng: np.random.Generator, rates: Rates) -> Actor:
    """A two-wheeler with one to three people."""
    draw = rng.random()
    count = 3 if draw < rates.three_up else 2 if draw < rates.three_up + rates.two_up else 1
    worn = [bool(rng.random() < (rates.rider if seat == 0 else rates.pillion)) for seat in range(count)]
    sizes = [1.0] + [float(rng.choice([1.0, 1.0, 0.94, 0.78])) for _ in range(count - 1)]
    people = [_person(rng, _wear(rng, w), s) for w, s in zip(worn, sizes, strict=True)]
    courier = count == 1 and rng.random() < 0.2
    load = COURIERS[rng.integers(2)] if courier else None
    if load is not None:
        people[0] = _uniform(people[0], load)
    build = list(Build)[rng.choice(3, p=[0.5, 0.3, 0.2])]
    look = TwoWheelerLook(
        build,
        _pick(rng, PAINTS),
        _pick(rng, TROUSERS[:3]),
        tuple(people),
        tuple(float(g) for g in rng.normal(0, 0.22, count)),
        load,
        apron=_pick(rng, CLOTHES) if build is Build.SCOOTER and rng.random() < 0.18 else None,
        basket=bool(build is not Build.MOTORCYCLE and rng.random() < 0.35),
        windscreen=bool(rng.random() < 0.12),
    )
    occupants = tuple(Occupant(Role.RIDER if s == 0 else Role.PILLION, s, Item.HELMET, w) for s, w in enumerate(worn))
    return Actor(number, Vehicle.TWO_WHEELER, look, occupants, 0.40, 0.95)


def _uniform(person: PersonLook, colour: Colour) -> PersonLook:
    head = HeadLook(person.head.wear, person.head.skin, person.head.hair, colour, (0.1, 0.1, 0.1))
    return PersonLook(head, colour, (0.2, 0.2, 0.2), person.trousers, person.shoes, size=person.size)


def car_actor(number: int, rng: np.random.Generator, rates: Rates, empty: bool = False) -> Actor:
    """A car with a driver and often a front passenger; `empty` for a parked one."""
    body = list(Body)[rng.choice(4, p=[0.45, 0.30, 0.15, 0.10])]
    count = 0 if empty else 2 if rng.random() < 0.5 else 1
    worn = [bool(rng.random() < (rates.driver if seat == 0 else rates.passenger)) for seat in range(count)]
    people = tuple(_person(rng, _wear(rng, False) if rng.random() < 0.3 else Headwear.HAIR) for _ in range(count))
    dark = rng.random() < 0.75
    strap: Colour = (0.07, 0.07, 0.08) if dark else (0.55, 0.57, 0.60)
    look = CarLook(
        body,
        _pick(rng, CAR_PAINTS),
        tuple(_without_load(p) for p in people),
        tuple(worn),
        strap,
        float(rng.uniform(0.05, 0.4)),
    )
    occupants = tuple(
        Occupant(Role.DRIVER if s == 0 else Role.FRONT_PASSENGER, s, Item.SEATBELT, w) for s, w in enumerate(worn)
    )
    return Actor(number, Vehicle.CAR, look, occupants, 0.95, 2.6 if body is Body.TRUCK else 2.3)


def _without_load(person: PersonLook) -> PersonLook:
    """In a car nobody keeps a bag on the back or a wide hat on the head; straps need clothes to be seen on."""
    wear = Headwear.HAIR if person.head.wear is Headwear.CONICAL_HAT else person.head.wear
    head = HeadLook(
        wear, person.head.skin, person.head.hair, person.head.colour, person.head.accent, person.head.glasses, False
    )
    bright = max(person.jacket) < 0.3
    jacket: Colour = (0.62, 0.60, 0.58) if bright else person.jacket
    return PersonLook(head, jacket, jacket, person.trousers, person.shoes, person.sleeves, None, person.size)
