"""Verbs on items (物品目录): add, edit, retire, and what a kit is built of."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from benefits.access.counters import count_on
from benefits.kernel.actions import action
from benefits.kernel.errors import Refused
from benefits.kernel.text import plain, shown
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.kits.keeping import keep_owner
from benefits.kits.models import Item, ItemKind, Part
from benefits.kits.record import checked, stale, words
from benefits.kits.words import pieces

MOST_PARTS = 50
MOST_IN_A_KIT = 1000
_CHECKS = {
    "name": words("name", 60, needed=True),
    "measure": words("measure", 8, needed=True),
    "barcode": words("barcode", 32),
}
"""What may be edited; the kind stays what it was when the first one came in."""
_CODE = re.compile(r"[0-9A-Z][0-9A-Z_.-]{0,23}")
_PARTS = (ItemKind.GOODS, ItemKind.MATERIAL)


@action("kits.add_item", permission="kit.edit")
def add_item(
    unit: WriteUnit,
    *,
    organisation_id: int,
    name: str,
    kind: ItemKind,
    code: str = "",
    measure: str = "",
    barcode: str = "",
) -> int:
    """Add an item to the catalogue (新增物品) that a unit keeps; its id. Without a code it gets the next
    number; without a measure it is counted in 件, a kit in 套, money in 份.

    Raises Refused: ``kits.not_yours``, ``kits.item_code_form``, ``kits.item_code_taken``, what
    ``record.checked`` refuses.
    """
    keep_owner(unit, organisation_id)
    usual = {ItemKind.KIT: "套", ItemKind.MONEY: "份"}.get(kind, "件")
    values = checked({"name": name, "measure": measure or usual, "barcode": barcode}, _CHECKS)
    wanted = plain(code).strip().upper()
    if wanted and not _CODE.fullmatch(wanted):
        raise Refused("kits.item_code_form", code=shown(code))
    made = _insert(unit, organisation_id, kind, wanted, values)
    while made is None and not wanted:  # somebody typed that number as a code of his or her own
        made = _insert(unit, organisation_id, kind, "", values)
    if made is None:
        raise Refused("kits.item_code_taken", code=wanted)
    unit.record(f"item:{made}", name=values["name"], kind=kind.value)
    return made


@action("kits.edit_item", permission="kit.edit")
def edit_item(unit: WriteUnit, *, item_id: int, version: int, changes: Mapping[str, str]) -> int:
    """Change what is written about an item (修改物品); ``version`` is the one that was looked at; the new
    version. ``changes``: name, measure, barcode.

    Raises Refused: ``kits.stale`` with the fields that somebody else changed, ``kits.item_unknown``,
    ``kits.not_yours``, what ``record.checked`` refuses.
    """
    edited = _kept(unit, item_id)
    values = checked(changes, _CHECKS)
    if version != edited.version:
        raise stale(edited, values, edited.name)
    for field, value in values.items():
        setattr(edited, field, value)
    edited.version += 1
    unit.record(f"item:{item_id}", name=edited.name, fields=sorted(values))
    return edited.version


@action("kits.retire_item", permission="kit.edit")
def retire_item(unit: WriteUnit, *, item_id: int, retired: bool = True) -> None:
    """An item is no longer bought (停用), or again: none comes in, what is there goes out as before.

    Raises Refused: ``kits.item_unknown``, ``kits.not_yours``.
    """
    item = _kept(unit, item_id)
    if item.retired == retired:
        return
    item.retired = retired
    item.version += 1
    unit.record(f"item:{item_id}", name=item.name, retired=retired)


@action("kits.set_bill", permission="kit.edit")
def set_bill(unit: WriteUnit, *, kit_id: int, parts: Sequence[tuple[int, int]]) -> None:
    """What one kit is built of (配套清单): item and pieces, all of it. Kits that are built already stay what
    they are.

    Raises Refused: ``kits.not_a_kit``, ``kits.part_kind`` for a kit or money inside, ``kits.part_twice``,
    ``kits.parts_missing``, ``kits.pieces``, ``kits.item_unknown``, ``kits.not_yours``.
    """
    kit = _kept(unit, kit_id)
    if kit.kind is not ItemKind.KIT:
        raise Refused("kits.not_a_kit", item=kit.name)
    if not 1 <= len(parts) <= MOST_PARTS:
        raise Refused("kits.parts_missing", kit=kit.name, most=MOST_PARTS)
    for item_id, quantity in parts:
        pieces(quantity, most=MOST_IN_A_KIT)
        part = _item(unit, item_id)
        if part.kind not in _PARTS:
            raise Refused("kits.part_kind", item=part.name, kit=kit.name)
        if sum(other == item_id for other, _ in parts) > 1:
            raise Refused("kits.part_twice", item=part.name)
    unit.session.execute(delete(Part).where(col(Part.kit_id) == kit_id))
    rows: list[dict[str, Any]] = [
        {"kit_id": kit_id, "item_id": item_id, "quantity": quantity} for item_id, quantity in parts
    ]
    unit.session.execute(insert(Part), rows)
    kit.version += 1
    unit.record(f"item:{kit_id}", name=kit.name, parts=[list(part) for part in parts])


def _insert(
    unit: WriteUnit, organisation_id: int, kind: ItemKind, code: str, values: Mapping[str, str]
) -> int | None:
    """The id of a new item; None where its code is taken."""
    insert_of = postgresql.insert if unit.dialect == "postgresql" else sqlite.insert
    row = {
        "organisation_id": organisation_id,
        "kind": kind,
        "code": code or f"WP{count_on(unit, 'kit_item'):04d}",
        "retired": False,
        "version": 1,
    }
    made = insert_of(Item).values(**row, **values).on_conflict_do_nothing().returning(col(Item.id))
    found: int | None = unit.session.execute(made).scalar_one_or_none()
    return found


def _item(unit: ReadUnit, item_id: int) -> Item:
    found = unit.exec(select(Item).where(col(Item.id) == item_id)).first()
    if found is None:
        raise Refused("kits.item_unknown", item=item_id)
    return found


def _kept(unit: ReadUnit, item_id: int) -> Item:
    found = _item(unit, item_id)
    keep_owner(unit, found.organisation_id, found.name)
    return found
