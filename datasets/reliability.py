"""A reliability diagram as SVG: promised against kept, with what chance would do to each point."""

from dataclasses import dataclass

import numpy as np

from helmetbelt.datasets.bootstrap import Interval, share
from helmetbelt.datasets.calibration import BINS, Promises, equal_parts

SIDE, MARGIN = 360, 56
TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Point:
    """One group of heads with like promises.

    Attributes:
        promised: their mean probability of a worn helmet.
        kept: the share that wore one, with its interval by scene.
    """

    promised: float
    kept: Interval


def points(promises: Promises, bins: int = BINS) -> list[Point]:
    """The heads in equally many a group, from the least promise to the greatest."""
    parts = [part for part in equal_parts(promises.promised, bins) if len(part)]
    return [
        Point(float(promises.promised[p].mean()), share(promises.worn[p], promises.group[p].tolist())) for p in parts
    ]


def diagram(promises: Promises, error: float) -> str:
    """The picture as SVG text, for light and dark pages.

    Args:
        promises: each by a curve that was fitted without the head's scene.
        error: expected calibration error, 0..1.
    """
    size = SIDE + 2 * MARGIN
    heads = len(promises.worn)
    title = f"Promised and real share of worn helmets, {heads} heads, left-out scenes"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" role="img"'
            f' aria-label="{title}" font-family="sans-serif" font-size="12" fill="#333">',
            f'<rect width="{size}" height="{size}" fill="#fff"/>',
            f'<text x="{size / 2}" y="22" text-anchor="middle" font-size="13">{title}</text>',
            f'<text x="{size / 2}" y="40" text-anchor="middle">expected calibration error {error:.3f}</text>',
            *_frame(),
            *(line for point in points(promises) for line in _drawn(point)),
            "</svg>",
            "",
        ]
    )


def _frame() -> list[str]:
    lines = [f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#999" stroke-dasharray="4 4"/>']
    for tick in TICKS:
        lines += [
            f'<path d="M{_x(tick)} {_y(0)}V{_y(1)}M{_x(0)} {_y(tick)}H{_x(1)}" stroke="#e4e4e4"/>',
            f'<text x="{_x(tick)}" y="{_y(0) + 18}" text-anchor="middle">{tick:.1f}</text>',
            f'<text x="{_x(0) - 8}" y="{_y(tick) + 4}" text-anchor="end">{tick:.1f}</text>',
        ]
    middle, low = _x(0.5), _y(0) + 38
    return [
        *lines,
        f'<text x="{middle}" y="{low}" text-anchor="middle">promised probability that a helmet is worn</text>',
        f'<text transform="translate(16 {_y(0.5)}) rotate(-90)" text-anchor="middle">share that wore one</text>',
    ]


def _drawn(point: Point) -> list[str]:
    x, kept = _x(point.promised), point.kept
    bar = [] if np.isnan(kept.low) else [f'<path d="M{x} {_y(kept.low)}V{_y(kept.high)}" stroke="#1f6feb"/>']
    tip = f"promised {point.promised:.2f}, kept {kept.value:.2f} of {kept.n}"
    return [*bar, f'<circle cx="{x}" cy="{_y(kept.value)}" r="4" fill="#1f6feb"><title>{tip}</title></circle>']


def _x(share_: float) -> float:
    return round(MARGIN + share_ * SIDE, 1)


def _y(share_: float) -> float:
    return round(MARGIN + (1 - share_) * SIDE, 1)
