"""What is put off while a register is filled (分批写入): identities, other numbers, search keys.

Their tables have an order that is nothing like that of a file. A few thousand rows at a time would each go to
another page of an index that does not fit into memory; tens of thousands, sorted, go through it once. They
wait as joined texts and digests, which take a tenth of what rows take.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import repeat
from typing import Any

from benefits.kernel.bulk import write
from benefits.kernel.pinyin import KeyKind, id_tail, name_keys, tail
from benefits.kernel.unit import WriteUnit
from benefits.members.derive import identifier_digests
from benefits.members.identity import identity_digests
from benefits.members.keys import COLUMNS as _KEY
from benefits.members.models import IdentifierKind, MemberIdentifier, MemberIdentity, MemberKey

_MOST_PEOPLE = 40_000
_IDENTITY = ("digest", "member_id")
_IDENTIFIER = ("member_id", "kind", "number", "digest", "last4", "starts")
_DIGEST_BYTES = 32
_BETWEEN = "\0"
"""Stands in no text that a database keeps."""


@dataclass(frozen=True, slots=True)
class Told:
    """What waits of new people, by columns; ``starts``: since when their other numbers are in use."""

    ids: Sequence[int]
    branches: Sequence[int]
    names: Sequence[str]
    numbers: Sequence[str | None]
    phones: Sequence[str | None]
    identifiers: Sequence[tuple[tuple[IdentifierKind, str], ...]]
    starts: Sequence[date]


@dataclass(slots=True)
class _Texts:
    """Texts, and for each the place in the lot of whose it is."""

    joined: list[str] = field(default_factory=list)
    places: "array[int]" = field(default_factory=lambda: array("I"))

    def add(self, pairs: Sequence[tuple[str, int]]) -> None:
        if pairs:
            texts, places = zip(*pairs, strict=True)
            self.joined.append(_BETWEEN.join(texts))
            self.places.extend(places)

    def apart(self) -> list[str]:
        return _BETWEEN.join(self.joined).split(_BETWEEN) if self.joined else []

    def in_order(self) -> tuple[list[str], list[int]]:
        """The texts as an index has them, and their places, which grow with the ids of people."""
        texts = self.apart()
        order = sorted(range(len(texts)), key=texts.__getitem__)
        return [texts[at] for at in order], [self.places[at] for at in order]


class Lot:
    """New people whose keys and numbers wait. Whoever begins one writes it in the end."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._ids = array("q")
        self._branches = array("q")
        self._starts = array("i")
        self._digests = bytearray()
        self._identified = array("q")
        self._keys = {int(kind): _Texts() for kind in KeyKind}
        self._numbers = {kind: _Texts() for kind in IdentifierKind}

    def add(self, unit: WriteUnit, told: Told) -> None:
        """Put people off; when they are many, they are written."""
        places = range(len(self._ids), len(self._ids) + len(told.ids))
        self._ids.extend(told.ids)
        self._branches.extend(told.branches)
        self._starts.extend(map(date.toordinal, told.starts))
        marks = identity_digests(told.numbers)
        self._digests += b"".join(filter(None, marks))
        self._identified.extend(one for one, mark in zip(told.ids, marks, strict=True) if mark is not None)
        self._add_keys(told, places)
        for kind, texts in self._numbers.items():
            texts.add(
                [
                    (number, place)
                    for numbers, place in zip(told.identifiers, places, strict=True)
                    for one, number in numbers
                    if one is kind
                ]
            )
        if len(self._ids) >= _MOST_PEOPLE:
            self.write(unit)

    def _add_keys(self, told: Told, places: Sequence[int]) -> None:
        kept: dict[int, list[tuple[str, int]]] = {kind: [] for kind in self._keys}
        for keys, place in zip(map(name_keys, told.names), places, strict=True):
            for kind, key in keys:
                kept[kind].append((key, place))
        cards = (dict(one).get(IdentifierKind.UNION_CARD) if one else None for one in told.identifiers)
        for number_kind, tails in (
            (KeyKind.ID_TAIL, map(id_tail, told.numbers)),
            (KeyKind.PHONE_TAIL, map(tail, told.phones)),
            (KeyKind.CARD_TAIL, map(tail, cards)),
        ):
            kept[number_kind] = [one for one in zip(tails, places, strict=True) if one[0]]
        for kind, pairs in kept.items():
            self._keys[kind].add(pairs)

    def write(self, unit: WriteUnit) -> None:
        """Write what waits, each table in the order of its index."""
        digests = _cut(self._digests)
        write(unit, MemberIdentity, _IDENTITY, sorted(zip(digests, self._identified, strict=True)))
        del digests
        for kind, texts in self._numbers.items():
            write(unit, MemberIdentifier, _IDENTIFIER, self._identifiers(kind, texts))
        for key_kind, texts in self._keys.items():
            keys, places = texts.in_order()
            ids = map(self._ids.__getitem__, places)
            branches = map(self._branches.__getitem__, places)
            write(unit, MemberKey, _KEY, zip(repeat(key_kind), keys, ids, branches, strict=False))
        self._begin()

    def _identifiers(self, kind: IdentifierKind, texts: _Texts) -> Iterator[tuple[Any, ...]]:
        numbers = texts.apart()
        digests: list[Any] = identifier_digests(kind, numbers)
        for digest, number, place in sorted(zip(digests, numbers, texts.places, strict=True)):
            starts = date.fromordinal(self._starts[place])
            yield self._ids[place], kind, number, digest, number[-4:], starts


def _cut(digests: bytearray) -> list[bytes]:
    return [bytes(digests[at : at + _DIGEST_BYTES]) for at in range(0, len(digests), _DIGEST_BYTES)]
