"""What the belt model is shown in training: occupants with and without straps, through every kind of glass and camera.

Haze, reflections, darkness, residue and size are drawn from the same distributions for every state, so that only the
strap tells; what no eye could read is taught as unclear.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from helmetbelt.datasets.belt_data import State
from helmetbelt.datasets.belt_set import Occupant
from helmetbelt.datasets.degrade import add_noise, compressed, motion_blur, relight, shrink
from helmetbelt.datasets.glass import behind_glass, residue
from helmetbelt.datasets.straps import with_distraction, with_strap
from helmetbelt.datasets.views import seen_from_elsewhere
from helmetbelt.detector.crops import occupant_crop_xyxy
from helmetbelt.detector.letterbox import paste

Image = NDArray[np.uint8]

SIDE_PX = 128
MASK_PX = 16
"""Side of the strap's map; the network has as many cells."""

HEIGHT_PX = (26.0, 150.0)
"""Heights of occupants in frames."""

LEAST_VISIBILITY = 0.4
"""Below it the difference that a strap makes drowns in the picture."""

TRIES = 2
"""Unreadable pictures are drawn again so often, lest most of them be unclear."""

SHARES = {"highway": 0.42, "gantry": 0.2, "dusk": 0.18, "simulated": 0.2}
UNCLEAR_SHARE = 0.12


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One training picture.

    Attributes:
        image: (128, 128, 3) BGR uint8, letterboxed.
        state: what it teaches.
        strap: (16, 16) float32 cover by the strap, or None where nobody knows where it is.
    """

    image: Image
    state: State
    strap: NDArray[np.float32] | None


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Training pictures drawn beforehand, arrays of equal length.

    Attributes:
        images: (n, 128, 128, 3) BGR uint8.
        states: (n,) what each teaches.
        straps: (n, 16, 16) float32 cover by the strap, NaN where nobody knows where it is.
        occupants: (n,) index of who is shown.
    """

    images: Image
    states: NDArray[np.int64]
    straps: NDArray[np.float32]
    occupants: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, pick: NDArray[np.intp] | NDArray[np.bool_]) -> Self:
        return type(self)(self.images[pick], self.states[pick], self.straps[pick], self.occupants[pick])


class Shower:
    """Draws training pictures from occupants; within each camera as many belted as unbelted ones."""

    def __init__(self, occupants: list[Occupant]) -> None:
        self._number = {id(one): k for k, one in enumerate(occupants)}
        self._of: dict[tuple[str, State], list[Occupant]] = {}
        for one in occupants:
            camera = one.camera if one.camera in SHARES else "highway"
            self._of.setdefault((camera, one.state), []).append(one)
        self._cameras = [c for c in SHARES if (c, State.UNBELTED) in self._of]
        share = np.array([SHARES[c] for c in self._cameras])
        self._share = share / share.sum()

    def draw(self, rng: np.random.Generator) -> tuple[Shown, Occupant]:
        """A picture and who is in it; half of the belted ones are unbelted people with a drawn strap."""
        one, draws_strap = self._pick(rng)
        for _ in range(TRIES):
            seen = shown(one, draws_strap, rng)
            if seen.state is not State.UNCLEAR or one.state is State.UNCLEAR:
                break
        return seen, one

    def pool(self, count: int, seed: int) -> Pool:
        """So many pictures, the same for the same seed."""
        rng = np.random.default_rng(seed)
        drawn = [self.draw(rng) for _ in range(count)]
        unknown = np.full((MASK_PX, MASK_PX), np.nan, np.float32)
        return Pool(
            np.stack([s.image for s, _ in drawn]),
            np.array([s.state for s, _ in drawn], np.int64),
            np.stack([unknown if s.strap is None else s.strap for s, _ in drawn]),
            np.array([self._number[id(one)] for _, one in drawn], np.int64),
        )

    def _pick(self, rng: np.random.Generator) -> tuple[Occupant, bool]:
        camera = self._cameras[rng.choice(len(self._cameras), p=self._share)]
        state, draws_strap = State.UNBELTED, False
        if rng.random() < UNCLEAR_SHARE and (camera, State.UNCLEAR) in self._of:
            state = State.UNCLEAR
        elif rng.random() < 0.5:
            is_real = rng.random() < 0.5 and (camera, State.BELTED) in self._of
            state, draws_strap = (State.BELTED, False) if is_real else (State.UNBELTED, True)
        among = self._of[camera, state]
        return among[int(rng.integers(len(among)))], draws_strap


def shown(one: Occupant, draws_strap: bool, rng: np.random.Generator) -> Shown:
    """An occupant as some camera would show him.

    The same camera is also shown him with a strap (or without the drawn one): where that hardly changes the picture,
    nobody could tell, and unclear is taught.

    Args:
        one: the occupant.
        draws_strap: lay a strap over him (he must be unbelted).
        rng: of everything.
    """
    strapped, strap = with_strap(one.image, one.head_xyxy, rng)
    bare = one.image
    if rng.random() < 0.2:
        seed = int(rng.integers(1 << 62))
        strapped, bare = (with_distraction(i, np.random.default_rng(seed)) for i in (strapped, bare))
    seed = int(rng.integers(1 << 62))
    with_it, cover = _through_a_camera(replace(one, image=strapped), strap, np.random.default_rng(seed))
    without, _ = _through_a_camera(replace(one, image=bare), strap, np.random.default_rng(seed))
    state = State.BELTED if draws_strap else one.state
    if visibility(with_it, without, cover) < LEAST_VISIBILITY:
        state = State.UNCLEAR
    known = cover if draws_strap else np.zeros_like(cover) if one.state is State.UNBELTED else None
    image = with_it if draws_strap else without
    return Shown(image, state, None if known is None or state is State.UNCLEAR else _cells(known))


def visibility(with_it: Image, without: Image, cover: NDArray[np.float32]) -> float:
    """Difference that a strap makes where it is, in spreads of the picture's grey levels."""
    there = float(cover.sum())
    if there < 8:
        return 0.0
    differs = np.abs(with_it.astype(np.float32) - without).mean(2)
    return float((differs * cover).sum()) / there / (float(without.std()) + 3.0)


def plain(one: Occupant) -> Image:
    """(128, 128, 3) as the product shows an occupant."""
    return letterboxed(cut(one.image, one.xyxy))


def letterboxed(image: Image) -> Image:
    """The belt model's input."""
    canvas = np.empty((SIDE_PX, SIDE_PX, 3), np.uint8)
    paste(np.ascontiguousarray(image), canvas)
    return canvas


def cut(image: Image, xyxy: NDArray[np.float32]) -> Image:
    """The product's crop of an occupant."""
    left, top, right, bottom = occupant_crop_xyxy(xyxy, image.shape[1], image.shape[0])
    return image[top:bottom, left:right]


def _through_a_camera(
    one: Occupant, strap: NDArray[np.float32], rng: np.random.Generator
) -> tuple[Image, NDArray[np.float32]]:
    """The letterboxed picture and the strap's cover of its pixels."""
    seen, strap = _framed(one, strap, rng)
    seen = behind_glass(residue(seen, rng) if rng.random() < 0.25 else seen, rng)
    seen = _by_a_camera(seen, float(np.exp(rng.uniform(*np.log(HEIGHT_PX)))), rng)
    return letterboxed(seen), _letterboxed_cover(strap)


def _framed(one: Occupant, strap: NDArray[np.float32], rng: np.random.Generator) -> tuple[Image, NDArray[np.float32]]:
    """Cut with a box that is a little off, perhaps mirrored, perhaps from another place."""
    layers = np.dstack([one.image, (strap * 255).astype(np.uint8)])
    size = np.tile(one.xyxy[2:] - one.xyxy[:2], 2)
    part = cut(layers, (one.xyxy + rng.uniform(-0.1, 0.1, 4) * size).astype(np.float32))
    if rng.random() < 0.5:
        part = part[:, ::-1]
    if rng.random() < 0.5:
        part, _ = seen_from_elsewhere(np.ascontiguousarray(part), np.zeros((0, 4), np.float32), rng, 0.8)
    return np.ascontiguousarray(part[..., :3]), (part[..., 3] / 255).astype(np.float32)


def _by_a_camera(image: Image, height_px: float, rng: np.random.Generator) -> Image:
    """As small as far occupants are, blurred, noisy, compressed."""
    factor = height_px / image.shape[0]
    out = shrink(image, factor) if factor < 0.95 and image.shape[1] * factor >= 8 else image
    if rng.random() < 0.25:
        out = motion_blur(out, 3, float(rng.uniform(0, 180)))
    if rng.random() < 0.4:
        out = relight(out, float(rng.uniform(0.6, 1.6)))
    if rng.random() < 0.4:
        out = add_noise(out, float(rng.uniform(1, 7)), rng)
    return compressed(out, rng)


def _letterboxed_cover(strap: NDArray[np.float32]) -> NDArray[np.float32]:
    grey = (np.repeat(strap[..., None], 3, 2) * 255).astype(np.uint8)
    canvas = np.empty((SIDE_PX, SIDE_PX, 3), np.uint8)
    place = paste(np.ascontiguousarray(grey), canvas)
    only = np.zeros((SIDE_PX, SIDE_PX), np.float32)
    rows, columns = slice(place.top, place.top + place.height), slice(place.left, place.left + place.width)
    only[rows, columns] = canvas[rows, columns, 0] / np.float32(255)
    return only


def _cells(cover: NDArray[np.float32]) -> NDArray[np.float32]:
    """The strap's share of each cell of the network's map."""
    step = SIDE_PX // MASK_PX
    return np.asarray(cover.reshape(MASK_PX, step, MASK_PX, step).mean((1, 3)), np.float32)
