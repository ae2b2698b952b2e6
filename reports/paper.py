"""A document being written (文稿): pages with their furniture, a cursor that goes down, headings with
bookmarks.

Page geometry by GB/T 9704-2012 (``geometry``). The page number stands where the standard wants it (odd
pages right, even pages left, 7 mm below the type area); run number and digest stand on the other side, so
that the figures of any loose sheet can be made again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from reportlab import rl_config
from reportlab.lib.utils import TimeStamp
from reportlab.pdfgen.canvas import Canvas

from reports.breaking import break_lines, even_lines
from reports.geometry import BODY_LEADING, BODY_SIZE, MM, NUMBER_DROP, PORTRAIT, Frame
from reports.pen import GREY, PALE, RED, Pen, Style

rl_config.useA85 = 0  # plain binary streams: a quarter smaller, and no text encoding of every page

BODY = Style("song", BODY_SIZE)
HEADING = Style("hei", BODY_SIZE)
SUBHEADING = Style("song-bold", 14.0)
SMALL = Style("song", 9.0, GREY)
NUMBER = Style("song", 10.5)
FOOT = Style("hei", 7.0, GREY)
RUNNING = Style("song", 8.5, GREY)
DRAFT = Style("hei", 16.0, RED)
DRAFT_ABOVE = 12 * MM
"""From the type area up to the word 草稿, clear of the running head."""

PageWords = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class _Heading:
    """A heading that waits for its first block."""

    text: str
    level: int
    lines: tuple[str, ...]
    style: Style
    above: float
    height: float
    keep: float


class _Canvas(Canvas):
    """A canvas that does not begin every page with Helvetica, which would not be embedded."""

    def _make_preamble(self) -> None:
        self._preamble = "1 0 0 1 0 0 cm"


class Paper:
    """One PDF in the making. ``y`` is the upper edge of what is still free on the page."""

    def __init__(
        self,
        title: str,
        author: str,
        subject: str,
        lang: str,
        made_at: datetime,
        page: PageWords,
        total: PageWords,
    ) -> None:
        import io

        self._file = io.BytesIO()
        canvas: Any = _Canvas(
            self._file, invariant=1, pageCompression=1, lang="zh-CN" if lang == "zh" else "en"
        )
        self._canvas = canvas
        self.body = BODY if lang == "zh" else BODY.sized(12.5)
        self.leading = BODY_LEADING if lang == "zh" else 19.5
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setSubject(subject)
        self._canvas.setCreator("benefits")
        self._canvas._doc._timeStamp = _stamp(made_at)
        self.pen = Pen(self._canvas)
        self.page = 0
        self.frame = PORTRAIT
        self.y = 0.0
        self.foot = ""
        self.running = ""
        self.draft = ""
        """What stands above every page while the figures may still change (草稿)."""
        self._page_foot = ""
        self._page_words, self._total_words = page, total
        self._open = False
        self._marks = 0
        self._waiting: list[_Heading] = []

    # pages

    def start_page(self, frame: Frame | None = None) -> None:
        """Close the page and begin the next, turned where ``frame`` is another one."""
        self._finish_page()
        self.frame = frame or self.frame
        self._canvas.setPageSize((self.frame.page_width, self.frame.page_height))
        self.page += 1
        self.y = self.frame.top
        self._open = True
        self._page_foot = self.foot
        if self.draft:
            middle = self.frame.x + self.frame.width / 2
            self.pen.text(middle, self.frame.top + DRAFT_ABOVE, self.draft, DRAFT, "centre", self.frame.width)
        if self.running:
            self.pen.text(self.frame.x, self.frame.top + 6 * MM, self.running, RUNNING, room=self.frame.width)
            edge = self.frame.top + 4 * MM
            self.pen.rule(self.frame.x, edge, self.frame.right, edge, 0.5, PALE)

    def room(self) -> float:
        """Height still free on the page."""
        return self.y - self.frame.bottom

    def need(self, height: float) -> None:
        """Begin a new page where ``height`` is not free; headings that wait come with what needs it."""
        waiting, self._waiting = self._waiting, []
        wanted = max([height, *(heading.keep for heading in waiting)])
        if wanted + sum(heading.height for heading in waiting) > self.room() + 0.01:
            self.start_page()
        for heading in waiting:
            self._draw_heading(heading)

    def waiting_height(self) -> float:
        """Height of the headings that will stand above the next block."""
        return sum(heading.height for heading in self._waiting)

    def down(self, height: float) -> None:
        """Leave white space."""
        self.y -= height

    def _finish_page(self) -> None:
        if not self._open:
            return
        base = self.frame.bottom - NUMBER_DROP - NUMBER.size * 0.8
        words = self._page_words(self.page)
        total = self._total_room()
        odd = self.page % 2 == 1
        blank = NUMBER.size
        left = self.frame.right - blank - NUMBER.measure(words) - total if odd else self.frame.x + blank
        self.pen.text(left, base, words, NUMBER)
        self._canvas.saveState()
        self._canvas.translate(left + NUMBER.measure(words), base)
        self._canvas.doForm("total")
        self._canvas.restoreState()
        room = self.frame.width - NUMBER.measure(words) - total - 3 * blank
        edge = self.frame.x if odd else self.frame.right
        self.pen.text(edge, base, self._page_foot, FOOT, "left" if odd else "right", room)
        self._canvas.showPage()
        self._open = False

    def _total_room(self) -> float:
        return NUMBER.measure(self._total_words(1000))

    def finish(self) -> bytes:
        """Close the last page, write the page total once for all pages, and give the bytes."""
        self._finish_page()
        self._canvas.beginForm("total", 0, -4, self._total_room() + 20, 14)
        self.pen.text(0, 0, self._total_words(self.page), NUMBER)
        self._canvas.endForm()
        self._canvas.showOutline()
        data: bytes = self._canvas.getpdfdata()
        return data

    # text

    def bookmark(self, title: str, level: int, closed: bool = False) -> None:
        """An entry of the outline (书签) that leads to the cursor."""
        self._marks += 1
        key = f"m{self._marks}"
        self._canvas.bookmarkHorizontal(key, 0, min(self.y + 8, self.frame.page_height))
        self._canvas.addOutlineEntry(title, key, level, closed)

    def heading(self, text: str, level: int = 0, keep: float = 0.0) -> None:
        """一、 or （一）; drawn with the block that follows, so never alone at the foot of a page.

        ``keep`` points must be free below it; without it the next block says how many.
        """
        style = HEADING if level == 0 else SUBHEADING
        lines = tuple(line.text for line in break_lines(text, style.measure, self.frame.width))
        above = style.size * (0.75 if level == 0 else 0.35)
        height = style.size * (1.7 * len(lines) + 0.2) + above
        self._waiting.append(_Heading(text, level, lines, style, above, height, keep))

    def _draw_heading(self, heading: "_Heading") -> None:
        style = heading.style
        if self.room() < self.frame.height - 1:
            self.down(heading.above)
        self.bookmark(heading.text, heading.level)
        for line in heading.lines:
            self.y -= style.size * 1.7
            self.pen.text(self.frame.x, self.y + style.size * 0.45, line, style)
        self.down(style.size * 0.2)

    def paragraph(
        self, text: str, style: Style | None = None, leading: float = 0.0, indent: float = 2.0
    ) -> None:
        """A justified paragraph, its first line indented by ``indent`` characters."""
        style, leading = style or self.body, leading or self.leading
        inset = indent * style.size
        lines = break_lines(text, style.measure, self.frame.width, inset)
        for number, line in enumerate(lines):
            alone = number in (0, len(lines) - 2) and len(lines) > 1  # no line stands alone on a page
            self.need(2 * leading if alone else leading)
            self.y -= leading
            left = self.frame.x + (inset if number == 0 else 0.0)
            width = self.frame.width - (inset if number == 0 else 0.0)
            self.pen.line(left, self.y + (leading - style.size) / 2 + style.size * 0.12, line, style, width)

    def centred(self, text: str, style: Style, leading: float) -> None:
        """A title, broken evenly over as few lines as it needs."""
        for line in even_lines(text, style.measure, self.frame.width):
            self.need(leading)
            self.y -= leading
            middle = self.frame.x + self.frame.width / 2
            self.pen.text(
                middle, self.y + (leading - style.size) / 2 + style.size * 0.12, line, style, "centre"
            )

    def note(self, text: str, style: Style = SMALL) -> None:
        """A remark below a table, small and grey."""
        self.down(3)
        self.paragraph(text, style, style.size * 1.55, 0.0)


def _stamp(made_at: datetime) -> TimeStamp:
    stamp = TimeStamp(1)
    utc = made_at.astimezone(UTC)
    stamp.t = utc.timestamp()
    stamp.lt = utc.timetuple()
    stamp.YMDhms = tuple(stamp.lt)[:6]
    return stamp
