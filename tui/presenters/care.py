"""What the forms of care lists say (慰问)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.i18n import t
from tui.presenters.forms import Field

if TYPE_CHECKING:
    from benefits.kits.queries_items import ItemRow
    from benefits.kits.service_care import Birthdays


def birthday_fields(goods: "Sequence[ItemRow]", lang: str) -> tuple[Field, ...]:
    """Whose birthdays, of which month, and what is given."""
    options = tuple((str(one.id), f"{one.code} {one.name}") for one in goods)
    stock = tuple((one, t(f"tui.kits.{one}", lang)) for one in ("yes", "no"))
    return (
        Field("organisation", t("tui.kits.field.unit", lang), "unit"),
        Field("month", t("tui.care.month", lang), "month"),
        Field("item", t("tui.kits.field.item", lang), "pick", options=options),
        Field("counts_stock", t("tui.care.from_stock", lang), "pick", options=stock),
    )


def visit_fields(today: str, lang: str) -> tuple[Field, ...]:
    """Whose visits, when, with which budget."""
    return (
        Field("organisation", t("tui.kits.field.unit", lang), "unit"),
        Field("name", t("tui.kits.field.name", lang)),
        Field("starts", t("tui.kits.field.starts", lang), "day", today),
        Field("ends", t("tui.kits.field.ends", lang), "day"),
        Field("budget", t("tui.kits.field.budget", lang), needed=False, hint=t("tui.kits.budget_hint", lang)),
    )


def birthdays_words(found: "Birthdays", lang: str) -> str:
    """Who was put on the list, and who was left out."""
    return t(
        "tui.care.listed",
        lang,
        listed=f"{found.listed:,}",
        no_birth=f"{found.no_birth:,}",
        not_in_post=f"{found.not_in_post:,}",
    )
