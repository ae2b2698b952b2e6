"""What a person was given in a year for a purpose that has a yearly limit (年度限额): one row, raised by a
conditional upsert, so that two counters cannot pass the limit together."""

from datetime import date
from typing import Any, NoReturn

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from benefits.kernel.errors import Refused
from benefits.kernel.money import yuan
from benefits.kernel.prepared import changed
from benefits.kernel.unit import ReadUnit, WriteUnit
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
    most = limit_on(purpose, day).per_person_year_fen
    assert most is not None
    key: dict[str, Any] = {"member_id": member_id, "year": day.year, "purpose": purpose}
    if fen <= most and changed(unit, _SPEND[unit.dialect], **key, fen=fen, most_fen=most):
        return
    refuse_over(name, purpose, day, had_of(unit, member_id, purpose, day), fen)


def had_of(unit: ReadUnit, member_id: int, purpose: str, day: date) -> int:
    """What the person was given in the year of ``day`` for a purpose, wherever it was, fen."""
    with unit.beyond_scope():
        had = unit.exec(
            select(Allowance.fen).where(
                col(Allowance.member_id) == member_id,
                col(Allowance.year) == day.year,
                col(Allowance.purpose) == purpose,
            )
        ).first()
    return had or 0


def refuse_over(name: str, purpose: str, day: date, had: int, fen: int) -> NoReturn:
    """Raise Refused ``kits.over_limit``."""
    limit = limit_on(purpose, day)
    most = limit.per_person_year_fen or 0
    words: dict[str, Any] = {
        "had": yuan(had),
        "more": yuan(fen),
        "most": yuan(most),
        "source": limit.source,
    }
    raise Refused("kits.over_limit", name=name, purpose=limit.name, year=day.year, **words)
