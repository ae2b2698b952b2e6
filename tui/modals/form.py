"""A form over the screen (表单): fields by name, checked by field; what was typed is kept when it is left."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Input, Static

from benefits.kernel.errors import Refused
from benefits.kernel.messages import render
from tui import _compat
from tui.modals.dialogs import Choose, Dialog
from tui.modals.find_member import FindMember
from tui.modals.find_unit import FindUnit
from tui.plain import plain
from tui.presenters import forms
from tui.presenters.forms import Field
from tui.widgets.ime_input import ImeInput
from tui.widgets.line import Line
from tui.widgets.pick_field import Option, PickField
from tui.widgets.virtual_table import Column, Row

Submit = Callable[[dict[str, Any]], Coroutine[Any, Any, Any]]
_FOUND = ("unit", "member")


class Form(Dialog[Any]):
    """Asks for some values and does one thing with them; a refusal stands below the fields and nothing that
    was typed is lost. Dismissed with what was done, None: nothing.

    ``words`` say what will happen; ``draft`` names where what was typed is kept until it is done.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f10,ctrl+s", "submit", show=False, priority=True),
        Binding("up", "app.focus_previous", show=False),
    ]
    AUTO_FOCUS = "ImeInput, PickField"

    def __init__(
        self,
        heading: str,
        words: str,
        fields: Sequence[Field],
        submit: Submit,
        *,
        draft: str = "",
        describe: Callable[[Mapping[str, str]], str] | None = None,
        danger: bool = False,
        keys: str = "tui.form.keys",
    ) -> None:
        super().__init__(classes="wide danger" if danger else "wide")
        self.heading, self.words, self.fields, self.submit = heading, words, tuple(fields), submit
        self.draft, self.describe, self.keys = draft, describe, keys
        self.busy = False

    def body(self) -> ComposeResult:
        kept = self.benefits.drafts.get(self.draft, {})
        if self.words:
            yield Static(plain(self.words), classes="words")
            yield Static("", classes="gap")
        with VerticalScroll(classes="fields"):
            for field in self.fields:
                with Horizontal(classes="field"):
                    yield Line(field.label, classes="label")
                    yield self._widget(field, kept)
                    if field.kind in ("day", "month") or field.hint:
                        yield Line(id=f"echo-{field.name}", classes="echo")
        yield Static("", id="said", classes="words")
        yield Static(self.t(self.keys), classes="note", markup=False)

    def _widget(self, field: Field, kept: Mapping[str, str]) -> ImeInput | PickField:
        value = kept.get(field.name, field.initial)
        if field.kind in _FOUND:
            shown = kept.get(f"{field.name}:shown", field.shown)
            none = Option("", self.t("tui.form.find"))
            options = [Option(value, shown)] if value else [none]
            if value and not field.needed:
                options.append(none)
            return PickField(options, value, id=field.name)
        if field.kind == "pick":
            return PickField([Option(*pair) for pair in field.options], _chosen(field, value), id=field.name)
        return ImeInput(value, id=field.name)

    def on_mount(self) -> None:
        self._say()

    # -- typing ------------------------------------------------------------------------------------------

    def typed(self) -> dict[str, str]:
        """What stands in the form, by field."""
        found: dict[str, str] = {}
        for field in self.fields:
            widget = self.query_one(f"#{field.name}")
            if isinstance(widget, PickField):
                found[field.name] = widget.value
                if field.kind in _FOUND and widget.value:
                    found[f"{field.name}:shown"] = widget.options[widget.place].words
            elif isinstance(widget, ImeInput):
                found[field.name] = widget.value
        return found

    @on(Input.Changed)
    @on(PickField.Changed)
    def _changed(self) -> None:
        self._say()

    def _say(self) -> None:
        typed = self.typed()
        if self.draft:
            self.benefits.drafts[self.draft] = self._touched(typed)
        session = self.gateway.session
        assert session is not None
        for field in self.fields:
            for line in self.query(f"#echo-{field.name}").results(Line):
                line.say(forms.echo(field, typed.get(field.name, ""), session.today, self.lang))
        self._tell(self.describe(typed) if self.describe is not None else "")

    def _touched(self, typed: Mapping[str, str]) -> dict[str, str]:
        """What the clerk has changed: only this is kept, so that a form that is opened again shows what
        others have written meanwhile in all other fields."""
        names = {field.name for field in self.fields if typed[field.name] != _chosen(field, field.initial)}
        return {name: value for name, value in typed.items() if name.partition(":")[0] in names}

    def _tell(self, words: str) -> None:
        self.query_one("#said", Static).update(plain(words))

    @on(Input.Submitted)
    def _next(self) -> None:
        self.focus_next()

    def on_pick_field_asked(self, event: PickField.Asked) -> None:
        field = next(one for one in self.fields if one.name == event.field.id)
        if field.kind == "unit":
            self.app.push_screen(FindUnit(field.label), lambda row: self._found(event.field, row))
        elif field.kind == "member":
            self.app.push_screen(FindMember(field.label), lambda row: self._found(event.field, row))
        else:
            rows = [Row(option.value, (option.words,)) for option in event.field.options]
            column = Column("value", field.label, 20, flex=1)
            dialog = Choose(field.label, [column], rows, cursor=event.field.place)
            self.app.push_screen(
                dialog, lambda value: event.field.choose(str(value)) if value is not None else None
            )

    def _found(self, field: PickField, row: Any) -> None:
        if row is not None:
            options = [Option(str(row.id), row.name)]
            if not next(one for one in self.fields if one.name == field.id).needed:
                options.append(Option("", self.t("tui.form.find")))
            field.offer(options, str(row.id))
            self._say()

    # -- doing -------------------------------------------------------------------------------------------

    def action_submit(self) -> None:
        if self.busy:
            return
        session = self.gateway.session
        assert session is not None
        values, wrong = forms.read(self.fields, self.typed(), session.today)
        if wrong:
            self._tell("\n".join(render(one.say, self.lang) for one in wrong))
            self.query_one(f"#{wrong[0].field}").focus()
            return
        self.busy = True
        self._tell(self.t("tui.busy"))
        _compat.start(self, partial(self._submit, values), "work")

    async def _submit(self, values: dict[str, Any]) -> None:
        try:
            result = await self.submit(values)
        except Refused as refusal:
            self._tell(forms.trouble(refusal, self.lang))
            names = {field.name for field in self.fields}
            where = next((one.field for one in refusal.problems if one.field in names), None)
            if where:
                self.query_one(f"#{where}").focus()
        except Exception as error:
            self._tell("")
            self.benefits.trouble(error)
        else:
            self.benefits.drafts.pop(self.draft, None)
            self.dismiss_later(True if result is None else result)
        finally:
            self.busy = False


def _chosen(field: Field, value: str) -> str:
    """The value of a field; of a pick list that does not have it, its first."""
    known = [option for option, _ in field.options]
    return value if not known or value in known else known[0]
