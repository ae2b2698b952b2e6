"""What every screen of an area can do (界面基类)."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import ActiveBinding, BindingType
from textual.containers import Vertical
from textual.css.query import NoMatches
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Input

from tui import _compat
from tui.commands import AREAS, TABLE, bindings
from tui.i18n import t, translated
from tui.widgets.furniture import Crumbs, KeyBar, Masthead
from tui.widgets.virtual_table import VirtualTable

if TYPE_CHECKING:
    from tui.app import BenefitsApp
    from tui.gateway import Gateway


class Spoken:
    """Mixin of screens and dialogs: commands by id, words in the session's language, work that cannot end the
    program."""

    app: Any

    @property
    def benefits(self) -> "BenefitsApp":
        return cast("BenefitsApp", self.app)

    @property
    def gateway(self) -> "Gateway":
        return self.benefits.gateway

    @property
    def lang(self) -> str:
        return self.benefits.lang

    def t(self, key: str, **params: Any) -> str:
        """A sentence in the language of the session."""
        return t(key, self.benefits.lang, **params)

    def by_lang(self, zh: int, en: int) -> int:
        """A width that depends on how long the words of the language are."""
        return en if self.lang == "en" else zh

    def may(self, id: str) -> bool:
        """Whether the command can be used here and now."""
        if self.benefits.gateway.session is None and not id.startswith(("app.", "area.", "list.")):
            return False
        return self.benefits.permits(TABLE[id].permission)

    async def run_command(self, id: str) -> bool:
        """Do the command ``id``: the screen's own ``do_…`` method, or else the app's."""
        name = "do_" + id.replace(".", "_")
        target = getattr(self, name, None) or getattr(self.benefits, name, None)
        if target is None or not self.may(id):
            return False
        result = target()
        if isinstance(result, Coroutine):
            await result
        return True


class BaseScreen(Spoken, Screen[None]):
    """A full screen: masthead, trail, body, keys. Subclasses give ``body``, ``fill`` and one ``do_…`` method
    a command."""

    AUTO_FOCUS = "VirtualTable"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (34, "-tall")]
    BINDINGS: ClassVar[list[BindingType]] = bindings(
        *(f"area.{area}" for area in AREAS),
        *(
            "app.next_area",
            "app.palette",
            "app.language",
            "app.theme",
            "app.refresh",
            "app.quit",
            "app.back",
            "app.help",
        ),
    )

    busy: reactive[bool] = reactive(False)

    def __init__(self) -> None:
        super().__init__()
        self._spoken = self.lang

    def compose(self) -> ComposeResult:
        yield Masthead()
        yield Crumbs()
        with Vertical(id="body"):
            yield from self.body()
        yield KeyBar()

    def body(self) -> ComposeResult:
        """The widgets between trail and keys."""
        yield from ()

    async def fill(self) -> None:
        """Ask the gateway for what the screen shows, and show it."""

    def crumbs(self) -> list[str]:
        """Names from the area to here."""
        return [self.t(f"tui.area.{self.benefits.current_mode}")]

    # -- life ------------------------------------------------------------------------------------------

    async def on_screen_resume(self) -> None:
        """On top, for the first time or again: what was done elsewhere must show, in the language of the
        session."""
        if self._spoken != self.lang:
            await self.relabel()
        else:
            self.refill()

    def refill(self) -> None:
        """Ask for everything again, once there is a database to ask."""
        if self.gateway.session is not None:
            self.work(self.fill, "fill")

    def work(
        self, job: Callable[[], Coroutine[Any, Any, Any]], group: str = "work", *, exclusive: bool = True
    ) -> None:
        """Run a coroutine beside the keys; whatever it raises becomes a dialog and the program stays
        alive."""
        _compat.start(self, partial(self._guarded, job), group, exclusive=exclusive)

    async def _guarded(self, job: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        self.busy = True
        try:
            await job()
        except NoMatches as error:
            if self.is_attached and self.query(Masthead):
                self.benefits.trouble(
                    error
                )  # else the screen has been left, and nobody waits for what it would show
        except Exception as error:
            self.benefits.trouble(error)
        finally:
            self.busy = False

    def watch_busy(self) -> None:
        for crumbs in self.query(Crumbs):
            crumbs.refresh()

    def on_virtual_table_failed(self, event: VirtualTable.Failed) -> None:
        self.benefits.trouble(event.error)

    async def relabel(self) -> None:
        """Say everything again in the session's language; what was typed and where the cursor stood is
        kept."""
        self._spoken = self.lang
        typed = {field.id: field.value for field in self.query(Input) if field.id}
        focus = self.focused.id if self.focused is not None else None
        await self.recompose()
        for id, value in typed.items():
            for field in self.query(f"#{id}").results(Input):
                with field.prevent(Input.Changed):
                    field.value = value
        for widget in self.query(f"#{focus}") if focus else ():
            widget.focus()
        self.refresh_bindings()
        self.refill()

    # -- commands --------------------------------------------------------------------------------------

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        return translated(super().active_bindings, self.benefits.lang)

    async def action_run(self, id: str) -> None:
        await self.run_command(id)

    def may(self, id: str) -> bool:
        if id == "app.back":  # an area's first screen has nothing behind it
            return isinstance(self.focused, Input) or len(self.benefits.screen_stack) > 1
        return super().may(id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.may(str(parameters[0])) if action == "run" else True

    def do_app_back(self) -> None:
        """Esc: from a text to the list, from a detail to its list; an area's first screen stays."""
        tables = self.query(VirtualTable)
        if isinstance(self.focused, Input) and tables:
            tables.first().focus()
        elif len(self.benefits.screen_stack) > 1:
            self.dismiss(None)

    def do_app_refresh(self) -> None:
        if self.gateway.session is None:
            self.benefits.open()
        self.refill()
