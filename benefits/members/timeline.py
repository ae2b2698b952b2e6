"""A person's dated timeline (个人时间线), the register's part: memberships, status, retirement, categories,
numbers, next of kin, consents, merges. ``benefits.timeline`` puts every feature's part together.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import col, select

from benefits.kernel.errors import Say, say
from benefits.kernel.unit import ReadUnit
from benefits.members import events
from benefits.members.dossier import categories_of, consents_of, identifiers_of, kin_of
from benefits.members.models import Member, MemberEvent, Membership, Standing, Status
from benefits.members.words import ending_words, value_words
from benefits.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to a person. ``until``: last day of what lasts, None: it lasts still or is of
    one day. ``reference``: the row it comes from (``membership:12``)."""

    day: date
    until: date | None
    kind: str
    """``timeline.<kind>`` of the feature: membership, status, cover, handout …"""
    say: Say
    organisation: str
    """Empty: none, or outside the actor's scope."""
    reference: str


Source = Callable[[ReadUnit, tuple[int, ...], str], Iterable[Entry]]
"""(unit, the person's record and those merged into it, language of names that have two) -> entries in any
order."""


def _memberships(unit: ReadUnit, ids: tuple[int, ...], lang: str) -> Iterable[Entry]:
    rows = unit.exec(
        select(Membership, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id), isouter=True)
        .where(col(Membership.member_id).in_(ids))
    )
    for row, place in rows:
        words: dict[str, Any] = {"organisation": place or "-", "standing": value_words(row.standing)}
        kind = "membership" if row.standing is Standing.PRIMARY else "second_membership"
        told = (
            say("members.timeline.membership_ended", why=ending_words(row.reason), **words)
            if row.ends is not None and row.reason
            else say("members.timeline.membership", **words)
        )
        yield Entry(row.starts, row.ends, kind, told, place or "", f"membership:{row.id}")


def _events(unit: ReadUnit, ids: tuple[int, ...], lang: str) -> Iterable[Entry]:
    told = set()
    for row in unit.exec(select(MemberEvent).where(col(MemberEvent.member_id).in_(ids))):
        told.add((row.day, row.facts.get("status")))
        yield Entry(row.day, None, row.kind, event_words(row.kind, row.facts), "", f"event:{row.id}")
    for member in unit.exec(select(Member).where(col(Member.id).in_(ids))):
        since, status = member.status_since, member.status
        if status is None or since is None or (since, status.value) in told:
            continue  # a record from a file has its status with a day and no event
        words = event_words(events.STATUS, {"status": status.value})
        yield Entry(since, None, events.STATUS, words, "", f"member:{member.id}")


def event_words(kind: str, facts: dict[str, Any]) -> Say:
    """An event of a person's file in words."""
    if kind == events.STATUS:
        return say("members.event.status", status=value_words(Status(facts["status"])))
    if kind == events.RETIREMENT_PLANNED:
        return say("members.event.retirement_planned", month=facts["month"])
    if kind == events.RETIREMENT_UNPLANNED:
        return say("members.event.retirement_unplanned", month=facts["month"])
    if kind == events.MERGED:
        return say("members.event.merged", other=facts["other"])
    assert kind == events.RETENTION, kind
    return say("members.event.retention", until=facts["until"])


def _dossier(unit: ReadUnit, ids: tuple[int, ...], lang: str) -> Iterable[Entry]:
    for member_id in ids:
        at = f"member:{member_id}"
        for held in categories_of(unit, member_id):
            name = held.name_en if lang == "en" else held.name_zh
            words = say("members.timeline.category", category=name)
            yield Entry(held.starts, held.ends, "category", words, "", at)
        for number in identifiers_of(unit, member_id):
            words = say("members.timeline.identifier", kind=value_words(number.kind), number=number.number)
            yield Entry(number.starts, number.ends, "identifier", words, "", f"identifier:{number.id}")
        for kin in kin_of(unit, member_id):
            words = say(
                "members.timeline.kin",
                kin=kin.name,
                relation=value_words(kin.relation),
                percent="-" if kin.percent is None else f"{kin.percent}%",
            )
            yield Entry(kin.starts, kin.ends, "kin", words, "", f"kin:{kin.id}")
        for agreed in consents_of(unit, member_id):
            words = say(
                "members.timeline.consent",
                purpose=value_words(agreed.purpose),
                form=value_words(agreed.form),
            )
            yield Entry(agreed.given_on, agreed.withdrawn_on, "consent", words, "", at)


SOURCES: tuple[Source, ...] = (_memberships, _events, _dossier)
