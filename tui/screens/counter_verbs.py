"""What is done at the counter beside handing over (发放台其他操作): take the last one back, a group's
collection, the public without name, another station."""

from typing import TYPE_CHECKING, Any

from benefits.kernel.errors import Refused
from benefits.kernel.messages import render
from tui.gateways import counter
from tui.modals.dialogs import AskText, Choose, Tell
from tui.modals.form import Form
from tui.presenters import counter as words
from tui.presenters.counter import Entry
from tui.widgets.virtual_table import Column, Row

if TYPE_CHECKING:
    from tui.screens.counter import Counter

_SHOWN = 200
"""So many of those who were left out are listed at once."""


async def ask_void(screen: "Counter") -> None:
    """Ask why the last hand-out of this session is void, naming it; what it took goes back to the station."""
    await screen.drained()
    entry = screen.last_given
    if entry is None:
        return
    said = screen.t("tui.counter.void_words", name=entry.name, what=entry.what)

    def asked(why: str | None) -> None:
        if why:
            screen.enqueue(lambda: _void(screen, entry, why))

    screen.app.push_screen(
        AskText(screen.t("tui.cmd.counter.void"), said, screen.t("tui.counter.void_hint")), asked
    )


async def _void(screen: "Counter", entry: Entry, why: str) -> None:
    try:
        await counter.void(screen.gateway, entry.ids, why)
    except Exception as error:
        screen.failed(error, entry.name)
        return
    screen.replace(entry)
    screen.note("void", entry.name, why)
    await screen.look_at_head()


async def ask_tally(screen: "Counter") -> None:
    """How many of what the public took."""
    await screen.drained()
    rows = await counter.here(screen.gateway, screen.station_id)
    if not rows:
        raise Refused("tui.counter.nothing_here")

    async def submit(values: dict[str, Any]) -> str:
        item_id, count = int(values["item"]), values["quantity"]
        await counter.tally(
            screen.gateway, screen.campaign_id, screen.station_id, item_id, count, values["note"] or ""
        )
        found = next(one for one in rows if one.item_id == item_id)
        return words.things([(found.item, count, found.measure)], screen.lang)

    def done(what: Any) -> None:
        if what is not None:
            screen.note("tally", "", str(what))
            screen.refill()

    said = screen.t("tui.counter.tally_words")
    fields = words.tally_fields(rows, screen.lang)
    screen.app.push_screen(Form(screen.t("tui.cmd.counter.tally"), said, fields, submit), done)


async def ask_group(screen: "Counter") -> None:
    """Of which unit, and who collects; then everybody there who may have something gets it, and who was left
    out is listed with the reason."""
    await screen.drained()

    async def submit(values: dict[str, Any]) -> Any:
        return await counter.hand_out_group(
            screen.gateway,
            screen.campaign_id,
            screen.station_id,
            values["organisation"],
            values["collected_by"],
            screen.only,
        )

    def done(result: Any) -> None:
        if result is None:
            return
        left = len(result.left_out)
        said = screen.t("tui.counter.grouped", people=f"{result.people:,}", left=f"{left:,}")
        screen.note("group", "", said)
        lines = [said, *(f"- {render(one.say, screen.lang)}" for one in result.left_out[:_SHOWN])]
        if left > _SHOWN:
            lines.append(screen.t("tui.trouble.more", count=left - _SHOWN))
        screen.app.push_screen(Tell(screen.t("tui.cmd.counter.group"), "\n".join(lines)))

    said = screen.t("tui.counter.group_words")
    form = Form(screen.t("tui.cmd.counter.group"), said, words.group_fields(screen.lang), submit)
    screen.app.push_screen(form, done)


async def ask_item(screen: "Counter") -> None:
    """Hand out everything that is due, or one item only: where a person gets one thing in all."""
    await screen.drained()
    if screen.head is None:
        return
    column = Column("item", screen.t("tui.goods.col.name"), 20, flex=1)
    rows = [Row(0, (screen.t("tui.counter.all_items"),))]
    rows += [Row(one.item_id, (one.item,)) for one in screen.head.left]

    def chosen(item_id: object) -> None:
        if isinstance(item_id, int):
            screen.only = (item_id,) if item_id else None
            screen.line_moved()

    screen.app.push_screen(Choose(screen.t("tui.cmd.counter.item"), [column], rows), chosen)


async def ask_station(screen: "Counter") -> None:
    """Another station of the same campaign."""
    await screen.drained()
    stations = await counter.stations(screen.gateway, screen.campaign_id)
    column = Column("name", screen.t("tui.kits.col.station"), 20, flex=1)
    rows = [Row(id, (name,)) for id, name in stations]

    def chosen(station_id: object) -> None:
        if isinstance(station_id, int):
            screen.station_id = screen.benefits.stations[screen.campaign_id] = station_id
            screen.refill()

    dialog = Choose(
        screen.t("tui.cmd.counter.station"), [column], rows, empty=screen.t("tui.kits.no_stations")
    )
    screen.app.push_screen(dialog, chosen)
