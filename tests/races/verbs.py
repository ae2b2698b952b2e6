"""What the children do."""

import time
from datetime import date
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from benefits.access.queries import INSTALLER
from benefits.enrollment.models import Enrollment, Entry
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database
from benefits.renewal.batch import apply_run
from benefits.renewal.models import Decision, Override
from benefits.renewal.service import override, preview
from benefits.roster_kinds import KINDS, kind_of
from benefits.rosters.check import Asked
from benefits.rosters.models import Mode
from benefits.rosters.service import import_roster, undo

ENDS = date(2026, 11, 30)


def apply(database: Database, run: str, chunk: int = 50_000) -> bool:
    return apply_run(database, INSTALLER, run, chunk=chunk).changed


def ask(database: Database, plan: str = "t", organisation: str | None = None) -> str:
    return database.act(
        INSTALLER, preview, plan=plan, window_from=ENDS, window_to=ENDS, organisation=organisation
    )


def decline_all(database: Database, run: str) -> int:
    """One after the other, as somebody who goes down a list; how many before the run was applied."""
    with database.read(INSTALLER) as unit:
        members = unit.exec(select(col(Decision.member_id)).order_by(col(Decision.member_id))).all()
    for number, member in enumerate(members):
        try:
            database.act(
                INSTALLER, override, run=run, member_id=member, kind=Override.DECLINE, reason="本人放弃"
            )
        except Refused as refusal:
            assert refusal.code == "renewal.not_open", refusal.code
            return number
        time.sleep(0.05)  # nobody is faster than that, and the other must get a turn
    return len(members)


def cover(database: Database, shift: int) -> str:
    """Cover member 1 from some day of January to the end of the year."""
    starts, ends = date(2027, 1, 1 + shift), date(2027, 12, 31)
    try:
        with database.upkeep() as session:
            term = Enrollment(
                member_id=1,
                plan_id=1,
                edition_id=1,
                organisation_id=1,
                starts=starts,
                ends=ends,
                continuous_since=starts,
                fen=1,
                entry=Entry.FIRST,
            )
            session.add(term)
            session.flush()
            time.sleep(0.02)
        return "covered"
    except IntegrityError:
        return "refused"


def import_members(database: Database, path: Path, organisation: str | None = None) -> str | None:
    """Import a roster of members; the batch, None where there was nothing to do."""
    asked = Asked(organisation)
    done = database.act(
        INSTALLER, import_roster, path=path, kind=kind_of("members"), mode=Mode.ALL, asked=asked
    )
    assert done.report.rows == done.report.added + done.report.changed + done.report.same
    return done.batch


def undo_batch(database: Database, batch: str) -> int:
    return database.act(INSTALLER, undo, batch=batch, reason="发错了", kinds=KINDS).taken_back
