"""One member (会员): the person's data, memberships and covers. Numbers are masked."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.commands import bindings
from tui.modals.dialogs import Choose, Tell
from tui.plain import plain
from tui.presenters import members as words
from tui.presenters.new_run import plan_options
from tui.screens.explain import Explain
from tui.screens.kept import KeptFile
from tui.screens.person_verbs import PersonVerbs
from tui.screens.timeline import Timeline
from tui.widgets.virtual_table import Column, Row, VirtualTable


class Person(PersonVerbs):
    """A person's page; ``x`` explains a plan's rules for him or her, ``l`` is the timeline."""

    AUTO_FOCUS = "#covers"
    BINDINGS: ClassVar[list[BindingType]] = bindings(
        "person.timeline",
        "person.file",
        "person.edit",
        "person.transfer",
        "person.retire",
        "person.leave",
        "person.rejoin",
        "plan.explain",
        "person.plan",
        "person.cancel_plan",
        "person.merge",
        "person.reveal",
        "person.death",
    )

    def __init__(self, member_id: int, name: str) -> None:
        super().__init__()
        self.member_id, self.member_name = member_id, name

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.member_name]

    def body(self) -> ComposeResult:
        yield Static("", id="person", classes="words")
        yield Static(plain(self.t("tui.member.covers")), classes="head")
        cover = [
            Column("plan", self.t("tui.plans.col.name"), 14, flex=1),
            Column("term", self.t("tui.member.col.term"), 24),
            Column("unit", self.t("tui.members.col.unit"), 14, flex=1, wide=True),
            Column("shares", self.t("tui.people.col.shares"), 4, "right"),
            Column("state", self.t("tui.renewal.col.state"), 14),
        ]
        yield VirtualTable(cover, id="covers", empty=self.t("tui.member.no_covers"))
        yield Static(plain(self.t("tui.member.memberships")), classes="head")
        membership = [
            Column("unit", self.t("tui.members.col.unit"), 14, flex=1),
            Column("starts", self.t("tui.member.col.starts"), 10),
            Column("ends", self.t("tui.member.col.ends"), 10),
            Column("standing", self.t("tui.member.col.standing"), 12),
        ]
        yield VirtualTable(membership, id="memberships", empty=self.t("tui.member.no_memberships"))

    async def fill(self) -> None:
        person, covers = await self.gateway.member(self.member_id)
        self.person, self.member_name = person, person.name
        self.query_one("#person", Static).update(plain(words.person_words(person, self.lang)))
        rows = [Row(cover, words.cover_cells(cover, self.lang)) for cover in covers]
        self.query_one("#covers", VirtualTable).show(rows)
        places = [Row(place, words.membership_cells(place, self.lang)) for place in person.memberships]
        table = self.query_one("#memberships", VirtualTable)
        table.styles.height = min(max(len(places), 1) + 1, 6)
        table.show(places)
        self.refresh_bindings()

    @on(VirtualTable.Opened, "#covers")
    def opened(self, event: VirtualTable.Opened) -> None:
        self.app.push_screen(Tell(self.t("tui.member.covers"), words.cover_words(event.row.key, self.lang)))

    def do_person_timeline(self) -> None:
        self.app.push_screen(Timeline(self.member_id, self.member_name))

    def do_person_file(self) -> None:
        self.app.push_screen(KeptFile(self.member_id, self.member_name))

    def do_plan_explain(self) -> None:
        self.work(self._choose_plan)

    async def _choose_plan(self) -> None:
        plans = {plan.code: plan for plan in await self.gateway.plans() if plan.edition is not None}
        offered = plan_options(tuple(plans.values()), self.lang)
        rows = [Row(code, (name,)) for code, name in offered]
        dialog = Choose(
            self.t("tui.cmd.plan.explain"), [Column("plan", self.t("tui.plans.col.name"), 20, flex=1)], rows
        )

        def chosen(code: object) -> None:
            if code is not None:
                self.app.push_screen(Explain(plans[str(code)], self.member_id, self.member_name))

        self.app.push_screen(dialog, chosen)
