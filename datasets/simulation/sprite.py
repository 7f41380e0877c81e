"""One vehicle drawn for one view: colours, cover, whose pixel it is, its shadow, and its boxes."""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.simulation.light import Light
from helmetbelt.datasets.simulation.mesh import Floats, Mesh

ANCHOR_UP = 0.8
"""Metres above the ground of the point of a vehicle that a sprite is hung on."""
SHIFT = 4
FARTHEST_SHADOW_PX = 4000.0
"""A part whose shadow falls farther, such as beside the camera or behind it, casts none."""


@dataclass(frozen=True, slots=True, eq=False)
class Sprite:
    """A drawn vehicle; positions are pixels from its anchor.

    Attributes:
        image: (h, w, 4) uint8 BGR times cover, and cover.
        ids: (h, w) uint8 numbers of `parts`, 0 outside.
        left, top: of `image` and `ids`.
        shadow: (h, w) uint8 cover of the shadow on the ground.
        shadow_left, shadow_top: of `shadow`.
        xyxy: (4,) tight box of all of it.
        part: (k,) the parts it has.
        part_xyxy: (k, 4) tight box of each part, hidden or not.
        part_pixels: (k,) area of each part's outline, hidden or not.
    """

    image: NDArray[np.uint8]
    ids: NDArray[np.uint8]
    left: int
    top: int
    shadow: NDArray[np.uint8]
    shadow_left: int
    shadow_top: int
    xyxy: Floats
    part: NDArray[np.uint8]
    part_xyxy: Floats
    part_pixels: Floats


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """Where a vehicle is seen from.

    Attributes:
        eye: (3,) the camera in metres of the vehicle.
        px_per_m: scale at the anchor.
    """

    eye: Floats
    px_per_m: float

    def axes(self) -> Floats:
        """(3, 3) rows right, down, ahead."""
        ahead = np.array((0, 0, ANCHOR_UP), np.float32) - self.eye
        ahead /= np.linalg.norm(ahead)
        right = np.cross(ahead, (0, 0, 1))
        right /= np.linalg.norm(right)
        return np.stack([right, -np.cross(right, ahead), ahead]).astype(np.float32)

    def project(self, points: Floats) -> Floats:
        """(n, 2) pixels from the anchor of (n, 3) metres."""
        seen = (points - self.eye) @ self.axes().T
        distance = float(np.linalg.norm(self.eye - (0, 0, ANCHOR_UP)))
        return np.asarray(seen[:, :2] * (np.float32(distance * self.px_per_m) / seen[:, 2:]), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A mesh with what every view of it needs.

    Attributes:
        mesh: as built.
        centres: (m, 3) middle of each face.
        part: (k,) the parts it has.
        part_points: for each part the indices of its points.
        low_points: indices of points near the ground.
    """

    mesh: Mesh
    centres: Floats
    part: NDArray[np.uint8]
    part_points: tuple[NDArray[np.intp], ...]
    low_points: NDArray[np.intp]

    @classmethod
    def of(cls, mesh: Mesh) -> Self:
        """The model of a mesh."""
        names = np.unique(mesh.part)
        points = tuple(np.unique(mesh.faces[mesh.part == name]).astype(np.intp) for name in names)
        return cls(mesh, mesh.centres, names, points, np.nonzero(mesh.points[:, 2] < 0.55)[0])


def shade(model: Model, pick: NDArray[np.intp], away: Floats, sun: Floats, light: Light) -> Floats:
    """(p, 4) BGR 0..255 and part of the picked faces: light of sky, ground and sun, highlight (Blinn-Phong).

    Args:
        model: whose faces.
        pick: (p,) indices of faces.
        away: (p, 3) unit vectors from the eye to their middles.
        sun: (3,) direction to the sun, unit length.
        light: colours.
    """
    n, gloss = model.mesh.normals[pick], model.mesh.gloss[pick][:, None]
    sun_colour, sky, ground = (
        np.array(c, np.float32) for c in (light.sun_colour, light.sky_colour, light.ground_colour)
    )
    up = (n[:, 2:] + 1) * np.float32(0.5)
    received = ground + (sky - ground) * up + np.maximum(n @ sun, 0)[:, None] * sun_colour
    half = sun - away
    facing = (n * half).sum(axis=1, keepdims=True) / np.sqrt((half * half).sum(axis=1, keepdims=True))
    shine = np.maximum(facing, 0) ** 24 * gloss * np.float32(0.55) * sun_colour
    edge = (1 + np.clip((n * away).sum(axis=1, keepdims=True), -1, 0)) ** 3 * gloss * np.float32(0.25) * sky
    colour = (model.mesh.colours[pick] * received + shine + edge) * 255
    return np.concatenate([np.minimum(colour, 255), model.mesh.part[pick][:, None]], axis=1, dtype=np.float32)


def draw(model: Model, view: View, sun: Floats, light: Light) -> Sprite:
    """Draws a model far faces first (painter's algorithm), two or three times too large, and shrinks it."""
    fine = 2 if view.px_per_m > 45 else 3
    flat = view.project(model.mesh.points)
    left, top = (int(v) - 1 for v in np.floor(flat.min(axis=0)))
    right, bottom = (int(v) + 2 for v in np.ceil(flat.max(axis=0)))
    canvas = np.zeros(((bottom - top) * fine, (right - left) * fine, 4), np.uint8)
    pick, away = _visible(model, view)
    corners = np.round(((flat - np.array((left, top), np.float32)) * fine - 0.5) * (1 << SHIFT)).astype(np.int32)
    sun = (sun / np.linalg.norm(sun)).astype(np.float32)
    colours = shade(model, pick, away, sun, light).tolist()
    for corner, colour in zip(corners[model.mesh.faces[pick]], colours, strict=True):
        cv2.fillConvexPoly(canvas, corner, colour, cv2.LINE_8, SHIFT)
    shadow, shadow_left, shadow_top = _shadow(model, view, sun)
    part_xyxy, part_pixels = _outlines(model, flat)
    ids = np.ascontiguousarray(canvas[fine // 2 :: fine, fine // 2 :: fine, 3])
    xyxy = np.concatenate([flat.min(axis=0), flat.max(axis=0)])
    return Sprite(
        _shrunk(canvas, fine), ids, left, top, shadow, shadow_left, shadow_top, xyxy, model.part, part_xyxy, part_pixels
    )


def _visible(model: Model, view: View) -> tuple[NDArray[np.intp], Floats]:
    """Faces turned to the eye, far ones first, and unit vectors from the eye to them."""
    away = model.centres - view.eye
    pick = np.nonzero((away * model.mesh.normals).sum(axis=1) < 0)[0]
    away = away[pick]
    distance = np.sqrt((away * away).sum(axis=1))
    order = np.argsort(model.mesh.lift[pick] - distance, kind="stable")
    return pick[order], away[order] / distance[order, None]


def _shrunk(canvas: NDArray[np.uint8], fine: int) -> NDArray[np.uint8]:
    """The canvas at its true size; its last channel becomes cover."""
    size = (canvas.shape[1] // fine, canvas.shape[0] // fine)
    cv2.threshold(cover := np.ascontiguousarray(canvas[..., 3]), 0, 255, cv2.THRESH_BINARY, dst=cover)
    small = cv2.resize(canvas, size, interpolation=cv2.INTER_AREA)
    small[..., 3] = cv2.resize(cover, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _outlines(model: Model, flat: Floats) -> tuple[Floats, Floats]:
    boxes, areas = [], []
    for points in model.part_points:
        own = flat[points]
        boxes.append(np.concatenate([own.min(axis=0), own.max(axis=0)]))
        areas.append(cv2.contourArea(cv2.convexHull(own)))
    return np.stack(boxes), np.array(areas, np.float32)


def _shadow(model: Model, view: View, sun: Floats) -> tuple[NDArray[np.uint8], int, int]:
    """The shadow of the sun, and a darker one right under the wheels."""
    points = model.mesh.points
    slope = np.array((sun[0], sun[1], max(float(sun[2]), 0.2)), np.float32) / max(float(sun[2]), 0.2)
    cast = view.project(points - points[:, 2:] * slope)
    low = view.project(points[model.low_points] * np.array((1, 1, 0), np.float32))
    reach = np.abs(cast - low.mean(axis=0)).max(axis=1)
    parts = [own for own in model.part_points if reach[own].max() < FARTHEST_SHADOW_PX]
    hulls = [(cv2.convexHull(cast[own]), 150) for own in parts] + [(cv2.convexHull(low), 235)]
    every = np.concatenate([hull.reshape(-1, 2) for hull, _ in hulls])
    blur = max(3, int(view.px_per_m * 0.07) * 2 + 1)
    left, top = (int(v) - blur for v in np.floor(every.min(axis=0)))
    right, bottom = (int(v) + blur for v in np.ceil(every.max(axis=0)))
    mask = np.zeros((bottom - top, right - left), np.uint8)
    for hull, level in hulls:
        cv2.fillConvexPoly(mask, np.round(hull.reshape(-1, 2) - (left, top)).astype(np.int32), level)
    return np.asarray(cv2.blur(mask, (blur, blur)), np.uint8), left, top
