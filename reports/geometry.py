"""Measures of official paper by GB/T 9704-2012 (DOMAIN 4.1 [S101]); lengths in points, from millimetres.

A4; white above 37 mm, binding edge left 28 mm, type area (版心) 156 x 225 mm; body 3号 (16 pt), title 2号 (22
pt); the page number stands 7 mm below the type area. A landscape page is the portrait sheet turned with
its head towards the binding edge: its type area is 225 x 156 mm; the page number stays below the text,
because these papers are read on screens too.
"""

from dataclasses import dataclass

MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Frame:
    """One page with its type area; ``x`` and ``top`` are its left and upper edge, in PDF coordinates (y
    grows upwards).
    """

    page_width: float
    page_height: float
    x: float
    top: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        """Lower edge of the type area."""
        return self.top - self.height

    @property
    def right(self) -> float:
        """Right edge of the type area."""
        return self.x + self.width


PORTRAIT = Frame(210 * MM, 297 * MM, 28 * MM, (297 - 37) * MM, 156 * MM, 225 * MM)
LANDSCAPE = Frame(297 * MM, 210 * MM, 36 * MM, (210 - 28) * MM, 225 * MM, 156 * MM)

BODY_SIZE = 16.0
BODY_LEADING = 28.95  # 22 lines in 225 mm
TITLE_SIZE = 22.0
NUMBER_DROP = 7 * MM
SEAL_DIAMETER = 42 * MM
