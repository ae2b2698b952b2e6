"""A plan of another city needs a new file only: the variants of DOMAIN 1.10 in one, through every door."""

import re
from datetime import date
from pathlib import Path

from benefits.kernel.unit import Database
from benefits.plans import terms_words, words
from benefits.plans.compile import arms
from benefits.plans.conditions import OPERATORS, Fact
from benefits.plans.cover import SHAPES
from benefits.plans.edition import (
    ClassRule,
    Conduct,
    Edition,
    Fee,
    ParticipationRule,
    Require,
    Shares,
    TermRule,
    WaitingRule,
)
from benefits.plans.load import FOLDER
from benefits.plans.parse import read
from benefits.plans.participation import required_people
from benefits.plans.price import split
from benefits.plans.terms import added_term, new_term
from tests.plans import oracle, samples
from tests.plans.test_compile import COLUMNS, PEOPLE, asked

FILE = Path(__file__).with_name("elsewhere.toml")
PLAN = read(FILE).edition


def test_the_files_use_every_word_of_the_vocabulary() -> None:
    text = "".join(path.read_text("utf-8") for path in [FILE, *FOLDER.glob("*.toml")])
    unused = {"max_age", "after", "on_or_before"}  # said by age_between, and by the other bounds
    assert {word for word in OPERATORS if f"{word} =" not in text} <= unused
    assert {shape for shape in SHAPES if f'"{shape}"' not in text} == set()


def test_its_rules_are_decided_as_the_oracle_says(database: Database) -> None:
    start = date(2026, 1, 1)
    found = arms(PLAN, start, COLUMNS)
    assert [(arm.rule_id, arm.reason_code) for arm in found] == [
        ("ages.min", "under_age"),
        ("ages.max", "over_age"),
        ("retirement", "past_retirement"),
        ("contract", "wrong_employment"),
        ("card", "no_card"),
        ("number", "id_invalid"),
        ("joined", "wrong_date"),
        ("low-risk", "not_eligible"),
        ("old-enough", "under_age"),
        ("known", "not_eligible"),
    ]
    two_years = oracle.last_day(start, 24)
    with asked(database) as verdicts:
        for arm in found:
            if arm.rule_id == "retirement":
                months = [row[Fact.RETIREMENT_MONTH] for row in PEOPLE]
                wanted = [None if month is None else month > two_years.replace(day=1) for month in months]
            else:
                wanted = [oracle.holds(arm.test, row, start) for row in PEOPLE]
            assert verdicts(arm.clause) == wanted, arm.rule_id
    assert len(PEOPLE) > len(samples.births()), "every boundary birth is among the people"


def test_its_terms_its_money_and_its_group() -> None:
    ends = date(2026, 9, 24)
    assert new_term(PLAN, ends, date(2026, 10, 24)).starts == date(2026, 9, 25)
    late = new_term(PLAN, ends, date(2026, 10, 25))
    assert (late.first_time, late.starts, late.ends) == (True, date(2027, 9, 25), date(2029, 9, 24))
    assert added_term(PLAN, ends).waiting_until == date(2026, 12, 23)  # 90 days from 25 September
    assert [fen for _, fen in split(PLAN, "three", 3600)] == [1500, 1000, 1100]
    assert [required_people(PLAN, women) for women in (10, 11, 26, 27, 28)] == [10, 20, 20, 21, 21]


def test_its_words() -> None:
    chinese, english = words.rules(PLAN, "zh"), words.rules(PLAN, "en")
    assert chinese[0] == "起保日男18至59周岁、女18至54周岁"
    assert chinese[5] == "入会日期不早于2000-01-01，且早于起保日"
    assert english[6] == "not: risk class is high-risk work"
    assert "止保日未到法定退休年龄" in chinese
    paid = "\n".join(words.benefits(PLAN, "zh"))
    for said in (
        "每日40.00元",
        "最高7,200.00元",
        "给付比例80%",
        "100%, 90%",
        "severe类10,000.00元",
        "按人计",
        "不与“身故及丧葬”同时",
        "给付后本期保障终止",
    ):
        assert said in paid
    assert "9月25日" in terms_words.frame(PLAN, "zh")[0] and "24个月" in terms_words.frame(PLAN, "zh")[0]
    assert terms_words.unknowns(PLAN, "zh") == ()


def test_the_guide_names_every_word() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guide" / "plan-files.md").read_text("utf-8")
    fields = {field.alias or name for name, field in Edition.model_fields.items()} - {"source"}
    for kind in (TermRule, Fee, Shares, ParticipationRule, WaitingRule, ClassRule, Require, Conduct):
        fields |= {field.alias or name for name, field in kind.model_fields.items()} - {"source"}
    for word in [*OPERATORS, *SHAPES, *Fact, *fields]:
        assert re.search(rf"\b{word}\b", guide), word
