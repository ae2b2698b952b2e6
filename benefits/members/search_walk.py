"""Walking the search keys (检索键) in order until a page is full.

Keys are walked beyond the scope, for they would be asked one by one for their person there; whoever is found
by them is then read through it. A branch passes over the keys of all others.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from sqlmodel import col, select

from benefits.kernel.pinyin import KeyKind
from benefits.kernel.unit import ReadUnit
from benefits.members import search_sql as sql
from benefits.members.matching import LAST, TAILS, Probe, first_hit, of_numbers
from benefits.members.models import IdentifierKind, Member, MemberIdentifier, MemberKey
from benefits.members.search_asked import Asked, Cursor, MemberRow, row_of, rows_of, values_of
from benefits.organisations.models import Level

_Hits = tuple[list[Cursor], Cursor]
"""Number, key and member of the next keys, and where the walk goes on."""


class Walk:
    """One walk along the keys of a search. The first kind of key is walked by itself, for it often fills the
    page, then all others together."""

    def __init__(self, asked: Asked, probes: Sequence[Probe], wanted: str) -> None:
        self._asked, self._probes, self._wanted = asked, probes, wanted
        start = asked.after or (0, "", 0)
        self._at: Cursor = start if start[0] >= 0 else (0, "", 0)
        self._first: _Hits | None = None
        self._below = asked.level is Level.GRASSROOTS
        """Whether the people of keys are asked for their place: its keys are those of a whole branch."""

    def ahead(self) -> None:
        """Take the first steps now, where the unit sees past the scope anyhow."""
        if self._at[0] < len(self._probes) and self._asked.narrow.people is None:
            self._first = self._walk(self._at[0] + 1)

    def answering(self) -> Iterator[MemberRow]:
        """All who answer from the cursor on; nobody twice on one page."""
        asked, together = self._asked, 1
        seen: set[int] = set()
        while self._at[0] < len(self._probes):
            taken, self._first = self._first, None
            hits, self._at = taken or self._walk(min(self._at[0] + together, len(self._probes)))
            hits = [hit for hit in hits if hit[2] not in seen]
            for first in range(0, len(hits), asked.limit):
                part = hits[first : first + asked.limit]
                shown = list(_shown(asked, self._probes, part, self._wanted))
                self._below = self._below or (bool(asked.place) and 2 * len(shown) < len(part))
                seen.update(row.id for row in shown)
                yield from shown
            together = len(self._probes)

    def _walk(self, stop: int) -> _Hits:
        """The next keys of the kinds up to ``stop``; one that has more ends the walk."""
        asked, start = self._asked, self._at
        first, narrow = start[0], asked.narrow
        values: dict[str, Any] = values_of(asked) | {"limit": asked.limit}
        for arm, (kind, prefix) in enumerate(self._probes[first:stop]):
            key, member_id = (max(start[1], prefix), start[2]) if arm == 0 else (prefix, 0)
            arms = {"kind": int(kind), "key": key, "member": member_id, "end": _after_prefix(prefix)}
            values |= {f"{name}_{arm}": value for name, value in arms.items()}
        how = (stop - first, bool(asked.branches), bool(narrow.status), self._below)
        beyond: AbstractContextManager[None]
        if narrow.people is None:
            query, beyond = sql.walked(*how), asked.unit.beyond_scope()
        else:  # who is covered is a matter of the scope too
            query, beyond = sql.walked_among(narrow.people, *how), nullcontext()
        with beyond:
            rows = asked.unit.session.execute(query, values).all()
        found = sorted((first + arm, key, member_id) for arm, key, member_id in rows)
        for number in range(first, stop):
            mine = [hit for hit in found if hit[0] == number]
            if len(mine) == asked.limit:
                return [hit for hit in found if hit[0] <= number], mine[-1]
        return found, (stop, "", 0)


def _shown(asked: Asked, probes: Sequence[Probe], hits: Sequence[Cursor], wanted: str) -> Iterator[MemberRow]:
    """The people behind some keys, in their order."""
    rows = rows_of(asked, sorted({hit[2] for hit in hits}))
    shown: set[int] = set()
    for number in sorted({hit[0] for hit in hits}):
        kind, prefix = probes[number]
        page = [(key, *rows[one]) for at, key, one in hits if at == number and one in rows]
        if asked.after is not None:
            page = _not_before(asked.unit, probes, number, page)
        if kind in TAILS and len(wanted) > len(prefix):
            page = _agreeing(asked.unit, kind, wanted, page)
        for row in page:
            if row[1] not in shown:
                shown.add(row[1])
                yield row_of(row[1:], (number, row[0], row[1]))


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
