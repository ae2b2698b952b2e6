"""计划: plans, their editions in words, and the explanation of the rules for one person."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.commands import bindings
from tui.plain import plain
from tui.presenters import plans as words
from tui.presenters.home import plan_name
from tui.screens.base import BaseScreen
from tui.screens.explain import Explain
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.plans.queries import PlanRow


class Plans(BaseScreen):
    """All plans; Enter opens the edition in force, ``x`` explains it for a person."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("plan.explain")

    def body(self) -> ComposeResult:
        yield Static(plain(self.t("tui.plans.intro")), classes="note")
        columns = [
            Column("name", self.t("tui.plans.col.name"), 14, flex=1),
            Column("code", self.t("tui.plans.col.code"), 20, wide=True),
            Column("edition", self.t("tui.plans.col.edition"), 10),
            Column("since", self.t("tui.plans.col.since"), 10),
            Column("unknown", self.t("tui.plans.col.unknown"), 14),
        ]
        yield VirtualTable(columns, id="plans", empty=self.t("tui.plans.empty"))

    async def fill(self) -> None:
        plans = await self.gateway.plans()
        table = self.query_one(VirtualTable)
        rows = [Row(plan, words.plan_cells(plan, self.lang), "dim" if plan.draft else "") for plan in plans]
        table.show(rows, cursor=None)

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        self.app.push_screen(Edition(event.row.key))

    def do_plan_explain(self) -> None:
        row = self.query_one(VirtualTable).current
        if row is not None:
            explain(self, row.key)


class Edition(BaseScreen):
    """One edition in words, with everything that is still 待核实."""

    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = bindings("plan.explain")

    def __init__(self, plan: "PlanRow") -> None:
        super().__init__()
        self.plan = plan

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), plan_name(self.plan.name_zh, self.plan.name_en, self.lang)]

    def body(self) -> ComposeResult:
        with VerticalScroll(classes="scroll", id="page"):
            yield Static("", id="words")

    async def fill(self) -> None:
        detail = await self.gateway.edition(self.plan.code, self.lang)
        self.query_one("#words", Static).update(plain(words.edition_words(detail, self.lang)))

    def do_plan_explain(self) -> None:
        explain(self, self.plan)


def explain(screen: BaseScreen, plan: "PlanRow") -> None:
    """Open the explanation of a plan; a template has no rules yet that could decide."""
    if plan.draft or plan.edition is None:
        screen.benefits.say("tui.explain.no_edition")
        return
    screen.app.push_screen(Explain(plan))
