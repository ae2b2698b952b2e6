"""What verbs share of a run's review (批次核对)."""

from sqlalchemy import func, select, update
from sqlmodel import col

from benefits.kernel.unit import WriteUnit
from benefits.renewal.models import RenewalRun, RunState, RunUnit, UnitState


def hold(unit: WriteUnit, run: RenewalRun) -> None:
    """Whoever else is about to change the run must begin again with what this unit commits.

    PostgreSQL lets a transaction that waited for a lock go on with its old snapshot, unless the locked row
    was written: so it is.
    """
    if unit.dialect == "postgresql":
        held = update(RenewalRun).where(col(RenewalRun.id) == run.id).values(number=run.number)
        unit.session.execute(held.execution_options(synchronize_session=False))


def confirm_rest(unit: WriteUnit, run: RenewalRun) -> int:
    """Confirm the lists that are still to be confirmed, as part of an action; how many."""
    pending = (col(RunUnit.run_id) == run.id) & (col(RunUnit.state) == UnitState.PENDING)
    count = unit.session.execute(select(func.count()).select_from(RunUnit).where(pending)).scalar_one()
    unit.session.execute(
        update(RunUnit)
        .where(pending)
        .values(state=UnitState.CONFIRMED)
        .execution_options(synchronize_session=False)
    )
    run.state = RunState.REVIEWED
    run.reviewed_by = unit.actor.login
    unit.session.flush()
    return int(count)
