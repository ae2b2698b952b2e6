"""What becomes of a unit: edited, renamed, closed, opened again; on both engines and on the boundary days."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database
from benefits.kernel.verify import check
from benefits.members.record import member_input
from benefits.members.service import add
from benefits.organisations import service
from benefits.organisations.codes import INDUSTRIES, UNIT_TYPES, industry_words, unit_type_words
from benefits.organisations.invariants import INVARIANTS
from benefits.organisations.models import Level, Organisation, OrganisationKey, OrganisationName, RiskClass
from benefits.organisations.queries import search
from benefits.organisations.search import unit_keys
from tests.organisations.conftest import FOUNDED

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
Tree = dict[str, int]
WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"industry": "21"}, "organisations.code_unknown"),
    ({"unit_type": "999"}, "organisations.code_unknown"),
    ({"name": " \u200b "}, "organisations.empty"),
    ({"code": ""}, "organisations.empty"),
    ({"address": "甲" * 201}, "organisations.too_long"),
    ({"staff": -1}, "organisations.staff_form"),
    ({"founded": TODAY + DAY}, "organisations.not_yet"),
    ({"industry": "x", "unit_type": "y"}, "organisations.invalid"),
)


def _get(database: Database, actor: Actor, organisation_id: int) -> Organisation:
    with database.read(actor) as unit:
        return unit.exec(select(Organisation).where(col(Organisation.id) == organisation_id)).one()


def _refused(database: Database, actor: Actor, verb: Any, **given: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        database.act(actor, verb, **given)
    return refused.value


def _names(database: Database, actor: Actor, organisation_id: int) -> list[tuple[str, date, date]]:
    with database.read(actor) as unit:
        rows = unit.exec(
            select(OrganisationName)
            .where(col(OrganisationName.organisation_id) == organisation_id)
            .order_by(col(OrganisationName.starts))
        )
        return [(row.name, row.starts, row.ends) for row in rows]


def _found_by(database: Database, actor: Actor, text: str) -> list[str]:
    with database.read(actor) as unit:
        return [row.code for row in search(unit, text)]


def _broken(database: Database, actor: Actor) -> list[str]:
    with database.read(actor) as unit:
        return [result.code for result in check(unit, INVARIANTS) if not result.ok]


def test_all_that_is_known_of_a_unit_is_kept(database: Database, root: Actor, tree: Tree) -> None:
    made = database.act(
        root,
        service.found,
        name=" 长乐　商贸 有限公司 ",
        code=" N1 ",
        level=Level.GRASSROOTS,
        parent_id=tree["A"],
        founded=TODAY,
        uscc="81110112mc00000270",
        staff=30,
        industry="7",
        unit_type="170",
        address="通州区新华大街1号",
    )
    found = _get(database, root, made)
    assert (found.name, found.code, found.uscc) == ("长乐 商贸 有限公司", "N1", "81110112MC00000270")
    assert (found.industry, found.unit_type, found.address) == ("07", "170", "通州区新华大街1号")
    assert _found_by(database, root, "changleshangmao") == ["N1"]


def test_what_is_no_unit_is_refused(database: Database, root: Actor, tree: Tree) -> None:
    made = {"name": "新", "code": "N", "level": Level.GRASSROOTS, "parent_id": tree["A"], "founded": TODAY}
    for given, code in WRONG:
        refused = _refused(database, root, service.found, **(made | given))
        assert refused.code == code
        assert len(refused.problems) == (2 if code == "organisations.invalid" else 0)
    assert _found_by(database, root, "新") == []


def test_an_edit_is_found_by_what_it_says_now(database: Database, root: Actor, tree: Tree) -> None:
    changes = {"name": "单家村小学", "code": "X-77", "staff": "12", "risk_class": "high", "address": " "}
    assert database.act(root, service.edit, organisation_id=tree["A1"], version=1, changes=changes) == 2
    found = _get(database, root, tree["A1"])
    assert (found.name, found.staff, found.risk_class, found.address) == (
        "单家村小学",
        12,
        RiskClass.HIGH,
        None,
    )
    assert _names(database, root, tree["A1"]) == [], "a correction is no new name"
    assert _found_by(database, root, "shanjiacun") == _found_by(database, root, "77") == ["X-77"]
    assert _found_by(database, root, "A1工会") == []
    with database.read(root) as unit:
        stored = unit.exec(
            select(OrganisationKey.kind, OrganisationKey.key).where(
                col(OrganisationKey.organisation_id) == tree["A1"]
            )
        ).all()
    assert {(kind, key) for kind, key in stored} == set(unit_keys("单家村小学", "X-77"))


def test_a_stale_edit_shows_both_values(database: Database, root: Actor, tree: Tree) -> None:
    mine = {"staff": 5, "industry": "02", "address": "甲"}
    database.act(
        root, service.edit, organisation_id=tree["A1"], version=1, changes={"staff": 7, "industry": "01"}
    )
    refused = _refused(
        database, root, service.edit, organisation_id=tree["A1"], version=1, changes=mine | {"address": None}
    )
    assert refused.code == "organisations.stale"
    shown = {problem.field: problem.say.params for problem in refused.problems}
    assert set(shown) == {"staff", "industry"}, "what both say, or nobody touched, is no conflict"
    assert (shown["staff"]["mine"], shown["staff"]["theirs"]) == ("5", "7")
    assert _get(database, root, tree["A1"]).staff == 7


def test_what_has_a_verb_of_its_own_is_not_edited(database: Database, root: Actor, tree: Tree) -> None:
    for field in ("parent_id", "path", "closed", "founded", "version", "id", "level"):
        refused = _refused(
            database, root, service.edit, organisation_id=tree["A1"], version=1, changes={field: 1}
        )
        assert refused.code == "organisations.field_unknown"


def test_codes_are_unique_beyond_what_one_sees(database: Database, root: Actor, tree: Tree) -> None:
    clerk = Actor("li", "李娜", frozenset({"*"}), f"/{tree['D']}/{tree['A']}/")
    for who, code in ((root, "organisations.code_taken"), (clerk, "organisations.just_taken")):
        changes = {"code": "B1"}
        refused = _refused(
            database, who, service.edit, organisation_id=tree["A1"], version=1, changes=changes
        )
        assert refused.code == code
    made: dict[str, Any] = {"name": "新", "level": Level.GRASSROOTS, "parent_id": tree["A"], "founded": TODAY}
    assert _refused(database, clerk, service.found, code="B1", **made).code == "organisations.just_taken"
    database.act(root, service.found, code="N1", uscc="81110112MC00000270", **made)
    refused = _refused(database, root, service.found, code="N2", uscc="81110112MC00000270", **made)
    assert refused.code == "organisations.just_taken"


def test_a_new_name_leaves_the_old_one_to_its_days(database: Database, root: Actor, tree: Tree) -> None:
    rename = {"organisation_id": tree["A1"]}
    database.act(root, service.rename, name="长乐小学", on=date(2015, 9, 1), **rename)
    database.act(root, service.rename, name="重庆路小学", on=TODAY, **rename)
    assert _names(database, root, tree["A1"]) == [
        ("A1工会", FOUNDED, date(2015, 8, 31)),
        ("长乐小学", date(2015, 9, 1), TODAY - DAY),
    ]
    found = _get(database, root, tree["A1"])
    assert (found.name, found.version) == ("重庆路小学", 3)
    for text in ("zhongqinglu", "zhangle", "长乐小学", "A1工会"):
        assert _found_by(database, root, text) == ["A1"], text
    assert _broken(database, root) == []


def test_two_new_names_on_one_day_are_one_too_many(database: Database, root: Actor, tree: Tree) -> None:
    rename = {"organisation_id": tree["A1"]}
    at_founding = _refused(database, root, service.rename, name="甲", on=FOUNDED, **rename)
    assert at_founding.code == "organisations.rename_too_early"
    database.act(root, service.rename, name="甲", on=FOUNDED + DAY, **rename)
    for day in (FOUNDED, FOUNDED + DAY):
        refused = _refused(database, root, service.rename, name="乙", on=day, **rename)
        assert refused.code == "organisations.rename_too_early"
    database.act(root, service.rename, name="乙", on=FOUNDED + 2 * DAY, **rename)
    assert _names(database, root, tree["A1"]) == [
        ("A1工会", FOUNDED, FOUNDED),
        ("甲", FOUNDED + DAY, FOUNDED + DAY),
    ]
    assert _refused(database, root, service.rename, name="乙", on=TODAY, **rename).code.endswith("same_name")
    assert _refused(database, root, service.rename, name="丙", on=TODAY + DAY, **rename).code.endswith(
        "not_yet"
    )


def test_a_name_that_comes_back_is_found_once(database: Database, root: Actor, tree: Tree) -> None:
    for name, day in (("新名", date(2020, 1, 1)), ("A1工会", date(2021, 1, 1)), ("又名", date(2022, 1, 1))):
        database.act(root, service.rename, organisation_id=tree["A1"], name=name, on=day)
    assert _found_by(database, root, "A1工会") == ["A1"]
    assert _found_by(database, root, "xinming") == ["A1"]
    assert _broken(database, root) == []


def test_a_unit_with_people_is_not_closed(database: Database, root: Actor, tree: Tree) -> None:
    person = member_input({"organisation_id": tree["A1"], "name": "王敏", "joined_on": date(2020, 1, 1)})
    database.act(root, add, person)
    refused = _refused(database, root, service.close, organisation_id=tree["A1"], on=TODAY)
    assert refused.code == "organisations.close_blocked"
    assert [(one.code, one.say.params["count"]) for one in refused.problems] == [("members.left_at_unit", 1)]
    assert _get(database, root, tree["A1"]).closed is None


def test_a_unit_is_closed_on_the_day_its_last_people_leave(
    database: Database, root: Actor, tree: Tree
) -> None:
    from benefits.members.service import transfer

    person = member_input({"organisation_id": tree["A1"], "name": "王敏", "joined_on": date(2020, 1, 1)})
    member = database.act(root, add, person)
    database.act(root, transfer, member_id=member, organisation_id=tree["A"], on=date(2026, 6, 1))
    before = _refused(database, root, service.close, organisation_id=tree["A1"], on=date(2026, 5, 30))
    assert before.problems[0].code == "members.left_at_unit"
    close = {"organisation_id": tree["A1"], "successor_id": tree["A"]}
    database.act(root, service.close, on=date(2026, 5, 31), **close)
    assert _get(database, root, tree["A1"]).closed == date(2026, 5, 31)


def test_a_unit_with_units_below_is_not_closed(database: Database, root: Actor, tree: Tree) -> None:
    refused = _refused(database, root, service.close, organisation_id=tree["A"], on=TODAY)
    assert [(one.code, one.say.params["count"]) for one in refused.problems] == [
        ("organisations.left_units", 2)
    ]
    for code in ("A1", "A2"):
        database.act(root, service.close, organisation_id=tree[code], on=TODAY)
    early = _refused(database, root, service.close, organisation_id=tree["A"], on=TODAY - DAY)
    assert early.code == "organisations.close_blocked", "they were open until today"
    database.act(root, service.close, organisation_id=tree["A"], on=TODAY)
    assert _broken(database, root) == []


def test_a_closed_unit_takes_part_in_nothing(database: Database, root: Actor, tree: Tree) -> None:
    one = {"organisation_id": tree["A1"]}
    for code in ("A1", "A2", "A"):
        database.act(root, service.close, organisation_id=tree[code], on=TODAY)
    made = {"name": "新", "code": "N", "level": Level.GRASSROOTS, "parent_id": tree["A"], "founded": TODAY}
    for verb, given in (
        (service.close, one | {"on": TODAY}),
        (service.rename, one | {"name": "新", "on": TODAY}),
        (service.move, one | {"parent_id": tree["B"], "on": TODAY}),
        (service.move, {"organisation_id": tree["B1"], "parent_id": tree["A"], "on": TODAY}),
        (service.found, made),
        (service.reopen, one),
        (service.close, {"organisation_id": tree["B1"], "on": TODAY, "successor_id": tree["A1"]}),
    ):
        assert _refused(database, root, verb, **given).code == "organisations.is_closed", verb
    database.act(root, service.reopen, organisation_id=tree["A"])
    database.act(root, service.reopen, **one)
    assert _get(database, root, tree["A1"]).closed is None
    assert _refused(database, root, service.reopen, **one).code == "organisations.not_closed"
    assert _broken(database, root) == []


def test_a_unit_is_not_closed_before_its_last_change(database: Database, root: Actor, tree: Tree) -> None:
    close = {"organisation_id": tree["A1"]}
    early = _refused(database, root, service.close, on=FOUNDED - DAY, **close)
    assert early.code == "organisations.close_too_early"
    database.act(root, service.rename, name="新名", on=date(2020, 1, 1), **close)
    database.act(root, service.move, parent_id=tree["B"], on=date(2021, 1, 1), **close)
    for day in (date(2019, 12, 31), date(2020, 12, 31)):
        assert _refused(database, root, service.close, on=day, **close).code.endswith("close_too_early")
    assert _refused(database, root, service.close, on=TODAY + DAY, **close).code.endswith("not_yet")
    itself = _refused(database, root, service.close, on=TODAY, successor_id=tree["A1"], **close)
    assert itself.code == "organisations.successor_itself"
    database.act(root, service.close, on=date(2021, 1, 1), **close)


def test_a_street_s_clerk_changes_the_street_s_units_only(
    database: Database, root: Actor, tree: Tree
) -> None:
    clerk = Actor("li", "李娜", frozenset({"organisation.edit"}), f"/{tree['D']}/{tree['A']}/")
    for place, code in (("D", "unknown"), ("B", "unknown"), ("B1", "unknown"), ("A", "own_top")):
        given = {"organisation_id": tree[place]}
        assert _refused(database, clerk, service.rename, name="新", on=TODAY, **given).code.endswith(code)
        assert _refused(database, clerk, service.close, on=TODAY, **given).code.endswith(code)
        assert _refused(database, clerk, service.reopen, **given).code.endswith(code)
    refused = _refused(
        database, clerk, service.edit, organisation_id=tree["D"], version=1, changes={"staff": 1}
    )
    assert refused.code == "organisations.unknown"
    database.act(clerk, service.rename, organisation_id=tree["A1"], name="新", on=TODAY)
    reader = Actor("shen", "沈", frozenset({"audit.read"}), "/")
    refused = _refused(database, reader, service.rename, organisation_id=tree["A1"], name="x", on=TODAY)
    assert refused.code == "access.not_permitted"


def test_codes_without_a_sourced_name_say_so() -> None:
    assert len(INDUSTRIES) == 20 and industry_words("07").key == "organisations.industry"
    unnamed = [code for code in UNIT_TYPES if unit_type_words(code).key.endswith("unnamed")]
    assert unnamed == ["130", "140", "151", "159", "161", "169", "190"]
