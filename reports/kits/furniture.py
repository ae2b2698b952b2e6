"""What all papers of the kits have: title, the facts below it, lines to sign on, the place for a seal."""

from collections.abc import Sequence

from benefits.kits.papers import Head
from reports.geometry import MM
from reports.paper import Paper
from reports.pen import GREY, PALE, Style
from reports.words import Words

TITLE = Style("song-bold", 22.0)
UNION = Style("song", 14.0)
LABEL = Style("hei", 10.0, GREY)
VALUE = Style("song", 10.5)
SIGN = Style("song", 11.0)
PITCH = 18.0
SEAL_RADIUS = 19 * MM
_GAP = 10 * MM
SIGNING = 2 * SEAL_RADIUS + 20
"""Height of the lines to sign on with what stands between them and the text."""


def draw_title(paper: Paper, union: str, title: str) -> None:
    """The union, then the title."""
    paper.bookmark(title, 0)
    paper.centred(union, UNION, 24)
    paper.centred(title, TITLE, 38)
    paper.down(4)


def campaign_facts(head: Head, words: Words) -> tuple[tuple[str, str], ...]:
    """Number and days of the campaign."""
    days = words.span(head.starts, head.ends) if head.starts and head.ends else ""
    return ((words("f_campaign"), head.number), (words("f_dates"), days))


def draw_facts(paper: Paper, facts: Sequence[tuple[str, str]], columns: int = 2) -> None:
    """Label and value, ``columns`` side by side; a value without room goes over the whole width."""
    width = (paper.frame.width - _GAP * (columns - 1)) / columns
    place = 0
    for label, value in facts:
        if not value:
            continue
        start = LABEL.measure(label) + 6
        wide = start + VALUE.measure(value) > width
        if place == 0 or wide:
            paper.need(PITCH)
            paper.y -= PITCH
            place = 0
        left = paper.frame.x + place * (width + _GAP)
        room = (paper.frame.width if wide else width) - start
        paper.pen.text(left, paper.y + 5, label, LABEL)
        paper.pen.text(left + start, paper.y + 5, value, VALUE, room=room)
        place = 0 if wide else (place + 1) % columns
    paper.down(8)


def draw_signatures(paper: Paper, words: Words, keys: Sequence[str]) -> None:
    """Lines to sign on, side by side in pairs, with the place for the seal at the right. What stands above
    them keeps ``SIGNING`` free, so that they are never alone on a page."""
    height = SIGNING - 8
    paper.need(height)
    pen, frame = paper.pen, paper.frame
    right = frame.right - 2 * SEAL_RADIUS - 8 * MM
    width = (right - frame.x - _GAP) / 2
    for number, key in enumerate(keys):
        left = frame.x + (number % 2) * (width + _GAP)
        base = paper.y - 30.0 * (number // 2) - 26
        label = words(key)
        pen.text(left, base, label, SIGN)
        pen.rule(left + SIGN.measure(label) + 4, base - 3, left + width, base - 3, 0.5, PALE)
    pen.seal(frame.right - SEAL_RADIUS, paper.y - SEAL_RADIUS - 6, SEAL_RADIUS, words.shared("seal_here"))
    paper.y -= height


def station(words: Words, number: int, name: str) -> str:
    """3号 潞城发放点; a store has no number."""
    return words("station", number=number, name=name) if number else name
