"""What a person was given in a year for a purpose that has a yearly limit (年度限额): one row, raised by a
conditional upsert, so that two counters cannot pass the limit together."""

from datetime import date
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from benefits.kernel.errors import Refused
from benefits.kernel.money import yuan
from benefits.kernel.prepared import changed
from benefits.kernel.unit import WriteUnit
from benefits.kits.limits import limit_on
from benefits.kits.models_handout import Allowance

_KEY = ("member_id", "year", "purpose")


def _upsert(insert_of: Any) -> Any:
    row = insert_of(Allowance).values({name: bindparam(name) for name in (*_KEY, "fen", "most_fen")})
    more = col(Allowance.fen) + row.excluded.fen
    return row.on_conflict_do_update(
        index_elements=list(_KEY),
        set_={"fen": more, "most_fen": row.excluded.most_fen},
        where=more <= row.excluded.most_fen,
    )


_SPEND = {"sqlite": _upsert(sqlite.insert), "postgresql": _upsert(postgresql.insert)}


def spend(unit: WriteUnit, member_id: int, name: str, purpose: str, day: date, fen: int) -> None:
    """Count ``fen`` against the limit of the year of ``day``; a campaign without a purpose has none.

    Raises Refused: ``kits.over_limit`` with what the person had, ``kits.no_limit``.
    """
    if not purpose or not fen:
        return
    limit = limit_on(purpose, day)
    most = limit.per_person_year_fen
    assert most is not None
    key: dict[str, Any] = {"member_id": member_id, "year": day.year, "purpose": purpose}
    if fen <= most and changed(unit, _SPEND[unit.dialect], **key, fen=fen, most_fen=most):
        return
    with unit.beyond_scope():
        had = unit.exec(
            select(Allowance.fen).where(*(getattr(Allowance, one) == value for one, value in key.items()))
        ).first()
    words: dict[str, Any] = {
        "had": yuan(had or 0),
        "more": yuan(fen),
        "most": yuan(most),
        "source": limit.source,
    }
    raise Refused("kits.over_limit", name=name, purpose=limit.name, year=day.year, **words)
