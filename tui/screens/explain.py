"""Why a person can or cannot be covered (逐条解释): each rule with its verdict, the value seen and its
sentence."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from benefits.kernel.errors import Refused
from tui.commands import bindings
from tui.modals.dialogs import Tell
from tui.modals.find_member import FindMember
from tui.plain import plain
from tui.presenters import plans as words
from tui.presenters.dates import day_words, read_day
from tui.presenters.home import plan_name
from tui.screens.base import BaseScreen
from tui.widgets.ime_input import ImeInput
from tui.widgets.line import Line
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.plans.queries import PlanRow


class Explain(BaseScreen):
    """One plan, one person, one first day."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("list.search")

    def __init__(self, plan: "PlanRow", member_id: int | None = None, member_name: str = "") -> None:
        super().__init__()
        self.plan, self.member_id, self.member_name = plan, member_id, member_name

    def crumbs(self) -> list[str]:
        name = plan_name(self.plan.name_zh, self.plan.name_en, self.lang)
        return [*super().crumbs(), name, self.t("tui.cmd.plan.explain")]

    def body(self) -> ComposeResult:
        with Horizontal(classes="field"):
            yield Line(self.t("tui.explain.person"), classes="label")
            yield Line(id="person", classes="echo")
        with Horizontal(classes="field"):
            yield Line(self.t("tui.explain.start"), classes="label")
            yield ImeInput(self.t("tui.explain.today"), id="start")
            yield Line(id="start-echo", classes="echo")
        yield Static("", id="result", classes="words")
        columns = [
            Column("verdict", self.t("tui.explain.col.verdict"), 10),
            Column("rule", self.t("tui.explain.col.rule"), 20, flex=3),
            Column("seen", self.t("tui.explain.col.seen"), 16, flex=1),
        ]
        yield VirtualTable(columns, id="rules", empty=self.t("tui.explain.empty"))

    def on_mount(self) -> None:
        if self.member_id is None:
            self.do_list_search()

    async def fill(self) -> None:
        shown = self.member_name or self.t("tui.explain.nobody")
        self.query_one("#person", Line).say(shown)
        session = self.gateway.session
        assert session is not None
        typed = self.query_one("#start", Input).value
        try:
            day = read_day(typed, session.today)
        except Refused:
            self.query_one("#start-echo", Line).say(self.t("tui.new.day_wrong"))
            return
        self.query_one("#start-echo", Line).say(day_words(day, self.lang))
        if self.member_id is None:
            return
        found = await self.gateway.explain(self.plan.code, self.member_id, day, self.lang)
        self.query_one("#result", Static).update(plain(words.explanation_words(found, self.lang)))
        rows = [
            Row(rule, words.rule_cells(rule, self.lang), words.rule_tone(rule.verdict))
            for rule in found.rules
        ]
        self.query_one(VirtualTable).show(rows)

    def on_input_changed(self, _event: Input.Changed) -> None:
        self.refill()

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        self.query_one(VirtualTable).focus()

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        said = words.rule_words(event.row.key, self.lang)
        self.app.push_screen(Tell(self.t("tui.explain.col.rule"), said))

    def do_list_search(self) -> None:
        def chosen(row: object) -> None:
            if row is None:
                return
            self.member_id, self.member_name = getattr(row, "id", None), getattr(row, "name", "")
            self.refill()
            self.query_one(VirtualTable).focus()

        self.app.push_screen(FindMember(self.t("tui.explain.whom")), chosen)
