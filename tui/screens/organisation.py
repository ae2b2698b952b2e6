"""One unit (单位): what is written about it, the names and places it had, its clerks, and the verbs."""

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.commands import bindings
from tui.gateways import organisations
from tui.modals.dialogs import Ask, Tell
from tui.modals.form import Form
from tui.plain import plain
from tui.presenters import organisations as words
from tui.presenters.forms import Field
from tui.screens.base import BaseScreen
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.access.queries import ClerkRow
    from benefits.organisations.queries import OrganisationDetail


class Organisation(BaseScreen):
    """A unit's page. Every change is a form that says what will happen."""

    AUTO_FOCUS = "#clerks"
    BINDINGS: ClassVar[list[BindingType]] = bindings(
        "unit.edit",
        "unit.rename",
        "unit.move",
        "unit.appoint",
        "unit.hand_over",
        "unit.dismiss",
        "unit.add",
        "unit.close",
        "unit.reopen",
    )

    def __init__(self, organisation_id: int, name: str) -> None:
        super().__init__()
        self.organisation_id, self.unit_name = organisation_id, name
        self.detail: OrganisationDetail | None = None

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.unit_name]

    def body(self) -> ComposeResult:
        yield Static("", id="unit", classes="words")
        yield Static(plain(self.t("tui.unit.clerks")), classes="head")
        clerks = [
            Column("name", self.t("tui.clerk.name"), 10, flex=1),
            Column("phone", self.t("tui.clerk.phone"), 13),
            Column("login", self.t("tui.clerk.login"), 10),
            Column("from", self.t("tui.member.col.starts"), 10),
            Column("to", self.t("tui.member.col.ends"), 10),
            Column("paper", self.t("tui.clerk.document"), 14, flex=1, wide=True),
        ]
        yield VirtualTable(clerks, id="clerks", empty=self.t("tui.unit.no_clerks"))
        yield Static(plain(self.t("tui.unit.history")), classes="head")
        past = [
            Column("from", self.t("tui.member.col.starts"), 10),
            Column("to", self.t("tui.member.col.ends"), 10),
            Column("what", self.t("tui.unit.what"), 20, flex=1),
        ]
        yield VirtualTable(past, id="history")

    async def fill(self) -> None:
        found, clerks = await organisations.detail(self.gateway, self.organisation_id)
        self.detail, self.unit_name = found, found.name
        self.query_one("#unit", Static).update(plain(words.detail_words(found, self.lang)))
        still = self.query_one("#clerks", VirtualTable)
        still.show(
            [
                Row(clerk, words.clerk_cells(clerk, self.lang), "" if clerk.ends is None else "dim")
                for clerk in clerks
            ],
            cursor=None,
        )
        self.query_one("#history", VirtualTable).show(
            [Row(line, line) for line in words.history(found, self.lang)], cursor=None
        )
        self.refresh_bindings()
        for crumbs in self.query("Crumbs"):
            crumbs.refresh()

    def may(self, id: str) -> bool:
        closed = self.detail is not None and self.detail.closed is not None
        if id == "unit.reopen" and not closed:
            return False
        if id.startswith("unit.") and id not in ("unit.reopen", "unit.edit") and closed:
            return False
        if id in ("unit.hand_over", "unit.dismiss") and self._clerk() is None:
            return False
        return super().may(id)

    def _clerk(self) -> "ClerkRow | None":
        """The clerk under the cursor, if he or she is one still."""
        for table in self.query("#clerks").results(VirtualTable):
            row = table.current
            if row is not None and row.key.ends is None:
                clerk: ClerkRow = row.key
                return clerk
        return None

    def on_virtual_table_moved(self) -> None:
        self.refresh_bindings()

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        if event.table.id == "history":
            self.app.push_screen(Tell(self.t("tui.unit.history"), "\n".join(event.row.cells)))

    def _today(self) -> str:
        session = self.gateway.session
        assert session is not None
        return session.today.isoformat()

    def _form(self, id: str, said: str, fields: Any, submit: Any, *, danger: bool = False) -> None:
        heading = self.t(f"tui.cmd.{id}")
        draft = f"{id}:{self.organisation_id}"
        form = Form(heading, said, fields, submit, draft=draft, danger=danger)
        self.app.push_screen(form, lambda done: self._done(id) if done is not None else None)

    def _done(self, id: str) -> None:
        self.benefits.say("tui.unit.done", what=self.t(f"tui.cmd.{id}"), name=self.unit_name)
        self.refill()

    # -- the record --------------------------------------------------------------------------------------

    def do_unit_edit(self) -> None:
        found = self.detail
        if found is None:
            return

        async def submit(values: dict[str, Any]) -> None:
            changes = words.changed(found, values)
            if changes:
                await organisations.edit(self.gateway, found.id, found.version, changes)

        fields = words.edit_fields(found, organisations.codes(), self.lang)
        self._form("unit.edit", "", fields, submit)

    def do_unit_rename(self) -> None:
        async def submit(values: dict[str, Any]) -> None:
            await organisations.rename(self.gateway, self.organisation_id, values["name"], values["on"])

        fields = (
            Field("name", self.t("tui.unit.new_name"), initial=self.unit_name),
            Field("on", self.t("tui.unit.from_day"), "day", self._today()),
        )
        self._form("unit.rename", self.t("tui.unit.rename_words", name=self.unit_name), fields, submit)

    def do_unit_move(self) -> None:
        async def submit(values: dict[str, Any]) -> None:
            await organisations.move(self.gateway, self.organisation_id, values["parent"], values["on"])

        fields = (
            Field("parent", self.t("tui.unit.new_parent"), "unit"),
            Field("on", self.t("tui.unit.from_day"), "day", self._today()),
        )
        self._form("unit.move", self.t("tui.unit.move_words", name=self.unit_name), fields, submit)

    def do_unit_close(self) -> None:
        async def submit(values: dict[str, Any]) -> None:
            await organisations.close(self.gateway, self.organisation_id, values["on"], values["successor"])

        fields = (
            Field("on", self.t("tui.unit.last_day"), "day", self._today()),
            Field(
                "successor",
                self.t("tui.unit.successor"),
                "unit",
                needed=False,
                hint=self.t("tui.unit.successor_hint"),
            ),
        )
        said = self.t("tui.unit.close_words", name=self.unit_name)
        self._form("unit.close", said, fields, submit, danger=True)

    def do_unit_reopen(self) -> None:
        said = self.t("tui.unit.reopen_words", name=self.unit_name)
        ask = Ask(self.t("tui.cmd.unit.reopen"), said, self.t("tui.unit.reopen_yes"))
        self.app.push_screen(ask, lambda yes: self.work(self._reopen) if yes else None)

    async def _reopen(self) -> None:
        await organisations.reopen(self.gateway, self.organisation_id)
        await self.fill()

    def do_unit_add(self) -> None:
        self.work(partial(ask_add, self, self.organisation_id))

    # -- clerks ------------------------------------------------------------------------------------------

    def do_unit_appoint(self) -> None:
        submit = partial(organisations.appoint, self.gateway, self.organisation_id)
        fields = words.clerk_fields(self._today(), self.lang, paper=False)
        said = self.t("tui.clerk.appoint_words", name=self.unit_name)
        self._form("unit.appoint", said, fields, submit)

    def do_unit_hand_over(self) -> None:
        if (clerk := self._clerk()) is None:
            return
        submit = partial(organisations.hand_over, self.gateway, self.organisation_id, clerk.id)
        fields = words.clerk_fields(self._today(), self.lang, paper=True)
        said = self.t("tui.clerk.hand_over_words", name=clerk.name, login=clerk.login or "-")
        self._form("unit.hand_over", said, fields, submit)

    def do_unit_dismiss(self) -> None:
        if (clerk := self._clerk()) is None:
            return

        async def submit(values: dict[str, Any]) -> None:
            await organisations.dismiss(self.gateway, clerk.id, values["on"], values["document"] or "")

        fields = (
            Field("on", self.t("tui.unit.last_day"), "day", self._today()),
            Field("document", self.t("tui.clerk.document"), needed=False),
        )
        said = self.t("tui.clerk.dismiss_words", name=clerk.name, login=clerk.login or "-")
        self._form("unit.dismiss", said, fields, submit, danger=True)


async def ask_add(screen: BaseScreen, parent_id: int) -> None:
    """The form of a new unit below another; when it is made, its page opens."""
    parent, _ = await organisations.detail(screen.gateway, parent_id)
    session = screen.gateway.session
    assert session is not None
    fields = words.add_fields(parent, organisations.codes(), session.today.isoformat(), screen.lang)

    async def submit(values: dict[str, Any]) -> tuple[int, str]:
        return await organisations.found(screen.gateway, parent_id, values), str(values["name"])

    def done(made: Any) -> None:
        if made is not None:
            screen.app.push_screen(Organisation(*made))

    said = screen.t("tui.unit.add_words", parent=parent.name)
    form = Form(screen.t("tui.cmd.unit.add"), said, fields, submit, draft=f"unit.add:{parent_id}")
    screen.app.push_screen(form, done)
