"""Solids of flat-coloured quadrilaterals, all of them lofts: rings of points joined one to the next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Colour = tuple[float, float, float]
"""Blue, green, red in 0..1."""
Point = tuple[float, float, float]
"""Metres: x to the right, y ahead, z up."""


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """Faces with one colour each.

    Attributes:
        points: (n, 3) metres.
        faces: (m, 4) indices into `points`, seen from outside; a triangle repeats its last point.
        normals: (m, 3) outward, unit length.
        colours: (m, 3) BGR in 0..1.
        gloss: (m,) strength of the highlight in 0..1.
        part: (m,) uint8, whose face it is (see `parts`).
        lift: (m,) metres by which the face is drawn nearer than it is: details on a bigger face.
    """

    points: Floats
    faces: NDArray[np.int32]
    normals: Floats
    colours: Floats
    gloss: Floats
    part: NDArray[np.uint8]
    lift: Floats

    @property
    def centres(self) -> Floats:
        """(m, 3) middle of each face."""
        return np.asarray(self.points[self.faces].mean(axis=1, dtype=np.float32), np.float32)

    def painted(self, where: NDArray[np.bool_], colour: Colour, gloss: float | None = None) -> Self:
        """A copy with the faces of a mask in another colour."""
        colours, shine = self.colours.copy(), self.gloss.copy()
        colours[where] = colour
        if gloss is not None:
            shine[where] = gloss
        return replace(self, colours=colours, gloss=shine)

    def kept(self, where: NDArray[np.bool_]) -> Self:
        """Only the faces of a mask (the points stay)."""
        used, faces = np.unique(self.faces[where], return_inverse=True)
        return replace(
            self,
            points=self.points[used],
            faces=faces.reshape(-1, 4).astype(np.int32),
            normals=self.normals[where],
            colours=self.colours[where],
            gloss=self.gloss[where],
            part=self.part[where],
            lift=self.lift[where],
        )

    def placed(self, at: Point, scale: float = 1.0, turn: float = 0.0, nod: float = 0.0) -> Self:
        """A copy scaled, nodded (radians about x, forward positive), turned (about z, left positive), moved."""
        cn, sn, ct, st = np.cos(-nod), np.sin(-nod), np.cos(turn), np.sin(turn)
        about_x = np.array([[1, 0, 0], [0, cn, -sn], [0, sn, cn]], np.float32)
        about_z = np.array([[ct, -st, 0], [st, ct, 0], [0, 0, 1]], np.float32)
        spin = (about_z @ about_x).T
        moved = self.points * np.float32(scale) @ spin + np.array(at, np.float32)
        return replace(self, points=moved, normals=self.normals @ spin)

    def named(self, part: int) -> Self:
        """A copy that belongs to another part."""
        return replace(self, part=np.full(len(self.part), part, np.uint8))


def join(meshes: Sequence[Mesh]) -> Mesh:
    """One mesh of several."""
    starts = np.cumsum([0] + [len(m.points) for m in meshes[:-1]])
    return Mesh(
        points=np.concatenate([m.points for m in meshes]),
        faces=np.concatenate([m.faces + s for m, s in zip(meshes, starts, strict=True)]).astype(np.int32),
        normals=np.concatenate([m.normals for m in meshes]),
        colours=np.concatenate([m.colours for m in meshes]),
        gloss=np.concatenate([m.gloss for m in meshes]),
        part=np.concatenate([m.part for m in meshes]),
        lift=np.concatenate([m.lift for m in meshes]),
    )


def _normals(corners: Floats) -> Floats:
    across = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    length = np.linalg.norm(across, axis=1, keepdims=True)
    return np.asarray(across / np.maximum(length, 1e-12), np.float32)


def solid(
    points: Floats,
    faces: NDArray[np.int32],
    colour: Colour,
    gloss: float = 0.1,
    part: int = 1,
    lift: float = 0.0,
    inside: Floats | None = None,
) -> Mesh:
    """A mesh in one colour; `inside` is a (m, 3) point behind each face, by which it is turned outward."""
    corners = points[faces]
    normals = _normals(corners)
    if inside is not None:
        inward = ((corners.mean(axis=1) - inside) * normals).sum(axis=1) < 0
        faces = np.where(inward[:, None], faces[:, ::-1], faces)
        normals = np.where(inward[:, None], -normals, normals)
    m = len(faces)
    return Mesh(
        points.astype(np.float32),
        faces.astype(np.int32),
        normals.astype(np.float32),
        np.tile(np.array(colour, np.float32), (m, 1)),
        np.full(m, gloss, np.float32),
        np.full(m, part, np.uint8),
        np.full(m, lift, np.float32),
    )


def loft(rings: Floats, colour: Colour, gloss: float = 0.1, part: int = 1, lift: float = 0.0) -> Mesh:
    """A closed solid through rings (r, n, 3) of equal length, with flat ends."""
    r, n, _ = rings.shape
    middles = rings.mean(axis=1)
    at = np.arange(r * n).reshape(r, n)
    after = np.roll(at, -1, axis=1)
    sides = np.stack([at[:-1], after[:-1], after[1:], at[1:]], axis=-1).reshape(-1, 4)
    first, last = np.full(n, r * n), np.full(n, r * n + 1)
    ends = np.concatenate(
        [
            np.stack([first, at[0], after[0], after[0]], axis=-1),
            np.stack([last, at[-1], after[-1], after[-1]], axis=-1),
        ]
    )
    points = np.concatenate([rings.reshape(-1, 3), middles[:1], middles[-1:]])
    heart = middles.mean(axis=0)
    inside_sides = np.repeat((middles[:-1] + middles[1:]) * 0.49 + heart * 0.02, n, axis=0)
    inside_ends = np.tile(heart, (2 * n, 1))
    faces = np.concatenate([sides, ends]).astype(np.int32)
    return solid(points, faces, colour, gloss, part, lift, np.concatenate([inside_sides, inside_ends]))


def ring(centre: Point, u: Point, v: Point, n: int = 12, power: float = 1.0) -> Floats:
    """(n, 3) points of a superellipse with half axes `u` and `v`; power 1 is round, towards 0 square."""
    angle = np.arange(n) * 2 * np.pi / n + np.pi / n
    c, s = np.cos(angle), np.sin(angle)
    c, s = np.sign(c) * np.abs(c) ** power, np.sign(s) * np.abs(s) ** power
    return np.asarray(np.array(centre) + c[:, None] * np.array(u) + s[:, None] * np.array(v), np.float32)


def ellipsoid(
    centre: Point,
    radii: Point,
    colour: Colour,
    gloss: float = 0.1,
    part: int = 1,
    lift: float = 0.0,
    sectors: int = 12,
    bands: int = 8,
) -> Mesh:
    """An ellipsoid, its poles up and down."""
    x, y, z = centre
    rings = []
    for k in range(bands + 1):
        polar = np.pi * min(max(k / bands, 0.04), 0.96)
        wide, high = np.sin(polar), -np.cos(polar)
        rings.append(ring((x, y, z + radii[2] * high), (radii[0] * wide, 0, 0), (0, radii[1] * wide, 0), sectors))
    return loft(np.stack(rings), colour, gloss, part, lift)


def tube(
    path: Sequence[Point],
    radii: Sequence[float],
    colour: Colour,
    gloss: float = 0.1,
    part: int = 1,
    lift: float = 0.0,
    sectors: int = 8,
) -> Mesh:
    """A limb or a pipe through points, with a radius at each."""
    line = np.array(path, np.float64)
    along = np.gradient(line, axis=0)
    rings = []
    for point, way, radius in zip(line, along, radii, strict=True):
        way = way / max(float(np.linalg.norm(way)), 1e-9)
        side = np.cross(way, (0.0, 0.0, 1.0) if abs(way[2]) < 0.9 else (1.0, 0.0, 0.0))
        side = side / np.linalg.norm(side)
        other = np.cross(side, way)
        rings.append(ring(tuple(point), tuple(side * radius), tuple(other * radius), sectors))
    return loft(np.stack(rings), colour, gloss, part, lift)


def block(
    centre: Point,
    size: Point,
    colour: Colour,
    gloss: float = 0.1,
    part: int = 1,
    lift: float = 0.0,
    round_by: float = 0.35,
) -> Mesh:
    """A box with rounded upright edges and chamfered top and bottom; size is the full width, length, height."""
    (x, y, z), (w, d, h) = centre, (size[0] / 2, size[1] / 2, size[2] / 2)
    chamfer = min(w, d, h) * 0.3
    levels = ((-h, -chamfer), (-h + chamfer, 0.0), (h - chamfer, 0.0), (h, -chamfer))
    rings = [ring((x, y, z + dz), (w + less, 0, 0), (0, d + less, 0), 12, round_by) for dz, less in levels]
    return loft(np.stack(rings), colour, gloss, part, lift)


def panel(
    corners: Sequence[Point],
    colour: Colour,
    gloss: float = 0.1,
    part: int = 1,
    lift: float = 0.02,
    cells: tuple[int, int] = (1, 1),
) -> Mesh:
    """A one-sided sheet between four corners, counter-clockwise as seen from outside, cut into cells."""
    a, b, c, d = (np.array(p, np.float64) for p in corners)
    across, up = cells
    s, t = np.meshgrid(np.linspace(0, 1, across + 1), np.linspace(0, 1, up + 1))
    s, t = s[..., None], t[..., None]
    grid = a * (1 - s) * (1 - t) + b * s * (1 - t) + c * s * t + d * (1 - s) * t
    at = np.arange(grid.shape[0] * grid.shape[1]).reshape(grid.shape[:2])
    faces = np.stack([at[:-1, :-1], at[:-1, 1:], at[1:, 1:], at[1:, :-1]], axis=-1).reshape(-1, 4)
    return solid(grid.reshape(-1, 3).astype(np.float32), faces.astype(np.int32), colour, gloss, part, lift)


def wheel(centre: Point, radius: float, width: float, rim: Colour, part: int = 1) -> Mesh:
    """A tyre with a rim, its axle along x."""
    x, y, z = centre
    profile = ((-0.5, 0.62), (-0.5, 0.86), (-0.25, 1.0), (0.25, 1.0), (0.5, 0.86), (0.5, 0.62))
    rings = [ring((x + width * a, y, z), (0, radius * b, 0), (0, 0, radius * b), 18) for a, b in profile]
    tyre = loft(np.stack(rings), (0.10, 0.10, 0.10), 0.05, part)
    caps = np.arange(len(tyre.faces)) >= len(tyre.faces) - 36
    return tyre.painted(caps, rim, 0.4)
