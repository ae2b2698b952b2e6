"""One possible duplicate (疑似重复): both sides beside each other, and a clerk's word."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.commands import bindings
from tui.gateways import duplicates
from tui.modals.dialogs import AskText, Choose, Tell
from tui.plain import plain
from tui.presenters import duplicates as words
from tui.screens.base import BaseScreen
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.rosters.queries import CaseRow, Side


class Case(BaseScreen):
    """Field by field, what differs bears a sign. Each answer says first what it will do and asks why; then
    the next case opens."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("case.same", "case.distinct", "case.drop")

    def __init__(self, case_id: int) -> None:
        super().__init__()
        self.case_id = case_id
        self.case: CaseRow | None = None

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.t("tui.cmd.roster.duplicates"), f"{self.case_id}"]

    def body(self) -> ComposeResult:
        yield Static("", id="evidence", classes="head")
        yield Static("", id="origin", classes="words")
        columns = [
            Column("mark", "", 1),
            Column("field", self.t("tui.case.col.field"), self.by_lang(8, 14)),
            Column("left", self.t("tui.case.col.left"), 20, flex=1),
            Column("right", self.t("tui.case.col.right"), 20, flex=1),
        ]
        yield VirtualTable(columns, id="fields")
        yield Static("", id="meaning", classes="note")

    async def fill(self) -> None:
        self.case, waiting = await duplicates.case(self.gateway, self.case_id)
        case = self.case
        said = self.t("tui.case.evidence", evidence=words.evidence(case, self.lang))
        self.query_one("#evidence", Static).update(plain(said))
        origin = self.t("tui.case.right_is", origin=words.origin(case, self.lang), count=f"{waiting:,}")
        self.query_one("#origin", Static).update(plain(origin))
        rows = words.field_rows(case, self.lang)
        tones = {words.DIFFERS: "strong", words.AGREES: "", words.OPEN: "dim"}
        self.query_one(VirtualTable).show([Row(row, row, tones[row[0]]) for row in rows], cursor=None)
        self.query_one("#meaning", Static).update(plain(self.t("tui.case.marks")))
        self.refresh_bindings()

    def may(self, id: str) -> bool:
        if id.startswith("case.") and (self.case is None or self.case.state.value != "open"):
            return False
        if id == "case.drop" and self.case is not None and words.is_pair(self.case):
            return False
        return super().may(id)

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        if self.case is not None:
            said = words.field_words(self.case, event.row.key, self.lang)
            self.app.push_screen(Tell(self.t("tui.case.col.field"), said))

    # -- deciding ----------------------------------------------------------------------------------------

    def do_case_same(self) -> None:
        case = self.case
        if case is None:
            return
        if not words.is_pair(case):
            self._ask("same", None)
            return
        columns = [
            Column("name", self.t("tui.members.col.name"), 10),
            Column("unit", self.t("tui.members.col.unit"), 14, flex=1),
            Column("number", self.t("tui.case.field.id_number"), 18),
            Column("joined", self.t("tui.case.field.joined_on"), 10),
            Column("covers", self.t("tui.case.field.covers"), 6, "right"),
        ]
        rows = [Row(side, words.side_cells(side, self.lang)) for side in (case.left, case.right)]
        self.app.push_screen(
            Choose(self.t("tui.case.survivor"), columns, rows, wide=True),
            lambda side: self._ask("same", side) if side is not None else None,
        )

    def do_case_distinct(self) -> None:
        self._ask("distinct", None)

    def do_case_drop(self) -> None:
        self._ask("dropped", None)

    def _ask(self, verdict: str, keep: object) -> None:
        case = self.case
        if case is None:
            return
        side: Side | None = keep  # type: ignore[assignment]
        said = words.verdict_words(case, verdict, side, self.lang)
        dialog = AskText(self.t(f"tui.case.verdict.{verdict}"), said, self.t("tui.case.why"))
        self.app.push_screen(
            dialog,
            lambda why: self.work(partial(self._decide, verdict, why, side)) if why else None,
        )

    async def _decide(self, verdict: str, why: str, keep: "Side | None") -> None:
        survivor = keep.member_id if keep is not None else None
        await duplicates.decide(self.gateway, self.case_id, verdict, why, survivor)
        following, _ = await duplicates.next_case(self.gateway, self.case_id)
        self.benefits.say(f"tui.case.done.{verdict}")
        if following is None:
            self.dismiss(None)
            return
        self.case_id = following.id
        self.query_one(VirtualTable).cursor = 0
        await self.fill()
