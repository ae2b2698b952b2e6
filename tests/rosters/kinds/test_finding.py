"""Whom and which unit a row means, and that nothing that hangs on anything is forgotten."""

from datetime import date

import pytest
from sqlmodel import SQLModel

import benefits.tables  # noqa: F401
from benefits.kernel.errors import Refused, Say
from benefits.kernel.messages import LANGUAGES, render
from benefits.members.models import IdentifierKind
from benefits.organisations.models import Organisation
from benefits.organisations.service import rename
from benefits.roster_kinds import KINDS, kind_of
from benefits.rosters import blocking
from tests.rosters.kinds.desk import Desk, number, told

HEAD = ("单位编码", "单位名称", "姓名", "身份证号", "会员编号", "退休类别")
OWN = {
    "member": {"member_identity", "member_key", "member_identifier", "member_category", "membership"},
    "organisation": {
        "organisation_key",
        "organisation_name",  # a new name is a new version
        "organisation_position",
        "organisation",  # units below: counted by the kind, which may take them back too
        "member",  # as its membership
    },
    "enrollment": set(),
}
"""Tables whose rows go with what they belong to, or are told otherwise."""


def test_whatever_points_to_something_new_is_known_to_hang_on_it() -> None:
    for entity, own in OWN.items():
        pointing = {
            f"{table.name}.{key.parent.name}"
            for table in SQLModel.metadata.sorted_tables
            for key in table.foreign_keys
            if key.column.table.name == entity and table.name not in own
        }
        known = {f"{column.class_.__tablename__}.{column.key}" for column in blocking.hanging_columns(entity)}
        assert pointing - known == set(), entity


def test_every_kind_says_what_its_columns_and_settings_are() -> None:
    for kind in KINDS.values():
        says = [kind.title, *(column.title for column in kind.columns)]
        says += [Say(f"rosters.explain.{column.key}") for column in kind.columns]
        says += [Say(f"rosters.option.{option.name}") for option in kind.options]
        assert all(render(one, lang) for one in says for lang in LANGUAGES)
        for column in kind.columns:
            assert all(column.read(word, date(2026, 11, 20)) is not None for word in column.choices)
        names = [name for column in kind.columns for name in column.names]
        assert len(names) == len(set(names)), f"a heading of {kind.name} means two columns"
    with pytest.raises(Refused) as caught:
        kind_of("客户")
    assert caught.value.code == "rosters.unknown_kind"


def test_units_by_code_and_by_name(desk: Desk) -> None:
    act = desk.database.act
    act(
        desk.actor,
        rename,
        organisation_id=desk.world.places["A2"],
        name="东方印刷有限公司工会委员会",
        on=date(2026, 1, 1),
    )
    desk.world.change(Organisation, desk.world.places["B1"], name="同名工会")
    desk.world.change(Organisation, desk.world.places["B2"], name="同名工会")
    desk.person("王敏", 1, "A2")
    who = ("王敏", number(1), "", "女55")
    report = desk.check(
        "retirements",
        HEAD,
        ("a2", "东方印刷有限公司（工会委员会）", *who),
        ("", "东方印刷有限责任公司工会委员会", *who),
        ("", "A2工会", *who),  # what it was called before
        ("A2", "A1工会", *who),
        ("A-9", "东方印刷", *who),
        ("", "同名工会", *who),
        ("A2", "东方印刷工会", *who),  # short for the same
        ("", "A1", *who),
    )
    assert [one for one in told(report) if one[2] != "rosters.row_twice"] == [
        (3, "unit_name", "rosters.unit_name_unknown"),
        (5, "unit_code", "rosters.unit_contradicts"),
        (6, "unit_code", "rosters.unit_code_unknown"),
        (7, "unit_name", "rosters.unit_name_several"),
        (9, "unit_name", "rosters.person_other_unit"),
    ]
    near = next(one.say.params["near"] for one in report.problems if one.row == 3)
    assert near == "东方印刷有限公司工会委员会（A2）"


def test_people_by_the_numbers_they_have(desk: Desk) -> None:
    one, other = desk.person("王敏", 1), desk.person("李娜", 2)
    for member, digits in ((one, "110112000001"), (other, "110112000002")):
        desk.identify(member, digits, IdentifierKind.MEMBER_NUMBER)
    report = desk.check(
        "retirements",
        HEAD,
        ("", "", "王敏", "", "110112000001", "女55"),
        ("", "", "李娜", number(2), "110112000001", "女55"),  # two people
        ("", "", "李娜", number(8), "110112000002", "女55"),  # a number that nobody has beside one
        ("", "", "李芳", "", "110112000002", "女55"),
        ("", "", "李芳", "", "110112000009", "女55"),
        ("", "", "李芳", number(2)[:-1] + ("0" if number(2)[-1] != "0" else "1"), "", "女55"),
    )
    assert report.changed == 1
    assert told(report)[:-1] == [
        (3, "id_number", "rosters.person_numbers_differ"),
        (4, "id_number", "rosters.person_numbers_differ"),
        (5, "name", "rosters.person_name_differs"),
        (6, "member_number", "rosters.person_number_unknown"),
    ]
    assert told(report)[-1] == (7, "id_number", "kernel.id_check")
    shown = " ".join(render(one.say, lang) for one in report.problems for lang in LANGUAGES)
    assert number(2) not in shown and "110112000009" not in shown
