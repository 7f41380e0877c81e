"""What stands beside the street: trees, hedges, lamp posts and the traffic light."""

from dataclasses import replace

import numpy as np

from helmetbelt.datasets.simulation.heads import DARK
from helmetbelt.datasets.simulation.mesh import Colour, Mesh, block, ellipsoid, join, tube
from helmetbelt.datasets.simulation.signal import Lamp

ARM_M = 2.6
STEEL: Colour = (0.46, 0.47, 0.47)
LIT: dict[Lamp, Colour] = {Lamp.RED: (0.15, 0.12, 1.0), Lamp.YELLOW: (0.15, 0.80, 1.0), Lamp.GREEN: (0.45, 0.95, 0.25)}
PLACE: dict[Lamp, int] = {Lamp.RED: 1, Lamp.YELLOW: 0, Lamp.GREEN: -1}


def tree(rng: np.random.Generator) -> Mesh:
    """A street tree, 6 to 8 m high: a trunk and a crown of leafy balls."""
    height = float(rng.uniform(5.2, 6.6))
    lean = float(rng.normal(0, 0.1))
    trunk = tube(
        [(0, 0, 0), (lean, 0, height * 0.5), (lean * 1.5, 0, height * 0.8)], [0.16, 0.12, 0.08], (0.22, 0.30, 0.36), 0.0
    )
    painted_base = tube([(0, 0, 0), (0.02, 0, 1.0)], [0.175, 0.16], (0.86, 0.88, 0.88), 0.0, lift=0.05)
    green = np.array((0.20, 0.44, 0.30)) * rng.uniform(0.85, 1.15) + rng.normal(0, 0.02, 3)
    balls = []
    for k in range(11):
        angle, out = 2.4 * k, 1.15 * np.sqrt(k / 11)
        middle = (lean + out * np.cos(angle), out * np.sin(angle), height * 0.78 + rng.uniform(-0.7, 1.0) - 0.35 * out)
        r = float(rng.uniform(0.75, 1.15))
        ball = ellipsoid(middle, (r, r, r * 0.85), (0.2, 0.4, 0.3), 0.0, sectors=24, bands=16)
        ball = _ruffled(ball, rng)
        leaves = green * rng.normal(1.0, 0.13, (len(ball.faces), 1)) + rng.normal(0, 0.015, (len(ball.faces), 3))
        balls.append(_coloured(ball, leaves))
    return join([trunk, painted_base, *balls])


def _ruffled(mesh: Mesh, rng: np.random.Generator) -> Mesh:
    """Leaves stick out."""
    return replace(mesh, points=(mesh.points + rng.normal(0, 0.055, mesh.points.shape)).astype(np.float32))


def hedge(length: float, rng: np.random.Generator) -> Mesh:
    """A trimmed hedge along y."""
    rows = []
    for k in range(int(length / 0.7)):
        bush = ellipsoid((0, 0.7 * k - length / 2, 0.38), (0.30, 0.50, 0.42), (0.2, 0.4, 0.3), 0.0, sectors=10, bands=7)
        green = np.array((0.22, 0.42, 0.30)) * rng.normal(1.0, 0.15, (len(bush.faces), 1))
        rows.append(_coloured(bush, green))
    return join(rows)


def _coloured(mesh: Mesh, colours: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Mesh:
    out = mesh.painted(np.zeros(len(mesh.faces), bool), DARK)
    out.colours[:] = np.clip(colours, 0.02, 0.95)
    return out


def lamp_post(side: int) -> Mesh:
    """A street lamp of 8 m whose arm reaches over the road; `side` is -1 on the left of it."""
    post = tube(
        [(0, 0, 0), (0, 0, 7.4), (-side * 0.5, 0, 7.9), (-side * 1.7, 0, 8.1)], [0.10, 0.07, 0.06, 0.05], STEEL, 0.3
    )
    head = block((-side * 1.9, 0, 8.08), (0.8, 0.28, 0.12), STEEL, 0.3)
    return join([post, head, block((0, 0, 0.3), (0.34, 0.34, 0.6), STEEL, 0.2)])


def traffic_light(lamp: Lamp, side: int) -> Mesh:
    """A signal on a mast with an arm over the road, its lamps towards the camera (-y)."""
    reach = -side * ARM_M
    mast = tube([(0, 0, 0), (0, 0, 5.6)], [0.12, 0.10], STEEL, 0.3)
    arm = tube([(0, 0, 5.35), (reach, 0, 5.5)], [0.08, 0.05], STEEL, 0.3)
    return join([mast, arm, *(m for x, z in signal_heads(side) for m in _heads(lamp, x, z))])


def signal_heads(side: int) -> list[tuple[float, float]]:
    """x and z of the middle lamps, from the foot of the mast."""
    return [(-side * ARM_M * 0.92, 5.05), (0.0, 3.0)]


def _heads(lamp: Lamp, x: float, z: float) -> list[Mesh]:
    box = block((x, -0.05, z), (0.42, 0.24, 1.16), (0.13, 0.13, 0.13), 0.2, lift=0.1)
    out = [box]
    for name, place in PLACE.items():
        lit = name is lamp
        colour: Colour = LIT[name] if lit else (0.16, 0.16, 0.17)
        lens = ellipsoid((x, -0.18, z + 0.36 * place), (0.14, 0.05, 0.14), colour, 0.2, lift=0.3, sectors=14, bands=8)
        out.append(lens)
    return out
