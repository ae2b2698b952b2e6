"""The catalogue of items, and kits as bills of items."""

from typing import Any

import pytest

from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kits.models import ItemKind
from benefits.kits.queries_items import buildable, item, items
from benefits.kits.references import item_of
from benefits.kits.service_items import add_item, edit_item, retire_item, set_bill
from tests.kits.desk import TODAY, Kits


def _add(kits: Kits, actor: Actor | None = None, **more: Any) -> int:
    values: dict[str, Any] = {
        "organisation_id": kits.places["D"],
        "name": "控油壶",
        "kind": ItemKind.GOODS,
    } | more
    return kits.database.act(actor or kits.actor, add_item, **values)


def _refused(kits: Kits, verb: Any, **more: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        kits.database.act(kits.actor, verb, **more)
    return caught.value


def test_items_are_numbered_unless_they_have_a_code(kits: Kits) -> None:
    _add(kits)
    _add(kits, name="限盐勺", code="wp0002", barcode=" 690  123 ")
    _add(kits, name="健康小三件", kind=ItemKind.KIT)  # the number 2 is taken as a code
    _add(kits, name="慰问金", kind=ItemKind.MONEY, measure="元")
    with kits.database.read(kits.actor) as unit:
        rows = [(row.code, row.name, row.measure, row.barcode, row.owner) for row in items(unit)]
        assert [row.name for row in items(unit, kind=ItemKind.MONEY)] == ["慰问金"]
        assert item_of(unit, "wp0002").name == item_of(unit, " 限盐勺").name == "限盐勺"
    assert rows == [
        ("WP0001", "控油壶", "件", "", "D工会"),
        ("WP0002", "限盐勺", "件", "690 123", "D工会"),
        ("WP0003", "健康小三件", "套", "", "D工会"),
        ("WP0004", "慰问金", "元", "", "D工会"),
    ]


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"name": " \u200b"}, "kits.text_missing"),
    ({"name": "壶" * 61}, "kits.text_long"),
    ({"measure": "一二三四五六七八九"}, "kits.text_long"),
    ({"code": "a b"}, "kits.item_code_form"),
    ({"code": "A" * 25}, "kits.item_code_form"),
    ({"code": "'; DROP TABLE kit_item--"}, "kits.item_code_form"),
    ({"code": "OIL"}, "kits.item_code_taken"),
    ({"name": "", "measure": "一二三四五六七八九"}, "kits.invalid"),
)


def test_what_cannot_be_added(kits: Kits) -> None:
    _add(kits, code="oil")
    for given, code in WRONG:
        with pytest.raises(Refused) as caught:
            _add(kits, **given)
        assert caught.value.code == code, given
    with kits.database.read(kits.actor) as unit:
        assert len(items(unit)) == 1


def test_a_street_keeps_its_own_items_only(kits: Kits) -> None:
    street = kits.street("A", "kit.edit")
    with pytest.raises(Refused) as caught:
        _add(kits, street)
    assert caught.value.code == "kits.not_yours"
    theirs = _add(kits, street, organisation_id=kits.places["A1"])
    district = _add(kits)
    for verb, more in ((retire_item, {}), (edit_item, {"version": 1, "changes": {"name": "壶"}})):
        with pytest.raises(Refused) as refused:
            kits.database.act(street, verb, item_id=district, **more)  # type: ignore[arg-type]
        assert refused.value.code == "kits.not_yours"
    kits.database.act(street, retire_item, item_id=theirs)
    with kits.database.read(street) as unit:
        assert [(row.name, row.owner) for row in items(unit)] == [("控油壶", "")]
        assert len(items(unit, retired=True)) == 2
    with pytest.raises(Refused) as denied:
        _add(kits, kits.street("A", "kit.hand"), organisation_id=kits.places["A1"])
    assert denied.value.code == "access.not_permitted"


def test_of_two_who_edit_an_item_the_second_is_told(kits: Kits) -> None:
    made = _add(kits)
    edit: dict[str, Any] = {"item_id": made, "version": 1}
    assert kits.database.act(kits.actor, edit_item, **edit, changes={"name": "限油壶", "measure": "个"}) == 2
    refusal = _refused(kits, edit_item, **edit, changes={"name": "油壶"})
    assert refusal.code == "kits.stale" and [problem.field for problem in refusal.problems] == ["name"]
    with kits.database.read(kits.actor) as unit:
        row = item(unit, made).item
    assert (row.name, row.measure, row.version) == ("限油壶", "个", 2)
    assert _refused(kits, edit_item, item_id=99, version=1, changes={}).code == "kits.item_unknown"


def test_a_kit_is_a_bill_of_items(kits: Kits) -> None:
    pot, spoon, money = _add(kits), _add(kits, name="限盐勺"), _add(kits, kind=ItemKind.MONEY)
    kit = _add(kits, name="健康小三件", kind=ItemKind.KIT)
    other = _add(kits, name="大礼包", kind=ItemKind.KIT)
    for parts, code in (
        ([], "kits.parts_missing"),
        ([(pot, 1)] * 51, "kits.parts_missing"),
        ([(pot, 1), (pot, 2)], "kits.part_twice"),
        ([(pot, 0)], "kits.pieces"),
        ([(pot, 1001)], "kits.pieces"),
        ([(kit, 1)], "kits.part_kind"),
        ([(other, 1)], "kits.part_kind"),
        ([(money, 1)], "kits.part_kind"),
        ([(999, 1)], "kits.item_unknown"),
    ):
        assert _refused(kits, set_bill, kit_id=kit, parts=parts).code == code
    assert _refused(kits, set_bill, kit_id=pot, parts=[(spoon, 1)]).code == "kits.not_a_kit"
    kits.database.act(kits.actor, set_bill, kit_id=kit, parts=[(pot, 3)])
    kits.database.act(kits.actor, set_bill, kit_id=kit, parts=[(pot, 1), (spoon, 2)])
    with kits.database.read(kits.actor) as unit:
        view = item(unit, kit)
        assert [(part.name, part.quantity) for part in view.parts] == [("控油壶", 1), ("限盐勺", 2)]
        assert item(unit, spoon).part_of == ("健康小三件",)


def test_how_many_can_be_built_and_what_is_short(kits: Kits) -> None:
    store, pot, spoon = kits.station(), kits.item("控油壶"), kits.item("限盐勺")
    empty, kit, nothing = kits.station(), kits.kit({pot: 1, spoon: 2}), kits.kit({})
    kits.bring(store, pot, 30)
    kits.bring(store, spoon, 20, expires_on=TODAY)
    kits.bring(store, spoon, 31)
    kits.bring(store, spoon, 99, expires_on=TODAY.replace(day=19))
    with kits.database.read(kits.actor) as unit:
        found = buildable(unit, store, kit, 40)
        assert (found.sets, found.target) == (25, 40)
        rows = [(part.name, part.have, part.need, part.short) for part in found.parts]
        assert rows == [("控油壶", 30, 1, 10), ("限盐勺", 51, 2, 29)]
        tomorrow = buildable(unit, store, kit, day=TODAY.replace(day=21))
        assert (tomorrow.sets, [part.short for part in tomorrow.parts]) == (15, [0, 0])
        assert buildable(unit, empty, kit).sets == 0
        for station, item_id, code in (
            (store, pot, "kits.not_a_kit"),
            (store, 999, "kits.item_unknown"),
            (999, kit, "kits.station_unknown"),
            (store, nothing, "kits.no_bill"),
        ):
            with pytest.raises(Refused) as caught:
                buildable(unit, station, item_id)
            assert caught.value.code == code
