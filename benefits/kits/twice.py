"""Of several hand-outs of one thing to one person the earliest holds (重复领取): it is the active one, every
other is there twice, whatever the order in which they became known.

Nobody at a counter gets that far: the index refuses the second. It is what two counters without a network
between them did.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, exists, func, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from benefits.kernel import bulk
from benefits.kernel.among import among
from benefits.kernel.errors import Refused
from benefits.kernel.unit import WriteUnit
from benefits.kits.limits import limit_on
from benefits.kits.models import Campaign
from benefits.kits.models_handout import Allowance, Handout, HandoutState

HOME_ORIGIN = "home"
"""Origin of what a package was given to begin with: stock, and hand-outs that had been made before."""
_ROW = ("member_id", "year", "purpose", "fen", "most_fen")


def earlier(one: Any, other: Any) -> Any:
    """Whether ``other`` fills the same slot as ``one`` and came before it: by the time at which it was
    written down, then by origin and number there, so that any two have an order."""
    seq, before = func.coalesce(one.origin_seq, one.id), func.coalesce(other.origin_seq, other.id)
    return and_(
        col(other.member_id) == col(one.member_id),
        col(other.campaign_id) == col(one.campaign_id),
        col(other.slot) == col(one.slot),
        col(other.state) != HandoutState.VOID,
        or_(
            col(other.given_at) < col(one.given_at),
            and_(
                col(other.given_at) == col(one.given_at),
                or_(
                    col(other.origin) < col(one.origin),
                    and_(col(other.origin) == col(one.origin), before < seq),
                ),
            ),
        ),
    )


def put_in_order(unit: WriteUnit, campaign_id: int, people: Sequence[int]) -> None:
    """Make the earliest hand-out of each slot of these people the active one and every later one TWICE, and
    count anew what they were given in the year. Called after a hand-out came in from a package or was
    voided; the unit must see all of the people."""
    unit.session.flush()
    other = aliased(Handout)
    first = exists().where(earlier(Handout, other))
    theirs = (col(Handout.campaign_id) == campaign_id, among(unit, Handout.member_id, people))
    for now, then, test in (
        (HandoutState.ACTIVE, HandoutState.TWICE, first),
        (HandoutState.TWICE, HandoutState.ACTIVE, ~first),
    ):
        unit.session.execute(
            update(Handout)
            .where(*theirs, col(Handout.state) == now, test)
            .values(state=then)
            .execution_options(synchronize_session=False)
        )
    purpose = unit.exec(select(Campaign.purpose).where(col(Campaign.id) == campaign_id)).one()
    if purpose:
        recount(unit, purpose, people)


def recount(unit: WriteUnit, purpose: str, people: Sequence[int]) -> None:
    """The year's value of these people anew (年度累计), from their active hand-outs. What two counters gave
    together may pass the limit: then the row says so, and nobody gives more. The rows are held before
    hand-outs are summed: whoever gives one of them something meanwhile waits."""
    rows = select(col(Allowance.member_id), col(Allowance.year), col(Allowance.fen), col(Allowance.most_fen))
    rows = rows.where(among(unit, Allowance.member_id, people), col(Allowance.purpose) == purpose)
    held = rows.order_by(col(Allowance.member_id), col(Allowance.year)).with_for_update()
    known = {(member, when): (fen, most) for member, when, fen, most in unit.session.execute(held)}
    year = func.extract("year", col(Handout.given_on))
    given = (
        select(col(Handout.member_id), year, func.sum(col(Handout.fen)))
        .join(Campaign, col(Campaign.id) == col(Handout.campaign_id))
        .where(
            among(unit, Handout.member_id, people),
            col(Handout.state) == HandoutState.ACTIVE,
            col(Campaign.purpose) == purpose,
        )
        .group_by(col(Handout.member_id), year)
    )
    sums = {(member, int(when)): int(fen) for member, when, fen in unit.session.execute(given)}
    wanted = {key: (fen, max(fen, _most(purpose, key[1]))) for key, fen in sums.items() if fen}
    old = [key for key, row in known.items() if wanted.get(key) != row]
    new = [(*key, purpose, *row) for key, row in wanted.items() if known.get(key) != row]
    bulk.erase(unit, Allowance, _ROW[:3], [(*key, purpose) for key in sorted(old)])
    bulk.write(unit, Allowance, _ROW, sorted(new))


def _most(purpose: str, year: int) -> int:
    """The year's limit; 0 where none is known: what was given was given."""
    try:
        return limit_on(purpose, date(year, 12, 31)).per_person_year_fen or 0
    except Refused:
        return 0
