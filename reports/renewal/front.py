"""The first page (首页): red head, title, addressee and the summary in words (DOMAIN 4.1, 4.3)."""

from benefits.kernel.money import capitals
from benefits.renewal.dataset import RenewalReport
from reports.geometry import MM, TITLE_SIZE
from reports.paper import Paper
from reports.pen import RED, Style
from reports.renewal.runs import run_numbers
from reports.words import Words, amount, change, count, percent

MARK = Style("song-bold", 34.0, RED)
TITLE = Style("song-bold", TITLE_SIZE)
LINE = Style("song", 14.0)


def draw_front(paper: Paper, report: RenewalReport, words: Words) -> None:
    """Head, title, addressee, summary."""
    paper.start_page()
    _red_head(paper, report, words)
    paper.running = report.title
    paper.down(30)
    paper.bookmark(report.title, 0)
    paper.centred(report.title, TITLE, 34)
    paper.down(22)
    paper.paragraph(words("addressee", addressee=report.addressee), indent=0)
    paper.heading(words.numbered(1, words("h_summary")))
    for clauses in _summary(report, words):
        paper.paragraph(clauses)


def _red_head(paper: Paper, report: RenewalReport, words: Words) -> None:
    """Mark of the issuing body, its upper edge 35 mm below the type area's (GB/T 9704-2012 7.2.4), number,
    red line.
    """
    frame, pen = paper.frame, paper.pen
    top = frame.top - 35 * MM
    middle = frame.x + frame.width / 2
    fitting = MARK.size * frame.width * 0.96 / max(MARK.measure(report.issuing_union), 1.0)
    mark = MARK.sized(round(min(MARK.size, max(fitting, 20.0)), 1))
    pen.text(middle, top - MARK.size * 0.88, report.issuing_union, mark, "centre", frame.width)
    base = top - MARK.size * 0.88 - 46
    runs = words("head_run", runs=words.join(run_numbers(report)))
    signer = words("head_signer")
    blank = LINE.size
    space = 5 * blank  # for the name that is written by hand
    right = frame.right - blank - space - LINE.measure(signer)
    pen.text(frame.x + blank, base, runs, LINE.sized(12.0), room=right - frame.x - 2 * blank)
    pen.text(right, base, signer, LINE)
    edge = base - 4 * MM - 3
    pen.rule(frame.x, edge, frame.right, edge, 1.8, RED)
    paper.y = edge


def _summary(report: RenewalReport, words: Words) -> list[str]:
    total = report.total
    last = sum(plan.last_term_people for plan in report.plans)
    names = words.join([plan.plan_name for plan in report.plans])
    scope = words(
        "sum_scope",
        plans=len(report.plans),
        names=names,
        streets=len(report.streets),
        units=count(sum(street.units for street in report.streets)),
        as_of=words.day(report.as_of),
    )
    people = words(
        "sum_people",
        candidates=count(total.candidates),
        renewed=count(total.renewed),
        added=count(total.added),
        excluded=count(total.excluded),
        declined=count(total.declined),
        last=count(last),
        rate=percent(total.renewed, last),
    )
    money = words(
        "sum_money",
        people=count(total.people),
        persons=count(report.persons),
        shares=count(total.shares),
        amount=amount(total.fen),
        capitals=capitals(total.fen),
    )
    told = [scope, people + ("" if words.lang == "zh" else " ") + money]
    before = [plan.last_year_people for plan in report.plans]
    fees = [plan.last_year_fen for plan in report.plans]
    more = []
    if report.plans and None not in before and None not in fees:
        more.append(
            words(
                "sum_years",
                people=change(total.people, sum(n or 0 for n in before)),
                fen=change(total.fen, sum(n or 0 for n in fees)),
            )
        )
    if report.participation or report.exceptions:
        units, records = count(len(report.participation)), count(len(report.exceptions))
        more.append(words("sum_open", units=units, people=records))
    if more:
        told.append(("" if words.lang == "zh" else " ").join(more))
    return told
