"""Line breaking for Chinese text (断行): what may not start or end a line, what may not be cut, and
justification.

Rules of Chinese typesetting (GB/T 15834, CLREQ): closing marks never start a line, opening marks and
currency signs never end one; figures, dates, amounts and Latin words stay whole. A closing mark at the end
of a line counts half, because its right half is white.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

NO_START = frozenset("，。；：？！、）》〉”’】〕」』…—·%％℃,.;:?!)]}")
NO_END = frozenset("（《〈“‘【〔「『￥¥([{#")
_HALF = frozenset("，。；：？！、）》〉”’】〕」』")
_TOKEN = re.compile(
    r"[0-9]{4}年[0-9]{1,2}月(?:[0-9]{1,2}日)?"
    r"|[0-9]{1,2} (?:January|February|March|April|May|June|July|August|September"
    r"|October|November|December) [0-9]{4}"
    r"|[￥¥]?[-−+]?[0-9][0-9,]*(?:\.[0-9]+)?[%％]?"
    r"|[A-Za-z0-9À-ɏ][A-Za-z0-9À-ɏ'’./@_+-]*"
    r"|—+|…+|\s+|.",
    re.DOTALL,
)

Measure = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its pieces (each drawn with no stretch inside), its natural width, whether a paragraph
    ends with it.
    """

    pieces: tuple[str, ...]
    width: float
    last: bool

    @property
    def text(self) -> str:
        """What the line says."""
        return "".join(self.pieces)


def tokens(text: str) -> list[str]:
    """The smallest pieces between which a line may be broken, marks already bound to what they belong to.

    >>> tokens("共1,204人（见《表》），2026年11月2日。")
    ['共', '1,204', '人', '（见', '《表》），', '2026年11月2日。']
    """
    found: list[str] = []
    glue = False
    for piece in _TOKEN.findall(text):
        if found and not piece.isspace() and (glue or piece[0] in NO_START) and not found[-1].isspace():
            found[-1] += piece
        else:
            found.append(piece)
        glue = piece[-1] in NO_END
    return found


def break_lines(text: str, measure: Measure, width: float, indent: float = 0.0) -> list[Line]:
    """The paragraph as lines of at most ``width``; the first is indented. Never loses a character.

    A token wider than a whole line (a long unbroken name) is cut where it must be.
    """
    lines: list[Line] = []
    pieces: list[str] = []
    used, room = 0.0, width - indent
    for token in tokens(text):
        size = measure(token)
        if used + size - _hang(token, measure) > room + 0.01:
            if pieces and not token.isspace():
                lines.append(_line(pieces, measure, False))
                pieces, used, room = [], 0.0, width
            while size > room and len(token) > 1:
                head = _prefix(token, measure, room)
                lines.append(Line((head,), measure(head), False))
                token = token[len(head) :]
                size, room = measure(token), width
        if token.isspace() and not pieces:
            continue
        pieces.append(token)
        used += size
    if pieces or not lines:
        lines.append(_line(pieces, measure, True))
    else:
        lines[-1] = Line(lines[-1].pieces, lines[-1].width, True)
    return lines


TITLE_WORDS = re.compile(
    r"[0-9]{4}年度?|关于|总工会|职工|互助|保障|续保|工作|情况|报告|活动|计划|街道|年度|[A-Za-z0-9][A-Za-z0-9.,'’-]*|.",
    re.DOTALL,
)


def even_lines(text: str, measure: Measure, width: float) -> list[str]:
    """A title over as few lines as it needs, of even length, broken between words where the words are
    known.
    """
    lines = break_lines(text, measure, width)
    if len(lines) != 2:
        return [line.text for line in lines]
    pieces = TITLE_WORDS.findall(text)
    best, found = width * 2, [line.text for line in lines]
    for place in range(1, len(pieces)):
        first, second = "".join(pieces[:place]).strip(), "".join(pieces[place:]).strip()
        longest = max(measure(first), measure(second))
        allowed = second[:1] not in NO_START and first[-1:] not in NO_END and second[:1] not in "的和与及"
        if longest < best and longest <= width and allowed:
            best, found = longest, [first, second]
    return found


def _hang(token: str, measure: Measure) -> float:
    return measure(token[-1]) / 2 if token[-1] in _HALF else 0.0


def _line(pieces: list[str], measure: Measure, last: bool) -> Line:
    while pieces and pieces[-1].isspace():
        pieces = pieces[:-1]
    text = "".join(pieces)
    return Line(tuple(pieces), measure(text), last)


def _prefix(token: str, measure: Measure, room: float) -> str:
    used = 0.0
    for place, char in enumerate(token):
        used += measure(char)
        if used > room and place:
            return token[:place]
    return token
