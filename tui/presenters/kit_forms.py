"""The forms of campaigns (发放活动表单): the campaign, its stations, units, items, list and allocation."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from benefits.kernel.money import yuan
from tui.i18n import t
from tui.presenters.forms import Field
from tui.presenters.money import amount

if TYPE_CHECKING:
    from benefits.kits.limits import Limit
    from benefits.kits.queries_campaigns import CampaignView, StationRow
    from benefits.kits.queries_items import ItemRow
    from benefits.kits.queries_stock import StoreRow

KINDS = ("kits", "birthday", "visit", "prize")
FUNDS = ("city_union", "district_union", "subdistrict_union", "unit_union", "employer", "treasury")
"""Whose money a campaign may be, in the order of the pick list."""


def campaign_fields(
    view: "CampaignView | None", limits: "Sequence[Limit]", today: str, lang: str
) -> tuple[Field, ...]:
    """The form of a campaign; ``view`` None: a new one."""

    def label(name: str) -> str:
        return t(f"tui.kits.field.{name}", lang)

    row = view.row if view is not None else None
    kinds = tuple((one, t(f"tui.kits.kind.{one}", lang)) for one in KINDS)
    funds = (("", "-"), *((one, t(f"plans.payer.{one}", lang)) for one in FUNDS))
    whom = tuple((one, t(f"tui.kits.whom_of.{one}", lang)) for one in ("all", "listed"))
    rules = tuple((one, t(f"tui.kits.rule_of.{name}", lang)) for one, name in _RULES)
    purposes = (
        ("", t("tui.kits.no_limit", lang)),
        *((one.purpose, _limit_words(one, lang)) for one in limits),
    )
    budget = yuan(view.budget_fen) if view is not None and view.budget_fen is not None else ""
    fields = (
        Field("name", label("name"), initial=row.name if row else ""),
        Field("kind", label("kind"), "pick", row.kind.value if row else "kits", options=kinds),
        Field("starts", label("starts"), "day", str(row.starts) if row else today),
        Field("ends", label("ends"), "day", str(row.ends) if row else ""),
        Field(
            "rule", label("rule"), "pick", "keep" if row else "", "", rules[0 if row else 1 :], needed=False
        ),
        Field("rule_more", label("rule_more"), needed=False, hint=t("tui.kits.rule_hint", lang)),
        Field("whom", label("whom"), "pick", _yes(view, "listed_only", "listed", "all"), options=whom),
        Field("public", label("public"), "pick", _yes(view, "public"), options=_no_yes(lang)),
        Field("once", label("once"), "pick", _value(view, "once", "item"), options=_once(lang)),
        Field("purpose", label("purpose"), "pick", _value(view, "purpose"), options=purposes, needed=False),
        Field("budget", label("budget"), initial=budget, needed=False, hint=t("tui.kits.budget_hint", lang)),
        Field("fund", label("fund"), "pick", _value(view, "fund"), options=funds, needed=False),
    )
    return fields if row else (Field("organisation", label("owner"), "unit"), *fields)


_RULES = (
    ("keep", "keep"),
    ("", "any"),
    ("members-in-post", "members"),
    ("women", "women"),
    ("category:", "category"),
    ("file", "file"),
)


def _limit_words(limit: "Limit", lang: str) -> str:
    name = limit.name.en if lang == "en" else limit.name.zh
    most = amount(limit.per_person_year_fen, lang) if limit.per_person_year_fen is not None else "-"
    return t("tui.kits.limit", lang, name=name, most=most)


def _no_yes(lang: str) -> tuple[tuple[str, str], ...]:
    return tuple((one, t(f"tui.kits.{one}", lang)) for one in ("no", "yes"))


def _once(lang: str) -> tuple[tuple[str, str], ...]:
    return tuple((one, t(f"tui.kits.once_of.{one}", lang)) for one in ("item", "campaign"))


def _value(view: Any, name: str, usual: str = "") -> str:
    found = getattr(view, name, None)
    return str(getattr(found, "value", found) or usual)


def _yes(view: Any, name: str, yes: str = "yes", no: str = "no") -> str:
    return yes if view is not None and getattr(view, name) else no


def unit_fields(lang: str) -> tuple[Field, ...]:
    """A part of the tree that comes in or goes out."""
    hows = tuple((one, t(f"tui.kits.put.{one}", lang)) for one in ("in", "out"))
    return (
        Field("organisation", t("tui.kits.field.unit", lang), "unit"),
        Field("how", t("tui.kits.field.how", lang), "pick", "in", options=hows),
    )


def item_fields(goods: "Sequence[ItemRow]", lang: str) -> tuple[Field, ...]:
    """What a campaign gives: which item, how many to one, how many in all."""
    options = tuple((str(one.id), f"{one.name}（{one.code}）" if lang == "zh" else one.name) for one in goods)
    return (
        Field("item", t("tui.kits.field.item", lang), "pick", options=options),
        Field("per_person", t("tui.kits.field.per_person", lang), "number", "1"),
        Field("planned", t("tui.kits.field.planned", lang), "number", needed=False),
    )


def station_fields(row: "StationRow | None", lang: str) -> tuple[Field, ...]:
    """The form of a station; None: a new one."""
    names = ("name", "address", "hours", "keeper", "keeper_login")
    texts = tuple(
        Field(
            one,
            t(f"tui.kits.field.station_{one}", lang),
            initial=str(getattr(row, one, "")) if row is not None else "",
            needed=one == "name",
            hint=t("tui.kits.login_hint", lang) if one == "keeper_login" else "",
        )
        for one in names
    )
    host = Field("organisation", t("tui.kits.field.host", lang), "unit")
    return texts if row is not None else (texts[0], host, *texts[1:])


def listed_fields(lang: str) -> tuple[Field, ...]:
    """A person for the list: who, how much money, where, a note."""
    hint = t("tui.kits.budget_hint", lang)
    return (
        Field("member", t("tui.people_of.member", lang), "member"),
        Field("amount", t("tui.people_of.col.amount", lang), needed=False, hint=hint),
        Field("site", t("tui.people_of.col.site", lang), needed=False),
        Field("note", t("tui.kits.field.note", lang), needed=False),
    )


def propose_fields(lang: str) -> tuple[Field, ...]:
    """By people or the same for each; how many stay in the store."""
    ways = tuple((one, t(f"tui.kits.by.{one}", lang)) for one in ("people", "equal"))
    return (
        Field("by", t("tui.kits.field.by", lang), "pick", options=ways),
        Field("keep_back", t("tui.kits.field.keep_back", lang), "number", "0", needed=False),
    )


def ship_fields(stores: "Sequence[StoreRow]", lang: str) -> tuple[Field, ...]:
    """Out of which store, by whom."""
    return (
        Field(
            "from", t("tui.kits.field.from", lang), "pick", options=tuple((str(s.id), s.name) for s in stores)
        ),
        Field("carrier", t("tui.stock.field.carrier", lang), needed=False),
        Field("note", t("tui.kits.field.note", lang), needed=False),
    )
