"""Small districts for the renewal tests: a plan file from parts, and rows written past the services."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from benefits.enrollment.models import Enrollment, Entry
from benefits.kernel.actions import Actor
from benefits.kernel.dates import anniversary
from benefits.kernel.ids import Sex
from benefits.kernel.unit import Database
from benefits.members.models import Member, Membership, Standing, Status
from benefits.organisations.keeping import keys_of
from benefits.organisations.models import Level, Organisation, OrganisationKey, OrganisationPosition
from benefits.plans.models import Plan, PlanEdition, PlanKind
from benefits.renewal import queries
from benefits.renewal.models import RenewalRun
from benefits.renewal.service import preview

FOUNDED = date(2010, 1, 1)
ENDS = date(2026, 11, 30)
"""Last day of everybody's term, unless a test says otherwise; the tests' today is 20 November."""
STARTS = ENDS + timedelta(days=1)
NOW = datetime(2026, 1, 1, tzinfo=UTC)

AGE = """
[[require]]
id = "age"
test = { fact = "birth", age_between = [16, 60], at = "start" }
"""
IN_POST = """
[[require]]
id = "in-post"
reason = "not_in_post"
test = { fact = "status", is = "in_post" }
"""
WOMEN = """
[[require]]
id = "sex"
test = { fact = "sex", is = "female" }
"""
WOMEN_CLASS = """
[class]
say = { zh = "在职女会员" }
test = { all = [{ fact = "sex", is = "female" }, { fact = "status", is = "in_post" }] }
funding = "unit"
"""
PERSON_PAYS = """
[[funding]]
code = "one"
name = { zh = "个人", en = "the person" }
lines = [{ payer = "person", rest = true }]
"""
UNIT_PAYS = """
[[funding]]
code = "unit"
name = { zh = "单位", en = "the unit" }
lines = [{ payer = "employer", rest = true }]
"""
THREE_PAYERS = """
[[funding]]
code = "three"
name = { zh = "三方", en = "three payers" }
lines = [
  { payer = "city_union", fen = 1500 }, { payer = "employer", fen = 1000 }, { payer = "person", rest = true },
]
"""
WAITING = "days = 30\nwaived_on_renewal = true\ngrace_days = 30\napplies_to_added = true"


def plan_text(
    *rules: str,
    code: str = "t",
    edition: str = "2020",
    effective: date = date(2020, 1, 1),
    head: str = "",
    months: int = 12,
    fee: str = "per_share_fen = 3600",
    shares: str = "min = 1\nmax = 2\nsame_in_unit = false",
    waiting: str = WAITING,
    funding: str = "",
) -> str:
    """A plan file; ``rules`` are more of its tables."""
    return f"""
code = "{code}"
edition = "{edition}"
name = {{ zh = "试验{code}", en = "Trial {code}" }}
effective = {effective.isoformat()}
issuer = "待核实"
{head}
sources = {{ S6 = "试验" }}
[term]
months = {months}
start = "follow"
[fee]
{fee}
[shares]
{shares}
[waiting]
{waiting}
{"".join(rules)}
{funding or UNIT_PAYS}
"""


class World:
    """A district with streets A and B, each with units 1 and 2; writes rows past the services."""

    def __init__(self, database: Database, actor: Actor) -> None:
        self.database = database
        self.actor = actor
        self.places: dict[str, int] = {}
        self.editions: dict[str, tuple[int, int]] = {}
        self._session: Session | None = None
        with self.batch():
            self.place("D", None, Level.DISTRICT)
            for street in "AB":
                self.place(street, "D", Level.SUBDISTRICT)
                for number in "12":
                    self.place(street + number, street, staff=None)

    @contextmanager
    def batch(self) -> Iterator[Session]:
        """Everything inside is one transaction."""
        if self._session is not None:
            yield self._session
            return
        with self.database.upkeep() as session:
            self._session = session
            try:
                yield session
            finally:
                self._session = None

    def _add(self, row: SQLModel) -> int:
        with self.batch() as session:
            session.add(row)
            session.flush()
            made: int = row.id  # type: ignore[attr-defined]
            return made

    def place(self, code: str, above: str | None, level: Level = Level.GRASSROOTS, **facts: Any) -> int:
        """A union organisation under another one."""
        with self.batch() as session:
            parent = session.get(Organisation, self.places[above]) if above else None
            row = Organisation(
                code=code,
                name=f"{code}工会",
                level=level,
                path="/",
                parent_id=parent.id if parent else None,
                founded=FOUNDED,
                **facts,
            )
            made = self.places[code] = self._add(row)
            row.path = f"{parent.path if parent else '/'}{made}/"
            session.add(OrganisationPosition(organisation_id=made, parent_id=row.parent_id, starts=FOUNDED))
            session.add_all(
                OrganisationKey(kind=kind, key=key, organisation_id=made) for kind, key in keys_of(row)
            )
        return made

    def publish(self, text: str) -> int:
        """An edition, as the plan service stores it; id of its row."""
        from benefits.plans.parse import document

        found = document(text.encode(), "test").edition
        assert isinstance(found.effective, date)
        with self.batch() as session:
            plan = session.exec(select(Plan).where(col(Plan.code) == found.code)).first()
            if plan is None:
                kind = PlanKind(found.kind)
                plan = Plan(code=found.code, name_zh=found.name.zh, name_en=found.name.en, kind=kind)
                session.add(plan)
                session.flush()
            assert plan.id is not None
            row = PlanEdition(
                plan_id=plan.id,
                edition=found.edition,
                effective=found.effective,
                ended=found.ended,
                digest=hashlib.sha256(text.encode()).hexdigest(),
                document=text,
                published_at=NOW,
            )
            edition = self._add(row)
            self.editions.setdefault(found.code, (plan.id, edition))
        return edition

    def person(self, place: str | None = "A1", *, born: date | None = date(1990, 5, 1), **facts: Any) -> int:
        """A woman in post, unless said otherwise; ``place`` None: without a membership."""
        values: dict[str, Any] = {"name": "王敏", "sex": Sex.FEMALE, "status": Status.IN_POST, "birth": born}
        values |= facts
        home = self.places[place] if place else None
        with self.batch() as session:
            made = self._add(Member(organisation_id=home, changed_at=NOW, **values))
            if home is not None:
                session.add(Membership(member_id=made, organisation_id=home, starts=FOUNDED))
        return made

    def second(self, member: int, place: str, starts: date = FOUNDED, ends: date | None = None) -> None:
        """A second membership at another union (重复入会)."""
        with self.batch() as session:
            session.add(
                Membership(
                    member_id=member,
                    organisation_id=self.places[place],
                    starts=starts,
                    ends=ends,
                    standing=Standing.SECOND,
                )
            )

    def cover(
        self,
        member: int,
        place: str = "A1",
        *,
        plan: str = "t",
        ends: date = ENDS,
        starts: date | None = None,
        **facts: Any,
    ) -> int:
        """A year of cover at a unit."""
        plan_id, edition_id = self.editions[plan]
        begins = starts or anniversary(ends + timedelta(days=1), -12)
        values: dict[str, Any] = {
            "continuous_since": begins,
            "fen": 3600,
            "funding": "unit",
            "entry": Entry.FIRST,
        }
        values |= facts
        return self._add(
            Enrollment(
                member_id=member,
                plan_id=plan_id,
                edition_id=edition_id,
                organisation_id=self.places[place],
                starts=begins,
                ends=ends,
                **values,
            )
        )

    def covered(self, place: str = "A1", **facts: Any) -> int:
        """A person with a year of cover at the own unit."""
        with self.batch():
            made = self.person(place, **facts)
            self.cover(made, place)
        return made

    def many(self, count: int, *places: str, cover: dict[str, Any] | None = None, **facts: Any) -> list[int]:
        """So many people with a year of cover, round the places; their ids."""
        plan_id, edition_id = self.editions["t"]
        values: dict[str, Any] = {"name": "李娜", "sex": Sex.FEMALE, "status": Status.IN_POST}
        values |= {"birth": date(1990, 5, 1), "changed_at": NOW} | facts
        begins = anniversary(STARTS, -12)
        term: dict[str, Any] = {"plan_id": plan_id, "edition_id": edition_id, "starts": begins, "ends": ENDS}
        term |= {"continuous_since": begins, "fen": 3600, "funding": "unit", "entry": Entry.FIRST} | (
            cover or {}
        )
        homes = [self.places[places[number % len(places)]] for number in range(count)]
        with self.batch() as session:
            people = [Member(organisation_id=home, **values) for home in homes]
            session.add_all(people)
            session.flush()
            made = [person.id for person in people if person.id is not None]
            for member, home in zip(made, homes, strict=True):
                session.add(Membership(member_id=member, organisation_id=home, starts=FOUNDED))
                session.add(Enrollment(member_id=member, organisation_id=home, **term))
            session.flush()
        return made

    def change(self, model: type[SQLModel], key: Any, **values: Any) -> None:
        """The register says something else now."""
        with self.batch() as session:
            row = session.get(model, key)
            assert row is not None
            for name, value in values.items():
                setattr(row, name, value)

    def preview(self, actor: Actor | None = None, *, plan: str = "t", at: date = ENDS, **more: Any) -> str:
        """A run about the terms that end on ``at``, or in the window given."""
        window = {"window_from": at, "window_to": at} | more
        return self.database.act(actor or self.actor, preview, plan=plan, **window)

    def row(self, run: str, member: int) -> queries.DecisionRow:
        """The decision about one person."""
        with self.database.read(self.actor) as unit:
            found = queries.decisions(unit, run, after=member - 1, limit=1)
        assert found and found[0].member_id == member, f"nothing is decided about {member}"
        return found[0]

    def reasons(self, run: str, member: int) -> list[str]:
        """All reasons of one person."""
        return sorted(code for code, _, _ in self.row(run, member).reasons)

    def decided(self, run: str) -> set[int]:
        """Everybody about whom a run decides."""
        with self.database.read(self.actor) as unit:
            return {row.member_id for row in queries.decisions(unit, run, limit=100_000)}

    def view(self, run: str) -> queries.RunView:
        with self.database.read(self.actor) as unit:
            return queries.view(unit, run)

    def units(self, run: str) -> dict[str, queries.UnitRow]:
        with self.database.read(self.actor) as unit:
            return {row.code: row for row in queries.units(unit, run)}

    def terms(self, member: int, plan: str = "t") -> list[Enrollment]:
        """A person's terms in a plan, in order."""
        with self.database.read(self.actor) as unit:
            query = select(Enrollment).where(col(Enrollment.member_id) == member)
            return list(
                unit.exec(
                    query.where(col(Enrollment.plan_id) == self.editions[plan][0]).order_by(
                        col(Enrollment.starts)
                    )
                )
            )

    def state(self, run: str) -> str:
        with self.database.read(self.actor) as unit:
            return unit.exec(select(RenewalRun).where(col(RenewalRun.number) == run)).one().state.value


def contents(database: Database, *but: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, except tables whose names begin with one of ``but``."""
    found = {}
    with database.upkeep() as session:  # row security shows nothing to a bare connection
        for table in SQLModel.metadata.sorted_tables:
            if not table.name.startswith(but or ("-",)):
                rows = session.execute(table.select()).all()
                found[table.name] = sorted((tuple(row) for row in rows), key=repr)
    return found
