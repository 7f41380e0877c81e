"""People who ride or drive: trunk, limbs, clothes and loads, posed by a few joints."""

from dataclasses import dataclass

import numpy as np

from helmetbelt.datasets.simulation import parts
from helmetbelt.datasets.simulation.heads import DARK, HeadLook, head
from helmetbelt.datasets.simulation.mesh import Colour, Mesh, Point, block, ellipsoid, join, loft, ring, tube


@dataclass(frozen=True, slots=True)
class PersonLook:
    """How a person looks.

    Attributes:
        head: what is on it.
        jacket: colour of the trunk and sleeves.
        stripe: colour of a band across the chest.
        trousers: colour of the legs.
        shoes: colour of the feet.
        sleeves: whether the forearms are covered.
        backpack: colour of a bag on the back; None without one.
        size: 1.0 is an adult of 1.70 m.
    """

    head: HeadLook
    jacket: Colour
    stripe: Colour
    trousers: Colour
    shoes: Colour
    sleeves: bool = True
    backpack: Colour | None = None
    size: float = 1.0


@dataclass(frozen=True, slots=True)
class Pose:
    """Joints in metres, for the right side; the left one mirrors x.

    Attributes:
        hip: middle of the pelvis.
        lean: metres by which the shoulders are ahead of the hips.
        hand, knee, foot: of the right side.
        gaze: radians by which the head is turned to the left.
        foot_down: metres to the left at which the left foot touches the ground; 0 while riding.
    """

    hip: Point
    lean: float
    hand: Point
    knee: Point
    foot: Point
    gaze: float = 0.0
    foot_down: float = 0.0


def person(look: PersonLook, pose: Pose, seat: int, legs: bool = True) -> Mesh:
    """A sitting person of a seat: parts torso_of(seat) and head_of(seat), loads BODY."""
    s, part = look.size, parts.torso_of(seat)
    x, y, z = pose.hip
    chest_y, top = y + pose.lean, z + 0.54 * s
    meshes = [_trunk(look, pose, part)]
    for side in (-1, 1):
        meshes += _arm(look, pose, side, part)
        if legs:
            meshes += _leg(look, pose, side, part)
    neck = tube(
        [(x, chest_y - 0.01, top - 0.05), (x, chest_y + 0.02, top + 0.09 * s)],
        [0.055 * s, 0.048 * s],
        look.head.skin,
        0.1,
        part,
    )
    middle = (x, chest_y + 0.035 * s, top + 0.175 * s)
    meshes += [neck, head(look.head, parts.head_of(seat)).placed(middle, s, pose.gaze, 0.08)]
    if look.backpack is not None:
        meshes.append(block((x, chest_y - 0.20 * s, z + 0.34 * s), (0.30 * s, 0.16 * s, 0.40 * s), look.backpack))
        meshes += [
            tube(
                [
                    (x + q * 0.12, chest_y - 0.1, top),
                    (x + q * 0.12, chest_y + 0.115, top - 0.1),
                    (x + q * 0.13, chest_y + 0.06, top - 0.3),
                ],
                [0.022] * 3,
                look.backpack,
                0,
                part,
                0.05,
                6,
            )
            for q in (-1, 1)
        ]
    return join(meshes)


def _trunk(look: PersonLook, pose: Pose, part: int) -> Mesh:
    s = look.size
    x, y, z = pose.hip
    levels = (
        (-0.08, 0.165, 0.13),
        (0.05, 0.17, 0.125),
        (0.18, 0.160, 0.115),
        (0.30, 0.178, 0.122),
        (0.40, 0.195, 0.125),
        (0.48, 0.190, 0.105),
        (0.535, 0.12, 0.08),
        (0.56, 0.06, 0.055),
    )
    rings = [
        ring((x, y + pose.lean * min(max(h / 0.5, 0), 1), z + h * s), (w * s, 0, 0), (0, d * s, 0), 16, 0.8)
        for h, w, d in levels
    ]
    mesh = loft(np.stack(rings), look.jacket, 0.08, part)
    height = (mesh.centres[:, 2] - z) / s
    mesh = mesh.painted(height < 0.0, look.trousers)
    return mesh.painted((height > 0.30) & (height < 0.36), look.stripe)


def _arm(look: PersonLook, pose: Pose, side: int, part: int) -> list[Mesh]:
    s = look.size
    x, y, z = pose.hip
    shoulder = np.array((x + side * 0.205 * s, y + pose.lean, z + 0.475 * s))
    hand = np.array((x + side * (pose.hand[0] - 0.0), pose.hand[1], pose.hand[2]))
    elbow = (shoulder + hand) / 2 + np.array((side * 0.075, -0.03, -0.10 * s))
    upper = tube([tuple(shoulder), tuple(elbow)], [0.068 * s, 0.05 * s], look.jacket, 0.08, part)
    cuff = look.jacket if look.sleeves else look.head.skin
    lower = tube([tuple(elbow), tuple(hand)], [0.05 * s, 0.036 * s], cuff, 0.08, part)
    joint = ellipsoid(tuple(shoulder), (0.07 * s, 0.075 * s, 0.075 * s), look.jacket, 0.08, part, 0.0, 10, 6)
    bend = ellipsoid(tuple(elbow), (0.05 * s,) * 3, cuff, 0.08, part, 0.0, 8, 5)
    fist = ellipsoid(tuple(hand), (0.042, 0.05, 0.042), look.head.skin, 0.1, part, 0.02, 8, 5)
    return [upper, lower, joint, bend, fist]


def _leg(look: PersonLook, pose: Pose, side: int, part: int) -> list[Mesh]:
    s = look.size
    x, y, z = pose.hip
    hip = np.array((x + side * 0.09 * s, y + 0.02, z - 0.02))
    knee = np.array((x + side * pose.knee[0], pose.knee[1], pose.knee[2]))
    foot = np.array((x + side * pose.foot[0], pose.foot[1], pose.foot[2]))
    if side < 0 and pose.foot_down:
        knee = knee + np.array((-0.10, -0.12, -0.08))
        foot = np.array((x - pose.foot_down, y + 0.18, 0.06))
    thigh = tube([tuple(hip), tuple(knee)], [0.092 * s, 0.07 * s], look.trousers, 0.06, part)
    shin = tube([tuple(knee), tuple(foot)], [0.066 * s, 0.045 * s], look.trousers, 0.06, part)
    cap = ellipsoid(tuple(knee), (0.07 * s,) * 3, look.trousers, 0.06, part, 0.0, 8, 5)
    shoe = ellipsoid((foot[0], foot[1] + 0.05, foot[2] - 0.02), (0.05, 0.125, 0.05), look.shoes, 0.2, part, 0.01, 10, 5)
    sole = block((foot[0], foot[1] + 0.05, foot[2] - 0.06), (0.085, 0.22, 0.03), DARK, 0.0, part)
    return [thigh, shin, cap, shoe, sole]
