"""The compiler against the reference interpreter: random rules, NULLs and leap days, on both engines."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from benefits.kernel.errors import Refused
from benefits.kernel.ids import Sex
from benefits.kernel.tables import coded
from benefits.kernel.unit import Database
from benefits.members.models import Employment, Status
from benefits.organisations.models import RiskClass
from benefits.plans.compile import Day, arms, clause, halves
from benefits.plans.conditions import CODES, Fact, Test
from benefits.plans.load import edition_on
from benefits.plans.vocabulary import Payer
from tests.plans import oracle, samples

FACTS = sa.Table(
    "rule_facts",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sex", coded(Sex, "t_sex")),
    sa.Column("birth", sa.Date),
    sa.Column("status", coded(Status, "t_status")),
    sa.Column("employment", coded(Employment, "t_employment")),
    sa.Column("risk_class", coded(RiskClass, "t_risk")),
    sa.Column("category", sa.String(30)),
    sa.Column("retirement_month", sa.Date),
    sa.Column("joined_on", sa.Date),
    sa.Column("has_card", sa.Boolean),
    sa.Column("id_valid", sa.Boolean),
)
COLUMNS = {fact: FACTS.c[fact.value] for fact in Fact}
PEOPLE = samples.people(450)
ADAPTER: TypeAdapter[Any] = TypeAdapter(Test)
Verdicts = Callable[[sa.ColumnElement[bool]], list[bool | None]]


@contextmanager
def asked(database: Database) -> Iterator[Verdicts]:
    """One table with all people; what a clause says of each, in order of id."""
    with database.engine.connect() as connection:
        FACTS.create(connection)
        connection.execute(FACTS.insert(), PEOPLE)

        def verdicts(found: sa.ColumnElement[bool]) -> list[bool | None]:
            rows = connection.execute(
                sa.select(found.label("verdict")).select_from(FACTS).order_by(FACTS.c.id)
            )
            return [None if value is None else bool(value) for (value,) in rows]

        yield verdicts
        connection.rollback()


def test_random_rules_mean_the_same_in_sql_and_in_python(database: Database) -> None:
    seen: set[bool | None] = set()
    with asked(database) as verdicts:

        @settings(
            max_examples=400,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(tree=samples.trees, start=st.sampled_from(samples.STARTS))
        def check(tree: dict[str, Any], start: date) -> None:
            test = ADAPTER.validate_python(tree)
            wanted = [oracle.holds(test, row, start) for row in PEOPLE]
            found = verdicts(clause(test, Day(start, oracle.last_day(start)), COLUMNS))
            assert found == wanted, next(
                (row, one, other)
                for row, one, other in zip(PEOPLE, found, wanted, strict=True)
                if one is not other
            )
            seen.update(wanted)

        check()
    assert seen == {True, False, None}


@pytest.mark.parametrize(
    "tree",
    [
        {"fact": "birth", "age_between": [16, 60]},
        {"age_by_sex": {"male": [16, 59], "female": [16, 54]}},
    ],
)
def test_the_halves_of_an_age_span_together_are_the_span(database: Database, tree: dict[str, Any]) -> None:
    test = ADAPTER.validate_python(tree)
    with asked(database) as verdicts:
        for start in samples.STARTS:
            day = Day(start, None)
            parts = [verdicts(clause(half, day, COLUMNS)) for _, half in halves(test)]
            wanted = [oracle.holds(test, row, start) for row in PEOPLE]
            together = [oracle.both(list(values)) for values in zip(*parts, strict=True)]
            if "age_by_sex" not in tree:
                assert together == wanted
            else:  # apart, a man too young for a man may be old enough for a woman, never the other way round
                assert [v is True for v in together] == [v is True for v in wanted]


EDGES = [
    # (first day of cover, birth, under age?, over age?) for 16–60
    (date(2026, 1, 1), date(2010, 1, 1), False, False),  # turns 16 that day
    (date(2026, 1, 1), date(2010, 1, 2), True, False),
    (date(2026, 1, 1), date(1965, 1, 2), False, False),  # 60 until tomorrow
    (date(2026, 1, 1), date(1965, 1, 1), False, True),  # turns 61 that day
    (date(2026, 1, 1), date(1964, 12, 31), False, True),  # turned 61 the day before
    (date(2024, 2, 29), date(2008, 2, 29), False, False),
    (date(2024, 2, 29), date(2008, 3, 1), True, False),
    (date(2025, 2, 28), date(1964, 2, 29), False, False),  # 61 on 1 March only
    (date(2025, 3, 1), date(1964, 2, 29), False, True),
    (date(2024, 2, 28), date(2008, 2, 29), True, False),
    (date(2024, 2, 29), date(1963, 2, 28), False, True),
    (date(2024, 2, 29), date(1963, 3, 1), False, False),
]


@pytest.mark.parametrize(("start", "birth", "under", "over"), EDGES)
def test_sixteen_to_sixty_at_its_edges(
    start: date, birth: date, under: bool, over: bool, database: Database
) -> None:
    found = {arm.rule_id: arm for arm in arms(edition_on("bj-accident-1y", start), start, COLUMNS)}
    with database.engine.connect() as connection:
        FACTS.create(connection)
        connection.execute(FACTS.insert(), [{"id": 1, "birth": birth, "status": "in_post"}])
        query = sa.select(found["age.min"].clause, found["age.max"].clause).select_from(FACTS)
        low, high = connection.execute(query).one()
        connection.rollback()
    assert (not low, not high) == (under, over)
    assert (found["age.min"].reason_code, found["age.max"].reason_code) == ("under_age", "over_age")


def test_a_missing_birth_is_neither_too_young_nor_too_old(database: Database) -> None:
    start = date(2026, 1, 1)
    with database.engine.connect() as connection:
        FACTS.create(connection)
        connection.execute(FACTS.insert(), [{"id": 1}])
        clauses = [arm.clause for arm in arms(edition_on("bj-women-disease-1y", start), start, COLUMNS)]
        verdicts = connection.execute(sa.select(*clauses).select_from(FACTS)).one()
        connection.rollback()
    assert list(verdicts) == [None] * 4


def test_a_fact_that_the_register_does_not_keep_is_refused() -> None:
    test = ADAPTER.validate_python({"fact": "category", "is": "courier"})
    with pytest.raises(Refused) as refusal:
        clause(test, Day(date(2026, 1, 1), None), {})
    assert refusal.value.code == "plans.fact_not_kept"


def test_the_end_of_a_term_of_unknown_length_decides_nothing() -> None:
    test = ADAPTER.validate_python({"max_age": 60, "at": "end"})
    with pytest.raises(Refused) as refusal:
        clause(test, Day(date(2026, 1, 1), None), COLUMNS)
    assert refusal.value.code == "plans.term_length_unknown"


def test_the_words_of_rules_are_those_of_the_register() -> None:
    from benefits.contributions.models import Payer as DuePayer

    assert CODES[Fact.SEX] == {kind.value for kind in Sex}
    assert CODES[Fact.STATUS] == {kind.value for kind in Status}
    assert CODES[Fact.EMPLOYMENT] == {kind.value for kind in Employment}
    assert CODES[Fact.RISK_CLASS] == {kind.value for kind in RiskClass}
    assert {payer.value for payer in Payer} == {payer.value for payer in DuePayer}
