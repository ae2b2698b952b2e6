"""Find one member (选会员)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.modals.finder import SHOWN, Finder
from tui.presenters import members as words
from tui.widgets.virtual_table import Column

if TYPE_CHECKING:
    from benefits.members.search import MemberRow


class FindMember(Finder["MemberRow"]):
    """Dismissed with the chosen row."""

    HINT = "tui.members.hint"
    NOTHING = "tui.members.nobody"

    def columns(self) -> list[Column]:
        return [
            Column("name", self.t("tui.members.col.name"), 12),
            Column("birth", self.t("tui.members.col.birth"), 10),
            Column("unit", self.t("tui.members.col.unit"), 14, flex=1),
            Column("tail", self.t("tui.members.col.id_tail"), 6),
        ]

    async def ask(self, text: str) -> "Sequence[MemberRow]":
        return await self.gateway.search(text, SHOWN)

    def cells(self, row: "MemberRow") -> tuple[str, ...]:
        cells = words.member_cells(row, self.lang)
        return cells[0], cells[2], cells[4], cells[5]
