"""What the counter says (发放台): whom it serves, who gets what or why not, and what happened so far."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from benefits.kernel.clock import SHANGHAI
from benefits.kernel.errors import Refused
from benefits.kernel.messages import render
from tui.i18n import t
from tui.presenters.forms import Field
from tui.presenters.money import amount

if TYPE_CHECKING:
    from benefits.kits.counter import CounterRow, DueRow, Had, LeftRow, StationHead
    from benefits.kits.queries_stock import StockRow
    from benefits.kits.service_handout import Handed

_NUMBER = re.compile(r"[0-9]{5,}[0-9Xx]?")
_TAIL = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the session's log. ``result``: ``idle``, ``given``, ``ready``, ``no``, ``unknown``,
    ``many``, ``passed``, ``void``, ``tally``, ``group`` or ``failed``."""

    at: datetime
    result: str
    name: str
    what: str
    ids: tuple[int, ...] = ()
    """Hand-outs that it made, until they are void."""
    more: str = ""
    """Said above the list only."""


def things(items: Iterable[tuple[str, int, str]], lang: str) -> str:
    """``健康小三件 1 套、宣传折页 2 张``."""
    said = (
        t("tui.counter.thing", lang, item=item, count=f"{count:,}", measure=measure)
        for item, count, measure in items
    )
    return t("tui.name_mark", lang).join(said)


def left_words(left: "Sequence[LeftRow]", lang: str) -> str:
    """What is there, item by item."""
    return things(((one.item, one.on_hand, one.measure) for one in left if one.on_hand is not None), lang)


def head_words(head: "StationHead", at_once: bool, only: Sequence[int] | None, lang: str) -> str:
    """Station, how many today, what a scan does, and the item where only one is handed out."""
    mode = t("tui.counter.at_once" if at_once else "tui.counter.one_by_one", lang)
    said = [head.station, t("tui.counter.today", lang, count=f"{head.today:,}"), mode]
    if only is not None:
        items = [one.item for one in head.left if one.item_id in only]
        said.insert(1, t("tui.counter.only", lang, item=t("tui.name_mark", lang).join(items)))
    if head.state != "open":
        said.insert(1, t(f"tui.kits.station_state.{head.state}", lang))
    return " · ".join(said)


def stock_words(head: "StationHead", lang: str) -> str:
    """What the station has left."""
    said = left_words(head.left, lang)
    return t("tui.counter.left", lang, what=said) if said else t("tui.counter.no_stock", lang)


def masked(text: str) -> str:
    """What was scanned, as it may stand on a screen: of a number only the tail."""
    return _NUMBER.sub(lambda found: f"*{found[0][-_TAIL:]}", text)


def moment(at: datetime) -> str:
    """``12-01 09:30``."""
    return at.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


def due_words(due: "Sequence[DueRow]", lang: str) -> str:
    """What a person gets."""
    money = [f"{one.item} {amount(one.fen, lang)}" for one in due if one.fen is not None]
    goods = things(((one.item, one.quantity, one.measure) for one in due if one.fen is None), lang)
    return t("tui.name_mark", lang).join([*([goods] if goods else []), *money])


def given_words(done: "Handed", head: "StationHead", lang: str) -> tuple[str, str]:
    """What was handed over, and what is left of it; ``head``: after it."""
    measures = {one.item: one.measure for one in head.left}
    counted = {one.item for one in head.left if one.on_hand is not None}
    goods = [(name, count, measures.get(name, "")) for name, count, _ in done.items if name in counted]
    money = [f"{name} {amount(fen, lang)}" for name, _, fen in done.items if name not in counted]
    said = t("tui.name_mark", lang).join([*([things(goods, lang)] if goods else []), *money])
    given = {name for name, _, _ in done.items}
    left = left_words([one for one in head.left if one.item in given], lang)
    return said, t("tui.counter.left_now", lang, left=left) if left else ""


def had_words(had: "Sequence[Had]", lang: str) -> str:
    """When and where the person has had it already."""
    said = (
        t("tui.counter.had", lang, item=one.item, at=moment(one.at), station=one.station or "-")
        for one in had
    )
    return t("tui.list_mark", lang).join(said)


def why_words(person: "CounterRow", lang: str) -> str:
    """Every reason against it."""
    return t("tui.list_mark", lang).join(render(one.say, lang) for one in person.why)


def verdict_words(person: "CounterRow", lang: str) -> str:
    """What the person gets, or why nothing."""
    if person.ok:
        return t("tui.counter.gets", lang, what=due_words(person.due, lang))
    had = had_words(person.had, lang)
    return t("tui.list_mark", lang).join(said for said in (had, why_words(person, lang)) if said)


def candidate_cells(person: "CounterRow", lang: str) -> tuple[str, ...]:
    """Name, tail, unit, verdict."""
    return person.name, person.tail or "-", person.organisation or "-", verdict_words(person, lang)


def entry_cells(entry: Entry, lang: str) -> tuple[str, ...]:
    """Time, result, name, what."""
    at = entry.at.astimezone(SHANGHAI).strftime("%H:%M:%S")
    return at, t(f"tui.counter.result.{entry.result}", lang), entry.name or "-", entry.what


def entry_words(entry: Entry, lang: str) -> str:
    """The same, large, above the list: result and name on the first line."""
    first = t(f"tui.counter.result.{entry.result}", lang)
    head = f"{first}  {entry.name}" if entry.name else first
    return "\n".join((head, entry.what, *([entry.more] if entry.more else [])))


def tally_words(log: Iterable[Entry], lang: str) -> str:
    """How the session went."""
    counted = dict.fromkeys(("given", "no", "unknown", "failed"), 0)
    for entry in log:
        if entry.result in counted:
            counted[entry.result] += 1
    parts = {name: f"{count:,}" for name, count in counted.items()}
    return t("tui.counter.session", lang, **parts)


def refusal(error: Refused, lang: str) -> str:
    """A refusal on one line."""
    said = [render(error.say, lang), *(render(problem.say, lang) for problem in error.problems[:3])]
    return " ".join(said)


def tally_fields(rows: "Sequence[StockRow]", lang: str) -> tuple[Field, ...]:
    """The form of what the public took."""
    names = {str(one.item_id): one.item for one in rows}
    options = tuple(names.items())
    return (
        Field("item", t("tui.kits.field.item", lang), "pick", options=options),
        Field("quantity", t("tui.kits.field.quantity", lang), "number", "1"),
        Field("note", t("tui.kits.field.note", lang), needed=False, hint=t("tui.counter.tally_hint", lang)),
    )


def group_fields(lang: str) -> tuple[Field, ...]:
    """The form of a group's collection."""
    return (
        Field("organisation", t("tui.counter.group_unit", lang), "unit"),
        Field("collected_by", t("tui.counter.collector", lang)),
    )
