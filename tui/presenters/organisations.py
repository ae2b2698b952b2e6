"""What the screens of the union tree say (组织)."""

from typing import TYPE_CHECKING

from tui.i18n import t

if TYPE_CHECKING:
    from benefits.organisations.queries import OrganisationRow


def found_cells(row: "OrganisationRow", lang: str) -> tuple[str, ...]:
    """Name, code, level; a closed one says so."""
    name = t("tui.unit.closed_name", lang, name=row.name) if row.closed is not None else row.name
    return name, row.code, t(f"organisations.level.{row.level.value}", lang)
