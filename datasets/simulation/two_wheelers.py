"""Two-wheelers with their riders: scooters, light e-bikes and motorcycles, from the ground point between the wheels."""

import numpy as np

from helmetbelt.datasets.simulation.heads import DARK
from helmetbelt.datasets.simulation.machines import Build, TwoWheelerLook, machine
from helmetbelt.datasets.simulation.mesh import Colour, Mesh, block, ellipsoid, join, loft, panel, ring, tube
from helmetbelt.datasets.simulation.people import Pose, person


def two_wheeler(look: TwoWheelerLook, stopped: bool) -> Mesh:
    """Machine and riders; about 1.8 m long; a stopped rider puts a foot down."""
    meshes = [*machine(look), *_steering(look)]
    for seat, looks in enumerate(look.people):
        meshes.append(person(looks, _pose(look, seat, stopped), seat))
    if look.load is not None:
        meshes.append(block((0, -0.78, 1.02), (0.46, 0.42, 0.44), look.load, 0.1))
        meshes.append(block((0, -0.78, 1.25), (0.47, 0.43, 0.05), DARK, 0.1))
    if look.apron is not None:
        meshes.append(_apron(look.apron))
    return join(meshes)


def _pose(look: TwoWheelerLook, seat: int, stopped: bool) -> Pose:
    size, height = look.people[seat].size, 0.86 if look.build is Build.MOTORCYCLE else 0.82
    gaze = look.gaze[seat]
    if seat == 0:
        y = -0.14 + 0.05 * (len(look.people) - 1)
        lean = 0.16 if look.build is Build.MOTORCYCLE else 0.07
        hip = (0.0, y, height + 0.04)
        foot = (0.15, 0.20, 0.36) if look.build is not Build.MOTORCYCLE else (0.19, 0.02, 0.36)
        knee = (0.17, y + 0.42, 0.74) if look.build is not Build.MOTORCYCLE else (0.22, y + 0.38, 0.74)
        return Pose(hip, lean, (0.31, 0.42, 1.04), knee, foot, gaze, 0.34 if stopped else 0.0)
    y = -0.14 - (0.33 if len(look.people) == 2 else 0.28) * seat + 0.05 * (len(look.people) - 1)
    hip = (0.03 * (-1) ** seat, y, height + 0.08)
    held = (0.17, y + 0.27, height + 0.24 * size)
    return Pose(hip, 0.03, held, (0.23, y + 0.36, 0.70), (0.22, y + 0.18, 0.36), gaze)


def _steering(look: TwoWheelerLook) -> list[Mesh]:
    top = 1.04
    bar = tube(
        [(-0.33, 0.40, top), (-0.12, 0.50, top + 0.02), (0.12, 0.50, top + 0.02), (0.33, 0.40, top)],
        [0.02] * 4,
        DARK,
        0.3,
        sectors=6,
    )
    mirrors = [
        m
        for side in (-1, 1)
        for m in (
            tube(
                [(side * 0.22, 0.46, top), (side * 0.33, 0.47, top + 0.17)],
                [0.009, 0.008],
                DARK,
                0.3,
                sectors=5,
            ),
            ellipsoid((side * 0.35, 0.47, top + 0.20), (0.062, 0.018, 0.042), DARK, 0.6, sectors=10, bands=5),
        )
    ]
    parts_ = [bar, *mirrors]
    if look.windscreen:
        parts_.append(
            panel(
                [(0.17, 0.60, top), (-0.17, 0.60, top), (-0.12, 0.50, top + 0.3), (0.12, 0.50, top + 0.3)],
                (0.62, 0.58, 0.52),
                0.9,
                cells=(2, 2),
            )
        )
    if look.basket:
        parts_.append(block((0, 0.68, 0.88), (0.32, 0.24, 0.22), (0.22, 0.22, 0.22), 0.1))
        parts_.append(block((0, 0.68, 0.93), (0.26, 0.18, 0.16), (0.45, 0.55, 0.62), 0.0, lift=0.02))
    return parts_


def _apron(colour: Colour) -> Mesh:
    levels = (
        (0.34, 0.34, 0.26),
        (0.62, 0.46, 0.32),
        (0.90, 0.44, 0.38),
        (1.07, 0.41, 0.40),
        (1.10, 0.36, 0.36),
    )
    rings = [ring((0, y + 0.14, z), (w, 0, 0), (0, 0.07, 0), 14, 0.8) for z, y, w in levels]
    mesh = loft(np.stack(rings), colour, 0.05)
    quilt = (np.floor(mesh.centres[:, 2] * 9) + np.floor(mesh.centres[:, 0] * 9)) % 2 == 0
    return mesh.painted(quilt, tuple(0.88 * c for c in colour))  # type: ignore[arg-type]
