"""What is kept about a person beside the record (档案): other numbers, worker categories, next of kin,
consents."""

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.commands import bindings
from tui.gateways import members
from tui.modals.dialogs import Choose
from tui.modals.form import Form
from tui.plain import plain
from tui.presenters import person as words
from tui.presenters.forms import Field
from tui.screens.base import BaseScreen
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.members.queries import MemberDetail

_ADDING = {
    "identifier": members.set_identifier,
    "category": members.add_category,
    "kin": members.name_kin,
    "consent": members.give_consent,
}


class KeptFile(BaseScreen):
    """One line a number, category, next of kin or consent, past ones too; ``n`` adds, ``q`` ends one,
    ``r`` says until when the record is kept."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("kept.add", "kept.end", "kept.retain")

    def __init__(self, member_id: int, name: str) -> None:
        super().__init__()
        self.member_id, self.member_name = member_id, name
        self.person: MemberDetail | None = None

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.member_name, self.t("tui.cmd.person.file")]

    def body(self) -> ComposeResult:
        yield Static("", id="keeping", classes="words")
        columns = [
            Column("what", self.t("tui.timeline.kind_of"), self.by_lang(12, 16)),
            Column("said", self.t("tui.kept.said"), 20, flex=1),
            Column("from", self.t("tui.member.col.starts"), 10),
            Column("to", self.t("tui.member.col.ends"), 10),
        ]
        yield VirtualTable(columns, id="kept", empty=self.t("tui.kept.empty"))

    async def fill(self) -> None:
        person, _ = await self.gateway.member(self.member_id)
        self.person = person
        until = str(person.retain_until or self.t("tui.unit.not_said"))
        self.query_one("#keeping", Static).update(plain(self.t("tui.kept.retain", until=until)))
        rows = [
            Row(one, words.kept_cells(one, self.lang), "" if one.ends is None else "dim")
            for one in words.kept(person, self.lang)
        ]
        self.query_one(VirtualTable).show(rows, cursor=None)
        self.refresh_bindings()

    def on_virtual_table_moved(self) -> None:
        self.refresh_bindings()

    def _current(self) -> words.Kept | None:
        for table in self.query(VirtualTable):
            row = table.current
            if row is not None and row.key.ends is None:
                one: words.Kept = row.key
                return one
        return None

    def may(self, id: str) -> bool:
        if id == "kept.end" and self._current() is None:
            return False
        return super().may(id)

    def _today(self) -> str:
        session = self.gateway.session
        assert session is not None
        return session.today.isoformat()

    def do_kept_add(self) -> None:
        rows = [Row(what, (self.t(f"tui.kept.{what}"),)) for what in words.KEPT]
        column = Column("what", self.t("tui.timeline.kind_of"), 20, flex=1)
        self.app.push_screen(
            Choose(self.t("tui.cmd.kept.add"), [column], rows),
            lambda what: self.work(partial(self._add, str(what))) if what is not None else None,
        )

    async def _add(self, what: str) -> None:
        categories = await members.categories(self.gateway) if what == "category" else ()
        fields = words.kept_fields(what, categories, self._today(), self.lang)
        submit = partial(_ADDING[what], self.gateway, self.member_id)
        heading = self.t(f"tui.kept.{what}")
        said = self.t(f"tui.kept.words.{what}", name=self.member_name)
        form = Form(heading, said, fields, submit, draft=f"kept.{what}:{self.member_id}")
        self.app.push_screen(form, lambda done: self._done(heading) if done is not None else None)

    def _done(self, what: str) -> None:
        self.benefits.say("tui.unit.done", what=what, name=self.member_name)
        self.refill()

    def do_kept_retain(self) -> None:
        if self.person is None:
            return
        heading = self.t("tui.cmd.kept.retain")
        said = self.t("tui.kept.retain_words", name=self.member_name)
        fields = words.retention_fields(self.person, self.lang)
        submit = partial(members.set_retention, self.gateway, self.member_id)
        form = Form(heading, said, fields, submit, draft=f"kept.retain:{self.member_id}")
        self.app.push_screen(form, lambda done: self._done(heading) if done is not None else None)

    def do_kept_end(self) -> None:
        if (one := self._current()) is None:
            return
        kind = self.t(f"tui.kept.{one.what}")

        async def submit(values: dict[str, Any]) -> None:
            await members.end(self.gateway, self.member_id, one.what, one.key, values["ends"])

        said = self.t("tui.kept.end_words", kind=kind, said=one.said)
        fields = (Field("ends", self.t("tui.unit.last_day"), "day", self._today()),)
        form = Form(self.t("tui.cmd.kept.end"), said, fields, submit, danger=True)
        self.app.push_screen(form, lambda done: self._done(kind) if done is not None else None)
