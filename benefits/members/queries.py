"""Reading the register (会员查询): search as one types, a person with all memberships. Numbers are masked."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import tuple_
from sqlmodel import col, select

from benefits.kernel.errors import Refused
from benefits.kernel.ids import IdKind, Sex, check_id
from benefits.kernel.pinyin import KeyKind, classify_query, search_keys
from benefits.kernel.scope import path_within
from benefits.kernel.text import mask_id, mask_phone, plain
from benefits.kernel.unit import ReadUnit
from benefits.members.identity import identity_digest
from benefits.members.models import (
    Employment,
    Member,
    MemberIdentity,
    MemberKey,
    Membership,
    Standing,
    Status,
)
from benefits.members.retirement import RetirementCategory, flexible_months
from benefits.organisations.models import Organisation, RiskClass

Cursor = tuple[int, str, int]
"""Where a list stands: number of the probe, key, member."""
_TAILS = {KeyKind.ID_TAIL: "id_number", KeyKind.PHONE_TAIL: "phone"}
_BY_NUMBER = -1


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member as lists show it. ``cursor`` continues the list after this row."""

    id: int
    name: str
    sex: Sex | None
    birth: date | None
    status: Status | None
    organisation_id: int | None
    organisation: str
    id_tail: str
    """Last four of the identity number behind a star, empty: none."""
    phone_tail: str
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class MembershipRow:
    """A membership as the person's page shows it, both days inclusive."""

    organisation_id: int
    organisation: str
    starts: date
    ends: date | None
    standing: Standing
    reason: str


@dataclass(frozen=True, slots=True)
class MemberDetail:
    """All that is kept about a person; numbers masked (``members.service.reveal`` shows one). Covers:
    ``enrollment.queries``.
    """

    id: int
    name: str
    sex: Sex | None
    birth: date | None
    status: Status | None
    status_since: date | None
    employment: Employment | None
    risk_class: RiskClass | None
    retirement_category: RetirementCategory | None
    retirement_month: date | None
    flexible_from: date | None
    flexible_to: date | None
    """Range of flexible retirement, first days of months; None: the old rule holds, or a datum is missing."""
    joined_on: date | None
    has_card: bool | None
    id_kind: IdKind | None
    id_valid: bool | None
    id_number: str
    phone: str
    organisation_id: int | None
    organisation: str
    organisation_path: str
    memberships: tuple[MembershipRow, ...]
    version: int
    changed_at: datetime


def search(
    unit: ReadUnit, text: str, limit: int = 50, after: Cursor | None = None, path: str = ""
) -> tuple[MemberRow, ...]:
    """Members by a part of the name, pinyin, initials, last digits of ID or phone, or a full ID number
    (会员检索).

    The likeliest reading of ``text`` comes first, within it whole names before longer ones; nobody twice,
    over all pages. No text lists everybody in load order. ``path``: only in this part of the tree.
    ``after``: the ``cursor`` of the last row.
    """
    wanted = re.sub(r"\s+", "", unicodedata.normalize("NFKC", plain(text))).upper()
    if not wanted:
        return _everybody(unit, limit, after, path)
    exact = _by_number(unit, wanted, path)
    if exact:
        return () if after is not None else exact
    probes = classify_query(text)
    found: list[MemberRow] = []
    for number, (kind, prefix) in enumerate(probes):
        if after is not None and number < after[0]:
            continue
        start = after if after is not None and number == after[0] else (number, "", 0)
        while len(found) < limit:
            page = _probe(unit, kind, prefix, start, limit, path)
            for key, member, place in page:
                start = (number, key, member.id or 0)
                if len(found) < limit and _first_hit(member, probes, wanted) == (number, key):
                    found.append(_row(member, place, start))
            if len(page) < limit:
                break
    return tuple(found)


def detail(unit: ReadUnit, member_id: int) -> MemberDetail:
    """A person's page. Raises Refused ``members.unknown`` also for somebody outside the actor's scope."""
    found = unit.exec(
        select(Member, Organisation)
        .join(Organisation, col(Organisation.id) == col(Member.organisation_id), isouter=True)
        .where(col(Member.id) == member_id)
    ).first()
    if found is None:
        raise Refused("members.unknown", member=member_id)
    member, place = found
    flexible = None
    if member.retirement_category is not None and member.birth is not None:
        flexible = flexible_months(member.retirement_category, member.birth)
    return MemberDetail(
        id=member_id,
        name=member.name,
        sex=member.sex,
        birth=member.birth,
        status=member.status,
        status_since=member.status_since,
        employment=member.employment,
        risk_class=member.risk_class,
        retirement_category=member.retirement_category,
        retirement_month=member.retirement_month,
        flexible_from=flexible[0] if flexible else None,
        flexible_to=flexible[1] if flexible else None,
        joined_on=member.joined_on,
        has_card=member.has_card,
        id_kind=member.id_kind,
        id_valid=member.id_valid,
        id_number=mask_id(member.id_number or ""),
        phone=mask_phone(member.phone or ""),
        organisation_id=member.organisation_id,
        organisation=place.name if place else "",
        organisation_path=place.path if place else "",
        memberships=_memberships(unit, member_id),
        version=member.version,
        changed_at=member.changed_at,
    )


def by_reference(unit: ReadUnit, text: str) -> int:
    """The member meant on a command line: the register's number, a full ID number, or a search that finds
    one person.

    Raises Refused ``members.unknown`` or ``members.ambiguous``.
    """
    wanted = text.strip()
    if wanted.isdecimal() and len(wanted) < 11 and not wanted.startswith("0"):
        found = unit.exec(select(Member.id).where(col(Member.id) == int(wanted))).first()
        if found is not None:
            return found
    rows = search(unit, wanted, 2) if wanted else ()
    if not rows:
        raise Refused("members.unknown", member=wanted)
    if len(rows) > 1:
        raise Refused("members.ambiguous", text=wanted)
    return rows[0].id


def _memberships(unit: ReadUnit, member_id: int) -> tuple[MembershipRow, ...]:
    rows = unit.exec(
        select(Membership, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .where(col(Membership.member_id) == member_id)
        .order_by(col(Membership.starts), col(Membership.id))
    )
    return tuple(
        MembershipRow(row.organisation_id, name, row.starts, row.ends, row.standing, row.reason)
        for row, name in rows
    )


def _row(member: Member, place: str | None, cursor: Cursor) -> MemberRow:
    assert member.id is not None
    return MemberRow(
        member.id,
        member.name,
        member.sex,
        member.birth,
        member.status,
        member.organisation_id,
        place or "",
        f"*{member.id_last4}" if member.id_last4 else "",
        f"*{member.phone_last4}" if member.phone_last4 else "",
        cursor,
    )


def _people(path: str, *columns: Any) -> Any:
    choose: Any = select  # its overloads know no starred columns
    query = choose(*columns, Member, Organisation.name).join(
        Organisation, col(Organisation.id) == col(Member.organisation_id), isouter=True
    )
    return query.where(path_within(col(Organisation.path), path)) if path else query


def _everybody(unit: ReadUnit, limit: int, after: Cursor | None, path: str) -> tuple[MemberRow, ...]:
    query = (
        _people(path).where(col(Member.id) > (after[2] if after else 0)).order_by(col(Member.id)).limit(limit)
    )
    return tuple(_row(member, place, (0, "", member.id)) for member, place in unit.exec(query))


def _by_number(unit: ReadUnit, wanted: str, path: str) -> tuple[MemberRow, ...]:
    """The one person with a full identity number."""
    if len(wanted) < 8 or not any(char.isdigit() for char in wanted):
        return ()
    number = check_id(wanted, unit.today).number
    query = _people(path).join(MemberIdentity, col(MemberIdentity.member_id) == col(Member.id))
    rows = unit.exec(query.where(col(MemberIdentity.digest) == identity_digest(number)))
    return tuple(_row(member, place, (_BY_NUMBER, "", member.id)) for member, place in rows)


def _probe(
    unit: ReadUnit, kind: KeyKind, prefix: str, start: Cursor, limit: int, path: str
) -> list[tuple[str, Member, str | None]]:
    key, member_id = col(MemberKey.key), col(MemberKey.member_id)
    query = (
        _people(path, MemberKey.key)
        .join(MemberKey, member_id == col(Member.id))
        .where(col(MemberKey.kind) == int(kind), key >= prefix, tuple_(key, member_id) > (start[1], start[2]))
        .order_by(key, member_id)
        .limit(limit)
    )
    end = _after_prefix(prefix)
    return list(unit.exec(query if end is None else query.where(key < end)).all())


def _after_prefix(prefix: str) -> str | None:
    """The first text after all that begin with ``prefix``, by code points; None: there is none."""
    for length in range(len(prefix), 0, -1):
        following = ord(prefix[length - 1]) + 1
        if 0xD800 <= following <= 0xDFFF:  # no text holds a surrogate
            following = 0xE000
        if following <= 0x10FFFF:
            return prefix[: length - 1] + chr(following)
    return None


def _first_hit(member: Member, probes: list[tuple[KeyKind, str]], wanted: str) -> tuple[int, str] | None:
    """The first (probe, key) that finds a person: what keeps him or her from coming twice. A number longer
    than the stored tail must agree in all its digits.
    """
    numbers = any(kind in _TAILS for kind, _ in probes)
    keys = search_keys(member.name, member.id_number, member.phone) if numbers else search_keys(member.name)
    for number, (kind, prefix) in enumerate(probes):
        if kind in _TAILS and not (getattr(member, _TAILS[kind]) or "").endswith(wanted):
            continue
        hits = [key for found, key in keys if found == kind and key.startswith(prefix)]
        if hits:
            return number, min(hits)
    return None
