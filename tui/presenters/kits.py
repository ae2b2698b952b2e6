"""What the screens of campaigns say (发放活动): how far one is, who is entitled, what comes next."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from benefits.kernel.messages import render
from tui.i18n import t
from tui.presenters.money import amount

if TYPE_CHECKING:
    from benefits.kits.allocation import Proposal
    from benefits.kits.closing import Balance
    from benefits.kits.queries_campaigns import (
        AllocationRow,
        CampaignRow,
        CampaignView,
        GivenRow,
        StationRow,
    )
    from benefits.kits.queries_people import PersonRow

NOT_OVER = ("draft", "open")
PEOPLE = ("waiting", "handed", "entitled", "listed")
"""Lists of people, in the order of their tabs."""
NEEDS_STATE = {
    "kits.counter": ("open",),
    "campaign.open": ("draft",),
    "campaign.close": ("open",),
    **dict.fromkeys(
        (
            "campaign.edit",
            "campaign.items",
            "campaign.units",
            "campaign.stations",
            "campaign.station",
            "campaign.serves",
            "campaign.shut",
            "campaign.cancel",
            "campaign.packages",
        ),
        NOT_OVER,
    ),
}
"""In which states of a campaign a command can be meant."""


BALANCE = (
    *("received", "built", "arrived", "found", "handed_out", "handed_back", "tally", "damaged", "lost"),
    *("missing", "used", "sent", "on_hand", "on_road", "recorded", "difference", "unrecorded"),
)
"""Kinds of sums of an item, in the order in which they are told."""


def over(row: "CampaignRow") -> bool:
    """Closed or called off."""
    return row.state.value not in NOT_OVER


def days(row: "CampaignRow", lang: str) -> str:
    """First and last day."""
    return t("tui.kits.days", lang, starts=row.starts, ends=row.ends)


def short_days(row: "CampaignRow", lang: str) -> str:
    """The same in a list: the year once where it is the same."""
    ends = f"{row.ends:%m-%d}" if row.starts.year == row.ends.year else str(row.ends)
    return t("tui.kits.days", lang, starts=row.starts, ends=ends)


def number(count: int | None) -> str:
    """A count, ``-`` where there is none."""
    return "-" if count is None else f"{count:,}"


def campaign_cells(row: "CampaignRow", lang: str) -> tuple[str, ...]:
    """Number, name, kind, days, owner, stations, handed out, state."""
    return (
        row.number,
        row.name,
        t(f"tui.kits.kind.{row.kind.value}", lang),
        short_days(row, lang),
        row.owner,
        number(row.stations),
        number(row.handed),
        t(f"tui.kits.state.{row.state.value}", lang),
    )


def station_cells(row: "StationRow", item: "GivenRow | None", lang: str) -> tuple[str, ...]:
    """Number, name, keeper, hours, people, and of one item: allocated, on hand, handed out; state."""
    pieces = row.items.get(item.item_id) if item is not None else None
    return (
        str(row.number),
        row.name,
        row.keeper or "-",
        row.hours or "-",
        number(row.people),
        number(pieces.allocated if pieces is not None else None),
        number(pieces.on_hand if pieces is not None else 0),
        number(pieces.handed if pieces is not None else 0),
        t(f"tui.kits.station_state.{row.state.value}", lang),
    )


def on_hand(stations: "Sequence[StationRow]") -> bool:
    """Whether anything lies at any of the stations."""
    return any(pieces.on_hand for one in stations for pieces in one.items.values())


def campaign_head(view: "CampaignView", lang: str) -> str:
    """What it is, whose, when; with which money."""
    row = view.row
    lines = [
        t(
            "tui.kits.head",
            lang,
            number=row.number,
            kind=t(f"tui.kits.kind.{row.kind.value}", lang),
            state=t(f"tui.kits.state.{row.state.value}", lang),
            days=days(row, lang),
            owner=row.owner,
        )
    ]
    if view.budget_fen is not None or view.fund is not None:
        fund = t(f"plans.payer.{view.fund.value}", lang) if view.fund is not None else "-"
        budget = amount(view.budget_fen, lang) if view.budget_fen is not None else "-"
        lines.append(t("tui.kits.money", lang, budget=budget, fund=fund))
    return "\n".join(lines)


def units_words(view: "CampaignView | None", lang: str) -> str:
    """For which parts of the tree it is."""
    if view is None or not view.units:
        return t("tui.kits.all_units", lang)
    return t("tui.name_mark", lang).join(name for _, name in view.units)


def rule_words(view: "CampaignView", sentences: Sequence[str], lang: str, most: int) -> str:
    """Who is entitled, ``most`` tests on a line of their own."""
    said = [*sentences[:most], *(["…"] if len(sentences) > most else [])]
    if view.listed_only:
        said.insert(0, t("tui.kits.listed_only", lang))
    said = said or [t("tui.kits.everybody", lang)]
    if view.public:
        said.append(t("tui.kits.public", lang))
    whom = t("tui.list_mark", lang).join(said)
    return t("tui.kits.whom", lang, units=units_words(view, lang), whom=whom)


def goods_words(view: "CampaignView", lang: str, most: int) -> str:
    """What it gives, a line each."""
    lines = [
        t(
            "tui.kits.good",
            lang,
            item=one.name,
            each=one.per_person,
            measure=one.measure,
            planned=number(one.planned),
            on_hand=number(one.on_hand),
            handed=number(one.handed),
        )
        for one in view.items[:most]
    ]
    if len(view.items) > most:
        lines.append(t("tui.trouble.more", lang, count=len(view.items) - most))
    return "\n".join(lines) or t("tui.kits.gives_nothing", lang)


def next_step(view: "CampaignView", stations: "Sequence[StationRow]", lang: str) -> str:
    """What comes now, with its key."""
    return t(f"tui.kits.next.{_step(view, stations)}", lang, day=view.closed_on or "-")


def _step(view: "CampaignView", stations: "Sequence[StationRow]") -> str:
    state = view.row.state.value
    if state in ("closed", "cancelled"):
        return state
    if not view.items:
        return "items"
    if view.counts_stock and not stations:
        return "stations"
    stocked = not view.counts_stock or on_hand(stations) or view.row.handed > 0
    if not stocked and view.row.allocation.value == "none":
        return "allocate"
    if view.row.allocation.value == "proposed":
        return "approve"
    if not stocked:
        return "ship"
    return "open" if state == "draft" else "hand_out"


def closing_words(name: str, balance: "Sequence[Balance]", lang: str) -> str:
    """What closing fixes: every item came out at zero."""
    lines = [t("tui.kits.close_words", lang, name=name), ""]
    lines += [
        t(
            "tui.kits.close_item",
            lang,
            item=one.name,
            received=number(one.received + one.built + one.arrived),
            handed=number(one.handed_out - one.handed_back),
            tally=number(one.tally),
            lost=number(one.damaged + one.lost + one.missing),
        )
        for one in balance
    ]
    return "\n".join(lines)


# -- people ------------------------------------------------------------------------------------------------


def person_cells(row: "PersonRow", lang: str) -> tuple[str, ...]:
    """Name, tail, unit, amount, site, when something was handed over."""
    money = amount(row.amount_fen, lang) if row.amount_fen is not None else "-"
    tail = f"*{row.id_tail}" if row.id_tail else "-"
    given = str(row.given_on) if row.given_on is not None else t("tui.people_of.not_yet", lang)
    return row.name, tail, row.union or "-", money, row.site or "-", given


def people_tabs(counts: Mapping[str, int], which: str, lang: str) -> str:
    """The line of lists; the open one stands in brackets."""
    parts = []
    for name in PEOPLE:
        said = t(f"tui.people_of.{name}", lang, count=number(counts[name]))
        parts.append(f"[{said}]" if name == which else f" {said} ")
    return " ".join(parts)


# -- allocation, balance -----------------------------------------------------------------------------------


def allocation_cells(row: "AllocationRow", lang: str) -> tuple[str, ...]:
    """Number and name of the station, item, people, proposed, quantity."""
    changed = "*" if row.quantity != row.proposed else ""
    return (
        str(row.number),
        row.station,
        row.item,
        number(row.people),
        number(row.proposed),
        f"{changed}{row.quantity:,} {row.measure}",
    )


def allocation_head(
    view: "CampaignView", rows: "Sequence[AllocationRow]", above: Sequence[Any], lang: str
) -> str:
    """How far the allocation is, its sums by item, and what is too much."""
    sums: dict[tuple[int, str, str], int] = {}
    for row in rows:
        key = (row.item_id, row.item, row.measure)
        sums[key] = sums.get(key, 0) + row.quantity
    total = t("tui.name_mark", lang).join(
        t("tui.counter.thing", lang, item=item, count=number(count), measure=measure)
        for (_, item, measure), count in sums.items()
    )
    state = t(f"tui.kits.allocation_state.{view.row.allocation.value}", lang)
    lines = [t("tui.kits.allocation_head", lang, state=state, total=total or "-")]
    return "\n".join([*lines, *([reasons(above, lang)] if above else [])])


def proposal_words(found: "Proposal", lang: str) -> str:
    """By which rule it was made, and who has no station to collect at."""
    lines = [render(found.told, lang)]
    if found.unserved:
        people = sum(one.people for one in found.unserved)
        lines += ["", t("tui.kits.unserved", lang, people=number(people), units=len(found.unserved))]
        lines += [
            t("tui.kits.unserved_unit", lang, unit=one.name, people=number(one.people))
            for one in found.unserved[:50]
        ]
    return "\n".join(lines)


def balance_cells(one: "Balance", lang: str) -> tuple[str, ...]:
    """Item; came in, handed out, to the public, gone, sent on, on hand, on the road, difference."""
    came = one.received + one.built + one.arrived + one.found
    gone = one.damaged + one.lost + one.missing
    return (
        one.name,
        number(came),
        number(one.handed_out - one.handed_back),
        number(one.tally),
        number(gone),
        number(one.used + one.sent),
        number(one.on_hand),
        number(one.on_road),
        f"{one.difference:+,}" if one.difference else "0",
    )


def balance_words(one: "Balance", lang: str) -> str:
    """Every kind of move of an item."""
    lines = [f"{one.code} {one.name}", ""]
    lines += [
        t(f"tui.kits.sum.{name}", lang, count=number(getattr(one, name)))
        for name in BALANCE
        if getattr(one, name) or name in ("on_hand", "on_road", "difference", "unrecorded")
    ]
    return "\n".join(lines)


def reason(problem: Any, lang: str) -> str:
    """One thing that stands in the way."""
    return render(problem.say, lang)


def reasons(problems: Sequence[Any], lang: str) -> str:
    """A list of what stands in the way, a line each."""
    return "\n".join(f"- {render(one.say, lang)}" for one in problems)
