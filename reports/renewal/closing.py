"""Parts eight to ten and the signature (同比、到期、核对、落款)."""

from benefits.kernel.messages import render as say
from benefits.renewal.dataset import RenewalReport
from reports.breaking import break_lines
from reports.charts import Bars, draw_bars, series
from reports.geometry import SEAL_DIAMETER
from reports.paper import BODY, Paper
from reports.renewal.sections import caption, nothing
from reports.tables import Column, draw_table
from reports.words import Words, amount, change, count


def draw_years(paper: Paper, report: RenewalReport, words: Words) -> None:
    """Part eight: against the same window one year before."""
    paper.heading(words.numbered(8, words("h_years")))
    if not report.plans:
        nothing(paper, words)
        return
    people, fees = words("c_people"), words("c_fee")
    columns = [Column(words("c_plan"))]
    for group, wide in ((people, 16.0), (fees, 25.0)):
        columns += [
            Column(words("c_this_year"), wide, "right", group),
            Column(words("c_year_ago"), wide, "right", group),
            Column(words("c_change"), 15, "right", group),
        ]
    rows = [
        (
            plan.plan_name,
            count(plan.tally.people),
            count(plan.last_year_people),
            change(plan.tally.people, plan.last_year_people),
            amount(plan.tally.fen),
            amount(plan.last_year_fen),
            change(plan.tally.fen, plan.last_year_fen),
        )
        for plan in report.plans
    ]
    draw_table(paper, caption(words, words("t_years"), columns, "unit_mixed"), rows)
    paper.note(words("n_years"))
    paper.down(10)
    bars = [Bars(plan.plan_name, (plan.tally.people, plan.last_year_people)) for plan in report.plans]
    kinds = series(words("c_this_year"), words("c_year_ago"))
    draw_bars(paper, words.next("figure", words("f_years")), kinds, bars, words("unknown"))


def draw_expiries(paper: Paper, report: RenewalReport, words: Words) -> None:
    """Part nine: when the new terms end."""
    paper.heading(words.numbered(9, words("h_expiries")))
    if not report.expiries:
        nothing(paper, words)
        return
    columns = (Column(words("c_ends"), 46), Column(words("c_plan")), Column(words("c_people"), 28, "right"))
    lines = sorted(report.expiries, key=lambda line: line.ends)
    rows = [(words.day(line.ends), line.plan_name, count(line.people)) for line in lines]
    total = (words("total"), "", count(sum(line.people for line in lines)))
    draw_table(paper, caption(words, words("t_expiries"), columns, "unit_people"), rows, (total,))


def draw_checks(paper: Paper, report: RenewalReport, words: Words) -> None:
    """Part ten and the signature, which never stands alone on a page (GB/T 9704-2012 7.3.5.5)."""
    made = words("n_made", by=report.made_by, at=words.moment(report.made_at))
    anchor = words("n_anchor", anchor=report.audit_anchor or words("unknown"))
    notes = (words("n_digest", digest=report.digest), anchor, made)
    lines = sum(len(break_lines(note, BODY.sized(9.0).measure, paper.frame.width)) for note in notes)
    keep = SEAL_DIAMETER + 4 * paper.leading + 24 + lines * 14 + 3 * len(notes) + 20
    paper.heading(words.numbered(10, words("h_checks")), keep=keep)
    columns = (Column(words("c_check")), Column(words("c_result"), 24, "centre"))
    rows = [
        (say(check, words.lang), words("passed") if holds else words("failed"))
        for check, holds in report.checks
    ]
    if rows:
        draw_table(paper, caption(words, words("t_checks"), columns, keep=keep), rows)
    for note in notes:
        paper.note(note)
    _signature(paper, report, words)


def _signature(paper: Paper, report: RenewalReport, words: Words) -> None:
    """Closing words, note of the annex, issuer centred over the date, the date four characters in, the
    seal over both.
    """
    paper.down(8)
    paper.paragraph(words("closing"))
    if report.sheets:
        paper.down(paper.leading / 2)
        paper.paragraph(words("attachment", sheets=count(len(report.sheets))))
    day, body = words.day(report.as_of), paper.body
    half = max(body.measure(day), min(body.measure(report.issuing_union), paper.frame.width * 0.8)) / 2
    inset = 4 * body.size + body.measure(day) / 2
    middle = paper.frame.right - max(inset, half)
    radius = SEAL_DIAMETER / 2
    paper.down(8 + radius)
    paper.pen.seal(middle, paper.y, radius, "")
    paper.pen.text(middle, paper.y + 4, report.issuing_union, body, "centre", paper.frame.width * 0.8)
    paper.pen.text(middle, paper.y + 4 - paper.leading, day, body, "centre")
    seal = BODY.sized(8.5)
    paper.pen.text(middle, paper.y - radius + 9, words.shared("seal_here"), seal, "centre")
    paper.down(radius)
