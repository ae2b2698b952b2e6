"""The people of a run (名单): every decision with all its reasons, by filter; decline and override."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.commands import bindings
from tui.gateway import Gateway, Wanted
from tui.modals.dialogs import AskText, Choose, Tell
from tui.plain import plain
from tui.presenters import renewal as words
from tui.screens.base import BaseScreen
from tui.widgets.virtual_table import PAGE, Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.renewal.queries import DecisionRow, RunView


class DecisionPages:
    """Decisions page by page: from the key where a page's beginning is known, else from the nearest one that
    is."""

    def __init__(self, gateway: Gateway, number: str, want: Wanted, lang: str) -> None:
        self.gateway, self.number, self.want, self.lang = gateway, number, want, lang
        self._after: dict[int, int] = {0: 0}

    async def count(self) -> int:
        return await self.gateway.count_decisions(self.number, self.want)

    async def page(self, start: int, limit: int) -> Sequence[Row]:
        known = max(place for place in self._after if place <= start)
        found = await self.gateway.decisions(self.number, self.want, start - known, self._after[known], limit)
        if len(found) == PAGE:
            self._after[start + PAGE] = found[-1].member_id
        return [Row(row, words.decision_cells(row, self.lang), words.decision_tone(row)) for row in found]


class People(BaseScreen):
    """Decisions of a run, filtered; Enter tells why."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(
        "run.verdict", "run.reasons", "run.decline", "run.override", "run.back_to_rules"
    )

    def __init__(self, number: str, want: Wanted, unit_name: str = "") -> None:
        super().__init__()
        self.number, self.want, self.unit_name = number, want, unit_name
        self.view: RunView | None = None

    def crumbs(self) -> list[str]:
        names = [*super().crumbs(), self.number]
        return [*names, self.unit_name or self.t("tui.people.all")]

    def body(self) -> ComposeResult:
        yield Static("", id="filter", classes="words")
        columns = [
            Column("name", self.t("tui.people.col.name"), 10),
            Column("last4", self.t("tui.people.col.last4"), 5),
            Column(
                "unit", self.t("tui.people.col.unit"), 14, flex=1, wide=self.want.organisation_id is not None
            ),
            Column("verdict", self.t("tui.people.col.verdict"), self.by_lang(14, 18)),
            Column("shares", self.t("tui.people.col.shares"), 6, "right", wide=True),
            Column("fen", self.t("tui.people.col.fen"), 10, "right", wide=True),
            Column("reasons", self.t("tui.people.col.reasons"), 12, flex=2),
        ]
        yield VirtualTable(columns, id="people", empty=self.t("tui.people.empty"))

    async def fill(self) -> None:
        self.view = await self.gateway.run(self.number)
        table = self.query_one(VirtualTable)
        table.show(DecisionPages(self.gateway, self.number, self.want, self.lang), cursor=None)
        total = await self.gateway.count_decisions(self.number, self.want)
        self.query_one("#filter", Static).update(plain(self._filter_words(total)))
        self.refresh_bindings()

    def _filter_words(self, total: int) -> str:
        everything = self.t("tui.people.any")
        verdict = self.t(f"renewal.verdict.{self.want.verdict}") if self.want.verdict else everything
        reason = self._reason_name() if self.want.reason else everything
        unit = self.unit_name or everything
        return self.t("tui.people.filter", verdict=verdict, reason=reason, unit=unit, total=f"{total:,}")

    def _reason_name(self) -> str:
        for reason in self.view.reasons if self.view is not None else ():
            if reason.code == self.want.reason:
                return words.reason_words(reason, self.lang)
        return self.want.reason

    def may(self, id: str) -> bool:
        changing = id in ("run.decline", "run.override", "run.back_to_rules")
        if changing and (self.view is None or self.view.run.state.value not in words.CHANGEABLE):
            return False
        return super().may(id)

    # -- looking -----------------------------------------------------------------------------------------

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        self.app.push_screen(Tell(self.t("tui.why.title"), words.decision_page(event.row.key, self.lang)))

    def do_run_verdict(self) -> None:
        rows = [Row("", (self.t("tui.people.any"),))]
        rows += [Row(verdict, (self.t(f"renewal.verdict.{verdict}"),)) for verdict in words.VERDICTS]
        at = next((n for n, row in enumerate(rows) if row.key == self.want.verdict), 0)
        column = [Column("verdict", self.t("tui.people.col.verdict"), 20, flex=1)]
        dialog = Choose(self.t("tui.people.filter_verdict"), column, rows, cursor=at)
        self.app.push_screen(dialog, lambda key: self._narrow(verdict=key))

    def do_run_reasons(self) -> None:
        rows = [Row("", (self.t("tui.people.any"), ""))]
        for reason in self.view.reasons if self.view is not None else ():
            rows.append(Row(reason.code, (words.reason_words(reason, self.lang), f"{reason.people:,}")))
        at = next((n for n, row in enumerate(rows) if row.key == self.want.reason), 0)
        columns = [
            Column("reason", self.t("tui.run.col.reason"), 20, flex=1),
            Column("people", self.t("tui.run.col.people"), 8, "right"),
        ]
        dialog = Choose(self.t("tui.people.filter_reason"), columns, rows, cursor=at)
        self.app.push_screen(dialog, lambda key: self._narrow(reason=key))

    def _narrow(self, *, verdict: object = None, reason: object = None) -> None:
        if verdict is not None:
            self.want = replace(self.want, verdict=str(verdict))
        elif reason is not None:
            self.want = replace(self.want, reason=str(reason))
        else:
            return
        self.query_one(VirtualTable).cursor = 0
        self.refill()

    # -- doing -------------------------------------------------------------------------------------------

    def _person(self) -> "DecisionRow | None":
        row = self.query_one(VirtualTable).current
        return None if row is None else row.key

    def do_run_decline(self) -> None:
        self._ask("decline")

    def do_run_override(self) -> None:
        self._ask("include")

    def _ask(self, kind: str) -> None:
        if (person := self._person()) is None:
            return
        reasons = self.t("tui.list_mark").join(words.decision_reasons(person, self.lang)) or "-"
        said = self.t(f"tui.override.{kind}", name=person.name, last4=person.id_last4, reasons=reasons)
        dialog = AskText(self.t(f"tui.override.{kind}_title"), said, self.t("tui.override.hint"))
        self.app.push_screen(dialog, lambda why: self._decide(person, kind, why) if why else None)

    def do_run_back_to_rules(self) -> None:
        person = self._person()
        if person is not None and person.override is not None:
            self._decide(person, None, "")

    def _decide(self, person: "DecisionRow", kind: str | None, why: str) -> None:
        self.work(partial(self._decided, person, kind, why))

    async def _decided(self, person: "DecisionRow", kind: str | None, why: str) -> None:
        await self.gateway.override(self.number, person.member_id, kind, why)
        self.benefits.say("tui.override.done", name=person.name)
        await self.fill()
