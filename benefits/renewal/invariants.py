"""What must hold of every renewal run: sums equal the decisions; what was written equals what was
decided."""

from typing import Any

from sqlalchemy import Select, String, and_, case, func, or_, select, type_coerce, union_all
from sqlmodel import col

from benefits.contributions.models import Due
from benefits.enrollment.models import Enrollment, EnrollmentState
from benefits.kernel.verify import Invariant
from benefits.renewal.models import (
    Decision,
    RenewalRun,
    RunPrice,
    RunPriceLine,
    RunState,
    RunTally,
    Verdict,
)

_JOINS = (Verdict.RENEW.value, Verdict.ADD.value)


def _verdict() -> Any:
    return type_coerce(col(Decision.verdict), String)


def _tally_is_the_scan(_dialect: str) -> Select[Any]:
    """Tallies and decisions, the one with a minus, add up to nothing by run, unit and price."""
    joins = _verdict().in_(_JOINS)
    price = func.coalesce(col(Decision.price), 0)
    verdicts = [func.sum(case((_verdict() == kind.value, 1), else_=0)) for kind in Verdict]
    scan: Any = select(
        col(Decision.run_id).label("run_id"),
        col(Decision.organisation_id).label("place"),
        price.label("price"),
        func.count().label("n0"),
        *[people.label(f"n{number}") for number, people in enumerate(verdicts, 1)],
        func.sum(case((joins, col(Decision.shares)), else_=0)).label("n5"),
        func.sum(case((joins, col(Decision.fen)), else_=0)).label("n6"),
    ).group_by(col(Decision.run_id), col(Decision.organisation_id), price)
    sums = select(
        col(RunTally.run_id),
        col(RunTally.organisation_id),
        col(RunTally.price),
        *[
            -col(getattr(RunTally, name))
            for name in "candidates renewed added excluded declined shares fen".split()
        ],
    )
    both = union_all(scan, sums).subquery()
    differ = or_(*[func.sum(both.c[f"n{number}"]) != 0 for number in range(7)])
    return select(both.c.run_id).group_by(both.c.run_id, both.c.place, both.c.price).having(differ)


def _candidates_reconcile(_dialect: str) -> Select[Any]:
    parts = col(RunTally.renewed) + col(RunTally.added) + col(RunTally.excluded) + col(RunTally.declined)
    return select(col(RunTally.run_id)).where(col(RunTally.candidates) != parts)


def _decided_is_written(_dialect: str) -> Select[Any]:
    """In an applied run everybody to be covered has the decided term, shares and money."""
    written = and_(
        col(Enrollment.run_id) == col(Decision.run_id),
        col(Enrollment.member_id) == col(Decision.member_id),
    )
    same = and_(
        col(Enrollment.fen) == col(Decision.fen),
        col(Enrollment.shares) == col(Decision.shares),
        col(Enrollment.organisation_id) == col(Decision.organisation_id),
    )
    return (
        select(col(Decision.member_id))
        .join(RenewalRun, col(RenewalRun.id) == col(Decision.run_id))
        .join(Enrollment, written, isouter=True)
        .where(
            col(RenewalRun.state) == RunState.APPLIED,
            _verdict().in_(_JOINS),
            or_(col(Enrollment.id).is_(None), ~same),
        )
    )


def _written_is_decided(_dialect: str) -> Select[Any]:
    """No term claims a run that did not decide it, or that is not being applied."""
    decided = and_(
        col(Decision.run_id) == col(Enrollment.run_id),
        col(Decision.member_id) == col(Enrollment.member_id),
        _verdict().in_(_JOINS),
    )
    return (
        select(col(Enrollment.id))
        .join(RenewalRun, col(RenewalRun.id) == col(Enrollment.run_id))
        .join(Decision, decided, isouter=True)
        .where(
            or_(
                col(Decision.member_id).is_(None),
                col(RenewalRun.state).not_in([RunState.APPLYING, RunState.APPLIED]),
            )
        )
    )


def _dues_are_fees(_dialect: str) -> Select[Any]:
    """Dues and the fees of applied runs, the one with a minus, add up to nothing by run and unit."""
    fees: Any = (
        select(
            col(RunTally.run_id).label("run_id"),
            col(RunTally.organisation_id).label("place"),
            col(RunTally.fen).label("fen"),
        )
        .join(RenewalRun, col(RenewalRun.id) == col(RunTally.run_id))
        .where(col(RenewalRun.state) == RunState.APPLIED)
    )
    dues = select(col(Due.run_id), col(Due.organisation_id), -col(Due.fen))
    both = union_all(fees, dues).subquery()
    return select(both.c.run_id).group_by(both.c.run_id, both.c.place).having(func.sum(both.c.fen) != 0)


def _covers_are_dues(_dialect: str) -> Select[Any]:
    """The covers of applied runs that stand in the books and their dues, the one with a minus, add up to
    nothing by run and unit: a struck term whose due stayed would be billed again."""
    covers: Any = (
        select(
            col(Enrollment.run_id).label("run_id"),
            col(Enrollment.organisation_id).label("place"),
            func.sum(col(Enrollment.fen)).label("fen"),
        )
        .join(RenewalRun, col(RenewalRun.id) == col(Enrollment.run_id))
        .where(col(RenewalRun.state) == RunState.APPLIED, col(Enrollment.state) == EnrollmentState.ACTIVE)
        .group_by(col(Enrollment.run_id), col(Enrollment.organisation_id))
    )
    dues = select(col(Due.run_id), col(Due.organisation_id), -col(Due.fen))
    both = union_all(covers, dues).subquery()
    return select(both.c.run_id).group_by(both.c.run_id, both.c.place).having(func.sum(both.c.fen) != 0)


def _lines_are_the_price(_dialect: str) -> Select[Any]:
    lines = (
        select(
            col(RunPriceLine.run_id).label("run_id"),
            col(RunPriceLine.price).label("price"),
            func.sum(col(RunPriceLine.fen)).label("fen"),
        )
        .group_by(col(RunPriceLine.run_id), col(RunPriceLine.price))
        .subquery()
    )
    same = and_(lines.c.run_id == col(RunPrice.run_id), lines.c.price == col(RunPrice.price))
    return (
        select(col(RunPrice.run_id))
        .join(lines, same, isouter=True)
        .where(func.coalesce(lines.c.fen, -1) != col(RunPrice.fen))
    )


INVARIANTS = (
    Invariant("renewal.invariant.tally_is_scan", _tally_is_the_scan),
    Invariant("renewal.invariant.candidates_reconcile", _candidates_reconcile),
    Invariant("renewal.invariant.decided_is_written", _decided_is_written),
    Invariant("renewal.invariant.written_is_decided", _written_is_decided),
    Invariant("renewal.invariant.dues_are_fees", _dues_are_fees),
    Invariant("renewal.invariant.covers_are_dues", _covers_are_dues),
    Invariant("renewal.invariant.lines_are_price", _lines_are_the_price),
)
