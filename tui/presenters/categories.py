"""What the code table of worker categories says and asks (新就业形态类别表)."""

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from tui.i18n import t
from tui.presenters.forms import Field

if TYPE_CHECKING:
    from benefits.members.dossier import CategoryRow

_BETWEEN = re.compile(r"[\s,，、;；]+")


def in_use(row: "CategoryRow", day: date) -> bool:
    """Whether people can be given the category on a day."""
    return row.starts <= day and (row.ends is None or row.ends >= day)


def category_cells(row: "CategoryRow", lang: str) -> tuple[str, ...]:
    """Chinese and English name, code, first and last day, groups."""
    until = str(row.ends or t("tui.member.still", lang))
    return row.name_zh, row.name_en, row.code, str(row.starts), until, " ".join(row.groups)


def category_fields(row: "CategoryRow | None", today: str, lang: str) -> tuple[Field, ...]:
    """The form of a category; the code of one that is there stays as it is."""
    code = (
        ()
        if row is not None
        else (Field("code", t("tui.category.code", lang), hint=t("tui.category.code_hint", lang)),)
    )
    first, last = (str(row.starts), str(row.ends or "")) if row is not None else (today, "")
    return (
        *code,
        Field("name_zh", t("tui.category.name_zh", lang), initial=row.name_zh if row is not None else ""),
        Field("name_en", t("tui.category.name_en", lang), initial=row.name_en if row is not None else ""),
        Field("starts", t("tui.category.starts", lang), "day", first),
        Field(
            "ends",
            t("tui.category.ends", lang),
            "day",
            last,
            needed=False,
            hint=t("tui.category.open_hint", lang),
        ),
        Field(
            "groups",
            t("tui.category.groups", lang),
            initial=" ".join(row.groups) if row is not None else "",
            needed=False,
            hint=t("tui.category.groups_hint", lang),
        ),
    )


def category_values(row: "CategoryRow | None", values: Mapping[str, Any]) -> dict[str, Any]:
    """What the form says, groups one by one, with the code of the category that it is about."""
    groups = [one for one in _BETWEEN.split(values["groups"] or "") if one]
    known = {"code": row.code} if row is not None else {}
    return {**values, **known, "groups": groups}
