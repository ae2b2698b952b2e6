"""What the stock screens say (库存): what lies where, what can be built, what is on the road,
what was counted."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from benefits.kernel.clock import SHANGHAI
from tui.i18n import t
from tui.presenters.forms import Field
from tui.presenters.money import amount

if TYPE_CHECKING:
    from benefits.kits.queries_items import Buildable, ItemRow
    from benefits.kits.queries_movements import (
        StocktakeLineRow,
        StocktakeView,
        TransferLineRow,
        TransferRow,
        TransferView,
    )
    from benefits.kits.queries_stock import MoveRow, StockRow, StoreRow

FUNDS = ("", "city_union", "district_union", "subdistrict_union", "unit_union", "employer", "treasury")


def stock_cells(row: "StockRow", lang: str) -> tuple[str, ...]:
    """Item, lot, last day, on hand, cost of one, whose money, whether it may move."""
    return (
        row.item,
        row.lot,
        str(row.expires_on or t("tui.stock.keeps", lang)),
        f"{row.on_hand:,} {row.measure}",
        amount(row.cost_fen, lang),
        t("tui.stock.frozen" if row.frozen else "tui.stock.free", lang),
    )


def buildable_words(found: "Sequence[Buildable]", lang: str) -> str:
    """How many of each kit can be built of what is here; one line a kit."""
    return "\n".join(
        t("tui.stock.buildable", lang, kit=one.kit, sets=f"{one.sets:,}", parts=_parts(one, lang))
        for one in found
    )


def _parts(one: "Buildable", lang: str) -> str:
    mark = t("tui.name_mark", lang)
    return mark.join(
        t("tui.stock.part", lang, item=part.name, have=f"{part.have:,}", need=part.need) for part in one.parts
    )


def build_words(found: "Mapping[str, Buildable]", typed: Mapping[str, str], lang: str) -> str:
    """While a number is typed: whether there is enough, and what is short."""
    one, text = found.get(typed.get("kit", "")), typed.get("quantity", "").strip()
    if one is None:
        return ""
    target = int(text) if text.isdecimal() else 0
    short = [
        t("tui.stock.short", lang, item=part.name, short=f"{target * part.need - part.have:,}")
        for part in one.parts
        if target * part.need > part.have
    ]
    if short:
        said = t("tui.name_mark", lang).join(short)
        return t("tui.stock.too_many", lang, sets=f"{one.sets:,}", short=said)
    return t("tui.stock.enough", lang, sets=f"{one.sets:,}")


def transfer_cells(row: "TransferRow", lang: str) -> tuple[str, ...]:
    """Number, from, to, sent on, pieces, arrived on, state."""
    return (
        row.number,
        row.origin,
        row.to,
        str(row.sent_on),
        f"{row.sent:,}",
        str(row.arrived_on or "-"),
        t(f"tui.stock.transfer_state.{row.state.value}", lang),
    )


def line_cells(row: "TransferLineRow", differs: "tuple[int, int, str] | None", lang: str) -> tuple[str, ...]:
    """Item, lot, sent, arrived, damaged, missing, why; what was typed and not booked yet has a sign."""
    if row.arrived is None:
        damaged, missing, why = differs or (0, 0, "")
        arrived = row.sent - damaged - missing
        mark = "* " if differs else ""
    else:
        arrived, damaged, missing, why, mark = row.arrived, row.damaged, row.missing, row.reason, ""
    return (
        f"{mark}{row.item}",
        row.lot,
        f"{row.sent:,}",
        f"{arrived:,}",
        f"{damaged:,}" if damaged else "-",
        f"{missing:,}" if missing else "-",
        why or "-",
    )


def transfer_words(view: "TransferView", lang: str) -> str:
    """One delivery above its lots."""
    row = view.transfer
    lines = [
        t(
            "tui.stock.transfer_head",
            lang,
            number=row.number,
            state=t(f"tui.stock.transfer_state.{row.state.value}", lang),
            sender=row.origin,
            receiver=row.to,
        ),
        t("tui.stock.transfer_sent", lang, day=row.sent_on, by=row.sent_by, carrier=row.carrier or "-"),
    ]
    if row.arrived_on is not None:
        lines.append(t("tui.stock.transfer_arrived", lang, day=row.arrived_on, by=row.arrived_by or "-"))
    return "\n".join(lines)


def arrive_words(view: "TransferView", differs: Mapping[int, tuple[int, int, str]], lang: str) -> str:
    """What taking a delivery in would book."""
    damaged = sum(one[0] for one in differs.values())
    missing = sum(one[1] for one in differs.values())
    sent = sum(line.sent for line in view.lines)
    return t(
        "tui.stock.arrive_words",
        lang,
        number=view.transfer.number,
        arrived=f"{sent - damaged - missing:,}",
        damaged=f"{damaged:,}",
        missing=f"{missing:,}",
    )


def stocktake_words(view: "StocktakeView", lang: str) -> str:
    """A stocktake above its lots: when it began, and how many lots are still to be counted."""
    row = view.stocktake
    said = t(
        "tui.stock.count_head",
        lang,
        number=row.number,
        state=t(f"tui.stock.stocktake_state.{row.state.value}", lang),
        at=row.opened_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M"),
        by=row.opened_by,
    )
    more = [t("tui.stock.count_left", lang, left=f"{row.left:,}")] if row.state.value == "open" else []
    return "\n".join([said, *more])


def close_count_words(view: "StocktakeView", lang: str) -> str:
    """What booking the differences would do."""
    row = view.stocktake
    return t("tui.stock.close_count_words", lang, found=f"{row.found:,}", missing=f"{row.missing:,}")


def count_tone(row: "StocktakeLineRow") -> str:
    """A difference stands out."""
    return "strong" if row.counted is not None and row.counted != row.book else ""


def store_cells(row: "StoreRow", lang: str) -> tuple[str, ...]:
    """Name, host, keeper, pieces, state."""
    return (
        row.name,
        row.organisation or "-",
        row.keeper or "-",
        f"{row.on_hand:,}",
        t(f"tui.kits.station_state.{row.state.value}", lang),
    )


def by_item(rows: "Sequence[StockRow]") -> list[tuple[int, str, int, str]]:
    """What lies at a place by item: id, name, on hand, measure."""
    found: dict[int, tuple[int, str, int, str]] = {}
    for row in rows:
        before = found[row.item_id][2] if row.item_id in found else 0
        found[row.item_id] = (row.item_id, row.item, before + row.on_hand, row.measure)
    return list(found.values())


def count_cells(row: "StocktakeLineRow", lang: str) -> tuple[str, ...]:
    """Item, lot, book, counted, difference, why."""
    counted = row.counted
    difference = "-" if counted is None else f"{counted - row.book:+,}" if counted != row.book else "0"
    return (
        row.item,
        row.lot,
        f"{row.book:,}",
        t("tui.stock.not_counted", lang) if counted is None else f"{counted:,}",
        difference,
        row.reason or "-",
    )


def move_cells(row: "MoveRow", lang: str) -> tuple[str, ...]:
    """When, kind, item, lot, quantity with its sign, paper, who, why."""
    return (
        row.at.astimezone(SHANGHAI).strftime("%m-%d %H:%M"),
        t(f"tui.stock.move.{row.kind.value}", lang),
        row.item,
        row.lot,
        f"{row.quantity:+,}",
        row.document or "-",
        row.made_by,
        row.reason or "-",
    )


# -- forms -------------------------------------------------------------------------------------------------


def _label(name: str, lang: str) -> str:
    return t(f"tui.stock.field.{name}", lang)


def receive_fields(goods: "Sequence[ItemRow]", lang: str) -> tuple[Field, ...]:
    """Goods come in: what, which lot, how many, at what price, until when, out of whose money."""
    options = tuple((str(one.id), f"{one.code} {one.name}") for one in goods if one.kind.value != "money")
    funds = tuple((one, t(f"plans.payer.{one}", lang) if one else "-") for one in FUNDS)
    return (
        Field("item", t("tui.kits.field.item", lang), "pick", options=options),
        Field("quantity", t("tui.kits.field.quantity", lang), "number"),
        Field("lot", _label("lot", lang), needed=False, hint=t("tui.stock.lot_hint", lang)),
        Field("cost", _label("cost", lang), needed=False, hint=t("tui.stock.cost_hint", lang)),
        Field("expires_on", _label("expires", lang), "day", needed=False, hint=t("tui.stock.keeps", lang)),
        Field("fund", _label("fund", lang), "pick", options=funds, needed=False),
        Field("note", t("tui.kits.field.note", lang), needed=False),
    )


def build_fields(kits: Sequence[tuple[str, str]], lang: str) -> tuple[Field, ...]:
    """Which kit, how many, under which lot."""
    return (
        Field("kit", _label("kit", lang), "pick", options=tuple(kits)),
        Field("quantity", _label("sets", lang), "number"),
        Field("lot", _label("lot", lang), needed=False, hint=t("tui.stock.lot_hint", lang)),
    )


def send_fields(
    places: Sequence[tuple[int, str]], have: Sequence[tuple[int, str, int, str]], lang: str
) -> tuple[Field, ...]:
    """Where to, and how many of each item that is here (id, name, on hand, measure)."""
    numbers = tuple(
        Field(
            f"item-{id}",
            name,
            "number",
            needed=False,
            hint=t("tui.stock.have", lang, count=f"{count:,}", measure=measure),
        )
        for id, name, count, measure in have
    )
    options = tuple((str(id), name) for id, name in places)
    return (
        Field("to", _label("to", lang), "pick", options=options),
        *numbers,
        Field("carrier", _label("carrier", lang), needed=False),
        Field("note", t("tui.kits.field.note", lang), needed=False),
    )


def gone_fields(lang: str) -> tuple[Field, ...]:
    """Damaged or lost: how many, and why."""
    return (
        Field("quantity", t("tui.kits.field.quantity", lang), "number"),
        Field("reason", t("tui.kits.field.reason", lang)),
    )


def differ_fields(now: "tuple[int, int, str] | None", lang: str) -> tuple[Field, ...]:
    """What of a delivery did not arrive whole."""
    damaged, missing, why = now or (0, 0, "")
    return (
        Field("damaged", _label("damaged", lang), "number", str(damaged)),
        Field("missing", _label("missing", lang), "number", str(missing)),
        Field("reason", t("tui.kits.field.reason", lang), initial=why, needed=False),
    )


def count_fields(row: "StocktakeLineRow", lang: str) -> tuple[Field, ...]:
    """What was counted, and why it differs."""
    counted = "" if row.counted is None else str(row.counted)
    return (
        Field("counted", _label("counted", lang), "number", counted),
        Field("reason", t("tui.kits.field.reason", lang), initial=row.reason, needed=False),
    )


def store_fields(lang: str) -> tuple[Field, ...]:
    """A new store."""
    return (
        Field("name", _label("store", lang)),
        Field("organisation", t("tui.kits.field.host", lang), "unit"),
        Field("address", t("tui.kits.field.station_address", lang), needed=False),
        Field("keeper", t("tui.kits.field.station_keeper", lang), needed=False),
    )
