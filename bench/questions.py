"""What is asked of a search, and who must be found: people drawn from the register itself, and an oracle that
looks at every clear value of everybody.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import col, select

from benefits.access.queries import INSTALLER
from benefits.kernel.pinyin import readings
from benefits.kernel.text import NAME_DOT
from benefits.kernel.unit import Database, ReadUnit
from benefits.members.matching import TAILS, keys_of_name
from benefits.members.models import IdentifierKind, Member, MemberIdentifier
from benefits.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Person:
    """A person in clear."""

    id: int
    name: str
    id_number: str
    phone: str
    card: str
    status: str
    path: str
    """Place in the tree; empty: none now."""


@dataclass(slots=True)
class Everybody:
    """All people in clear, and the same by name, for the oracle."""

    people: list[Person]
    by_name: dict[str, list[int]] = field(default_factory=dict)
    spelled: dict[str, str] = field(default_factory=dict)
    """The pinyin and initials of a name, each on a line."""

    @classmethod
    def read(cls, database: Database, every: int = 1) -> "Everybody":
        """Open every number once; with ``every`` of one person in so many only, where no oracle is asked."""
        card = select(MemberIdentifier).where(
            col(MemberIdentifier.kind) == IdentifierKind.UNION_CARD, col(MemberIdentifier.ends).is_(None)
        )
        card = card.where(col(MemberIdentifier.member_id) % every == 0)
        with database.read(INSTALLER) as unit:
            cards = {row.member_id: row.number for row in _rows(unit, card)}
            paths = dict(unit.session.execute(select(col(Organisation.id), col(Organisation.path))).all())
            columns = (Member.id, Member.name, Member.id_number, Member.phone, Member.status)
            choose: Any = select
            query = choose(*columns, Member.organisation_id).where(
                col(Member.merged_into_id).is_(None), col(Member.id) % every == 0
            )
            found = cls(
                [
                    Person(
                        *(id, name, number or "", phone or "", cards.get(id, "")),
                        *(status.value if status else "", paths.get(place, "")),
                    )
                    for id, name, number, phone, status, place in unit.session.execute(query)
                ]
            )
        for person in found.people:
            found.by_name.setdefault(person.name, []).append(person.id)
        for name in found.by_name:
            spelled = {key for kind, key in keys_of_name.__wrapped__(name) if kind not in (1, 7, *TAILS)}
            found.spelled[name] = "\n" + "\n".join(spelled)
        return found

    def answering(self, unit: ReadUnit, kind: str, text: str) -> set[int]:
        """Everybody who must be found: names by LIKE in the database, spellings and numbers one by one."""
        if kind.startswith("name"):
            scan = select(col(Member.id)).where(
                col(Member.name).like(f"%{text}%"), col(Member.merged_into_id).is_(None)
            )
            return set(unit.session.scalars(scan))
        if text[-1].isdigit() or text[0].isdigit():
            return {
                person.id
                for person in self.people
                if person.id_number.endswith(text)
                or person.phone.endswith(text)
                or person.card.endswith(text)
            }
        sought = "\n" + text
        names = [name for name, spelled in self.spelled.items() if sought in spelled]
        return {id for name in names for id in self.by_name[name]}


def _rows(unit: ReadUnit, query: Any) -> Iterator[Any]:
    yield from unit.session.scalars(query)


def _part(length: int) -> Callable[[Person, random.Random], str]:
    def ask(person: Person, rng: random.Random) -> str:
        name = person.name.replace(NAME_DOT, "")
        start = rng.randrange(max(1, len(name) - length + 1))
        return name[start : start + length]

    return ask


def _misread(person: Person, _rng: random.Random) -> str:
    spelled = readings(person.name)
    return spelled[-1][0] if len(spelled) > 1 else ""


def _syllable(person: Person, _rng: random.Random) -> str:
    return readings(person.name[:1])[0][0] if NAME_DOT not in person.name else ""


KINDS: dict[str, Callable[[Person, random.Random], str]] = {
    "name, 1 character": _part(1),
    "name, 2 characters": _part(2),
    "name, whole": lambda person, _: person.name if NAME_DOT not in person.name else "",
    "pinyin, surname": _syllable,
    "pinyin, 6 letters": lambda person, _: readings(person.name)[0][0][:6],
    "pinyin, whole": lambda person, _: readings(person.name)[0][0],
    "pinyin, surname misread": _misread,
    "initials, 1": lambda person, _: readings(person.name)[0][1][:1],
    "initials, 2": lambda person, _: readings(person.name)[0][1][:2],
    "initials, whole": lambda person, _: readings(person.name)[0][1],
    "ID, last 4": lambda person, _: person.id_number[-4:],
    "ID, last 6": lambda person, _: person.id_number[-6:],
    "phone, last 4": lambda person, _: person.phone[-4:],
    "phone, last 6": lambda person, _: person.phone[-6:],
    "card, last 4": lambda person, _: person.card[-4:],
    "card, last 6": lambda person, _: person.card[-6:],
    "ID, whole": lambda person, _: person.id_number,
    "phone, whole": lambda person, _: person.phone,
    "card, whole": lambda person, _: person.card,
}
"""How a clerk may ask for a person; an empty text: not for this one."""


def texts(everybody: Everybody, kind: str, count: int, seed: int) -> list[str]:
    """What is typed, drawn as people come to the counter: common names are asked for often."""
    rng = random.Random(f"{seed} {kind}")
    found: list[str] = []
    tries = 0
    while len(found) < count and tries < 2_000 * count:
        text = KINDS[kind](rng.choice(everybody.people), rng)
        tries += 1
        if text:
            found.append(text)
    return found
