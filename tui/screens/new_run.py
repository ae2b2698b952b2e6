"""A new renewal run (新批次): plan and window with defaults that are right, then preview."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from benefits.kernel.errors import Refused
from benefits.kernel.messages import render
from tui.commands import bindings
from tui.gateway import Asked
from tui.modals.dialogs import Choose
from tui.plain import plain
from tui.presenters import new_run as form
from tui.presenters.dates import read_day
from tui.screens.base import BaseScreen
from tui.widgets.ime_input import ImeInput
from tui.widgets.line import Line
from tui.widgets.pick_field import Option, PickField
from tui.widgets.virtual_table import Column, Row

if TYPE_CHECKING:
    from benefits.plans.queries import EditionDetail
    from benefits.renewal.queries import DueTerm


class NewRun(BaseScreen):
    """The form. Nothing is decided before F10, and the run that it makes changes no cover before it is
    applied."""

    AUTO_FOCUS = "PickField"
    BINDINGS: ClassVar[list[BindingType]] = bindings("renewal.preview")

    def __init__(self, draft: form.Draft, *, kept: bool = False) -> None:
        super().__init__()
        self.kept = kept
        """Whether the form was left before and is taken up again."""
        self.draft = draft
        self.due: tuple[DueTerm, ...] = ()
        self.detail: EditionDetail | None = None
        self._asked_for = ""

    def crumbs(self) -> list[str]:
        return [*super().crumbs(), self.t("tui.cmd.renewal.new")]

    def body(self) -> ComposeResult:
        yield Static(plain(self.t("tui.new.kept" if self.kept else "tui.new.intro")), classes="note")
        yield Static("", classes="gap")
        yield from self._row("plan", PickField(id="plan"))
        yield from self._row("first", ImeInput(self.draft.first, id="first"), echo=True)
        yield from self._row("last", ImeInput(self.draft.last, id="last"), echo=True)
        yield from self._row("organisation", PickField(id="organisation"))
        yield from self._row("with_class", PickField(id="with_class"))
        yield from self._row("funding", PickField(id="funding"))
        yield Static("", classes="gap")
        yield from self._row("grace", ImeInput(self.draft.grace, id="grace"), echo=True)
        yield from self._row("why", ImeInput(self.draft.why, id="why"))
        yield Static("", classes="gap")
        yield Static("", id="said", classes="words")

    def _row(self, name: str, field: ImeInput | PickField, *, echo: bool = False) -> ComposeResult:
        with Horizontal(classes="field"):
            yield Line(self.t(f"tui.new.field.{name}"), classes="label")
            yield field
            if echo:
                yield Line(id=f"{name}-echo", classes="echo")

    async def fill(self) -> None:
        plans = await self.gateway.plans()
        places = await self.gateway.places()
        _, self.due = await self.gateway.due()
        offered = [Option(*pair) for pair in form.plan_options(plans, self.lang)]
        self.query_one("#plan", PickField).offer(offered, self.draft.plan)
        everywhere = [Option("", self.t("tui.new.everywhere"))]
        streets = [Option(place.code, place.name) for place in places]
        self.query_one("#organisation", PickField).offer(everywhere + streets, self.draft.organisation)
        await self._plan_changed()

    async def _plan_changed(self) -> None:
        plan = self.query_one("#plan", PickField).value
        if not plan:
            return
        detail = self.detail = await self.gateway.edition(plan, self.lang)
        fresh = plan != self._asked_for
        self._asked_for = plan
        yes_no = [Option("", self.t("tui.new.class_no"))]
        if detail.class_rule is not None:
            yes_no.append(Option("yes", self.t("tui.new.class_yes", rule=detail.class_rule)))
        field = self.query_one("#with_class", PickField)
        field.offer(yes_no, field.value if not fresh else "yes" if self.draft.with_class else "")
        funding = self.query_one("#funding", PickField)
        funding.offer(
            [Option(*pair) for pair in form.funding_options(detail, self.lang)],
            self.draft.funding if fresh else funding.value,
        )
        self._say()

    # -- typing ------------------------------------------------------------------------------------------

    def on_pick_field_changed(self, event: PickField.Changed) -> None:
        if event.field.id == "plan":
            self.work(self._plan_changed, "plan")
        self._say()

    def on_pick_field_asked(self, event: PickField.Asked) -> None:
        field = event.field
        rows = [Row(option.value, (option.words,)) for option in field.options]
        title = self.t(f"tui.new.field.{field.id}")
        dialog = Choose(title, [Column("value", title, 20, flex=1)], rows, cursor=field.place)
        self.app.push_screen(dialog, lambda value: field.choose(str(value)) if value is not None else None)

    def on_input_changed(self, _event: Input.Changed) -> None:
        self._say()

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        self.focus_next()

    def _read(self) -> form.Draft:
        text = {name: self.query_one(f"#{name}", Input).value for name in ("first", "last", "grace", "why")}
        pick = {
            name: self.query_one(f"#{name}", PickField).value for name in ("plan", "organisation", "funding")
        }
        with_class = self.query_one("#with_class", PickField).value == "yes"
        return form.Draft(**text, **pick, with_class=with_class)

    def _say(self) -> None:
        session = self.gateway.session
        if session is None or not self._asked_for:
            return  # the lists are still to come; what stands in them now is no choice
        draft = self.draft = self._read()
        self.benefits.draft = draft
        for name, typed in (("first", draft.first), ("last", draft.last)):
            self.query_one(f"#{name}-echo", Line).say(form.echo(typed, session.today, self.lang))
        self.query_one("#grace-echo", Line).say(self.t("tui.new.grace_hint"))
        people = form.in_window(draft, self.due, session.today)
        said = self.t("tui.new.people", people=f"{people:,}") if people else self.t("tui.new.go")
        self.query_one("#said", Static).update(plain(said))

    # -- doing -------------------------------------------------------------------------------------------

    def do_renewal_preview(self) -> None:
        session = self.gateway.session
        if session is None:
            return
        draft = self._read()
        wrong = form.problems(draft, session.today)
        if wrong:
            self.query_one("#said", Static).update(plain("\n".join(render(p.say, self.lang) for p in wrong)))
            self.query_one(f"#{wrong[0].field}").focus()
            return
        self.work(partial(self._preview, draft), "preview")

    async def _preview(self, draft: form.Draft) -> None:
        session = self.gateway.session
        assert session is not None
        asked = Asked(
            draft.plan,
            read_day(draft.first, session.today),
            read_day(draft.last, session.today),
            draft.organisation,
            draft.with_class,
            draft.funding,
            int(draft.grace) if draft.grace.strip() else None,
            draft.why,
        )
        self.query_one("#said", Static).update(plain(self.t("tui.new.busy")))
        try:
            number = await self.gateway.preview(asked)
        except Refused as refusal:
            self._say()
            if refusal.code == "plans.grace_unknown":
                self.query_one("#grace").focus()
            raise
        self.benefits.draft = None
        self.benefits.open_run(number)
