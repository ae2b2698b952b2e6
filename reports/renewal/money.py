"""Part seven (会费与出资): who pays what, amounts in words, and that nothing is lost between the two sums."""

from itertools import groupby

from benefits.kernel.money import capitals
from benefits.renewal.dataset import RenewalReport
from reports.paper import BODY, Paper
from reports.renewal.sections import caption, nothing
from reports.tables import Column, draw_table
from reports.words import Words, amount, count


def draw_money(paper: Paper, report: RenewalReport, words: Words) -> None:
    """By plan and payer; by payer with capitals; the ledger check."""
    paper.heading(words.numbered(7, words("h_money")))
    if not report.payers:
        nothing(paper, words)
    else:
        _by_plan(paper, report, words)
        _by_payer(paper, report, words)
    paid = sum(line.fen for line in report.payers)
    key = "n_ledger_ok" if paid == report.total.fen else "n_ledger_bad"
    difference = amount(abs(paid - report.total.fen))
    told = words(key, payers=amount(paid), fees=amount(report.total.fen), difference=difference)
    paper.paragraph(told, BODY.sized(12.0), 22)


def _by_plan(paper: Paper, report: RenewalReport, words: Words) -> None:
    columns = (
        Column(words("c_plan")),
        Column(words("c_payer"), 46),
        Column(words("c_heads"), 17, "right"),
        Column(words("c_shares"), 17, "right"),
        Column(words("c_amount"), 30, "right"),
    )
    rows = []
    for plan, lines in groupby(report.payers, key=lambda line: line.plan_name):
        for number, line in enumerate(lines):
            name = "" if number else plan
            rows.append((name, line.payer, count(line.people), count(line.shares), amount(line.fen)))
    total = (words("total"), "", "", "", amount(sum(line.fen for line in report.payers)))
    draw_table(paper, caption(words, words("t_payers"), columns, "unit_mixed"), rows, (total,))


def _by_payer(paper: Paper, report: RenewalReport, words: Words) -> None:
    sums: dict[str, int] = {}
    for line in report.payers:
        sums[line.payer] = sums.get(line.payer, 0) + line.fen
    columns = (
        Column(words("c_payer"), 42),
        Column(words("c_amount"), 30, "right"),
        Column(words("c_capitals")),
    )
    rows = [(payer, amount(fen), capitals(fen)) for payer, fen in sums.items()]
    whole = sum(sums.values())
    total = (words("total"), amount(whole), capitals(whole))
    draw_table(paper, caption(words, words("t_words"), columns, "unit_yuan"), rows, (total,))
