"""A new import, step 1 (选文件): what kind of roster, which file, of which unit, with which settings."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from benefits.kernel.errors import Refused
from benefits.kernel.messages import render
from tui.commands import bindings
from tui.gateways import rosters
from tui.modals.dialogs import Choose
from tui.modals.find_unit import FindUnit
from tui.plain import plain
from tui.presenters import roster_draft as form
from tui.presenters.new_run import plan_options
from tui.screens.base import BaseScreen
from tui.screens.roster_columns import RosterColumns
from tui.widgets.ime_input import ImeInput
from tui.widgets.line import Line
from tui.widgets.pick_field import Option, PickField
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from tui.gateways.rosters import KindInfo, Look, Offer


class PathInput(ImeInput):
    """The path of a file; Down goes to the list of what it may go on to."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("down", "to_files", show=False)]

    def action_to_files(self) -> None:
        self.screen.query_one("#files").focus()


class NewRoster(BaseScreen):
    """The first step. Below the form stand the files that the path may go on to; nothing is written before
    the last step."""

    AUTO_FOCUS = "#path"
    BINDINGS: ClassVar[list[BindingType]] = bindings("roster.next", "roster.complete")

    def __init__(self, draft: form.Draft) -> None:
        super().__init__()
        self.draft = draft
        self.kinds: tuple[KindInfo, ...] = ()
        self.offers: tuple[Offer, ...] = ()
        self._looked: tuple[str, Look] | None = None
        self._ready = False

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.t("tui.cmd.roster.new")]

    def body(self) -> ComposeResult:
        yield Static(plain(self.t("tui.roster.step1")), classes="note")
        yield from self._row("kind", PickField(id="kind"))
        yield from self._row("path", PathInput(self.draft.path, id="path"))
        yield from self._row("sheet", PickField(id="sheet"))
        yield from self._row("unit", PickField(id="unit"))
        yield Vertical(id="options")
        yield Static("", id="said", classes="words")
        columns = [
            Column("name", self.t("tui.roster.col.files"), 20, flex=1),
            Column("size", self.t("tui.roster.col.size"), 10, "right"),
            Column("changed", self.t("tui.roster.col.saved"), 16),
        ]
        yield VirtualTable(columns, id="files", empty=self.t("tui.roster.no_files"))

    def _row(self, name: str, field: ImeInput | PickField) -> ComposeResult:
        with Horizontal(classes="field"):
            yield Line(self.t(f"tui.roster.field.{name}"), classes="label")
            yield field

    async def fill(self) -> None:
        self.draft = self.benefits.roster or self.draft
        self.kinds = await rosters.kinds(self.gateway)
        offered = [Option(kind.name, render(kind.title, self.lang)) for kind in self.kinds]
        self.query_one("#kind", PickField).offer(offered, self.draft.kind)
        self._offer_unit()
        await self._options()
        self._ready = True
        await self._list()
        await self._peek()

    @property
    def kind(self) -> "KindInfo | None":
        """The kind that is chosen."""
        name = self.query_one("#kind", PickField).value
        return next((kind for kind in self.kinds if kind.name == name), None)

    def _offer_unit(self) -> None:
        by_file = Option("", self.t("tui.roster.unit_by_file"))
        chosen = Option(self.draft.organisation, self.draft.organisation_name)
        options = [by_file, chosen] if self.draft.organisation else [by_file]
        self.query_one("#unit", PickField).offer(options, self.draft.organisation)

    async def _options(self) -> None:
        """A field for each setting of the kind."""
        place = self.query_one("#options", Vertical)
        await place.remove_children()
        for name, needed in self.kind.options if self.kind is not None else ():
            assert self.kind is not None
            label = form.option_label(self.kind, name, needed, self.lang)
            said = self.t(f"rosters.option.{name}")
            was = self.draft.options.get(name, "")
            field: ImeInput | PickField = ImeInput(was, placeholder=said, id=f"option-{name}")
            if name == "plan":
                field = PickField(await self._plans(), was, id=f"option-{name}")
            await place.mount(Horizontal(Line(label, classes="label"), field, classes="field"))

    async def _plans(self) -> list[Option]:
        by_file = Option("", self.t("tui.roster.plan_by_file"))
        offered = plan_options(await self.gateway.plans(), self.lang)
        return [by_file, *(Option(code, name) for code, name in offered)]

    # -- typing ------------------------------------------------------------------------------------------

    def _read(self) -> form.Draft:
        options = dict(self.draft.options)
        for field in self.query("#options ImeInput, #options PickField"):
            if isinstance(field, ImeInput | PickField):
                options[(field.id or "").removeprefix("option-")] = field.value
        return replace(
            self.draft,
            kind=self.query_one("#kind", PickField).value or self.draft.kind,
            path=self.query_one("#path", Input).value,
            sheet=self.query_one("#sheet", PickField).value,
            options=options,
        )

    def _keep(self) -> None:
        """What was typed is there when one comes back."""
        if self._ready:
            self.draft = self.benefits.roster = self._read()

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        self._keep()
        if event.input.id == "path" and self._ready:
            self.work(self._list, "search")

    @on(Input.Submitted, "#path")
    def named(self) -> None:
        """Enter: a folder shows what is in it, a file is looked into."""
        if self.offers and not Path(self.draft.path.strip()).expanduser().is_file():
            self.query_one(VirtualTable).focus()
        else:
            self.focus_next()
            self.work(self._peek)

    @on(Input.Submitted, "#options ImeInput")
    def next_field(self) -> None:
        self.focus_next()

    def on_pick_field_changed(self, event: PickField.Changed) -> None:
        if event.field.id == "unit" and not event.value:
            self.draft = replace(self.draft, organisation="", organisation_name="")
        self._keep()
        if event.field.id == "kind":
            self.draft = replace(self.draft, mapping={})
            self.work(self._options, "options")

    def on_pick_field_asked(self, event: PickField.Asked) -> None:
        if event.field.id == "unit":
            self.app.push_screen(FindUnit(self.t("tui.roster.field.unit")), self._unit_found)
            return
        field = event.field
        id = (field.id or "").removeprefix("option-")
        title = self.t(f"rosters.option.{id}" if id != field.id else f"tui.roster.field.{id}")
        rows = [Row(option.value, (option.words,)) for option in field.options]
        dialog = Choose(title, [Column("value", title, 20, flex=1)], rows, cursor=field.place)
        self.app.push_screen(dialog, lambda value: field.choose(str(value)) if value is not None else None)

    def _unit_found(self, row: object) -> None:
        if row is not None:
            code, name = str(getattr(row, "code", "")), str(getattr(row, "name", ""))
            self.draft = replace(self.draft, organisation=code, organisation_name=name)
            self._offer_unit()
            self._keep()

    # -- files -------------------------------------------------------------------------------------------

    async def _list(self) -> None:
        typed = self.query_one("#path", Input).value
        self.offers = await rosters.offers(self.gateway, typed, self.benefits.recent)
        rows = [
            Row(offer, form.offer_cells(offer, self.lang), "dim" if offer.folder else "")
            for offer in self.offers
        ]
        self.query_one(VirtualTable).show(rows)

    def on_virtual_table_opened(self, event: VirtualTable.Opened) -> None:
        offer: Offer = event.row.key
        field = self.query_one("#path", Input)
        field.value = f"{offer.path}/" if offer.folder else str(offer.path)
        field.focus()
        field.action_end()
        if not offer.folder:
            self.work(self._peek)

    def do_roster_complete(self) -> None:
        field = self.query_one("#path", Input)
        field.value = form.completed(self.offers, field.value)
        field.focus()
        field.action_end()

    async def _peek(self) -> "Look | None":
        """Look into the file that is named: what it is, which sheets it has."""
        self._keep()
        asked = self.draft.asked()
        sheet = self.query_one("#sheet", PickField)
        if not self.draft.path.strip() or not asked.path.is_file():
            sheet.offer([Option("", self.t("tui.roster.sheet_first"))], "")
            return None
        if self._looked is not None and self._looked[0] != str(asked.path):
            asked = replace(asked, sheet="")  # another file has other sheets
        try:
            look = await rosters.look(self.gateway, asked)
        except Refused as refusal:  # said below the form: a dialog would come back with the screen
            self.query_one("#said", Static).update(plain(render(refusal.say, self.lang)))
            return None
        self._looked = (str(asked.path), look)
        sheet.offer([Option(name, name) for name in look.sheets], look.sheet)
        if not look.sheets:
            sheet.offer([Option("", self.t("tui.roster.sheet_only"))], "")
        lines = (form.file_words(look, self.lang), form.head_words(look, self.lang))
        self.query_one("#said", Static).update(plain(self.t("tui.comma").join(lines)))
        return look

    # -- on ------------------------------------------------------------------------------------------------

    def do_roster_next(self) -> None:
        self._keep()
        wrong = form.problems(self.draft, self.kind)
        if wrong:
            self.query_one("#said", Static).update(plain("\n".join(render(p.say, self.lang) for p in wrong)))
            self.query_one(f"#{wrong[0].field}").focus()
            return
        self.work(self._next)

    async def _next(self) -> None:
        kind = self.kind
        assert kind is not None
        try:
            await rosters.look(self.gateway, self.draft.asked())
        except Refused:
            self.query_one("#path").focus()
            raise
        path = Path(self.draft.path.strip()).expanduser().resolve()
        self.benefits.recent = (path, *(one for one in self.benefits.recent if one != path))[:10]
        self.app.push_screen(RosterColumns(self.draft, kind))
