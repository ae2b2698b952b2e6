"""Finding people as one types (会员检索): by a part of the name, pinyin, initials, last digits or a whole
number. Numbers are masked.

One index serves on both engines (``MemberKey``, DESIGN law 15): "contains" is the prefix of some suffix, the
tail of a number a prefix of it reversed. Keys are walked in order, and the people behind them looked up,
until a page is full. Where a search is narrowed to few people, these are looked through instead.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import col, select

from benefits.kernel.ids import Sex, check_id
from benefits.kernel.pinyin import KeyKind, classify_query
from benefits.kernel.scope import ROOT
from benefits.kernel.text import plain
from benefits.kernel.unit import ReadUnit
from benefits.members import search_sql as sql
from benefits.members.derive import identifier_digest, phone_digest
from benefits.members.identity import identity_digest
from benefits.members.matching import LAST, TAILS, Probe, first_hit, is_short, of_numbers
from benefits.members.models import (
    IdentifierKind,
    Member,
    MemberIdentifier,
    MemberKey,
    Status,
)

Cursor = tuple[int, str, int]
"""Where a list stands: number of the probe, key, member."""
FEW = 2000
"""So few people are looked through one by one; more are reached by the keys."""
_BY_NUMBER = -1
_AMONG_FEW = 100
"""Probes of a search among few people are numbered from here on: its pages go on among them."""
_SHORTEST_NUMBER = 4
_WHOLE = 11
"""From so many characters on, a number is no tail."""
_SHORTEST_IDENTITY = 8
_EVERYBODY = 2**31 - 1


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
class Narrow:
    """What else must hold of who is found. ``status``: one of these, empty: any. ``people``: a SELECT of
    member ids, such as ``enrollment.queries.covered_now``."""

    status: tuple[Status, ...] = ()
    people: Any = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One search: ``path`` narrows within the scope, ``place`` is the part of the tree that is left ("":
    all)."""

    unit: ReadUnit
    limit: int
    after: Cursor | None
    path: str
    place: str
    narrow: Narrow


def search(
    unit: ReadUnit,
    text: str,
    limit: int = 50,
    after: Cursor | None = None,
    path: str = "",
    narrow: Narrow | None = None,
) -> tuple[MemberRow, ...]:
    """Members by a part of the name, pinyin, initials, last digits of ID, phone or card, or a whole number
    of one of them (会员检索).

    The likeliest reading of ``text`` comes first, within it whole names, then those that begin with it,
    then those with it inside; nobody twice, over all pages; who was merged into another record never. No
    text lists everybody, a part of the tree unit by unit. ``path``: only in this part of the tree, those
    gone from there too. ``after``: the ``cursor`` of the last row.
    """
    scope = unit.actor.scope
    path = "" if scope.startswith(path) else path
    place = path or ("" if scope == ROOT else scope)
    asked = _Asked(unit, limit, after, path, place, narrow or Narrow())
    wanted = re.sub(r"\s+", "", unicodedata.normalize("NFKC", plain(text))).upper()
    if not wanted:
        return tuple(_everybody(asked))
    exact = _by_number(asked, wanted)
    found = [row for row in exact if after is None or row.cursor > after]
    probes = classify_query(text)
    if not probes or len(found) >= limit or (exact and len(wanted) >= _WHOLE):
        return tuple(found[:limit])
    known = {row.id for row in exact}
    for row in _answering(asked, probes, wanted):
        if row.id not in known:
            known.add(row.id)
            found.append(row)
            if len(found) == limit:
                break
    return tuple(found)


# -- by keys ------------------------------------------------------------------------------------------------


def _answering(asked: _Asked, probes: Sequence[Probe], wanted: str) -> Iterator[MemberRow]:
    """All who answer from the cursor on; somebody may come twice on the first page."""
    start = asked.after or (0, "", 0)
    if start[0] in (_BY_NUMBER, 0) or start[0] >= _AMONG_FEW:
        few = _few(asked, probes, start[0] >= _AMONG_FEW)
        if few is not None:
            yield from _among(asked, probes, few)
            return
    for number in range(len(probes)):
        if number >= start[0]:
            yield from _probe(asked, probes, number, start if number == start[0] else (number, "", 0), wanted)


def _probe(
    asked: _Asked, probes: Sequence[Probe], number: int, start: Cursor, wanted: str
) -> Iterator[MemberRow]:
    kind, prefix = probes[number]
    key, member_id = max(start[1], prefix), start[2]
    while True:
        given = {"kind": int(kind), "key": key, "member_id": member_id, "end": _after_prefix(prefix)}
        page = _run(asked, sql.of_keys, given)
        kept = page if asked.after is None else _not_before(asked.unit, probes, number, page)
        if kind in TAILS and len(wanted) > len(prefix):
            kept = _agreeing(asked.unit, kind, wanted, kept)
        yield from (_row(row[1:], (number, row[0], row[1])) for row in kept)
        if len(page) < asked.limit:
            return
        key, member_id = page[-1][:2]


def _not_before(unit: ReadUnit, probes: Sequence[Probe], number: int, page: Sequence[Any]) -> list[Any]:
    """Those of a later page whom no earlier probe or key has found: they stand on an earlier page."""
    if not of_numbers(probes):
        return [row for row in page if not _is_before(first_hit(probes, row[2]), (number, row[0]))]
    kept = list(page)
    for kind, prefix in probes[:number]:
        if len(prefix) <= LAST and kind is not KeyKind.CARD_TAIL:
            place = 8 if kind is KeyKind.ID_TAIL else 9
            kept = [row for row in kept if not (row[place] or "")[::-1].startswith(prefix)]
        elif kept:
            found = select(col(MemberKey.member_id)).where(
                col(MemberKey.kind) == int(kind),
                col(MemberKey.key) >= prefix,
                col(MemberKey.key) < _after_prefix(prefix),
            )
            before = set(unit.session.scalars(found))
            kept = [row for row in kept if row[1] not in before]
    return kept


def _is_before(hit: tuple[int, str] | None, here: tuple[int, str]) -> bool:
    return hit is not None and hit < here


def _agreeing(unit: ReadUnit, kind: KeyKind, wanted: str, page: Sequence[Any]) -> list[Any]:
    """Those whose number ends in all that was typed: more digits than a key has. They are few."""
    ids = [row[1] for row in page]
    choose: Any = select  # the columns of the one are never empty, those of the other may be
    if kind is KeyKind.CARD_TAIL:
        query = choose(col(MemberIdentifier.member_id), col(MemberIdentifier.number)).where(
            col(MemberIdentifier.member_id).in_(ids),
            col(MemberIdentifier.kind) == IdentifierKind.UNION_CARD,
            col(MemberIdentifier.ends).is_(None),
        )
    else:
        number = Member.id_number if kind is KeyKind.ID_TAIL else Member.phone
        query = choose(col(Member.id), col(number)).where(col(Member.id).in_(ids))
    right = {found for found, clear in unit.session.execute(query) if (clear or "").endswith(wanted)}
    return [row for row in page if row[1] in right]


def _after_prefix(prefix: str) -> str:
    """The first text after all keys that begin with ``prefix``, by code points."""
    for length in range(len(prefix), 0, -1):
        following = ord(prefix[length - 1]) + 1
        if 0xD800 <= following <= 0xDFFF:  # no text holds a surrogate
            following = 0xE000
        if following <= 0x10FFFF:
            return prefix[: length - 1] + chr(following)
    return "\U0010ffff" * 61  # longer than any key


# -- among few ----------------------------------------------------------------------------------------------


def _few(asked: _Asked, probes: Sequence[Probe], any_number: bool) -> Sequence[Any] | None:
    """Id, name, last digits of all whom the search is narrowed to; None: they are many, or the keys lead to
    few. ``any_number``: however many they are."""
    narrow = asked.narrow
    if not (asked.place or narrow.people is not None or narrow.status) or not is_short(probes):
        return None
    if not any_number and _are_many(asked):
        return None
    if not asked.place:
        return _run(asked, sql.few_rare if narrow.people is None else sql.few_anywhere, limit=_EVERYBODY)
    found: dict[int, Any] = {}
    for make in (sql.few_here, sql.few_gone):
        found |= {row[0]: row for row in _run(asked, make, limit=_EVERYBODY)}
    return list(found.values())


def _are_many(asked: _Asked) -> bool:
    """Whether there are more than ``FEW``, by the first thing that narrows the search and that an index
    knows."""
    narrow, make = asked.narrow, sql.count_here
    if not asked.place:
        if narrow.people is None and Status.IN_POST in narrow.status:
            return True
        make = sql.count_rare
    query = sql.made(make) if asked.place or narrow.people is None else sql.counted(narrow.people)
    return bool(asked.unit.session.execute(query, _values(asked) | {"limit": FEW + 1}).scalar_one() > FEW)


def _among(asked: _Asked, probes: Sequence[Probe], few: Sequence[Any]) -> list[MemberRow]:
    """The page of those who answer among few."""
    cards: dict[int, str] = {}
    if of_numbers(probes):
        query = select(col(MemberIdentifier.member_id), col(MemberIdentifier.last4)).where(
            col(MemberIdentifier.kind) == IdentifierKind.UNION_CARD,
            col(MemberIdentifier.ends).is_(None),
            col(MemberIdentifier.member_id).in_([row[0] for row in few]),
        )
        cards = {row[0]: row[1] for row in asked.unit.session.execute(query)}
    cursors: list[Cursor] = []
    for member_id, name, id_tail, phone_tail in few:
        hit = first_hit(probes, name, (id_tail, phone_tail, cards.get(member_id)))
        if hit is not None:
            cursors.append((_AMONG_FEW + hit[0], hit[1], member_id))
    page = sorted(cursor for cursor in cursors if asked.after is None or cursor > asked.after)[: asked.limit]
    ids = {"ids": [cursor[2] for cursor in page]}
    rows = {row[0]: row for row in asked.unit.session.execute(sql.made(sql.of_ids), ids)}
    return [_row(rows[cursor[2]], cursor) for cursor in page]


# -- all, and by a whole number -----------------------------------------------------------------------------


def _everybody(asked: _Asked) -> Iterable[MemberRow]:
    """In load order; in a part of the tree unit by unit, then those gone from there."""
    after = asked.after or (0, "", 0)
    if not asked.place:
        rows = _run(asked, sql.everybody, {"after": after[2]})
        return [_row(row, (0, "", row[0])) for row in rows]
    found: list[MemberRow] = []
    if after[0] == 0:
        page = _run(asked, sql.all_here, {"after_path": after[1], "after": after[2]})
        found = [_row(row[1:], (0, row[0], row[1])) for row in page]
    if len(found) < asked.limit:
        rows = _run(asked, sql.all_gone, {"after": after[2] if after[0] else 0})
        found += [_row(row, (1, "", row[0])) for row in rows]
    return found[: asked.limit]


def _by_number(asked: _Asked, wanted: str) -> list[MemberRow]:
    """Those with a whole number: of identity, phone, card or member; by id."""
    if len(wanted) < _SHORTEST_NUMBER or not any(char.isdigit() for char in wanted):
        return []
    unit, card, number = asked.unit, *sql.IDENTIFIERS
    digests = {"card": identifier_digest(card, wanted), "number": identifier_digest(number, wanted)}
    found = set(unit.session.scalars(sql.made(sql.identified), digests))
    if len(wanted) >= _SHORTEST_IDENTITY:
        digest = identity_digest(check_id(wanted, unit.today).number)
        found |= set(unit.session.scalars(sql.made(sql.known), {"digest": digest}))
    if len(wanted) == _WHOLE:
        found |= set(unit.session.scalars(sql.made(sql.called), {"digest": phone_digest(wanted)}))
    if not found:
        return []
    rows = _run(asked, sql.of_ids, {"ids": sorted(found)}, _EVERYBODY)
    return sorted((_row(row, (_BY_NUMBER, "", row[0])) for row in rows), key=lambda row: row.id)


# -- running ------------------------------------------------------------------------------------------------


def _run(
    asked: _Asked, make: Callable[[], Any], given: dict[str, Any] | None = None, limit: int = 0
) -> Sequence[Any]:
    """Rows of a statement, narrowed; ``limit`` 0: as many as were asked for."""
    narrow = asked.narrow
    placed = make in (
        sql.few_here,
        sql.few_gone,
        sql.all_here,
        sql.all_gone,
    )  # they go by the place themselves
    query = sql.narrowed(make, bool(narrow.status), bool(asked.path) and not placed)
    if narrow.people is not None:
        (member_id,) = narrow.people.selected_columns
        first = make is sql.few_anywhere  # those of the plan are few: they lead
        those = narrow.people.where(member_id == col(Member.id)).exists()
        query = query.where(col(Member.id).in_(narrow.people) if first else those)
    values = _values(asked) | {"limit": limit or asked.limit} | (given or {})
    return asked.unit.session.execute(query, values).all()


def _values(asked: _Asked) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if asked.place:
        values = {"path": asked.place, "path_end": asked.place[:-1] + chr(ord("/") + 1)}
    return values | {"status": asked.narrow.status} if asked.narrow.status else values


def _row(row: Sequence[Any], cursor: Cursor) -> MemberRow:
    member_id, name, sex, birth, status, organisation_id, organisation, id_tail, phone_tail = row
    return MemberRow(
        *(member_id, name, sex, birth, status, organisation_id, organisation or ""),
        f"*{id_tail}" if id_tail else "",
        f"*{phone_tail}" if phone_tail else "",
        cursor,
    )
