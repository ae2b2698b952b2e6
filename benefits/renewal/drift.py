"""Drift (情况变动): people about whom the register says something else today than when the decision was
frozen.

The preview's own SELECT is asked again and compared, so that one evaluator speaks both times. Overrides and
the reasons that come from the unit are not facts of a person and are left out of the comparison, and whoever
gets no term anyway holds nobody up, unless today's preview would give one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, and_, case, func, or_, select, type_coerce
from sqlmodel import col

from benefits.kernel.unit import ReadUnit
from benefits.members.models import Member
from benefits.renewal.decide import RunPlan, TermPlan, additions, candidates
from benefits.renewal.models import Decision, Verdict
from benefits.renewal.reasons import UNIT_MASK

_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Drifted:
    """One person whose facts moved. ``was`` and ``now`` are reason bits; ``now`` None: no longer a candidate;
    ``was`` None: new."""

    member_id: int
    name: str
    was: int | None
    now: int | None
    moved: bool
    """Unit, shares, price or prior term changed, though perhaps no reason."""


def find(
    unit: ReadUnit, run: RunPlan, terms: Sequence[TermPlan], after_member: int = 0, *, going_on: bool = False
) -> tuple[int, tuple[Drifted, ...]]:
    """(how many people drifted, the first of them) among members above ``after_member`` (those not yet
    applied). ``going_on``: the run is half applied, so nobody can come into it any more and only those who
    are to get a term count."""
    count, shown = 0, list[Drifted]()
    seen = 0
    for term in terms:
        asked = candidates if term.prior_ends is not None else additions
        now = asked(unit, run, term).order_by(None).subquery("now")
        same = and_(
            col(Decision.run_id) == run.run_id,
            col(Decision.member_id) == now.c.member_id,
            col(Decision.term) == term.number,
        )
        old = col(Decision.reasons) - col(Decision.reasons).bitwise_and(UNIT_MASK)
        elsewhere = col(Decision.organisation_id) != now.c.organisation_id
        moved = or_(
            elsewhere,
            col(Decision.shares) != now.c.shares,
            col(Decision.fen) != now.c.fen,
            col(Decision.price).is_distinct_from(now.c.price),  # another tier or split of the same fee too
        )
        if term.prior_ends is not None:
            moved = or_(moved, col(Decision.prior_id).is_distinct_from(now.c.prior_id))
        differs = and_(_joins(), or_(old != now.c.reasons, moved))
        if not going_on:
            out = type_coerce(col(Decision.verdict), String) == Verdict.EXCLUDE.value
            comes_in = and_(out, now.c.reasons == 0, or_(old != 0, elsewhere))
            differs = or_(col(Decision.member_id).is_(None), differs, comes_in)
        base = (
            select(now.c.member_id)
            .select_from(now)
            .join(Decision, same, isouter=True)
            .where(now.c.member_id > after_member)
        )
        counts = func.count(col(Decision.member_id)), func.sum(case((differs, 1), else_=0))
        matched = unit.session.execute(base.with_only_columns(*counts)).one()
        seen += int(matched[0])
        wrong = int(matched[1] or 0)
        count += wrong
        if wrong and len(shown) < _SHOWN:
            rows = (
                base.where(differs)
                .join(Member, col(Member.id) == now.c.member_id)
                .with_only_columns(now.c.member_id, col(Member.name), old, now.c.reasons, moved)
            )
            shown += [
                Drifted(member, name, was, after, bool(changed))
                for member, name, was, after, changed in unit.session.execute(rows.limit(_SHOWN - len(shown)))
            ]
    gone = _gone(unit, run, terms, after_member, seen)
    return count + len(gone), (*shown, *gone[: max(0, _SHOWN - len(shown))])


def _joins() -> ColumnElement[bool]:
    return type_coerce(col(Decision.verdict), String).in_([Verdict.RENEW.value, Verdict.ADD.value])


def _gone(
    unit: ReadUnit, run: RunPlan, terms: Sequence[TermPlan], after_member: int, seen: int
) -> tuple[Drifted, ...]:
    """People to be covered who are no longer candidates of their term (the prior one was voided): asked only
    when the counts differ."""
    here = and_(col(Decision.run_id) == run.run_id, col(Decision.member_id) > after_member)
    decided = unit.session.execute(select(func.count()).select_from(Decision).where(here)).scalar_one()
    if decided == seen:
        return ()
    still = {
        term.number: (candidates if term.prior_ends is not None else additions)(unit, run, term)
        .order_by(None)
        .with_only_columns(col(Member.id))
        for term in terms
    }
    missing = or_(
        col(Decision.term).not_in(still),
        *[
            and_(col(Decision.term) == number, col(Decision.member_id).not_in(query))
            for number, query in still.items()
        ],
    )
    rows = (
        select(col(Decision.member_id), col(Member.name), col(Decision.reasons))
        .join(Member, col(Member.id) == col(Decision.member_id))
        .where(here, _joins(), missing)
    )
    return tuple(Drifted(member, name, was, None, False) for member, name, was in unit.session.execute(rows))
