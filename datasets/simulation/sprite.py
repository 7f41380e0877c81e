"""One vehicle drawn for one view: colours, cover, whose pixel it is, its shadow, and its boxes."""

from dataclasses import dataclass

import cv2
import numpy as np
from helmetbelt.datasets.simulation.light import Light
from helmetbelt.datasets.simulation.mesh import Floats, Mesh
from numpy.typing import NDArray

ANCHOR_UP = 0.8
"""Metres above the ground of the point of a vehicle that a sprite is hung on."""
SHIFT = 4


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
        return np.asarray(seen[:, :2] / seen[:, 2:] * (distance * self.px_per_m), np.float32)


def shade(mesh: Mesh, eye: Floats, sun: Floats, light: Light) -> Floats:
    """(m, 4) BGR 0..255 and part of each face: sky and ground light, sun, highlight (Blinn-Phong)."""
    n = mesh.normals
    up = (n[:, 2:] + 1) / 2
    ambient = np.array(light.sky_colour) * up + np.array(light.ground_colour) * (1 - up)
    to_sun = sun / np.linalg.norm(sun)
    direct = np.maximum(n @ to_sun, 0)[:, None] * np.array(light.sun_colour)
    to_eye = eye - mesh.centres
    to_eye /= np.linalg.norm(to_eye, axis=1, keepdims=True)
    half = to_sun + to_eye
    half /= np.linalg.norm(half, axis=1, keepdims=True)
    shine = (np.maximum((n * half).sum(axis=1), 0) ** 24 * 0.55 * mesh.gloss)[:, None] * np.array(
        light.sun_colour
    )
    edge = ((1 - np.clip((n * to_eye).sum(axis=1), 0, 1)) ** 3 * 0.25 * mesh.gloss)[:, None]
    colour = mesh.colours * (ambient + direct) + shine + edge * np.array(light.sky_colour)
    return np.concatenate([np.clip(colour * 255, 0, 255), mesh.part[:, None]], axis=1).astype(np.float32)


def draw(mesh: Mesh, view: View, sun: Floats, light: Light) -> Sprite:
    """Draws a mesh far faces first (painter's algorithm), finely, and shrinks it."""
    fine = 2 if view.px_per_m > 45 else 3
    flat = view.project(mesh.points)
    left, top = np.floor(flat.min(axis=0)).astype(int) - 1
    right, bottom = np.ceil(flat.max(axis=0)).astype(int) + 2
    canvas = np.zeros(((bottom - top) * fine, (right - left) * fine, 4), np.uint8)
    away = mesh.centres - view.eye
    front = (away * mesh.normals).sum(axis=1) < 0
    distance = np.linalg.norm(away, axis=1) - mesh.lift
    order = np.nonzero(front)[0]
    order = order[np.argsort(-distance[order], kind="stable")]
    scaled = np.round(((flat - (left, top)) * fine - 0.5) * (1 << SHIFT)).astype(np.int32)
    corners = scaled[mesh.faces[order]]
    colours = shade(mesh, view.eye, sun, light)[order].tolist()
    for corner, colour in zip(corners, colours, strict=True):
        cv2.fillConvexPoly(canvas, corner, colour, cv2.LINE_8, SHIFT)
    image = _shrunk(canvas, fine)
    shadow, shadow_left, shadow_top = _shadow(mesh, view, sun)
    part, part_xyxy, part_pixels = _outlines(mesh, flat)
    xyxy = np.concatenate([flat.min(axis=0), flat.max(axis=0)])
    return Sprite(
        image,
        np.ascontiguousarray(canvas[fine // 2 :: fine, fine // 2 :: fine, 3]),
        int(left),
        int(top),
        shadow,
        shadow_left,
        shadow_top,
        xyxy,
        part,
        part_xyxy,
        part_pixels,
    )


def _shrunk(canvas: NDArray[np.uint8], fine: int) -> NDArray[np.uint8]:
    whole = canvas.copy()
    whole[..., 3] = np.where(canvas[..., 3] > 0, 255, 0)
    size = (canvas.shape[1] // fine, canvas.shape[0] // fine)
    return np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_AREA), np.uint8)


def _outlines(mesh: Mesh, flat: Floats) -> tuple[NDArray[np.uint8], Floats, Floats]:
    names = np.unique(mesh.part)
    boxes, areas = [], []
    for name in names:
        points = flat[np.unique(mesh.faces[mesh.part == name])]
        boxes.append(np.concatenate([points.min(axis=0), points.max(axis=0)]))
        areas.append(cv2.contourArea(cv2.convexHull(points)))
    return names, np.stack(boxes).astype(np.float32), np.array(areas, np.float32)


def _shadow(mesh: Mesh, view: View, sun: Floats) -> tuple[NDArray[np.uint8], int, int]:
    """The shadow of the sun, and a darker one right under the wheels."""
    cast = mesh.points - mesh.points[:, 2:] / max(float(sun[2]), 0.2) * np.append(sun[:2], 1.0)
    low = mesh.points[mesh.points[:, 2] < 0.55] * (1, 1, 0)
    hulls = [(cast[np.unique(mesh.faces[mesh.part == name])], 150) for name in np.unique(mesh.part)] + [
        (low, 235)
    ]
    flats = [(cv2.convexHull(view.project(points.astype(np.float32))), level) for points, level in hulls]
    every = np.concatenate([f.reshape(-1, 2) for f, _ in flats])
    blur = max(3, int(view.px_per_m * 0.07) * 2 + 1)
    left, top = np.floor(every.min(axis=0)).astype(int) - blur
    right, bottom = np.ceil(every.max(axis=0)).astype(int) + blur
    mask = np.zeros((bottom - top, right - left), np.uint8)
    for hull, level in flats:
        cv2.fillPoly(mask, [np.round(hull.reshape(-1, 2) - (left, top)).astype(np.int32)], level)
    return np.asarray(cv2.blur(mask, (blur, blur)), np.uint8), int(left), int(top)
