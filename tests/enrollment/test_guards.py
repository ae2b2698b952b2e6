"""What the database itself refuses: overlapping terms, also between two clerks at once, and a changed
edition."""

import threading
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session, SQLModel

from benefits.enrollment.models import Enrollment, EnrollmentState, Entry
from benefits.kernel.unit import Database
from benefits.members.models import Member
from benefits.organisations.models import Level, Organisation
from benefits.plans.models import Plan, PlanEdition, PlanKind

FIRST, LAST = date(2026, 3, 1), date(2027, 2, 28)
DROP = {
    "sqlite": ("DROP TRIGGER enrollment_overlap_insert",),
    "postgresql": ("ALTER TABLE enrollment DROP CONSTRAINT enrollment_overlap",),
}


def _add(session: Session, row: SQLModel) -> int:
    session.add(row)
    session.flush()
    made: int = row.id  # type: ignore[attr-defined]
    return made


def _plan(session: Session, code: str) -> tuple[int, int]:
    plan = _add(session, Plan(code=code, name_zh=code, name_en=code, kind=PlanKind.PLAN))
    edition = PlanEdition(
        plan_id=plan,
        edition="2018",
        effective=date(2018, 1, 1),
        digest="0" * 64,
        document="",
        published_at=datetime(2018, 1, 1, tzinfo=UTC),
    )
    return plan, _add(session, edition)


@pytest.fixture
def covered(database: Database) -> Database:
    """Member 1 is covered by plan 1 from 1 March 2026 to 28 February 2027; there is a member 2 and a plan
    2."""
    with database.upkeep() as session:
        unit = Organisation(path="/1/", level=Level.GRASSROOTS, code="U", name="单位", founded=FIRST)
        place = _add(session, unit)
        for name in ("王敏", "李娜"):
            _add(
                session, Member(name=name, organisation_id=place, changed_at=datetime(2026, 1, 1, tzinfo=UTC))
            )
        for code in ("one", "two"):
            _plan(session, code)
        _add(session, _term(FIRST, LAST))
    return database


def _term(starts: date, ends: date, **over: Any) -> Enrollment:
    values: dict[str, Any] = {
        "member_id": 1,
        "plan_id": 1,
        "edition_id": 1,
        "organisation_id": 1,
        "starts": starts,
        "ends": ends,
        "continuous_since": starts,
        "fen": 2500,
        "entry": Entry.FIRST,
    }
    return Enrollment(**(values | over))


def _insert(database: Database, term: Enrollment) -> None:
    with database.upkeep() as session:
        _add(session, term)


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (LAST, date(2028, 2, 27)),
        (date(2025, 3, 1), FIRST),
        (date(2026, 6, 1), date(2026, 6, 30)),
        (date(2026, 1, 1), date(2027, 12, 31)),
        (FIRST, LAST),
    ],
    ids=["last day", "first day", "inside", "around", "the same"],
)
def test_a_term_that_shares_a_day_is_refused(covered: Database, starts: date, ends: date) -> None:
    with pytest.raises(IntegrityError):
        _insert(covered, _term(starts, ends))


@pytest.mark.parametrize(
    ("starts", "ends", "over"),
    [
        (date(2027, 3, 1), date(2028, 2, 29), {}),
        (date(2025, 3, 1), date(2026, 2, 28), {}),
        (FIRST, LAST, {"member_id": 2}),
        (FIRST, LAST, {"plan_id": 2, "edition_id": 2}),
        (FIRST, LAST, {"state": EnrollmentState.VOID}),
    ],
    ids=["the day after", "the day before", "somebody else", "another plan", "void"],
)
def test_a_term_that_shares_none_is_taken(
    covered: Database, starts: date, ends: date, over: dict[str, Any]
) -> None:
    _insert(covered, _term(starts, ends, **over))


def test_a_term_cannot_be_stretched_into_another(covered: Database) -> None:
    _insert(covered, _term(date(2027, 3, 1), date(2028, 2, 29)))
    with pytest.raises(IntegrityError), covered.upkeep() as session:
        term = session.get(Enrollment, 1)
        assert term is not None
        term.ends = date(2027, 3, 1)


def test_a_void_term_comes_back_only_where_there_is_room(covered: Database) -> None:
    _insert(covered, _term(FIRST, LAST, state=EnrollmentState.VOID))
    with pytest.raises(IntegrityError), covered.upkeep() as session:
        term = session.get(Enrollment, 2)
        assert term is not None
        term.state = EnrollmentState.ACTIVE


@pytest.mark.parametrize(
    "over",
    [{"shares": 0}, {"fen": -1}, {"ends": date(2026, 2, 28)}],
    ids=["no share", "less than nothing", "backwards"],
)
def test_impossible_numbers_are_refused(covered: Database, over: dict[str, Any]) -> None:
    values: dict[str, Any] = {"starts": date(2030, 1, 1), "ends": date(2030, 12, 31), "member_id": 2}
    term = _term(**(values | over))
    with pytest.raises(DBAPIError):
        _insert(covered, term)


def _race(database: Database) -> list[BaseException]:
    """Two clerks enter overlapping terms of member 2 at the same moment; what was refused."""
    refused: list[BaseException] = []
    ready = threading.Barrier(2)

    def clerk(starts: date, ends: date) -> None:
        ready.wait()
        try:
            _insert(database, _term(starts, ends, member_id=2))
        except Exception as error:
            refused.append(error)

    terms = [(FIRST, LAST), (date(2026, 9, 1), date(2027, 8, 31))]
    clerks = [threading.Thread(target=clerk, args=term) for term in terms]
    for thread in clerks:
        thread.start()
    for thread in clerks:
        thread.join(timeout=60)
    return refused


def test_of_two_clerks_at_once_one_is_refused(covered: Database) -> None:
    assert [type(error) for error in _race(covered)] == [IntegrityError]


def test_without_the_guard_both_would_be_taken(covered: Database) -> None:
    """The twin of the race: it shows that the guard, and not luck, refuses the second."""
    with covered.engine.begin() as connection:
        for statement in DROP[covered.dialect]:
            connection.exec_driver_sql(statement)
    assert _race(covered) == []


@pytest.mark.parametrize("statement", ["UPDATE plan_edition SET document = 'x'", "DELETE FROM plan_edition"])
def test_a_published_edition_is_immutable(covered: Database, statement: str) -> None:
    with pytest.raises(DBAPIError), covered.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_a_draft_may_be_changed(covered: Database) -> None:
    with covered.upkeep() as session:
        plan, edition = _plan(session, "three")
        assert plan and edition
        session.add(
            PlanEdition(
                plan_id=plan,
                edition="draft",
                effective=date(2027, 1, 1),
                digest="0" * 64,
                document="",
                draft=True,
                published_at=datetime(2026, 1, 1, tzinfo=UTC),
            )
        )
    with covered.engine.begin() as connection:
        changed = connection.exec_driver_sql("UPDATE plan_edition SET document = 'x' WHERE draft")
        assert changed.rowcount == 1
