"""Find one unit (选单位)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.gateways import organisations
from tui.modals.finder import SHOWN, Finder
from tui.presenters import organisations as words
from tui.widgets.virtual_table import Column

if TYPE_CHECKING:
    from benefits.organisations.queries import OrganisationRow


class FindUnit(Finder["OrganisationRow"]):
    """Dismissed with the chosen row."""

    HINT = "tui.units_found.hint"
    NOTHING = "tui.units_found.none"

    def columns(self) -> list[Column]:
        return [
            Column("name", self.t("tui.units_found.name"), 20, flex=1),
            Column("code", self.t("tui.units_found.code"), 14),
            Column("level", self.t("tui.units_found.level"), self.by_lang(16, 20)),
        ]

    async def ask(self, text: str) -> "Sequence[OrganisationRow]":
        return await organisations.find(self.gateway, text, SHOWN)

    def cells(self, row: "OrganisationRow") -> tuple[str, ...]:
        return words.found_cells(row, self.lang)
