"""The annex (附件): a confirmation sheet (单位确认单) for each unit and plan, to be sealed, then its roster.

The sheet is a portrait page (DOMAIN 4.3: unit, list count, fee in figures and capitals, chair's signature,
seal, date); the roster and those who are not on it follow on landscape pages with repeated heads.
"""

from collections.abc import Sequence

from benefits.kernel.money import capitals
from benefits.renewal.dataset import UnitSheet
from reports.breaking import break_lines
from reports.geometry import LANDSCAPE, MM, PORTRAIT
from reports.paper import BODY, Paper
from reports.pen import BLACK, PALE, SHADE, Style
from reports.tables import Column, Table, draw_table
from reports.words import NONE, Words, amount, count

TITLE = Style("song-bold", 22.0)
LABEL = Style("hei", 11.0)
VALUE = Style("song", 12.0)
SMALL = Style("song", 10.5)
LABEL_WIDTH = 40 * MM
SEAL_RADIUS = 19 * MM


def open_annex(paper: Paper, words: Words) -> None:
    """The annex's entry in the outline, on a page of its own with the first sheet."""
    paper.running = ""
    paper.start_page(PORTRAIT)
    paper.bookmark(words("h_annex"), 0, closed=True)


def draw_sheet(paper: Paper, sheet: UnitSheet, number: int, words: Words, new_street: bool) -> None:
    """One unit in one plan: the sheet, the roster, who is not on it."""
    paper.running = ""
    if number > 1:
        paper.start_page(PORTRAIT)
    if new_street:
        paper.bookmark(sheet.street or words("sheet_other"), 1, closed=True)
    mark = words("sheet_mark", unit=sheet.unit, plan=sheet.plan_name)
    paper.bookmark(mark, 2)
    _confirmation(paper, sheet, number, words)
    paper.running = mark
    paper.start_page(LANDSCAPE)
    _roster(paper, sheet, words)
    if sheet.left_out:
        _left_out(paper, sheet, words)


def _confirmation(paper: Paper, sheet: UnitSheet, number: int, words: Words) -> None:
    paper.centred(words("sheet_title"), TITLE, 40)
    line = words("sheet_number", number=number, run=sheet.run_number)
    paper.pen.text(paper.frame.right, paper.y - 14, line, SMALL, "right")
    paper.down(22)
    tally = sheet.tally
    payers = words.sentences(
        [words("f_payer_words", payer=who, amount=amount(fen)) for who, fen in sheet.payers]
    )
    people = words(
        "f_people_words", people=count(tally.people), renewed=count(tally.renewed), added=count(tally.added)
    )
    without = words(
        "f_left_out_words",
        people=count(tally.excluded + tally.declined),
        excluded=count(tally.excluded),
        declined=count(tally.declined),
    )
    _form(
        paper,
        (
            (words("f_unit"), sheet.unit),
            (words("f_uscc"), sheet.uscc or NONE),
            (words("f_unit_code"), sheet.unit_code),
            (words("f_street"), sheet.street or NONE),
            (words("f_plan"), sheet.plan_name),
            (words("f_people"), people),
            (words("f_shares"), words("f_shares_words", shares=count(tally.shares))),
            (words("f_left_out"), without),
            (words("f_fee"), words("f_fee_words", amount=amount(tally.fen))),
            (words("f_capitals"), capitals(tally.fen)),
            (words("f_payers"), payers or NONE),
        ),
    )
    paper.down(10)
    paper.paragraph(words("sheet_statement"), VALUE, 21)
    _signatures(paper, words)


def _form(paper: Paper, fields: Sequence[tuple[str, str]]) -> None:
    """Label and value a line; values wrap."""
    pen, frame = paper.pen, paper.frame
    split, top = frame.x + LABEL_WIDTH, paper.y
    edges = [top]
    for label, value in fields:
        room = frame.right - split - 12
        lines = (
            [value]
            if VALUE.measure(value) * 0.9 <= room
            else [line.text for line in break_lines(value, VALUE.measure, room)]
        )
        height = max(25.0, 17.0 * len(lines) + 9)
        pen.rectangle(frame.x, paper.y - height, LABEL_WIDTH, height, fill=SHADE)
        middle = paper.y - height / 2
        pen.text(frame.x + LABEL_WIDTH / 2, middle - 4, label, LABEL, "centre", LABEL_WIDTH - 6)
        base = middle + 8.5 * (len(lines) - 1) - 4.3
        for text in lines:
            pen.text(split + 6, base, text, VALUE, room=room)
            base -= 17.0
        paper.y -= height
        edges.append(paper.y)
    pen.grid([frame.x, split, frame.right], edges, 0.5)
    pen.rectangle(frame.x, paper.y, frame.width, top - paper.y, stroke=BLACK, line=1.0)


def _signatures(paper: Paper, words: Words) -> None:
    """Lines to sign on at the left, the place for the seal at the right; kept at the foot of the page
    where it fits.
    """
    height = 2 * SEAL_RADIUS + 16
    paper.need(height)
    pen, frame = paper.pen, paper.frame
    paper.y = max(frame.bottom + height, min(paper.y - 4, frame.bottom + height + 24))
    style = BODY.sized(12.0)
    pitch = (height - 20) / 4
    base = paper.y - 26
    line_end = frame.x + 86 * MM
    for key in ("sheet_clerk", "sheet_phone", "sheet_chair", "sheet_date"):
        text = words(key)
        pen.text(frame.x + 4, base, text, style)
        start = frame.x + 6 + style.measure(text)
        if key != "sheet_date" or words.lang != "zh":
            pen.rule(start, base - 3, line_end, base - 3, 0.5, PALE)
        base -= pitch
    centre = frame.right - SEAL_RADIUS - 14 * MM
    pen.seal(centre, paper.y - 8 - SEAL_RADIUS, SEAL_RADIUS, words.shared("seal_here"))
    pen.text(frame.x + 92 * MM, paper.y - 8, words("sheet_union"), style, room=40 * MM)
    paper.y -= height


def _roster(paper: Paper, sheet: UnitSheet, words: Words) -> None:
    columns = (
        Column(words("c_number"), 11, "right"),
        Column(words("c_person")),
        Column(words("c_sex"), 11, "centre"),
        Column(words("c_id"), 35, "centre"),
        Column(words("c_kind"), 14, "centre"),
        Column(words("c_shares"), 12, "right"),
        Column(words("c_tier"), 15),
        Column(words("c_fee"), 21, "right"),
        Column(words("c_from"), 20, "centre"),
        Column(words("c_to"), 20, "centre"),
        Column(words("c_waiting"), 20, "centre"),
    )
    title = words("t_roster", unit=sheet.unit)
    table = Table(columns, title, sheet.run_number, words.shared("continued"))
    tally = sheet.tally
    total = ("", words("total"), "", "", "", count(tally.shares), "", amount(tally.fen), "", "", "")
    rows = (
        (
            str(row.number),
            row.name,
            row.sex,
            row.id_masked,
            row.kind,
            str(row.shares),
            row.tier or NONE,
            amount(row.fen),
            str(row.starts),
            str(row.ends),
            str(row.waiting_until) if row.waiting_until else NONE,
        )
        for row in sheet.rows
    )
    draw_table(paper, table, rows, (total,))


def _left_out(paper: Paper, sheet: UnitSheet, words: Words) -> None:
    columns = (
        Column(words("c_number"), 11, "right"),
        Column(words("c_person"), 42),
        Column(words("c_id"), 38, "centre"),
        Column(words("c_verdict"), 24, "centre"),
        Column(words("c_reasons")),
    )
    table = Table(columns, words("t_left_out", unit=sheet.unit), sheet.run_number, words.shared("continued"))
    rows = (
        (str(number), row.name, row.id_masked, row.verdict, words.sentences(row.reasons) or NONE)
        for number, row in enumerate(sheet.left_out, 1)
    )
    paper.down(8)
    draw_table(paper, table, rows)
