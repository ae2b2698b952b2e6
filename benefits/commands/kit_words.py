"""How the commands of kits name things: ``ITEM:N``, ``ITEM/LOT:N``, stations, and how long a lot keeps."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

import typer

from benefits.commands.kit_naming import campaign_named
from benefits.commands.options import Call, Misuse, day, number
from benefits.commands.show import words
from benefits.kernel.errors import Refused, say

if TYPE_CHECKING:
    from benefits.kernel.unit import ReadUnit

STATION: Any = typer.Argument(..., metavar="STATION", help="commands.option.goods_place")
ITEM: Any = typer.Argument(..., metavar="ITEM", help="commands.option.goods_item")
COUNT: Any = typer.Argument(..., metavar="N", parser=number(1), help="commands.option.goods_count")
ON: Any = typer.Option(None, "--on", metavar="DATE", parser=day, help="commands.option.goods_on")
WHY: Any = typer.Option(..., "--reason", metavar="TEXT", help="commands.option.goods_why")
NOTE: Any = typer.Option("", "--note", metavar="TEXT", help="commands.option.goods_note")
LOT: Any = typer.Option("", "--lot", metavar="LOT", help="commands.option.goods_lot")


def counted(text: str, least: int = 1) -> tuple[str, str, int]:
    """``ITEM:N`` or ``ITEM/LOT:N``: item, lot ("" where none is named), pieces."""
    what, colon, count = text.rpartition(":")
    item, _, lot = what.partition("/")
    if not colon or not item.strip():
        raise Misuse(say("commands.usage.goods_line", text=text[:40]))
    return item.strip(), lot.strip(), number(least)(count)


def items_of(unit: "ReadUnit", texts: Iterable[str]) -> list[tuple[int, int]]:
    """``ITEM:N`` …: ids of items and pieces."""
    from benefits.kits.references import item_of

    found = []
    for text in texts:
        item, lot, count = counted(text)
        if lot:
            raise Misuse(say("commands.usage.goods_line", text=text[:40]))
        found.append((_id(item_of(unit, item)), count))
    return found


def lots_of(unit: "ReadUnit", texts: Iterable[str]) -> list[tuple[int, int]]:
    """``ITEM/LOT:N`` …: ids of lots and pieces."""
    from benefits.kits.references import item_of, lot_of

    found = []
    for text in texts:
        item, lot, count = counted(text)
        found.append((_id(lot_of(unit, _id(item_of(unit, item)), lot)), count))
    return found


def lot_among(rows: Iterable[Any], item: str, lot: str) -> int | None:
    """The lot of a paper's line that ``ITEM`` or ``ITEM/LOT`` names; None where the paper has none such. An
    item with several lots there needs its lot. Raises Refused ``kits.which_lot``."""
    named = [row for row in rows if item.upper() == row.code.upper() or item == row.item]
    if lot:
        named = [row for row in named if row.lot == lot]
    if len(named) > 1:
        raise Refused("kits.which_lot", item=item, lots="、".join(row.lot for row in named))
    return int(named[0].lot_id) if named else None


def lot_id_of(unit: "ReadUnit", item: str, lot: str) -> int:
    """The id of ``ITEM/LOT``. Raises Refused as ``references`` does."""
    from benefits.kits.references import item_of, lot_of

    return _id(lot_of(unit, _id(item_of(unit, item)), lot))


def campaign(unit: "ReadUnit", text: str | None) -> int | None:
    """The id of a campaign, if one is named."""
    return None if text is None else campaign_named(unit, text)[0]


def until(call: Call, expires_on: date | None) -> str:
    """The last day of a lot, or that it has none."""
    return words(call, "commands.kit.never") if expires_on is None else expires_on.isoformat()


def _id(row: Any) -> int:
    assert row.id is not None
    return int(row.id)
