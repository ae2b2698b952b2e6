"""Finding people as one types (会员检索): by a part of the name, pinyin, initials, last digits or a whole
number. Numbers are masked.

One index serves on both engines (``MemberKey``, DESIGN law 15): "contains" is the prefix of some suffix, the
tail of a number a prefix of it reversed. Keys are walked in order, and the people behind them looked up,
until a page is full. Where a search is narrowed to few people, these are looked through instead.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from sqlmodel import col, select

from benefits.kernel.ids import check_id
from benefits.kernel.pinyin import classify_query
from benefits.kernel.scope import ROOT
from benefits.kernel.text import plain
from benefits.kernel.unit import ReadUnit
from benefits.members import search_sql as sql
from benefits.members.derive import identifier_digest, phone_digest
from benefits.members.identity import identity_digest
from benefits.members.matching import Probe, first_hit, is_short, of_numbers
from benefits.members.models import (
    IdentifierKind,
    MemberIdentifier,
    Status,
)
from benefits.members.search_asked import (
    EVERYBODY,
    Asked,
    Cursor,
    MemberRow,
    Narrow,
    after_path,
    row_of,
    rows_of,
    run,
    values_of,
)
from benefits.members.search_walk import Walk
from benefits.organisations.models import Level

__all__ = ["Cursor", "MemberRow", "Narrow", "search"]

FEW = 2000
"""So few people are looked through one by one; more are reached by the keys."""
_FEW_OF_BRANCH = 300
"""The same of a branch: the keys of all others are passed over."""
_MANY_UNITS = 20
"""A branch of so many units is not counted."""
_BY_NUMBER = -1
_AMONG_FEW = 100
"""Probes of a search among few people are numbered from here on: its pages go on among them."""
_SHORTEST_NUMBER = 4
_WHOLE = 11
"""From so many characters on, a number is no tail."""
_SHORTEST_IDENTITY = 8


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
    wanted = re.sub(r"\s+", "", unicodedata.normalize("NFKC", plain(text))).upper()
    probes = classify_query(text)
    with unit.reading_pages():  # ids only; whoever is found is read through the scope
        level, units = _place(unit, place)
        asked = Asked(unit, limit, after, path, place, level, units, narrow or Narrow())
        numbered = _by_number(unit, wanted)
        among = bool(probes) and _looks_through(asked, probes)
        walk = Walk(asked, probes, wanted)
        if wanted and not among and not (numbered and len(wanted) >= _WHOLE):
            walk.ahead()
    if not wanted:
        return tuple(_everybody(asked))
    exact = _rows_numbered(asked, numbered)
    found = [row for row in exact if after is None or row.cursor > after]
    if not probes or len(found) >= limit or (exact and len(wanted) >= _WHOLE):
        return tuple(found[:limit])
    known = {row.id for row in exact}
    for row in _among(asked, probes) if among else walk.answering():
        if row.id not in known:
            known.add(row.id)
            found.append(row)
            if len(found) == limit:
                break
    return tuple(found)


def _place(unit: ReadUnit, path: str) -> tuple[Level | None, int]:
    """Level of a place and how many units there are, as far as it matters."""
    values = {"path": path, "path_end": after_path(path), "limit": _MANY_UNITS}
    found = unit.session.execute(sql.made(sql.place_at), values).first() if path else None
    return (found[0], found[1]) if found else (None, 0)


# -- among few ----------------------------------------------------------------------------------------------


def _looks_through(asked: Asked, probes: Sequence[Probe]) -> bool:
    """Whether few are looked through: whom the search is narrowed to, where they are few and the keys may
    lead to many. A page after the first goes on as the first began."""
    narrow, number = asked.narrow, (asked.after or (0, "", 0))[0]
    if number >= _AMONG_FEW or number > 0:
        return number >= _AMONG_FEW
    if not (asked.branches or narrow.people is not None or narrow.status) or not is_short(probes):
        return False
    return not _are_many(asked)


def _few(asked: Asked) -> Iterable[Any]:
    """Id, name, last digits of all whom the search is narrowed to."""
    if not asked.branches:
        make = sql.few_rare if asked.narrow.people is None else sql.few_anywhere
        return run(asked, make, limit=EVERYBODY)
    found: dict[int, Any] = {}
    for make in (sql.few_here, sql.few_gone):
        found |= {row[0]: row for row in run(asked, make, limit=EVERYBODY)}
    return found.values()


def _are_many(asked: Asked) -> bool:
    """Whether there are more than ``FEW``, by the first thing that narrows the search and that an index
    knows."""
    narrow, make, most = asked.narrow, sql.count_here, FEW
    if asked.level is Level.SUBDISTRICT:
        most = min(FEW, _FEW_OF_BRANCH)
        if asked.units >= _MANY_UNITS:
            return True
    if not asked.branches:
        if narrow.people is None and Status.IN_POST in narrow.status:
            return True
        make = sql.count_rare
    query = sql.made(make) if asked.branches or narrow.people is None else sql.counted(narrow.people)
    return bool(asked.unit.session.execute(query, values_of(asked) | {"limit": most + 1}).scalar_one() > most)


def _among(asked: Asked, probes: Sequence[Probe]) -> list[MemberRow]:
    """The page of those who answer among few."""
    few = list(_few(asked))
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
    rows = rows_of(asked, [cursor[2] for cursor in page])
    return [row_of(rows[cursor[2]], cursor) for cursor in page]


# -- all, and by a whole number -----------------------------------------------------------------------------


def _everybody(asked: Asked) -> Iterable[MemberRow]:
    """In load order; in a part of the tree unit by unit, then those gone from there."""
    after = asked.after or (0, "", 0)
    if not asked.place:
        rows = run(asked, sql.everybody, {"after": after[2]})
        return [row_of(row, (0, "", row[0])) for row in rows]
    found: list[MemberRow] = []
    if after[0] == 0:
        page = run(asked, sql.all_here, {"after_path": after[1], "after": after[2]})
        found = [row_of(row[1:], (0, row[0], row[1])) for row in page]
    if len(found) < asked.limit:
        rows = run(asked, sql.all_gone, {"after": after[2] if after[0] else 0})
        found += [row_of(row, (1, "", row[0])) for row in rows]
    return found[: asked.limit]


def _by_number(unit: ReadUnit, wanted: str) -> set[int]:
    """Ids of those with a whole number: of identity, phone, card or member."""
    if len(wanted) < _SHORTEST_NUMBER or not any(char.isdigit() for char in wanted):
        return set()
    card, number = sql.IDENTIFIERS
    digests = {"card": identifier_digest(card, wanted), "number": identifier_digest(number, wanted)}
    found = set(unit.session.scalars(sql.made(sql.identified), digests))
    if len(wanted) >= _SHORTEST_IDENTITY:
        digest = identity_digest(check_id(wanted, unit.today).number)
        found |= set(unit.session.scalars(sql.made(sql.known), {"digest": digest}))
    if len(wanted) == _WHOLE:
        found |= set(unit.session.scalars(sql.made(sql.called), {"digest": phone_digest(wanted)}))
    return found


def _rows_numbered(asked: Asked, ids: set[int]) -> list[MemberRow]:
    """Their rows, by id."""
    if not ids:
        return []
    dialect = asked.unit.dialect
    rows = run(asked, sql.of_ids(dialect), {"ids": sql.as_ids(dialect, sorted(ids))}, EVERYBODY)
    return sorted((row_of(row, (_BY_NUMBER, "", row[0])) for row in rows), key=lambda row: row.id)
