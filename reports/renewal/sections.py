"""Parts two to six (按计划、街道、原因、参保率、例外): tables over frozen figures; only sums are computed."""

from collections.abc import Sequence
from itertools import groupby

from benefits.renewal.dataset import RenewalReport, Tally
from reports.charts import Bars, draw_bars, series
from reports.geometry import LANDSCAPE, PORTRAIT
from reports.paper import BODY, Paper
from reports.tables import Column, Table, draw_table
from reports.words import NONE, Words, amount, basis_points, count, percent

ACROSS = 6
"""Plans beside each other in a portrait table; more go into a second table."""


def caption(words: Words, title: str, columns: Sequence[Column], unit: str = "", **more: float) -> Table:
    """A numbered table in the report's usual form."""
    return Table(
        columns,
        words.next("table", title),
        words(unit) if unit else "",
        words.shared("continued"),
        size=more.get("size", 9.0),
        keep=more.get("keep", 0.0),
        pad=more.get("pad", 2.6),
    )


def nothing(paper: Paper, words: Words) -> None:
    """Says that a part has nothing to list."""
    paper.paragraph(words("none"))


def draw_plans(paper: Paper, report: RenewalReport, words: Words) -> None:
    """Part two: what was renewed, what was decided, cover and fees, who left."""
    paper.heading(words.numbered(2, words("h_plans")))
    if not report.plans:
        nothing(paper, words)
        return
    _runs(paper, report, words)
    _decisions(paper, report, words)
    _cover(paper, report, words)
    causes = list(dict.fromkeys(cause for plan in report.plans for cause, _ in plan.left))
    left = {cause: [dict(plan.left).get(cause, 0) for plan in report.plans] for cause in causes}
    if causes:
        by_plan(paper, report, words, "t_left", "c_cause", left)
    _remarks(paper, report, words)


def _runs(paper: Paper, report: RenewalReport, words: Words) -> None:
    columns = (
        Column(words("c_plan")),
        Column(words("c_edition"), 15),
        Column(words("c_issuer"), 31),
        Column(words("c_window"), 26),
        Column(words("c_starts"), 23),
        Column(words("c_run"), 24),
    )
    rows = (
        (
            plan.plan_name,
            plan.edition,
            plan.issuer,
            words.shared("span", first=plan.window_from, last=plan.window_to),
            words.join([str(day) for day in plan.starts]) or NONE,
            f"{plan.run_number}\n{plan.state_name}",
        )
        for plan in report.plans
    )
    draw_table(paper, caption(words, words("t_runs"), columns), rows)


def _decisions(paper: Paper, report: RenewalReport, words: Words) -> None:
    heads = ("last", "candidates", "eligible", "renewed", "added", "excluded", "declined", "rate")
    columns = (Column(words("c_plan")), *(Column(words(f"c_{head}"), 14.4, "right") for head in heads))

    def cells(name: str, last: int, eligible: int, tally: Tally) -> Sequence[str]:
        figures = (
            last,
            tally.candidates,
            eligible,
            tally.renewed,
            tally.added,
            tally.excluded,
            tally.declined,
        )
        return (name, *map(count, figures), percent(tally.renewed, last))

    plans = report.plans
    rows = (cells(p.plan_name, p.last_term_people, p.eligible, p.tally) for p in plans)
    last, eligible = sum(p.last_term_people for p in plans), sum(p.eligible for p in plans)
    total = cells(words("total"), last, eligible, report.total)
    draw_table(paper, caption(words, words("t_decisions"), columns, "unit_people", keep=30.0), rows, (total,))
    paper.note(words("n_rate"))
    paper.down(8)


def _cover(paper: Paper, report: RenewalReport, words: Words) -> None:
    columns = (
        Column(words("c_plan")),
        Column(words("c_people"), 16, "right"),
        Column(words("c_shares"), 16, "right"),
        Column(words("c_fee"), 28, "right"),
        Column(words("c_last_fee"), 28, "right"),
        Column(words("c_grace"), 14, "right"),
        Column(words("c_lapsed"), 14, "right"),
    )
    rows = [
        (
            plan.plan_name,
            count(plan.tally.people),
            count(plan.tally.shares),
            amount(plan.tally.fen),
            amount(plan.last_term_fen),
            count(plan.in_grace),
            count(plan.lapsed),
        )
        for plan in report.plans
    ]
    total = (
        words("total"),
        count(report.total.people),
        count(report.total.shares),
        amount(report.total.fen),
        amount(sum(plan.last_term_fen for plan in report.plans)),
        count(sum(plan.in_grace for plan in report.plans)),
        count(sum(plan.lapsed for plan in report.plans)),
    )
    draw_table(paper, caption(words, words("t_cover"), columns, "unit_mixed"), rows, (total,))


def _remarks(paper: Paper, report: RenewalReport, words: Words) -> None:
    """What bundles pay and what plan files leave open, a paragraph a plan."""
    components = {
        plan.plan_name: [words("component", name=name, pays=pays) for name, pays in plan.components]
        for plan in report.plans
    }
    notes = {plan.plan_name: without_refrain(plan.notes) for plan in report.plans}
    parts = [
        (key, lines)
        for key, lines in (("s_components", components), ("s_notes", notes))
        if any(lines.values())
    ]
    for number, (title, lines) in enumerate(parts, 1):
        paper.heading(words.sub(number, words(title)), 1)
        for plan, told in lines.items():
            if told:
                paper.paragraph(words("remark", plan=plan, text=words.sentences(told)), BODY.sized(9.5), 15)


def without_refrain(notes: Sequence[str]) -> list[str]:
    """The notes without the word after the colon that all of them end with, since the heading has said it.

    >>> without_refrain(("观察期：待核实", "退费：待核实")), without_refrain(("观察期：待核实", "退费：不退"))
    (['观察期', '退费'], ['观察期：待核实', '退费：不退'])
    """
    ends = {tail for note in notes for _, colon, tail in [note.replace(": ", "：").rpartition("：")] if colon}
    if len(notes) < 2 or len(ends) != 1:
        return list(notes)
    return [note.removesuffix(end).rstrip("：: ") for note in notes for end in ends]


def by_plan(
    paper: Paper, report: RenewalReport, words: Words, title: str, head: str, lines: dict[str, list[int]]
) -> None:
    """A table of causes by plan, with sums; wide reports get one table for each six plans."""
    plans = report.plans
    for first in range(0, len(plans), ACROSS):
        part = plans[first : first + ACROSS]
        final = first + ACROSS >= len(plans)
        wide = min(27.0, 108 / (len(part) + final))
        columns = [Column(words(head)), *(Column(plan.plan_name, wide, "right") for plan in part)]
        if final:
            columns.append(Column(words("total"), wide, "right"))
        rows = [
            (name, *map(count, people[first : first + ACROSS]), *((count(sum(people)),) if final else ()))
            for name, people in lines.items()
        ]
        draw_table(paper, caption(words, words(title), columns, "unit_people"), rows)


def draw_streets(paper: Paper, report: RenewalReport, words: Words) -> None:
    """Part three, on landscape pages: each street and town in each plan, three plans beside each other."""
    paper.start_page(LANDSCAPE)
    paper.heading(words.numbered(3, words("h_streets")))
    if not report.streets:
        nothing(paper, words)
        return
    plans = [(plan.plan_name, index) for index, plan in enumerate(report.plans)]
    groups: list[tuple[str, int | None]] = [*plans, (words("all_plans"), None)]
    for first in range(0, len(groups), 4):
        _street_table(paper, report, words, groups[first : first + 4])
    paper.note(words("n_streets"))


def _street_table(
    paper: Paper, report: RenewalReport, words: Words, groups: Sequence[tuple[str, int | None]]
) -> None:
    heads = (("c_renewed", 9.0), ("c_added", 9.0), ("c_not", 10.6), ("c_fee", 17.0))
    name = 0.0 if len(groups) == 4 else 40.0  # fewer plans: all columns grow alike
    columns = [Column(words("c_street"), name), Column(words("c_units"), 11.5, "right")]
    columns += [
        Column(words(head), wide, "right", name, number)
        for number, (name, _) in enumerate(groups)
        for head, wide in heads
    ]
    rows, sums = [], [[0, 0, 0, 0] for _ in groups]
    for street in report.streets:
        cells = [street.name, count(street.units)]
        for place, (_, index) in enumerate(groups):
            tallies = (
                [t for t in street.tallies if t]
                if index is None
                else [t for t in (street.tallies[index],) if t]
            )
            figures = _figures(tallies)
            sums[place] = [a + b for a, b in zip(sums[place], figures, strict=True)]
            cells += _figure_cells(figures) if tallies else [NONE] * 4
        rows.append(cells)
    total = [words("total"), count(sum(street.units for street in report.streets))]
    for figures in sums:
        total += _figure_cells(figures)
    table = caption(words, words("t_streets"), columns, "unit_mixed", size=8.0, pad=1.5, keep=20.0)
    draw_table(paper, table, rows, (total,))


def _figures(tallies: Sequence[Tally]) -> list[int]:
    return [
        sum(t.renewed for t in tallies),
        sum(t.added for t in tallies),
        sum(t.excluded + t.declined for t in tallies),
        sum(t.fen for t in tallies),
    ]


def _figure_cells(figures: Sequence[int]) -> list[str]:
    return [*map(count, figures[:3]), amount(figures[3])]


def draw_reasons(paper: Paper, report: RenewalReport, words: Words) -> None:
    """Part four: excluded by reason, as a table and as a chart."""
    paper.start_page(PORTRAIT)
    paper.heading(words.numbered(4, words("h_reasons")))
    if not report.reasons:
        nothing(paper, words)
        return
    by_plan(paper, report, words, "t_reasons", "c_reason", {r.name: list(r.people) for r in report.reasons})
    paper.note(words("n_reasons"))
    paper.down(10)
    bars = sorted(
        (Bars(r.name, (sum(r.people),)) for r in report.reasons), key=lambda bar: -(bar.values[0] or 0)
    )
    figure = words.next("figure", words("f_reasons"))
    draw_bars(paper, figure, series(""), bars[:16], words("unknown"))


def draw_participation(paper: Paper, report: RenewalReport, words: Words) -> None:
    """Part five: units below the ratio of their plan, of unknown ratio, or without a list."""
    paper.heading(words.numbered(5, words("h_participation")))
    if not report.participation:
        nothing(paper, words)
        return
    columns = (
        Column(words("c_street"), 27),
        Column(words("c_unit")),
        Column(words("c_basis"), 17),
        Column(words("c_basis_people"), 13.2, "right"),
        Column(words("c_joined"), 13.2, "right"),
        Column(words("c_ratio"), 13.5, "right"),
        Column(words("c_required"), 11.5, "right"),
        Column(words("c_state"), 18),
    )
    for plan, lines in groupby(report.participation, key=lambda line: line.plan_name):
        rows = (
            (
                line.street,
                line.unit,
                line.basis,
                count(line.basis_people),
                count(line.joined),
                basis_points(line.ratio_bp),
                basis_points(line.required_bp),
                line.state_name,
            )
            for line in lines
        )
        draw_table(paper, caption(words, words("t_participation", plan=plan), columns, size=8.5), rows)


def draw_exceptions(paper: Paper, report: RenewalReport, words: Words) -> None:
    """Part six: people whose data a clerk must look at; ID numbers arrive masked."""
    paper.heading(words.numbered(6, words("h_exceptions")))
    if not report.exceptions:
        nothing(paper, words)
        return
    columns = (
        Column(words("c_number"), 10, "right"),
        Column(words("c_unit"), 42),
        Column(words("c_person"), 20),
        Column(words("c_id"), 32, "centre"),
        Column(words("c_problem")),
    )
    for plan, lines in groupby(report.exceptions, key=lambda line: line.plan_name):
        rows = (
            (str(number), line.unit, line.person, line.id_masked, words.sentences(line.reasons))
            for number, line in enumerate(lines, 1)
        )
        draw_table(paper, caption(words, words("t_exceptions", plan=plan), columns, size=8.5), rows)
