"""A renewal run as commands show it: the same keys for preview, show, apply and demo."""

from typing import TYPE_CHECKING, Any

from benefits.commands.options import Call
from benefits.commands.show import table, words
from benefits.kernel.money import yuan

if TYPE_CHECKING:
    from benefits.renewal.queries import DecisionRow, RunRow, RunView


def run_row(row: "RunRow") -> dict[str, Any]:
    """A run in a list."""
    return {
        "run": row.number,
        "plan": row.plan_code,
        "plan_name": {"zh": row.plan_name_zh, "en": row.plan_name_en},
        "organisation": row.organisation,
        "window_from": row.window_from,
        "window_to": row.window_to,
        "as_of": row.as_of,
        "with_class": row.with_class,
        "state": row.state,
        "created_by": row.created_by,
        "created_at": row.created_at,
        "applied_at": row.applied_at,
    }


def counts(view: "RunView") -> dict[str, int]:
    """The sums of a run: ``candidates = renewed + added + excluded + declined``."""
    return {
        "candidates": view.candidates,
        "renewed": view.renewed,
        "added": view.added,
        "excluded": view.excluded,
        "declined": view.declined,
        "shares": view.shares,
        "due_fen": view.fen,
    }


def run_object(call: Call, view: "RunView") -> dict[str, Any]:
    """A run with sums, reasons, anniversaries and units."""
    reasons = [
        {"code": one.code, "text": _said(call, one), "people": one.people, "left_out": one.left_out}
        for one in view.reasons
    ]
    terms = [
        {
            "prior_ends": term.prior_ends,
            "starts": term.starts,
            "ends": term.ends,
            "waiting_until": term.waiting_until,
            "first_time": term.first_time,
        }
        for term in view.terms
    ]
    return run_row(view.run) | counts(view) | {"reasons": reasons, "terms": terms, "units": view.units}


def _said(call: Call, one: Any) -> str:
    return str(one.say_zh if call.lang == "zh" else one.say_en)


def run_lines(call: Call, view: "RunView") -> list[str]:
    """The same in words."""
    run = view.run
    name = run.plan_name_zh if call.lang == "zh" else run.plan_name_en
    lines = [
        words(
            call,
            "commands.run.head",
            run=run.number,
            plan=name,
            code=run.plan_code,
            place=run.organisation,
            first=run.window_from,
            last=run.window_to,
            state=words(call, f"renewal.state.{run.state.value}"),
        ),
        words(
            call,
            "commands.run.sums",
            candidates=f"{view.candidates:,}",
            renewed=f"{view.renewed:,}",
            added=f"{view.added:,}",
            excluded=f"{view.excluded:,}",
            declined=f"{view.declined:,}",
            due=yuan(view.fen),
        ),
    ]
    if view.reasons:
        rows = [(one.code, _said(call, one), f"{one.people:,}", f"{one.left_out:,}") for one in view.reasons]
        heads = (
            "commands.head.reason",
            "commands.head.meaning",
            "commands.head.people",
            "commands.head.left_out",
        )
        lines += ["", *table(call, heads, rows, numbers=(2, 3))]
    return lines


def decision(call: Call, row: "DecisionRow") -> dict[str, Any]:
    """One decision; of the identity number the last four only."""
    return {
        "member_id": row.member_id,
        "name": row.name,
        "id_last4": row.id_last4,
        "organisation": row.organisation,
        "verdict": row.verdict,
        "starts": row.starts,
        "ends": row.ends,
        "shares": row.shares,
        "fen": row.fen,
        "reasons": [{"code": code, "text": zh if call.lang == "zh" else en} for code, zh, en in row.reasons],
        "override": row.override,
        "override_by": row.override_by,
        "override_reason": row.override_reason,
    }


def decision_cells(call: Call, row: "DecisionRow") -> tuple[object, ...]:
    """The same as a line of a table."""
    said = "；".join(zh if call.lang == "zh" else en for _, zh, en in row.reasons)
    verdict = words(call, f"renewal.verdict.{row.verdict.value}")
    return (
        row.member_id,
        row.name,
        row.id_last4,
        row.organisation,
        verdict,
        row.starts,
        row.ends,
        yuan(row.fen),
        said,
    )
