"""Numbers that say whose pixel it is: each face and each pixel of a sprite carries one."""

BODY = 1
"""The vehicle itself, its load and the hair below the chin."""
SHIELD = 2
"""The dark ground behind a windshield."""
GLASS_EDGE = 3
"""Pillars and frame around the windshield."""


def torso_of(seat: int) -> int:
    """Trunk, arms and legs of the person on a seat."""
    return 10 + seat


def head_of(seat: int) -> int:
    """Head of the person on a seat, from the top of helmet, hat or hair to the chin."""
    return 20 + seat


def belt_of(seat: int) -> int:
    """Strap across the person on a seat."""
    return 30 + seat
