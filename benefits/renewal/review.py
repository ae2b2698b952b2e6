"""What the verbs on a run share (批次): find it, hold it, confirm what is left of its review (核对)."""

from sqlalchemy import func, update
from sqlmodel import col, select

from benefits.kernel.errors import Refused, say
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.renewal.models import RenewalRun, RunChunk, RunState, RunUnit, UnitState

OPEN_STATES = (RunState.PREVIEWED, RunState.REVIEWED)


def get_run(unit: ReadUnit, number: str) -> RenewalRun:
    """The run with a number. Raises Refused ``renewal.unknown_run``."""
    query = select(RenewalRun).where(col(RenewalRun.number) == number)
    found = unit.exec(query.with_for_update() if isinstance(unit, WriteUnit) else query).first()
    if found is None:
        raise Refused("renewal.unknown_run", run=number)
    return found


def open_run(unit: WriteUnit, number: str) -> RenewalRun:
    """The run, held, if it can still be changed. Raises Refused ``renewal.unknown_run`` or
    ``renewal.not_open``."""
    found = get_run(unit, number)
    if found.state not in OPEN_STATES:
        raise Refused("renewal.not_open", run=number, state=say(f"renewal.state.{found.state.value}"))
    hold(unit, found)
    return found


def hold(unit: WriteUnit, run: RenewalRun) -> None:
    """Whoever else is about to change the run must begin again with what this unit commits.

    PostgreSQL lets a transaction that waited for a lock go on with its old snapshot, unless the locked row
    was written: so it is.
    """
    if unit.dialect == "postgresql":
        held = update(RenewalRun).where(col(RenewalRun.id) == run.id).values(number=run.number)
        unit.session.execute(held.execution_options(synchronize_session=False))


def last_done(unit: ReadUnit, run_id: int) -> int:
    """The last member of the last chunk that is written; 0 before the first."""
    last = func.coalesce(func.max(col(RunChunk.last_member)), 0)
    return int(unit.session.execute(select(last).where(col(RunChunk.run_id) == run_id)).scalar_one())


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
