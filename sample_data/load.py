"""Puts a generated district into a database: in chunks, past the mapper, with explicit ids, so a million
people need little memory.
"""

import getpass
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from itertools import chain
from typing import Any

from sqlmodel import Session, select

from benefits.access.models import Role, Setting, User
from benefits.access.queries import INSTALLER
from benefits.access.service import add_user
from benefits.enrollment.models import Enrollment
from benefits.kernel.bulk import analyse, follow, load
from benefits.kernel.errors import Refused
from benefits.kernel.pinyin import search_keys
from benefits.kernel.unit import Database
from benefits.members.branches import branches_of_people
from benefits.members.derive import identifier_digest, phone_digest
from benefits.members.identity import identity_digest, last4
from benefits.members.keys import COLUMNS as KEY_COLUMNS
from benefits.members.models import (
    IdentifierKind,
    Member,
    MemberIdentifier,
    MemberIdentity,
    MemberKey,
    Membership,
)
from benefits.organisations.models import Level, Organisation, OrganisationKey, OrganisationPosition
from benefits.organisations.search import unit_keys
from benefits.plans.models import Plan, PlanEdition
from benefits.plans.service import install_catalogue
from sample_data.district import district, retirement_month
from sample_data.people import AREA, card_number
from sample_data.places import DISTRICT, FIRST_STREET, streets
from sample_data.rows import Block, Case, EnrollmentRow, MemberRow, OrganisationRow, PositionRow

CHUNK = 5000
KEYS_AT_ONCE = 500_000
"""Search keys are sorted and written so many at a time: each lot goes once through the whole index."""
Progress = Callable[[int, int], None]
_ORGANISATION = OrganisationRow._fields
_ORGANISATION_KEY = ("kind", "key", "organisation_id")
_POSITION = ("id", *PositionRow._fields)
_MEMBER = (
    *MemberRow._fields,
    *("retirement_month", "id_last4", "phone_last4", "phone_digest", "version", "changed_at"),
)
_MEMBERSHIP = ("id", "member_id", "organisation_id", "starts", "ends", "standing", "reason")
_IDENTIFIER = ("member_id", "kind", "number", "digest", "last4", "starts")
_ENROLLMENT = (
    *(
        "id",
        "member_id",
        "plan_id",
        "edition_id",
        "organisation_id",
        "prior_id",
        "starts",
        "ends",
        "waiting_until",
    ),
    *("continuous_since", "shares", "tier", "fen", "funding", "entry", "exhausted_on", "state"),
)
NOTE = (
    f"虚构样例数据：身份证地区码 {AREA} 从未启用，不属于任何人。"
    f"Invented sample data: area code {AREA} was never issued, so the identity numbers belong to nobody."
)


@dataclass(slots=True)
class Summary:
    """What was loaded; ``expiring`` counts terms that end from 31 days before the business day to 60 days
    after it.
    """

    organisations: int = 0
    members: int = 0
    memberships: int = 0
    identities: int = 0
    cards: int = 0
    keys: int = 0
    enrollments: int = 0
    expiring: int = 0
    users: int = 0
    by_plan: dict[str, int] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """The counts as one JSON object."""
        found = asdict(self)
        found["cases"] = len(self.cases)
        return found


@dataclass(frozen=True, slots=True)
class Options:
    """What to leave out for speed: search keys, sealed numbers (the columns stay empty, identities too),
    users.
    """

    search_keys: bool = True
    sealed: bool = True
    users: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """A district to be loaded, from the generator or from files."""

    organisations: Iterable[OrganisationRow]
    positions: Iterable[PositionRow]
    blocks: Iterable[Block]
    members: int
    today: date


def generated(members: int, seed: int, today: date, *, years: int = 2, dense: bool = False) -> Source:
    """A district straight from the generator."""
    builder = district(members, seed, today, years=years, dense=dense)
    return Source(builder.tree.organisations, builder.tree.positions, builder.blocks(), members, today)


def load_source(database: Database, source: Source, options: Options, progress: Progress | None) -> Summary:
    """Load a district and its plans. Raises Refused ``kernel.already_initialised`` where there is one."""
    summary = Summary()
    with database.upkeep() as session:
        if session.exec(select(Organisation.id).limit(1)).first() is not None:
            raise Refused("kernel.already_initialised", database=str(database.engine.url))
        places = list(source.organisations)
        summary.organisations = load(session, Organisation, _ORGANISATION, places)
        if options.search_keys:
            load(session, OrganisationKey, _ORGANISATION_KEY, sorted(_unit_keys(places)))
        load(
            session, OrganisationPosition, _POSITION, ((n, *row) for n, row in enumerate(source.positions, 1))
        )
        follow(session, Organisation, OrganisationPosition)
        session.add(Setting(key="sample", value=NOTE))
    database.act(INSTALLER, install_catalogue)
    with database.upkeep() as session:
        plans = _plan_ids(session)
    blocks = iter(source.blocks)
    keys: list[tuple[int, str, int, int]] = []
    while people := _some(blocks):
        with database.upkeep() as session:
            _load_blocks(session, people, plans, summary, options, source.today, database.clock.now())
            if options.search_keys:
                found = list(chain.from_iterable(block.members for block in people))
                keys += _keys(found, branches_of_people(session, [row.id for row in found]))
            if len(keys) >= KEYS_AT_ONCE:
                _load_keys(session, keys, summary)
        if progress is not None:
            progress(summary.members, source.members)
    with database.upkeep() as session:
        _load_keys(session, keys, summary)
        follow(session, Member, Membership, Enrollment)
        analyse(session, Organisation, Member, Membership, MemberIdentity, MemberIdentifier, MemberKey)
        analyse(session, OrganisationKey, Enrollment)
    if options.users:
        summary.users = _users(database)
    return summary


def _some(blocks: Iterator[Block]) -> list[Block]:
    taken: list[Block] = []
    people = 0
    for block in blocks:
        taken.append(block)
        people += len(block.members)
        if people >= CHUNK:
            break
    return taken


def _load_blocks(
    session: Session,
    blocks: list[Block],
    plans: dict[tuple[str, str], tuple[int, int]],
    summary: Summary,
    options: Options,
    today: date,
    now: datetime,
) -> None:
    members = list(chain.from_iterable(block.members for block in blocks))
    summary.members += load(session, Member, _MEMBER, (_member(row, options.sealed, now) for row in members))
    people = chain.from_iterable(block.memberships for block in blocks)
    first = summary.memberships + 1
    summary.memberships += load(
        session, Membership, _MEMBERSHIP, ((n, *row) for n, row in enumerate(people, first))
    )
    if options.sealed:
        known = ((identity_digest(row.id_number), row.id) for row in members if row.id_number)
        summary.identities += load(session, MemberIdentity, ("digest", "member_id"), known)
        summary.cards += load(session, MemberIdentifier, _IDENTIFIER, _cards(members, today))
    terms = list(chain.from_iterable(block.enrollments for block in blocks))
    summary.enrollments += load(session, Enrollment, _ENROLLMENT, (_enrollment(row, plans) for row in terms))
    for row in terms:
        summary.by_plan[row.plan] = summary.by_plan.get(row.plan, 0) + 1
        summary.expiring += -31 <= (row.ends - today).days <= 60 and row.state.value == "active"
    for block in blocks:
        summary.cases += block.cases


def _member(row: MemberRow, sealed: bool, now: datetime) -> tuple[Any, ...]:
    month = None
    if row.retirement_category is not None and row.birth is not None:
        month = retirement_month(row.retirement_category, row.birth)
    tails = last4(row.id_number), last4(row.phone)
    if sealed:
        return (*row, month, *tails, phone_digest(row.phone), 1, now)
    return (*row[:-2], None, None, month, *tails, None, 1, now)


def _card(row: MemberRow) -> str | None:
    return card_number(row.id) if row.has_card else None


def _cards(members: list[MemberRow], today: date) -> Iterator[tuple[Any, ...]]:
    kind = IdentifierKind.UNION_CARD
    for row in members:
        if card := _card(row):
            yield row.id, kind, card, identifier_digest(kind, card), card[-4:], row.joined_on or today


def _unit_keys(places: list[OrganisationRow]) -> Iterator[tuple[int, str, int]]:
    for row in places:
        above = row.level is not Level.GRASSROOTS
        for kind, key in unit_keys(row.name, row.code, row.uscc, above=above):
            yield kind, key, row.id


def _keys(members: Iterable[MemberRow], branch: dict[int, int]) -> Iterator[tuple[int, str, int, int]]:
    for row in members:
        for kind, key in search_keys(row.name, row.id_number, row.phone, _card(row)):
            yield kind, key, row.id, branch[row.id]


def _load_keys(session: Session, keys: list[tuple[int, str, int, int]], summary: Summary) -> None:
    summary.keys += load(session, MemberKey, KEY_COLUMNS, sorted(keys))
    keys.clear()


def _enrollment(row: EnrollmentRow, plans: dict[tuple[str, str], tuple[int, int]]) -> tuple[Any, ...]:
    return (row.id, row.member_id, *plans[row.plan, row.edition], *row[4:])


def _plan_ids(session: Session) -> dict[tuple[str, str], tuple[int, int]]:
    editions = session.exec(select(Plan, PlanEdition).join(PlanEdition))
    return {(plan.code, edition.edition): (plan.id or 0, edition.id or 0) for plan, edition in editions}


def _users(database: Database) -> int:
    """The sample's users, and whoever makes the sample: commands must work on it without ``--user``."""
    street = FIRST_STREET + next(place for place, (_, name) in enumerate(streets()) if name == "张家湾镇")
    users: list[tuple[str, str, Role, int | None]] = [
        ("admin", "系统管理员", Role.ADMIN, None),
        ("qu", "区总工会经办", Role.CLERK, DISTRICT),
        ("fuhe", "区总工会复核", Role.REVIEWER, DISTRICT),
        ("zhangjiawan", "张家湾镇经办", Role.CLERK, street),
        ("shenji", "审计员", Role.AUDITOR, DISTRICT),
    ]
    maker = getpass.getuser()
    if maker not in {login for login, *_ in users}:
        users.append((maker, maker, Role.ADMIN, None))
    for login, name, role, place in users:
        database.act(INSTALLER, add_user, login=login, name=name, role=role, organisation_id=place)
    with database.upkeep() as session:
        return len(session.exec(select(User.id)).all())
