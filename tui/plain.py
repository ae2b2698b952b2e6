"""Data is never markup (数据不当标记): the one door through which text from data comes onto a screen.

Textual reads ``[b]`` and ``[@click=app.quit()]`` in any string that it is given, and a stray ``[/]`` ends the
program. So every surface that shows data takes what one of these two functions returns: ``plain`` for widgets
(a ``Content``, which is never parsed), ``line`` for what is painted cell by cell. Both take out control,
direction and zero-width characters.
"""

from textual.content import Content

from benefits.kernel import text as kernel_text


def line(value: object) -> str:
    """One line of visible text; ``None`` shows as an empty cell."""
    return "" if value is None else kernel_text.plain(str(value))


def plain(value: object, style: str = "") -> Content:
    """Text for a ``Static`` and the like, never parsed; line ends stay line ends."""
    lines = (line(part) for part in str(value).split("\n"))
    return Content.styled("\n".join(lines), style) if style else Content("\n".join(lines))


def fit(value: object, cells: int, align: str = "left") -> str:
    """Data in exactly ``cells`` terminal cells; a cut shows as ``…`` (截断可见)."""
    return kernel_text.pad(line(value), cells, "right" if align == "right" else "left")
