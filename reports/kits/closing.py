"""The report of a campaign (发放情况报告): who was given what, what became of every item at every
station, what it cost and out of whose money, what is still open."""

from collections.abc import Iterable, Sequence

from benefits.kernel.money import capitals
from benefits.kits.papers import CampaignReport, Flow
from reports.charts import Bars, draw_bars, series
from reports.geometry import LANDSCAPE, PORTRAIT
from reports.kits.furniture import SIGNING, campaign_facts, draw_signatures, draw_title
from reports.paper import Paper
from reports.tables import Column, Table, draw_table
from reports.words import Progress, Words, amount, count, percent

_FLOW = ("came", "handed", "tally", "damaged", "lost", "sent", "on_hand", "difference")


def draw_campaign(paper: Paper, report: CampaignReport, words: Words, progress: Progress | None) -> None:
    """The whole report; stations on landscape pages after it."""
    head = report.head
    paper.running = ""
    paper.draft = "" if report.closed_on else words("not_closed")
    paper.start_page(PORTRAIT)
    draw_title(paper, head.union, words("report", campaign=head.campaign))
    paper.paragraph(_summary(report, words))
    paper.heading(words.numbered(1, words("h_items")))
    draw_table(
        paper,
        Table(_columns(words, words("c_item"), 15), words("t_items"), "", words.shared("continued"), 8.5),
        (_row(flow) for flow in report.items),
    )
    paper.note(words("n_flow"))
    _units(paper, report, words)
    _money(paper, report, words)
    _open(paper, report, words)
    draw_signatures(paper, words, ("s_made", "s_chair", "s_checked", "s_date"))
    _stations(paper, report, words)


def _summary(report: CampaignReport, words: Words) -> str:
    head = report.head
    parts = [
        words(
            "p_report",
            campaign=head.campaign,
            number=head.number,
            dates=dict(campaign_facts(head, words))[words("f_dates")],
            entitled=count(report.entitled),
            people=count(report.people),
            handouts=count(report.handouts),
            rate=percent(report.people, report.entitled),
        )
    ]
    if public := sum(flow.tally for flow in report.items):
        parts.append(words("p_public", many=count(public)))
    wrong = [flow.label for flow in report.items if flow.difference]
    parts.append(words("p_wrong", items=words.join(wrong)) if wrong else words("p_zero"))
    if report.closed_on:
        parts.append(words("p_closed", day=words.day(report.closed_on)))
    return words.prose(parts)


def _columns(words: Words, first: str, width: float) -> tuple[Column, ...]:
    return (Column(first), *(Column(words(f"c_{name}"), width, "right") for name in _FLOW))


def _row(flow: Flow) -> tuple[str, ...]:
    return (flow.label, *(count(getattr(flow, name)) for name in _FLOW))


def _sum(flows: Iterable[Flow], label: str) -> tuple[str, ...]:
    sums = [0] * len(_FLOW)
    for flow in flows:
        sums = [have + getattr(flow, name) for have, name in zip(sums, _FLOW, strict=True)]
    return (label, *map(count, sums))


def _units(paper: Paper, report: CampaignReport, words: Words) -> None:
    paper.heading(words.numbered(2, words("h_units")))
    columns = (
        Column(words("c_unit")),
        Column(words("c_entitled"), 26, "right"),
        Column(words("c_people_given"), 26, "right"),
        Column(words("c_left"), 26, "right"),
        Column(words("c_rate"), 22, "right"),
    )
    rows = (
        (
            one.unit,
            count(one.entitled),
            count(one.given),
            count(one.entitled - one.given),
            percent(one.given, one.entitled),
        )
        for one in report.units
    )
    entitled, given = sum(one.entitled for one in report.units), sum(one.given for one in report.units)
    total = (words("total"), count(entitled), count(given), count(entitled - given), percent(given, entitled))
    draw_table(paper, Table(columns, words("t_given"), "", words.shared("continued")), rows, (total,))
    few = report.units if len(report.units) <= 24 else ()
    if few:
        bars = [Bars(one.unit, (one.entitled, one.given)) for one in few]
        draw_bars(paper, words("g_units"), series(words("c_entitled"), words("c_people_given")), bars, "")


def _money(paper: Paper, report: CampaignReport, words: Words) -> None:
    paper.heading(words.numbered(3, words("h_money")))
    said = [words("p_cost", amount=amount(report.cost_fen), capitals=capitals(report.cost_fen))]
    if report.budget_fen is not None:
        left = report.budget_fen - report.cost_fen
        key = "p_within" if left >= 0 else "p_over"
        said.append(words(key, budget=amount(report.budget_fen), left=amount(abs(left))))
    paper.paragraph(words.prose(said))
    if report.funds:
        columns = (Column(words("c_payer")), Column(words("c_amount"), 44, "right"))
        total = (words("total"), amount(report.cost_fen))
        rows = ((payer, amount(fen)) for payer, fen in report.funds)
        draw_table(paper, Table(columns, words("t_funds"), words("yuan")), rows, (total,))


def _open(paper: Paper, report: CampaignReport, words: Words) -> None:
    paper.heading(words.numbered(4, words("h_open")))
    open_matters: Sequence[str] = report.obstacles
    if report.unsettled:
        open_matters = (words("unsettled", many=count(report.unsettled)), *open_matters)
    for one in open_matters[:-1]:
        paper.paragraph(one)
    paper.need(SIGNING + 3 * paper.leading)  # the signatures never stand alone on a page
    paper.paragraph(open_matters[-1] if open_matters else words("nothing_open"))


def _stations(paper: Paper, report: CampaignReport, words: Words) -> None:
    if not report.stations:
        return
    paper.running = words("running", what=words("report_short"), number=report.head.number)
    paper.start_page(LANDSCAPE)
    paper.bookmark(words("h_stations"), 0)
    for item, flows in report.stations:
        title = words("t_station", item=item)
        table = Table(_columns(words, words("c_station"), 21), title, "", words.shared("continued"))
        draw_table(paper, table, (_row(flow) for flow in flows), (_sum(flows, words("total")),))
