"""A person's dated timeline from every feature (个人时间线): each brings a source of entries, listed here."""

from sqlmodel import col, select

from benefits.enrollment.timeline import covers
from benefits.kernel.errors import Refused
from benefits.kernel.unit import ReadUnit
from benefits.kits.timeline import handouts
from benefits.members.models import Member
from benefits.members.timeline import SOURCES as REGISTER
from benefits.members.timeline import Entry, Source

__all__ = ["SOURCES", "Entry", "timeline"]

SOURCES: tuple[Source, ...] = (*REGISTER, covers, handouts)


def timeline(unit: ReadUnit, member_id: int, lang: str = "zh") -> tuple[Entry, ...]:
    """All that happened to a person, newest first, with what was written under records that are merged into
    this one. ``lang``: language of names that have two (plans, categories).

    Raises Refused ``members.unknown``.
    """
    if unit.exec(select(Member.id).where(col(Member.id) == member_id)).first() is None:
        raise Refused("members.unknown", member=member_id)
    merged = select(Member.id).where(col(Member.merged_into_id) == member_id).order_by(col(Member.id))
    ids = (member_id, *(found for found in unit.exec(merged) if found is not None))
    entries = [entry for source in SOURCES for entry in source(unit, ids, lang)]
    return tuple(sorted(entries, key=lambda entry: (entry.day, entry.reference), reverse=True))
