"""Heads: skin, hair, hats and helmets. The origin is the middle of the head, the face looks ahead (y)."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from helmetbelt.datasets.simulation import parts
from helmetbelt.datasets.simulation.mesh import Colour, Mesh, block, ellipsoid, join, loft, ring, tube

DARK: Colour = (0.07, 0.06, 0.06)


class Headwear(StrEnum):
    """What is on a head; the first three are helmets."""

    FULL_FACE = "full_face"
    OPEN_FACE = "open_face"
    HALF_SHELL = "half_shell"
    HAIR = "hair"
    LONG_HAIR = "long_hair"
    BUN = "bun"
    CAP = "cap"
    CONICAL_HAT = "conical_hat"

    @property
    def is_helmet(self) -> bool:
        """Whether it protects."""
        return self in (Headwear.FULL_FACE, Headwear.OPEN_FACE, Headwear.HALF_SHELL)


@dataclass(frozen=True, slots=True)
class HeadLook:
    """How a head looks; `accent` is the stripe of a helmet or the brim of a cap."""

    wear: Headwear
    skin: Colour
    hair: Colour
    colour: Colour
    accent: Colour
    glasses: bool = False
    mask: bool = False


def head(look: HeadLook, part: int) -> Mesh:
    """A head, about 0.25 m high bare and 0.30 m in a full-face helmet."""
    dress = {
        Headwear.FULL_FACE: _full_face,
        Headwear.OPEN_FACE: _open_face,
        Headwear.HALF_SHELL: _half_shell,
        Headwear.HAIR: _short_hair,
        Headwear.LONG_HAIR: _long_hair,
        Headwear.BUN: _bun,
        Headwear.CAP: _cap,
        Headwear.CONICAL_HAT: _conical_hat,
    }[look.wear]
    worn = [m if (m.part == parts.BODY).any() else m.named(part) for m in dress(look)]
    return join([*([] if look.wear is Headwear.FULL_FACE else _face(look, part)), *worn])


def _face(look: HeadLook, part: int) -> list[Mesh]:
    skull = ellipsoid((0, 0, 0), (0.082, 0.098, 0.122), look.skin, 0.12, part, sectors=14, bands=10)
    shade: Colour = tuple(0.8 * c for c in look.skin)  # type: ignore[assignment]
    details = [
        skull,
        ellipsoid((0, 0.098, -0.012), (0.014, 0.02, 0.022), shade, 0.1, part, 0.03, 6, 4),
        ellipsoid((0.084, -0.005, -0.005), (0.012, 0.022, 0.032), shade, 0.1, part, 0.0, 6, 4),
        ellipsoid((-0.084, -0.005, -0.005), (0.012, 0.022, 0.032), shade, 0.1, part, 0.0, 6, 4),
    ]
    for side in (-1, 1):
        details.append(ellipsoid((side * 0.034, 0.089, 0.018), (0.015, 0.008, 0.008), DARK, 0.5, part, 0.04, 6, 4))
        brow = block((side * 0.034, 0.091, 0.038), (0.036, 0.008, 0.008), look.hair, 0.0, part, 0.04)
        details.append(brow)
    if look.glasses:
        details += [
            ellipsoid((s * 0.035, 0.095, 0.016), (0.03, 0.008, 0.022), DARK, 0.9, part, 0.05, 8, 4) for s in (-1, 1)
        ]
    if look.mask:
        details.append(ellipsoid((0, 0.035, -0.055), (0.072, 0.078, 0.055), (0.93, 0.88, 0.80), 0.0, part, 0.04))
    else:
        details.append(block((0, 0.086, -0.062), (0.04, 0.01, 0.01), (0.30, 0.28, 0.55), 0.2, part, 0.04))
    return details


def _hair(look: HeadLook, low: float = -0.06) -> Mesh:
    cover = ellipsoid((0, -0.008, 0.012), (0.091, 0.104, 0.124), look.hair, 0.25, 0, 0.012, sectors=16, bands=12)
    c = cover.centres
    return cover.kept(((c[:, 1] < 0.0) & (c[:, 2] > low)) | (c[:, 2] > 0.062 - 0.25 * np.abs(c[:, 0])))


def _short_hair(look: HeadLook) -> list[Mesh]:
    return [_hair(look)]


def _long_hair(look: HeadLook) -> list[Mesh]:
    rings = [
        ring((0, y, z), (w, 0, 0), (0, d, 0), 10, 0.8)
        for z, y, w, d in (
            (0.02, -0.05, 0.088, 0.06),
            (-0.12, -0.07, 0.098, 0.05),
            (-0.26, -0.085, 0.085, 0.035),
        )
    ]
    return [_hair(look, -0.10), loft(np.stack(rings), look.hair, 0.25, parts.BODY)]


def _bun(look: HeadLook) -> list[Mesh]:
    return [_hair(look), ellipsoid((0, -0.11, 0.06), (0.045, 0.045, 0.045), look.hair, 0.25, 0)]


def _cap(look: HeadLook) -> list[Mesh]:
    dome = ellipsoid((0, -0.005, 0.02), (0.094, 0.108, 0.12), look.colour, 0.05, 0, 0.02, sectors=16, bands=12)
    brim = ellipsoid((0, 0.115, 0.062), (0.075, 0.075, 0.012), look.accent, 0.05, 0, 0.03, 12, 4)
    return [_hair(look), dome.kept(dome.centres[:, 2] > 0.05), brim]


def _conical_hat(look: HeadLook) -> list[Mesh]:
    rings = [
        ring((0, 0, z), (r, 0, 0), (0, r, 0), 18)
        for z, r in ((0.045, 0.20), (0.055, 0.21), (0.12, 0.11), (0.175, 0.012))
    ]
    straw = loft(np.stack(rings), (0.50, 0.74, 0.86), 0.05, 0, 0.02)
    tie = tube([(-0.08, 0.02, 0.04), (0, 0.05, -0.12), (0.08, 0.02, 0.04)], [0.006] * 3, look.accent, 0, 0, 0.02, 5)
    return [_hair(look), straw, tie]


def _striped(shell: Mesh, look: HeadLook) -> Mesh:
    return shell.painted(np.abs(shell.centres[:, 0]) < 0.022, look.accent)


def _full_face(look: HeadLook) -> list[Mesh]:
    shell = ellipsoid((0, 0, 0), (0.122, 0.148, 0.150), look.colour, 0.75, 0, sectors=22, bands=16)
    c = shell.centres
    shell = _striped(shell, look)
    visor = (c[:, 1] > 0.055) & (c[:, 2] > -0.035) & (c[:, 2] < 0.062)
    vent = (c[:, 1] > 0.10) & (c[:, 2] < -0.075) & (np.abs(c[:, 0]) < 0.04)
    shell = shell.painted(visor, (0.20, 0.15, 0.12), 1.0).painted(vent, DARK)
    chin = ellipsoid((0, 0.085, -0.085), (0.085, 0.075, 0.05), look.colour, 0.6, 0, 0.01, 14, 6)
    return [shell, chin]


def _open_face(look: HeadLook) -> list[Mesh]:
    shell = ellipsoid((0, -0.006, 0.022), (0.120, 0.142, 0.140), look.colour, 0.7, 0, 0.02, sectors=22, bands=16)
    c = shell.centres
    keep = (c[:, 2] > 0.055) | ((c[:, 1] < 0.015) & (c[:, 2] > -0.09))
    visor = ellipsoid((0, 0.012, 0.02), (0.112, 0.142, 0.11), (0.42, 0.36, 0.30), 1.0, 0, 0.04, sectors=20, bands=14)
    v = visor.centres
    tinted = visor.kept((v[:, 1] > 0.05) & (v[:, 2] > 0.0) & (v[:, 2] < 0.075))
    strap = tube([(-0.085, 0.01, -0.05), (0, 0.045, -0.125), (0.085, 0.01, -0.05)], [0.008] * 3, DARK, 0, 0, 0.03, 5)
    return [_striped(shell, look).kept(keep), tinted, strap]


def _half_shell(look: HeadLook) -> list[Mesh]:
    shell = ellipsoid((0, -0.004, 0.024), (0.114, 0.136, 0.132), look.colour, 0.65, 0, 0.02, sectors=22, bands=16)
    rim = shell.centres[:, 2] < 0.062
    shell = _striped(shell, look).painted(rim, look.accent).kept(shell.centres[:, 2] > 0.04)
    peak = ellipsoid((0, 0.125, 0.052), (0.08, 0.055, 0.012), look.accent, 0.4, 0, 0.03, 12, 4)
    strap = tube([(-0.088, 0.015, 0.05), (0, 0.04, -0.127), (0.088, 0.015, 0.05)], [0.008] * 3, DARK, 0, 0, 0.03, 5)
    low = _hair(look, -0.04)
    return [low, shell, peak, strap]
