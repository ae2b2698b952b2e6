"""Papers that people sign or are looked for on: sign-off sheet, undelivered list, care list (签收表、
未领取名单、慰问名单). Landscape, unit by unit, each with its sum."""

from collections.abc import Callable, Sequence

from benefits.kits.papers import Care, Receiver, SignOff, Undelivered, UnitPart
from reports.geometry import LANDSCAPE
from reports.kits.furniture import SIGNING, campaign_facts, draw_facts, draw_signatures, draw_title, station
from reports.paper import Paper
from reports.tables import Column, Table, draw_table
from reports.words import NONE, Progress, Words, amount, count

_Row = Callable[[int, Receiver, Words], tuple[str, ...]]
_PAD = 5.2
"""Room above and below a line on which somebody signs by hand."""


def draw_signoff(paper: Paper, sheet: SignOff, words: Words, progress: Progress | None) -> None:
    """One station's people, with a column to sign in."""
    place = sheet.place
    paper.running = words("running", what=station(words, place.number, place.name), number=sheet.head.number)
    paper.start_page(LANDSCAPE)
    draw_title(paper, sheet.head.union, words("signoff", campaign=sheet.head.campaign))
    people = sum(len(part.receivers) for part in sheet.units)
    draw_facts(
        paper,
        (
            (words("f_station"), station(words, place.number, place.name)),
            (words("f_keeper"), place.keeper),
            (words("f_address"), place.address),
            (words("f_hours"), place.hours),
            *campaign_facts(sheet.head, words),
            (words("f_people"), words("people", people=count(people))),
        ),
    )
    columns = (
        Column(words("c_number"), 11, "right"),
        Column(words("c_person"), 34),
        Column(words("c_id"), 18, "centre"),
        Column(words("c_phone"), 18, "centre"),
        Column(words("c_what")),
        Column(words("c_given"), 24, "centre"),
        Column(words("c_collector"), 28),
        Column(words("c_signature"), 36),
    )
    _parts(paper, sheet.units, columns, _signing, words, progress, signed=True)
    draw_signatures(paper, words, ("s_keeper", "s_counted", "s_checked", "s_date"))


def draw_undelivered(paper: Paper, sheet: Undelivered, words: Words, progress: Progress | None) -> None:
    """Whoever has not collected, to be reminded."""
    paper.running = words("running", what=words("undelivered_short"), number=sheet.head.number)
    paper.start_page(LANDSCAPE)
    draw_title(paper, sheet.head.union, words("undelivered", campaign=sheet.head.campaign))
    left = sum(len(part.receivers) for part in sheet.units)
    draw_facts(
        paper,
        (
            *campaign_facts(sheet.head, words),
            (words("f_entitled"), words("people", people=count(sheet.entitled))),
            (words("f_given"), words("people", people=count(sheet.given))),
            (words("f_left"), words("people", people=count(left))),
        ),
    )
    columns = (
        Column(words("c_number"), 11, "right"),
        Column(words("c_person"), 40),
        Column(words("c_id"), 20, "centre"),
        Column(words("c_phone"), 20, "centre"),
        Column(words("c_what")),
        Column(words("c_station"), 62),
    )
    _parts(paper, sheet.units, columns, _waiting, words, progress)
    if not left:
        paper.note(words("nobody_left"))


def draw_care(paper: Paper, sheet: Care, words: Words, progress: Progress | None) -> None:
    """What each is given, where, and who signed for it by real name (DOMAIN 2.3 [S103])."""
    paper.running = words("running", what=sheet.head.campaign, number=sheet.head.number)
    paper.start_page(LANDSCAPE)
    draw_title(
        paper,
        sheet.head.union,
        words("visits" if sheet.visits else "birthdays", campaign=sheet.head.campaign),
    )
    people = [one for part in sheet.units for one in part.receivers]
    fen = sum(one.fen or 0 for one in people)
    facts = [
        *campaign_facts(sheet.head, words),
        (words("f_people"), words("people", people=count(len(people)))),
    ]
    if fen:
        facts.append((words("f_amount"), words("amount", amount=amount(fen))))
    draw_facts(paper, facts)
    columns = (
        Column(words("c_number"), 11, "right"),
        Column(words("c_person"), 34),
        Column(words("c_id"), 18, "centre"),
        Column(words("c_what"), 40),
        Column(words("c_amount"), 24, "right"),
        Column(words("c_site" if sheet.visits else "c_note")),
        Column(words("c_given"), 24, "centre"),
        Column(words("c_signature"), 36),
    )
    _parts(paper, sheet.units, columns, _cared, words, progress, signed=True, money=True)
    if sheet.wishes:
        paper.heading(words("h_wishes"), 1)
        for text, author in sheet.wishes:
            paper.paragraph(words("wish", text=text, author=author), paper.body.sized(12.0), 20)
    draw_signatures(paper, words, ("s_made", "s_chair", "s_checked", "s_date"))


def _signing(number: int, one: Receiver, words: Words) -> tuple[str, ...]:
    given = str(one.given_on) if one.given_on else ""
    return (str(number), one.name, one.id_tail, one.phone_tail, one.what, given, one.collected_by, "")


def _waiting(number: int, one: Receiver, words: Words) -> tuple[str, ...]:
    return (str(number), one.name, one.id_tail, one.phone_tail, one.what, one.note or NONE)


def _cared(number: int, one: Receiver, words: Words) -> tuple[str, ...]:
    money = amount(one.fen) if one.fen is not None else NONE
    given = str(one.given_on) if one.given_on else ""
    return (str(number), one.name, one.id_tail, one.what, money, one.note, given, "")


def _parts(
    paper: Paper,
    parts: Sequence[UnitPart],
    columns: Sequence[Column],
    row: _Row,
    words: Words,
    progress: Progress | None,
    *,
    signed: bool = False,
    money: bool = False,
) -> None:
    """A table a unit, numbered through, with the unit's sum."""
    number, pad = 0, _PAD if signed else 2.6
    for done, part in enumerate(parts, 1):
        paper.need(60)
        paper.bookmark(part.unit, 1)
        caption = words("unit", unit=part.unit, people=count(len(part.receivers)))
        keep = SIGNING if signed and done == len(parts) else 0.0
        table = Table(columns, caption, part.code, words.shared("continued"), 9.5, keep, pad=pad, parted=True)
        rows = (row(number + at, one, words) for at, one in enumerate(part.receivers, 1))
        draw_table(paper, table, rows, (_sum(part, columns, words),) if money else ())
        number += len(part.receivers)
        if progress is not None:
            progress(done, len(parts))


def _sum(part: UnitPart, columns: Sequence[Column], words: Words) -> tuple[str, ...]:
    fen = sum(one.fen or 0 for one in part.receivers)
    cells = ["", words("total"), "", "", amount(fen) if fen else NONE]
    return tuple(cells + [""] * (len(columns) - len(cells)))
