"""Drift (情况变动): people about whom the register says something else today than when the decision was
frozen.

The preview's own SELECT is asked again and compared, so that one evaluator speaks both times. Overrides and
the reasons that come from the unit are not facts of a person and are left out of the comparison.
"""

from dataclasses import dataclass

from sqlalchemy import and_, case, func, or_, select
from sqlmodel import col

from benefits.kernel.unit import ReadUnit
from benefits.members.models import Member
from benefits.renewal.blueprint import Blueprint
from benefits.renewal.decide import RunPlan, additions, candidates
from benefits.renewal.models import Decision
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
    """Unit, shares or price changed, though perhaps no reason."""


def find(
    unit: ReadUnit, run: RunPlan, blueprint: Blueprint, after_member: int = 0
) -> tuple[int, tuple[Drifted, ...]]:
    """(how many people drifted, the first of them) among members above ``after_member`` (those not yet
    applied)."""
    count, shown = 0, list[Drifted]()
    seen = 0
    for term in blueprint.all_terms():
        asked = candidates if term.prior_ends is not None else additions
        now = asked(unit, run, term).order_by(None).subquery("now")
        same = and_(
            col(Decision.run_id) == run.run_id,
            col(Decision.member_id) == now.c.member_id,
            col(Decision.term) == term.number,
        )
        old = col(Decision.reasons) - col(Decision.reasons).bitwise_and(UNIT_MASK)
        moved = or_(
            col(Decision.organisation_id) != now.c.organisation_id,
            col(Decision.shares) != now.c.shares,
            col(Decision.fen) != now.c.fen,
        )
        differs = or_(col(Decision.member_id).is_(None), old != now.c.reasons, moved)
        base = (
            select(now.c.member_id)
            .select_from(now)
            .join(Decision, same, isouter=True)
            .where(now.c.member_id > after_member)
        )
        matched = unit.session.execute(
            select(func.count(), func.count(col(Decision.member_id)), func.sum(case((differs, 1), else_=0)))
            .select_from(now)
            .join(Decision, same, isouter=True)
            .where(now.c.member_id > after_member)
        ).one()
        seen += int(matched[1])
        wrong = int(matched[2] or 0)
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
    gone = _gone(unit, run, blueprint, after_member, seen)
    return count + len(gone), (*shown, *gone[: max(0, _SHOWN - len(shown))])


def _gone(
    unit: ReadUnit, run: RunPlan, blueprint: Blueprint, after_member: int, seen: int
) -> tuple[Drifted, ...]:
    """People with a decision who are no longer candidates (their prior term was voided): asked only when the
    counts differ."""
    here = and_(col(Decision.run_id) == run.run_id, col(Decision.member_id) > after_member)
    decided = unit.session.execute(select(func.count()).select_from(Decision).where(here)).scalar_one()
    if decided == seen:
        return ()
    still = [
        (candidates if term.prior_ends is not None else additions)(unit, run, term)
        .order_by(None)
        .with_only_columns(col(Member.id))
        for term in blueprint.all_terms()
    ]
    rows = (
        select(col(Decision.member_id), col(Member.name), col(Decision.reasons))
        .join(Member, col(Member.id) == col(Decision.member_id))
        .where(here, *[col(Decision.member_id).not_in(query) for query in still])
    )
    return tuple(Drifted(member, name, was, None, False) for member, name, was in unit.session.execute(rows))
