"""``benefits kit item``: the catalogue of items, and what kits are built of (物品目录)."""

from typing import Any

import typer

from benefits.commands.kit_naming import item_named
from benefits.commands.kit_words import (
    ITEM,
    items_of,
)
from benefits.commands.options import Call, group, number, one_of, verb
from benefits.commands.show import emit, listed, table, words
from benefits.commands.work import opened, read

app = group("kit.item")

KINDS = ("goods", "kit", "material", "money")


@verb(app, "commands.kit.item.add")
def add(
    call: Call,
    name: str = typer.Argument(..., metavar="NAME", help="commands.option.item_name"),
    org: str = typer.Option(..., "--org", "--unit", metavar="CODE", help="commands.option.item_owner"),
    kind: str = typer.Option(
        "goods", "--kind", metavar="KIND", parser=one_of(*KINDS), help="commands.option.item_kind"
    ),
    code: str = typer.Option("", "--code", metavar="CODE", help="commands.option.item_code"),
    measure: str = typer.Option("", "--measure", metavar="WORD", help="commands.option.item_measure"),
    barcode: str = typer.Option("", "--barcode", metavar="NUMBER", help="commands.option.item_barcode"),
) -> None:
    """Add an item to the catalogue (新增物品)."""
    from benefits.kits.models import ItemKind
    from benefits.kits.queries_items import item
    from benefits.kits.service_items import add_item
    from benefits.organisations.queries import by_code

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            owner = by_code(unit, org).id
        more: dict[str, Any] = {"code": code, "measure": measure, "barcode": barcode}
        made = database.act(actor, add_item, organisation_id=owner, name=name, kind=ItemKind(kind), **more)
        with database.read(actor) as unit:
            row = item(unit, made).item
    emit(call, {"item": row}, words(call, "commands.kit.item.added", name=row.name, code=row.code))


@verb(app, "commands.kit.item.edit")
def edit(
    call: Call,
    item: str = ITEM,
    name: str | None = typer.Option(None, "--name", metavar="NAME", help="commands.option.item_name"),
    measure: str | None = typer.Option(
        None, "--measure", metavar="WORD", help="commands.option.item_measure"
    ),
    barcode: str | None = typer.Option(
        None, "--barcode", metavar="NUMBER", help="commands.option.item_barcode"
    ),
    version: int | None = typer.Option(
        None, "--version", metavar="N", parser=number(1), help="commands.option.item_version"
    ),
) -> None:
    """Change what is written about an item (修改物品)."""
    from benefits.kits.queries_items import item as one_item
    from benefits.kits.service_items import edit_item

    given = {"name": name, "measure": measure, "barcode": barcode}
    changes = {field: value for field, value in given.items() if value is not None}
    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            chosen = item_named(unit, item)
            seen = version or one_item(unit, chosen).item.version
        database.act(actor, edit_item, item_id=chosen, version=seen, changes=changes)
        with database.read(actor) as unit:
            row = one_item(unit, chosen).item
    emit(call, {"item": row}, words(call, "commands.kit.item.edited", name=row.name, code=row.code))


@verb(app, "commands.kit.item.list")
def show_all(
    call: Call,
    kind: str | None = typer.Option(
        None, "--kind", metavar="KIND", parser=one_of(*KINDS), help="commands.option.item_kind"
    ),
    retired: bool = typer.Option(False, "--retired", help="commands.option.item_retired"),
) -> None:
    """The catalogue (物品目录)."""
    from benefits.kits.models import ItemKind
    from benefits.kits.queries_items import items

    rows = read(call, items, kind=ItemKind(kind) if kind else None, retired=retired)
    heads = [f"commands.head.{key}" for key in ("code", "name", "kind", "kit_measure", "kit_owner")]
    cells = [
        (row.code, row.name, words(call, f"kits.item_kind.{row.kind.value}"), row.measure, row.owner or None)
        for row in rows
    ]
    emit(call, {"items": rows}, *table(call, heads, cells))


@verb(app, "commands.kit.item.show")
def show(call: Call, item: str = ITEM) -> None:
    """An item, and what it is built of (查看物品)."""
    from benefits.kits.queries_items import item as one_item

    view = read(call, lambda unit: one_item(unit, item_named(unit, item)))
    row = view.item
    said = {
        "kind": words(call, f"kits.item_kind.{row.kind.value}"),
        "measure": row.measure,
        "owner": row.owner or "-",
    }
    lines = [words(call, "commands.kit.item.about", name=row.name, code=row.code, **said)]
    if row.barcode:
        lines.append(words(call, "commands.kit.item.barcode", barcode=row.barcode))
    if row.retired:
        lines.append(words(call, "commands.kit.item.is_retired"))
    if view.parts:
        heads = [f"commands.head.{key}" for key in ("code", "name", "kit_pieces", "kit_measure")]
        lines += table(
            call, heads, [(one.code, one.name, one.quantity, one.measure) for one in view.parts], [2]
        )
    if view.part_of:
        lines.append(words(call, "commands.kit.item.part_of", kits=listed(call, view.part_of)))
    emit(call, {"item": row, "parts": view.parts, "part_of": view.part_of}, *lines)


@verb(app, "commands.kit.item.bill")
def bill(
    call: Call,
    kit: str = typer.Argument(..., metavar="KIT", help="commands.option.item_kit"),
    parts: list[str] = typer.Argument(..., metavar="ITEM:N...", help="commands.option.item_parts"),
) -> None:
    """Say what a kit is built of (设置配套清单)."""
    from benefits.kits.queries_items import item
    from benefits.kits.service_items import set_bill

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            chosen, given = item_named(unit, kit), items_of(unit, parts)
        database.act(actor, set_bill, kit_id=chosen, parts=given)
        with database.read(actor) as unit:
            view = item(unit, chosen)
    told = listed(call, (f"{one.name}×{one.quantity}" for one in view.parts))
    emit(
        call,
        {"item": view.item, "parts": view.parts},
        words(call, "commands.kit.item.billed", name=view.item.name, parts=told),
    )


@verb(app, "commands.kit.item.retire")
def retire(
    call: Call,
    item: str = ITEM,
    back: bool = typer.Option(False, "--back", help="commands.option.item_back"),
) -> None:
    """Retire an item, or take it back (停用或恢复物品)."""
    from benefits.kits.queries_items import item as one_item
    from benefits.kits.service_items import retire_item

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            chosen = item_named(unit, item)
        database.act(actor, retire_item, item_id=chosen, retired=not back)
        with database.read(actor) as unit:
            row = one_item(unit, chosen).item
    told = "commands.kit.item.taken_back" if back else "commands.kit.item.retired"
    emit(call, {"item": row}, words(call, told, name=row.name, code=row.code))
