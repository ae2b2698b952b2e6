"""Papers of goods: allocation sheet, delivery note, stock report (分配表、调拨单、库存表)."""

from benefits.kits.papers import (
    AllocationLine,
    AllocationSheet,
    Delivery,
    DeliveryLine,
    StockLine,
    StockReport,
)
from reports.geometry import LANDSCAPE, PORTRAIT
from reports.kits.furniture import SIGNING, campaign_facts, draw_facts, draw_signatures, draw_title, station
from reports.paper import Paper
from reports.tables import Column, Table, draw_table
from reports.words import NONE, Progress, Words, amount, count


def draw_allocation(paper: Paper, sheet: AllocationSheet, words: Words, progress: Progress | None) -> None:
    """What each station is to get, then each unit."""
    head = sheet.head
    paper.running = words("running", what=words("allocation_short"), number=head.number)
    paper.draft = "" if sheet.approved else words("draft")
    paper.start_page(LANDSCAPE)
    draw_title(paper, head.union, words("allocation", campaign=head.campaign))
    money = [("f_budget", sheet.budget_fen), ("f_cost", sheet.cost_fen)]
    draw_facts(
        paper,
        (
            *campaign_facts(head, words),
            *((words(key), words("amount", amount=amount(fen))) for key, fen in money if fen is not None),
        ),
    )
    paper.paragraph(sheet.rule, paper.body.sized(11.0), 18)
    columns = (
        Column(words("c_number"), 12, "right"),
        Column(words("c_station")),
        Column(words("c_keeper"), 26),
        Column(words("c_people"), 20, "right"),
        *(Column(words("c_good", good=good.name, measure=good.measure), 28, "right") for good in sheet.goods),
        Column(words("c_keeper_signature"), 34),
    )
    keep = 0.0 if sheet.units or sheet.unserved else SIGNING
    table = Table(columns, words("t_stations"), "", words.shared("continued"), 9.5, keep)
    draw_table(paper, table, (_station(line) for line in sheet.stations), (_total(sheet, words),))
    if sheet.units:
        columns = (
            Column(words("c_station"), 52),
            Column(words("c_unit")),
            Column(words("c_people"), 20, "right"),
            *(
                Column(words("c_good", good=good.name, measure=good.measure), 28, "right")
                for good in sheet.goods
            ),
        )
        keep = 0.0 if sheet.unserved else SIGNING
        table = Table(columns, words("t_units"), "", words.shared("continued"), keep=keep)
        draw_table(paper, table, (_unit(line, words) for line in sheet.units))
    if sheet.unserved:
        columns = (Column(words("c_unit")), Column(words("c_people"), 30, "right"))
        table = Table(columns, words("t_unserved"), "", words.shared("continued"), keep=SIGNING)
        draw_table(paper, table, ((unit, count(people)) for unit, people in sheet.unserved))
    draw_signatures(paper, words, ("s_made", "s_approved", "s_checked", "s_date"))


def _station(line: AllocationLine) -> tuple[str, ...]:
    place = line.place
    amounts = (count(quantity) for quantity in line.quantities)
    return (str(place.number), place.name, place.keeper, count(line.people), *amounts, "")


def _unit(line: AllocationLine, words: Words) -> tuple[str, ...]:
    amounts = (count(quantity) for quantity in line.quantities)
    return (station(words, line.place.number, line.place.name), line.unit, count(line.people), *amounts)


def _total(sheet: AllocationSheet, words: Words) -> tuple[str, ...]:
    sums = (count(sum(line.quantities[at] for line in sheet.stations)) for at in range(len(sheet.goods)))
    return ("", words("total"), "", count(sum(line.people for line in sheet.stations)), *sums, "")


def draw_delivery(paper: Paper, note: Delivery, words: Words, progress: Progress | None) -> None:
    """What left and what arrived, to be signed at both ends."""
    paper.running = ""
    paper.start_page(PORTRAIT)
    draw_title(paper, note.head.union, words("delivery"))
    draw_facts(paper, _delivery_facts(note, words))
    columns = (
        Column(words("c_number"), 11, "right"),
        Column(words("c_item")),
        Column(words("c_lot"), 26),
        Column(words("c_expires"), 22, "centre"),
        Column(words("c_sent"), 17, "right"),
        Column(words("c_arrived"), 17, "right"),
        Column(words("c_damaged"), 15, "right"),
        Column(words("c_missing"), 15, "right"),
    )
    lines = note.lines
    there = note.arrived_on is not None
    total = (
        *("", words("total"), "", "", count(sum(line.sent for line in lines))),
        count(sum(line.arrived or 0 for line in lines)) if there else "",
        *(
            count(sum(getattr(line, name) for line in lines)) if there else ""
            for name in ("damaged", "missing")
        ),
    )
    rows = (_delivered(number, line, there) for number, line in enumerate(lines, 1))
    draw_table(paper, Table(columns, size=9.5, pad=4.0, keep=SIGNING), rows, (total,))
    for line in lines:
        if line.reason:
            paper.note(words("reason", item=line.good.name, lot=line.lot, reason=line.reason))
    paper.down(8)
    draw_signatures(paper, words, ("s_sent", "s_carried", "s_received", "s_date"))


def _delivery_facts(note: Delivery, words: Words) -> tuple[tuple[str, str], ...]:
    return (
        (words("f_delivery"), note.number),
        (words("f_sent_on"), words.day(note.sent_on)),
        (words("f_from"), station(words, note.source.number, note.source.name)),
        (words("f_sent_by"), note.sent_by),
        (words("f_to"), station(words, note.target.number, note.target.name)),
        (words("f_keeper"), note.target.keeper),
        (words("f_address"), note.target.address),
        (words("f_carrier"), note.carrier),
        (
            words("f_campaign_name"),
            words("named", name=note.head.campaign, number=note.head.number) if note.head.campaign else "",
        ),
        (words("f_arrived_on"), words.day(note.arrived_on) if note.arrived_on else ""),
        (words("f_arrived_by"), note.arrived_by),
        (words("f_note"), note.note),
    )


def _delivered(number: int, line: DeliveryLine, there: bool) -> tuple[str, ...]:
    came = (line.arrived or 0, line.damaged, line.missing)
    return (
        *(str(number), line.good.name, line.lot, str(line.expires_on or NONE), count(line.sent)),
        *(count(each) if there else "" for each in came),
    )


def draw_stock(paper: Paper, report: StockReport, words: Words, progress: Progress | None) -> None:
    """What lies where, by lot, with its value; what is on the road."""
    paper.running = ""
    paper.start_page(LANDSCAPE)
    draw_title(paper, report.head.union, words("stock"))
    value = sum(line.on_hand * line.cost_fen for line in report.lines)
    draw_facts(
        paper,
        (
            (words("f_day"), words.day(report.day)),
            (words("f_campaign_name"), report.head.campaign),
            (words("f_value"), words("amount", amount=amount(value))),
            (words("f_made_by"), report.head.made_by),
        ),
    )
    columns = (
        Column(words("c_station")),
        Column(words("c_item"), 48),
        Column(words("c_lot"), 30),
        Column(words("c_expires"), 26, "centre"),
        Column(words("c_on_hand"), 22, "right"),
        Column(words("c_cost"), 24, "right"),
        Column(words("c_value"), 30, "right"),
    )
    keep = 0.0 if report.on_the_road else SIGNING
    table = Table(columns, words("t_stock"), words("yuan"), words.shared("continued"), keep=keep)
    on_hand = sum(line.on_hand for line in report.lines)
    total = ("", words("total"), "", "", count(on_hand), "", amount(value))
    draw_table(paper, table, (_lot(line, report, words) for line in report.lines), (total,))
    if report.on_the_road:
        two = (Column(words("c_item")), Column(words("c_quantity"), 40, "right"))
        table = Table(two, words("t_road"), "", words.shared("continued"), keep=SIGNING)
        draw_table(paper, table, ((good.name, count(many)) for good, many in report.on_the_road))
    draw_signatures(paper, words, ("s_made", "s_keeper", "s_checked", "s_date"))


def _lot(line: StockLine, report: StockReport, words: Words) -> tuple[str, ...]:
    place, day = line.place, line.expires_on
    until = NONE if day is None else words("expired", day=day) if day < report.day else str(day)
    value = amount(line.on_hand * line.cost_fen)
    where = station(words, place.number, place.name)
    return (where, line.good.name, line.lot, until, count(line.on_hand), amount(line.cost_fen), value)
