"""Drawing that fits the size of the picture: one unit of line, text and gap for everything on it."""

from collections.abc import Sequence

import cv2
import numpy as np

from helmetbelt.pipelines.frames import Image
from helmetbelt.pipelines.passages import Box

Colour = tuple[int, int, int]
"""Blue, green, red."""

FONT = cv2.FONT_HERSHEY_SIMPLEX
LINES_PER_PICTURE = 44
SMALLEST_TEXT_PX = 10
SHADE = 0.72
"""How much of a shaded area is covered by its colour."""


class Brush:
    """Draws onto a picture that belongs to the caller and was made for this.

    Attributes:
        text_px: height of a line of text without its spacing.
        gap: between things, pixels.
        line: thickness of lines, pixels.
    """

    def __init__(self, canvas: Image) -> None:
        """Fits text and lines to the size of `canvas`, (height, width, 3) BGR, which is drawn on."""
        height, width = canvas.shape[:2]
        short = min(height, width * 3 // 4)
        self._canvas = canvas
        self.text_px = max(short // LINES_PER_PICTURE, SMALLEST_TEXT_PX)
        self.gap = max(self.text_px // 3, 2)
        self.line = max(round(short / 480), 1)
        self._font_scale = self.text_px / 21 * 0.78

    def text_width(self, text: str, is_bold: bool = True) -> int:
        """Pixels from the first letter to the last."""
        return int(cv2.getTextSize(text, FONT, self._font_scale, 2 if is_bold else 1)[0][0])

    def text(self, left: int, top: int, row_px: int, text: str, colour: Colour, is_bold: bool = False) -> None:
        """One line, in the middle of a row `row_px` high that begins at `top`."""
        base = top + (row_px + round(self.text_px * 0.72)) // 2
        weight = 2 if is_bold else 1
        cv2.putText(self._canvas, text, (left, base), FONT, self._font_scale, colour, weight, cv2.LINE_AA)

    def fill(self, left: int, top: int, width: int, height: int, colour: Colour) -> None:
        """A filled rectangle."""
        cv2.rectangle(self._canvas, (left, top), (left + width - 1, top + height - 1), colour, cv2.FILLED)

    def shade(self, left: int, top: int, width: int, height: int, colour: Colour) -> None:
        """A rectangle through which the picture can still be seen."""
        part = self._canvas[max(top, 0) : top + height, max(left, 0) : left + width]
        part[:] = (part * (1 - SHADE) + np.array(colour) * SHADE).astype(np.uint8)

    def frame(self, box: Box, colour: Colour) -> None:
        """A thin rectangle."""
        left, top, right, bottom = (round(v) for v in box)
        cv2.rectangle(self._canvas, (left, top), (right, bottom), colour, self.line, cv2.LINE_AA)

    def path(self, points: Sequence[tuple[float, float]], colour: Colour) -> None:
        """A line from point to point with a dark edge, so that it is seen on any road; nothing without points."""
        corners = np.array([(round(x), round(y)) for x, y in points], np.int32).reshape(-1, 1, 2)
        for paint, width in (((30, 30, 30), self.line * 3), (colour, self.line)):
            if len(corners):
                cv2.polylines(self._canvas, [corners], False, paint, width, cv2.LINE_AA)

    def corners(self, box: Box, colour: Colour, thickness: int) -> None:
        """The four corners of a rectangle."""
        left, top, right, bottom = (round(v) for v in box)
        arm = max(min(right - left, bottom - top) // 5, 3)
        for x, dx in ((left, arm), (right, -arm)):
            for y, dy in ((top, arm), (bottom, -arm)):
                cv2.line(self._canvas, (x, y), (x + dx, y), colour, thickness, cv2.LINE_AA)
                cv2.line(self._canvas, (x, y), (x, y + dy), colour, thickness, cv2.LINE_AA)

    def ring(self, box: Box, colour: Colour) -> None:
        """An ellipse around a head."""
        left, top, right, bottom = box
        centre = (round((left + right) / 2), round((top + bottom) / 2))
        axes = (max(round((right - left) * 0.62), 3), max(round((bottom - top) * 0.62), 3))
        cv2.ellipse(self._canvas, centre, axes, 0, 0, 360, colour, self.line + 1, cv2.LINE_AA)
