"""What becomes of each row of a member roster (会员花名册判定): new, changed, as it is, or perhaps somebody
who is registered.

Only an identity number makes two records one person. Whatever else agrees (name and birth, phone, card) is
evidence for a clerk, and nothing is overwritten on it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from operator import attrgetter
from typing import Any

from benefits.kernel.errors import Say, say
from benefits.kernel.ids import IdCheck, IdKind, Sex, check_against
from benefits.kernel.text import mask_id, shown
from benefits.members.bulk import NewPerson
from benefits.members.derive import planned_fits
from benefits.members.models import IdentifierKind
from benefits.members.retirement import RetirementCategory
from benefits.members.words import value_words
from benefits.rosters.finding import units
from benefits.rosters.kind import Change, Chunk, Job, Outcome, Step
from benefits.rosters.kinds import registered
from benefits.rosters.kinds.members_categories import read_categories
from benefits.rosters.kinds.members_json import as_json
from benefits.rosters.kinds.members_marks import IDENTIFIERS, ONE_OWNER, Marks, marks_of, twice
from benefits.rosters.kinds.registered import Known, OpenNumber

FIELDS = (
    "employment",
    "risk_class",
    "retirement_category",
    "has_card",
    "department",
    "ethnicity",
    "platform",
    "station",
)
_FIELDS_OF = attrgetter(*FIELDS)
FILLED = ("sex", "birth", "joined_on")
_FILLED_OF = attrgetter(*FILLED)
"""Only filled where the register has nothing; what contradicts it is for a clerk."""
_PERMANENT = {IdKind.PERMANENT_2017, IdKind.PERMANENT_2023}
"""One word for two cards that are both valid."""
FIRST = "first"
"""Under what a job remembers the first person whom its file registered."""


@dataclass(frozen=True, slots=True)
class Update:
    """What a row changes about somebody who is registered."""

    known: Known
    fields: Mapping[str, Any]
    phone: str | None = None
    number: IdCheck | None = None
    identifiers: tuple[tuple[IdentifierKind, str], ...] = ()
    """Other numbers that are new or other than before."""
    categories: tuple[str, ...] = ()


@dataclass(slots=True)
class Facts:
    """What the register knows about the people of a chunk."""

    marks: Marks
    by_number: dict[bytes, int]
    people: dict[int, Known]
    owners: Mapping[IdentifierKind, Sequence[OpenNumber | None]]
    """By kind of a number of one owner, who has that of each row."""
    numbers: dict[int, dict[IdentifierKind, OpenNumber]]
    categories: dict[int, set[str]]
    elsewhere: dict[int, str]
    by_phone: dict[bytes, list[Known]]
    by_name: dict[Any, list[Known]]


def judge(job: Job, chunk: Chunk) -> list[Step | None]:
    """One step a row; None for a bad one."""
    places = units(job, chunk)
    if "worker_category" in chunk.present:
        read_categories(job, chunk)
    columns = zip(*(chunk.get(key) for key in _COLUMNS), _identifiers(chunk), strict=True)
    rows = [
        _person(chunk, at, place.id if place else 0, *cells)
        for at, (place, cells) in enumerate(zip(places, columns, strict=True))
    ]
    marks = marks_of(chunk)
    twice(job, chunk, rows, marks)
    facts = _facts(job, chunk, rows, marks)
    bad = set(chunk.bad)
    return [None if at in bad else _step(chunk, at, person, facts) for at, person in enumerate(rows)]


_COLUMNS = (
    *("id_number", "sex", "birth", "id_kind", "retirement_category", "joined_on"),
    *("name", "phone", "employment", "risk_class", "has_card", "department", "ethnicity", "platform"),
    *("station", "worker_category"),
)
"""The cells of a row in the order in which ``_person`` takes them; other numbers come last."""

_Identifiers = tuple[tuple[IdentifierKind, str], ...]


def _identifiers(chunk: Chunk) -> list[_Identifiers]:
    """The other numbers of each row."""
    found: list[_Identifiers] = [()] * len(chunk.rows)
    for key, kind in IDENTIFIERS.items():
        if key in chunk.present:
            found = [
                before if text is None else (*before, (kind, text))
                for before, text in zip(found, chunk.get(key), strict=True)
            ]
    return found


def _person(
    chunk: Chunk,
    at: int,
    organisation_id: int,
    number: IdCheck | None,
    sex: Sex | None,
    birth: date | None,
    id_kind: IdKind | None,
    category: RetirementCategory | None,
    joined: date | None,
    name: str | None,
    phone: str | None,
    employment: Any,
    risk: Any,
    has_card: bool | None,
    department: str | None,
    ethnicity: str | None,
    platform: str | None,
    station: str | None,
    workers: tuple[str, ...] | None,
    identifiers: _Identifiers,
) -> NewPerson:
    """The row as a person, with what its number says filled in; blames what contradicts itself."""
    if number is not None:
        sex, birth = _agreed(chunk, at, number, sex, birth, id_kind)
    elif birth is None and at not in chunk.bad:
        chunk.blame(at, "id_number", "rosters.id_or_birth")
    if category is None and sex is Sex.MALE:
        category = RetirementCategory.M60
    if sex is not None and category is not None and (sex is Sex.MALE) != (category is RetirementCategory.M60):
        chunk.blame(at, "retirement_category", "rosters.category_sex")
    if joined is not None and birth is not None and joined < birth:
        chunk.blame(at, "joined_on", "members.joined_before_birth", joined=joined, birth=birth)
    if has_card is False and any(kind is IdentifierKind.UNION_CARD for kind, _ in identifiers):
        chunk.blame(at, "has_card", "rosters.card_contradicts")
    return NewPerson(
        *(organisation_id, name or "", number, sex, birth, phone, employment, risk, category, joined),
        *(has_card, department, ethnicity, platform, station, identifiers, workers or ()),
    )


def _agreed(
    chunk: Chunk, at: int, number: IdCheck, sex: Sex | None, birth: date | None, id_kind: IdKind | None
) -> tuple[Sex | None, date | None]:
    """Sex and birth by the row and its number, which must not contradict each other."""
    if (sex is not None and sex is not number.sex) or (birth is not None and birth != number.birth):
        chunk.blame_all(at, check_against(number, sex, birth))
    for warning in number.warnings:
        chunk.warn(at, "id_number", warning.say.key, **warning.say.params)
    if id_kind is None:
        return sex or number.sex, birth or number.birth
    if id_kind not in (number.kind, IdKind.OTHER) and {id_kind, number.kind} != _PERMANENT:
        chunk.blame(at, "id_kind", "rosters.id_kind_differs", number=mask_id(number.number))
    return sex or number.sex, birth or number.birth


def _facts(job: Job, chunk: Chunk, rows: list[NewPerson], marks: Marks) -> Facts:
    unit = job.unit
    good = [at for at in range(len(rows)) if at not in chunk.bad]
    owned = {
        kind: [mark for at in good if (mark := column[at]) is not None]
        for kind, column in marks.others.items()
        if kind in ONE_OWNER
    }
    with unit.beyond_scope():
        by_number = registered.holders(
            unit, [mark for at in good if (mark := marks.identity[at]) is not None]
        )
        owners = registered.numbers(unit, owned)
    ids = sorted({*by_number.values(), *(one.member_id for one in owners.values())})
    people = registered.people(unit, ids)
    with unit.beyond_scope():
        elsewhere = registered.unions(unit, [one for one in ids if one not in people])
    fresh = [at for at in good if marks.identity[at] not in by_number]
    phones = {mark for at in fresh if (mark := marks.phone[at]) is not None}
    pairs = {(birth, rows[at].name) for at in fresh if (birth := rows[at].birth) is not None}
    by_phone = registered.by_phone(unit, phones)
    by_name = registered.by_name(unit, pairs)
    if FIRST in job.memory:
        _only_before(job.memory[FIRST], by_phone, by_name)
    known = sorted({*people, *(one.id for found in (*by_phone.values(), *by_name.values()) for one in found)})
    return Facts(
        marks,
        by_number,
        people,
        {kind: [owners.get(mark or b"") for mark in marks.others[kind]] for kind in owned},
        _numbers(job, chunk, known, owners),
        registered.categories_of(unit, known) if "worker_category" in chunk.present else {},
        elsewhere,
        by_phone,
        by_name,
    )


def _only_before(first: int, *found: dict[Any, list[Known]]) -> None:
    """Leave out whom an earlier row of this file registered: the check, which writes nobody, does not see
    them either. Ids grow, and nobody else's are to be seen before this file is done."""
    for by in found:
        for key, people in by.items():
            by[key] = [one for one in people if one.id < first]


def _numbers(
    job: Job, chunk: Chunk, known: list[int], owners: Mapping[bytes, OpenNumber]
) -> dict[int, dict[IdentifierKind, OpenNumber]]:
    """The numbers that people have now, of the kinds that the file has; those that it names are known
    already."""
    kinds = {kind for key, kind in IDENTIFIERS.items() if key in chunk.present}
    if "has_card" in chunk.present:
        kinds.add(IdentifierKind.UNION_CARD)
    found: dict[int, dict[IdentifierKind, OpenNumber]] = {}
    for one in owners.values():
        found.setdefault(one.member_id, {})[one.kind] = one
    nothing: dict[IdentifierKind, OpenNumber] = {}
    rest = [member for member in known if kinds - found.get(member, nothing).keys()]
    for (member, kind), one in registered.numbers_of(job.unit, rest).items():
        found.setdefault(member, {})[kind] = one
    return found


def _step(chunk: Chunk, at: int, person: NewPerson, facts: Facts) -> Step | None:
    owned = _owned(person, at, facts)
    mark = facts.marks.identity[at]
    for kind, _, owner in owned:
        if owner.member_id in facts.elsewhere:
            chunk.blame(at, kind.value, "rosters.number_elsewhere", place=facts.elsewhere[owner.member_id])
            return None
    if mark is not None and mark in facts.by_number:
        return _registered(chunk, at, person, owned, facts.by_number[mark], facts)
    suspects = _suspects(person, at, owned, facts)
    if person.number is None and len(suspects) == 1:
        suspect, evidence = suspects[0]
        sure = "name_birth" in evidence or "card" in evidence or "member_number" in evidence
        if sure and suspect.name == person.name and suspect.organisation_id == person.organisation_id:
            step = compared(chunk, at, person, suspect, facts)
            if step is None or step.outcome is Outcome.SAME:
                return step
    if suspects:
        suspect, evidence = suspects[0]
        return _queued(chunk, at, person, suspect, evidence)
    if not person.organisation_id:
        chunk.blame(at, "unit_code", "rosters.unit_missing")
        return None
    return Step(
        chunk.rows[at], Outcome.ADDED, person, name=person.name, organisation_id=person.organisation_id
    )


_Owned = list[tuple[IdentifierKind, str, OpenNumber]]


def _owned(person: NewPerson, at: int, facts: Facts) -> _Owned:
    """The numbers of a row that somebody has already, and who."""
    return [
        (kind, dict(person.identifiers)[kind], owner)
        for kind, owners in facts.owners.items()
        if (owner := owners[at]) is not None
    ]


def _queued(chunk: Chunk, at: int, person: NewPerson, suspect: Known, evidence: tuple[str, ...]) -> Step:
    place = person.organisation_id or suspect.organisation_id
    return Step(
        chunk.rows[at],
        Outcome.QUEUED,
        as_json(person),
        suspect.id,
        evidence=evidence,
        organisation_id=place,
        name=person.name,
    )


def _suspects(person: NewPerson, at: int, owned: _Owned, facts: Facts) -> list[tuple[Known, tuple[str, ...]]]:
    """Who of the register this may be, and why, the strongest first."""
    mark = facts.marks.phone[at]
    namesakes = facts.by_name.get((person.birth, person.name), ()) if person.birth is not None else ()
    if not owned and not namesakes and mark not in facts.by_phone:
        return []
    found: dict[int, list[str]] = {}
    people: dict[int, Known] = {}

    def suspect(known: Known, why: str) -> None:
        people[known.id] = known
        found.setdefault(known.id, []).append(why)

    for kind, _, owner in owned:
        if owner.member_id in facts.people:
            suspect(
                facts.people[owner.member_id], "card" if kind is IdentifierKind.UNION_CARD else kind.value
            )
    for known in namesakes:
        if person.number is None or known.id_last4 is None or known.id_last4 == person.number.number[-4:]:
            suspect(known, "name_birth")
    for known in facts.by_phone.get(mark, ()) if mark else ():
        if known.name == person.name and (
            person.number is None or known.id_last4 is None or known.birth == person.birth
        ):
            suspect(known, "name_phone")
    order = sorted(found, key=lambda member: (-len(found[member]), member))
    return [(people[member], tuple(found[member])) for member in order]


def _registered(
    chunk: Chunk, at: int, person: NewPerson, owned: _Owned, member: int, facts: Facts
) -> Step | None:
    """Somebody with the same identity number."""
    known = facts.people.get(member)
    if known is None:
        chunk.blame(at, "id_number", "rosters.registered_elsewhere", place=facts.elsewhere.get(member, "-"))
        return None
    if known.name != person.name:
        return _queued(chunk, at, person, known, ("number", "name_differs"))
    for kind, number, owner in owned:
        if owner.member_id != member:
            other = facts.people[owner.member_id].name
            chunk.blame(at, kind.value, "rosters.number_taken", name=other, tail=number[-4:])
            return None
    if known.organisation_id is None:
        chunk.blame(at, "id_number", "rosters.left_register", name=known.name)
        return None
    if person.organisation_id and known.organisation_id != person.organisation_id:
        place = facts.elsewhere.get(member) or ""
        chunk.blame(at, "unit_code", "rosters.other_unit", name=known.name, place=place or "-")
        return None
    return compared(chunk, at, person, known, facts)


def compared(chunk: Chunk, at: int, person: NewPerson, known: Known, facts: Facts) -> Step | None:
    """What the row would change about somebody; empty cells erase nothing. None where it contradicts what is
    not overwritten."""
    said, there = _FIELDS_OF(person), _FIELDS_OF(known)
    fields: dict[str, Any] = {}
    if said != there:  # nearly every row of a roster that comes back says what is known
        each = zip(FIELDS, said, there, strict=True)
        fields = {key: value for key, value, now in each if value is not None and value != now}
    if "retirement_category" not in chunk.present and known.retirement_category is not None:
        fields.pop("retirement_category", None)
    for key, value, there in zip(FILLED, _FILLED_OF(person), _FILLED_OF(known), strict=True):
        if value is None or value == there or (key == "joined_on" and there is not None):
            continue
        if there is not None:
            words = {
                "field": say(f"rosters.column.{key}"),
                "file": _worded(value),
                "register": _worded(there),
            }
            chunk.blame(at, key if key in chunk.present else "id_number", "rosters.contradicts", **words)
            return None
        fields[key] = value
    if fields and _contradicts(chunk, at, known, fields, facts):
        return None
    changes = [Change(key, _worded(getattr(known, key)), _worded(value)) for key, value in fields.items()]
    phone = person.phone if facts.marks.phone[at] != known.phone_digest else None
    if phone is not None:
        changes.append(Change("phone", _tail(known.phone_last4), _tail(phone[-4:])))
    number = person.number if known.id_last4 is None else None
    if number is not None:
        changes.append(Change("id_number", "-", _tail(number.number[-4:])))
    held = facts.numbers.get(known.id, {})
    fresh = tuple(
        [
            (kind, text)
            for kind, text in person.identifiers
            if (now := held.get(kind)) is None or now.digest != facts.marks.others[kind][at]
        ]
    )
    for kind, text in fresh:
        changes.append(
            Change(kind.value, _tail(held[kind].last4 if kind in held else None), _tail(text[-4:]))
        )
    joined = tuple([code for code in person.categories if code not in facts.categories.get(known.id, set())])
    changes += [Change("worker_category", "-", code) for code in joined]
    row, name = chunk.rows[at], person.name
    if not changes:
        return Step(row, Outcome.SAME, entity_id=known.id, name=name)
    update = Update(known, fields, phone, number, fresh, joined)
    return Step(row, Outcome.CHANGED, update, known.id, tuple(changes), name=name)


def _contradicts(chunk: Chunk, at: int, known: Known, fields: Mapping[str, Any], facts: Facts) -> bool:
    """A card in use and a chosen month of retirement stand above what a column says."""
    if fields.get("has_card") is False and IdentifierKind.UNION_CARD in facts.numbers.get(known.id, {}):
        chunk.blame(at, "has_card", "rosters.card_contradicts")
        return True
    if known.planned_retirement is None or not {"retirement_category", "birth"} & fields.keys():
        return False
    category = fields.get("retirement_category", known.retirement_category)
    if planned_fits(category, fields.get("birth", known.birth), known.planned_retirement):
        return False
    month = f"{known.planned_retirement:%Y-%m}"
    chunk.blame(at, "retirement_category", "rosters.planned_misfit", month=month)
    return True


def _tail(last4: str | None) -> str:
    return f"*{last4}" if last4 else "-"


def _worded(value: Any) -> Say | str:
    if isinstance(value, Enum | bool):
        return value_words(value)
    return "-" if value is None else value.isoformat() if isinstance(value, date) else shown(str(value))
