"""The union tree: dated moves, levels, and what a user may see of it, on both engines."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, insert, literal
from sqlmodel import col, select, update

from benefits.access.models import Role, Setting
from benefits.access.queries import actor_for
from benefits.access.service import add_user, deactivate_user
from benefits.kernel.actions import Actor, action
from benefits.kernel.errors import Refused
from benefits.kernel.ids import uscc_check
from benefits.kernel.unit import Database, WriteUnit
from benefits.organisations import service
from benefits.organisations.models import Level, Organisation, OrganisationPosition
from benefits.organisations.queries import by_code
from tests.organisations.conftest import FOUNDED

USCC = "81110112MC1234567"
"""17 characters; the 18th checks them."""


def _path(database: Database, actor: Actor, code: str) -> str:
    with database.read(actor) as unit:
        return unit.exec(select(Organisation.path).where(col(Organisation.code) == code)).one()


def _codes(database: Database, actor: Actor) -> list[str]:
    with database.read(actor) as unit:
        return list(unit.exec(select(Organisation.code).order_by(col(Organisation.code))))


def test_a_path_leads_from_the_root(database: Database, root: Actor, tree: dict[str, int]) -> None:
    assert _path(database, root, "A1") == f"/{tree['D']}/{tree['A']}/{tree['A1']}/"


def test_a_move_takes_everything_below_and_keeps_the_past(
    database: Database, root: Actor, tree: dict[str, int]
) -> None:
    database.act(root, service.move, organisation_id=tree["A1"], parent_id=tree["B"], on=date(2026, 7, 1))
    assert _path(database, root, "A1") == f"/{tree['D']}/{tree['B']}/{tree['A1']}/"
    with database.read(root) as unit:
        places = unit.exec(
            select(OrganisationPosition)
            .where(col(OrganisationPosition.organisation_id) == tree["A1"])
            .order_by(col(OrganisationPosition.starts))
        ).all()
    assert [(place.parent_id, place.starts, place.ends) for place in places] == [
        (tree["A"], FOUNDED, date(2026, 6, 30)),
        (tree["B"], date(2026, 7, 1), None),
    ]


@pytest.mark.parametrize(
    ("what", "where", "day", "code"),
    [
        ("A1", "B", FOUNDED, "organisations.move_too_early"),
        ("A", "A1", date(2026, 7, 1), "organisations.wrong_level"),
        ("A1", "B1", date(2026, 7, 1), "organisations.wrong_level"),
        ("A", "A", date(2026, 7, 1), "organisations.wrong_level"),
        ("A1", "B", date(2026, 11, 21), "organisations.not_yet"),
    ],
)
def test_an_impossible_move_changes_nothing(
    database: Database, root: Actor, tree: dict[str, int], what: str, where: str, day: date, code: str
) -> None:
    before = _path(database, root, what)
    with pytest.raises(Refused) as refused:
        database.act(root, service.move, organisation_id=tree[what], parent_id=tree[where], on=day)
    assert refused.value.code == code
    assert _path(database, root, what) == before


def test_a_code_is_taken_once(database: Database, root: Actor, tree: dict[str, int]) -> None:
    with pytest.raises(Refused) as refused:
        database.act(
            root,
            service.found,
            name="x",
            code="A1",
            level=Level.GRASSROOTS,
            parent_id=tree["A"],
            founded=FOUNDED,
        )
    assert refused.value.code == "organisations.code_taken"


def test_a_wrong_uscc_is_refused(database: Database, root: Actor, tree: dict[str, int]) -> None:
    wrong = "1" if uscc_check(USCC) == "0" else "0"
    with pytest.raises(Refused) as refused:
        database.act(
            root,
            service.found,
            name="x",
            code="A9",
            level=Level.GRASSROOTS,
            parent_id=tree["A"],
            founded=FOUNDED,
            uscc=USCC + wrong,
        )
    assert refused.value.code == "organisations.uscc_invalid"
    assert refused.value.problems


def _street_clerk(database: Database, root: Actor, organisation_id: int) -> Actor:
    database.act(root, add_user, login="li", name="李娜", role=Role.CLERK, organisation_id=organisation_id)
    return actor_for(database, "li")


def test_a_street_clerk_sees_the_street_only(database: Database, root: Actor, tree: dict[str, int]) -> None:
    clerk = _street_clerk(database, root, tree["A"])
    assert _codes(database, clerk) == ["A", "A1", "A2"]
    assert _codes(database, root) == ["A", "A1", "A2", "B", "B1", "B2", "D"]


def test_a_scope_is_no_name_prefix(database: Database, root: Actor, tree: dict[str, int]) -> None:
    """``/1/2/`` does not see ``/1/20/``: with enough units, one id begins with another."""
    for number in range(3, 40):
        database.act(
            root,
            service.found,
            name=f"B{number}",
            code=f"B{number:02}",
            level=Level.GRASSROOTS,
            parent_id=tree["B"],
            founded=FOUNDED,
        )
    clerk = _street_clerk(database, root, tree["A"])
    assert _codes(database, clerk) == ["A", "A1", "A2"]


def test_what_is_outside_the_scope_does_not_exist(
    database: Database, root: Actor, tree: dict[str, int]
) -> None:
    clerk = replace(_street_clerk(database, root, tree["A"]), permissions=frozenset({"organisation.edit"}))
    with pytest.raises(Refused) as refused:
        database.act(clerk, service.close, organisation_id=tree["B1"], on=date(2026, 1, 1))
    assert refused.value.code == "organisations.unknown"


@action("organisations.rename_all", permission="organisation.edit")
def rename_all(unit: WriteUnit) -> None:
    """A careless verb: it names no unit at all."""
    unit.exec(update(Organisation).values(name="改"))


@action("organisations.copy_all", permission="organisation.edit")
def copy_all(unit: WriteUnit) -> None:
    """A careless set-based verb: INSERT … FROM SELECT over everything it can see."""
    rows = select(literal("seen:") + col(Organisation.code), Organisation.name)
    unit.session.execute(insert(Setting).from_select(["key", "value"], rows))


def test_a_careless_verb_stays_inside_the_scope(
    database: Database, root: Actor, tree: dict[str, int]
) -> None:
    clerk = _street_clerk(database, root, tree["A"])
    database.act(clerk, rename_all)
    database.act(clerk, copy_all)
    with database.read(root) as unit:
        renamed = unit.exec(select(Organisation.code).where(col(Organisation.name) == "改"))
        assert sorted(renamed) == ["A", "A1", "A2"]
        seen = unit.exec(
            select(func.count()).select_from(Setting).where(col(Setting.key).startswith("seen:"))
        ).one()
    assert seen == 3


def test_a_user_who_left_is_no_actor(database: Database, root: Actor, tree: dict[str, int]) -> None:
    _street_clerk(database, root, tree["A"])
    database.act(root, deactivate_user, login="li")
    with pytest.raises(Refused) as refused:
        actor_for(database, "li")
    assert refused.value.code == "access.user_inactive"


@pytest.mark.parametrize("field", ["name", "code"])
def test_a_name_that_does_not_fit_is_refused(
    database: Database, root: Actor, tree: dict[str, int], field: str
) -> None:
    made = {"name": "甲" * 120, "code": "C" * 32} | {field: "甲" * 121}
    with pytest.raises(Refused) as refused:
        database.act(
            root,
            service.found,
            name=made["name"],
            code=made["code"],
            level=Level.GRASSROOTS,
            parent_id=tree["A"],
            founded=FOUNDED,
        )
    assert refused.value.code == "organisations.too_long"


def test_a_name_of_several_is_no_address(database: Database, root: Actor, tree: dict[str, int]) -> None:
    for code, name in (("A3", "机关工会"), ("B3", "机关工会"), ("B4", "A1")):
        database.act(
            root,
            service.found,
            name=name,
            code=code,
            level=Level.GRASSROOTS,
            parent_id=tree[code[0]],
            founded=FOUNDED,
        )
    with database.read(root) as unit:
        with pytest.raises(Refused) as refused:
            by_code(unit, "机关工会")
        assert by_code(unit, "A1").id == tree["A1"], "a code goes before a name"
        assert by_code(unit, "B2工会").id == tree["B2"]
    assert refused.value.code == "organisations.ambiguous"
    assert refused.value.say.params["codes"] == "A3、B3"
    clerk = _street_clerk(database, root, tree["A"])
    with database.read(clerk) as unit:
        assert by_code(unit, "机关工会").code == "A3"


def test_an_unknown_user_is_no_actor(database: Database) -> None:
    with pytest.raises(Refused) as refused:
        actor_for(database, "nobody")
    assert refused.value.code == "access.unknown_user"
