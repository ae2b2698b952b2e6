"""Decisions follow the person when two records become one (合并重复): a run is a document, and its sums
are by unit and price, so they stay what they are.
"""

from sqlalchemy import update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from benefits.kernel.errors import Problem, say
from benefits.kernel.unit import WriteUnit
from benefits.members.merging import follows
from benefits.renewal.models import Decision, RenewalRun, RunState
from benefits.renewal.review import hold


def _blocks(unit: WriteUnit, survivor_id: int, other_id: int) -> tuple[Problem, ...]:
    """Runs that decided about both, and runs that are half applied: they go by the member's number, and
    somebody whose number changes would be written twice or never."""
    found: list[Problem] = []
    other = aliased(Decision)
    both = (
        select(RenewalRun.number)
        .join(Decision, col(Decision.run_id) == col(RenewalRun.id))
        .join(other, col(other.run_id) == col(Decision.run_id))
        .where(col(Decision.member_id) == survivor_id, col(other.member_id) == other_id)
        .order_by(col(RenewalRun.number))
    )
    for number in unit.exec(both):
        found.append(Problem("renewal.merge_both", say("renewal.merge_both", run=number)))
    applying = (
        select(RenewalRun.number)
        .join(Decision, col(Decision.run_id) == col(RenewalRun.id))
        .where(
            col(RenewalRun.state) == RunState.APPLYING,
            col(Decision.member_id).in_([survivor_id, other_id]),
        )
        .order_by(col(RenewalRun.number))
        .distinct()
    )
    for number in unit.exec(applying):
        found.append(Problem("renewal.merge_applying", say("renewal.merge_applying", run=number)))
    return tuple(found)


def _moves(unit: WriteUnit, survivor_id: int, other_id: int) -> int:
    runs = (
        select(RenewalRun)
        .join(Decision, col(Decision.run_id) == col(RenewalRun.id))
        .where(col(Decision.member_id) == other_id)
    )
    for run in unit.exec(runs.order_by(col(RenewalRun.id))).all():
        hold(unit, run)  # whoever is about to apply it must look again
    decisions = update(Decision).where(col(Decision.member_id) == other_id).values(member_id=survivor_id)
    options = {"synchronize_session": False, "preserve_rowcount": True}
    result = unit.session.execute(decisions.execution_options(**options))
    return int(result.rowcount)  # type: ignore[attr-defined]


follows("decisions", tables=("decision",), blocks=_blocks, moves=_moves)
