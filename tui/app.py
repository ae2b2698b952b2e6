"""The program in the terminal (主程序): areas as modes, each with its own pile of screens, so that nothing is
lost on the way."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message
from textual.screen import Screen

from benefits.kernel.errors import Refused
from benefits.kernel.messages import LANGUAGES
from tui import _compat, keymap, themes
from tui.commands import AREAS
from tui.gateway import Gateway
from tui.i18n import other, t
from tui.modals.dialogs import Dialog, Tell, trouble_words
from tui.modals.help import Help, listed
from tui.ordered import OrderedKeys
from tui.presenters import roster_draft
from tui.presenters.home import Window
from tui.presenters.new_run import Draft, started
from tui.screens.base import BaseScreen
from tui.screens.batch import Batch
from tui.screens.duplicates import Duplicates
from tui.screens.home import Home
from tui.screens.kits import Kits
from tui.screens.members import Members
from tui.screens.new_run import NewRun
from tui.screens.organisations import Organisations
from tui.screens.plans import Plans
from tui.screens.renewal import Renewal
from tui.screens.rosters import Rosters
from tui.screens.run import Run
from tui.screens.system import System
from tui.widgets.scan_input import ScanInput

if TYPE_CHECKING:
    from benefits.kernel.clock import Clock

WAITED_FOR = frozenset({"fill", "rows", "work"})
"""Groups of workers that the next key waits for. Not searching: what is typed must echo at once."""


class BenefitsApp(OrderedKeys, _compat.QuietCrash):
    """One clerk's session: language, user, gateway and the areas."""

    CSS_PATH = str(Path(__file__).parent / "styles" / "app.tcss")
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar = []
    MODES: ClassVar = {
        "home": Home,
        "members": Members,
        "plans": Plans,
        "renewal": Renewal,
        "organisations": Organisations,
        "rosters": Rosters,
        "kits": Kits,
        "system": System,
    }
    DEFAULT_MODE = "home"

    def __init__(self, gateway: Gateway, lang: str = "zh", theme: str = "") -> None:
        super().__init__()
        self.gateway = gateway
        self.database_state = "opening"
        """``opening``, ``open`` or ``closed`` (the last try has failed)."""
        self.draft: Draft | None = None
        """A form of a new run that was left before it was sent."""
        self.roster: roster_draft.Draft | None = None
        """An import that was begun and is not done."""
        self.drafts: dict[str, dict[str, str]] = {}
        """What was typed into forms that are not done, by form."""
        self.stations: dict[int, int] = {}
        """Where this terminal hands out, by campaign: chosen once."""
        self.recent: tuple[Path, ...] = ()
        """Files that were opened in this session, the last first."""
        self.lang = lang if lang in LANGUAGES else LANGUAGES[0]
        self.register_theme(themes.LIGHT)
        self.register_theme(themes.DARK)
        self.theme = theme or themes.DARK.name
        self.title = "benefits"

    # -- what screens ask ------------------------------------------------------------------------------

    @property
    def who(self) -> tuple[str, str]:
        """The right end of the masthead: user and day."""
        session = self.gateway.session
        return (session.user_name, str(session.today)) if session is not None else ("", "")

    def held_back(self) -> bool:
        """Keys typed ahead wait for the screen that they are meant for: its data, its rows, its question."""
        return any(worker.group in WAITED_FOR and not worker.is_finished for worker in self.workers)

    def lets_pass(self, message: Message) -> bool:
        """A scan goes straight into the line of the counter, unless a question is about to open over it."""
        if not (isinstance(self.focused, ScanInput) and self.focused.takes(message)):
            return False
        return not any(worker.group in ("fill", "work") and not worker.is_finished for worker in self.workers)

    def permits(self, permission: str) -> bool:
        """Whether the user may do what needs this permission; before the database is open nothing that needs
        one."""
        session = self.gateway.session
        return not permission or (session is not None and session.may(permission))

    def crash_heading(self) -> str:
        return t("tui.crash", self.lang)

    def trouble(self, error: Exception) -> None:
        """Say what went wrong in a dialog; the program goes on."""
        heading, words = trouble_words(error, self.lang)
        self.push_screen(Tell(heading, words, classes="trouble"))

    def say(self, key: str, **params: object) -> None:
        """A short word in the corner that goes away by itself."""
        self.notify(t(key, self.lang, **params), markup=False, timeout=4)

    # -- life ------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        self.call_after_refresh(self.open)
        path = keymap.usual_place()
        if path.is_file():
            try:
                self.set_keymap(keymap.load(path))
            except Refused as refusal:
                self.trouble(refusal)

    def open(self) -> None:
        """Open the database behind the frame that is painted already; also the next try after a failure."""
        self.database_state = "opening"
        _compat.start(self, self._opened, "open")

    async def _opened(self) -> None:
        try:
            await self.gateway.open()
            self.database_state = "open"
        except Exception as error:
            self.database_state = "closed"
            self.trouble(error)
        for screen in self._screens():
            for widget in screen.query("Masthead, Crumbs"):
                widget.refresh()
            screen.refill()
            screen.refresh_bindings()

    def _screens(self) -> list[BaseScreen]:
        """Every screen of the area that is open, and the first one of the others."""
        return [screen for screen in self.screen_stack if isinstance(screen, BaseScreen)]

    # -- ways between screens ----------------------------------------------------------------------------

    def open_run(self, number: str) -> None:
        """Show a run in its area."""
        self._to_renewal()
        self.push_screen(Run(number))

    def _to_renewal(self) -> None:
        self.switch_mode("renewal")
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def new_run(self, window: Window | None) -> None:
        """The form of a new run: filled in for a window, or (None) as it was left."""
        self._to_renewal()
        if window is None and self.draft is not None:
            self.push_screen(NewRun(self.draft, kept=True))
        else:
            self.push_screen(NewRun(started(window)))

    def open_duplicates(self) -> None:
        """The queue of possible duplicates, in its area."""
        self.switch_mode("rosters")
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.push_screen(Duplicates())

    def open_batch(self, number: str | None) -> None:
        """Leave the wizard; show the import that it made, if it made one."""
        self.switch_mode("rosters")
        while len(self.screen_stack) > 1:
            self.pop_screen()
        if number is not None:
            self.push_screen(Batch(number))

    # -- commands of every screen ----------------------------------------------------------------------

    def do_area_home(self) -> None:
        self.switch_mode("home")

    def do_area_members(self) -> None:
        self.switch_mode("members")

    def do_area_plans(self) -> None:
        self.switch_mode("plans")

    def do_area_renewal(self) -> None:
        self.switch_mode("renewal")

    def do_area_organisations(self) -> None:
        self.switch_mode("organisations")

    def do_area_rosters(self) -> None:
        self.switch_mode("rosters")

    def do_area_kits(self) -> None:
        self.switch_mode("kits")

    def do_area_system(self) -> None:
        self.switch_mode("system")

    def do_app_next_area(self) -> None:
        self.switch_mode(AREAS[(AREAS.index(self.current_mode) + 1) % len(AREAS)])

    def do_app_theme(self) -> None:
        self.theme = themes.LIGHT.name if self.theme == themes.DARK.name else themes.DARK.name

    async def do_app_language(self) -> None:
        self.lang = other(self.lang)
        for screen in self._screens():
            await screen.relabel()

    def do_app_quit(self) -> None:
        self.exit(0)

    def do_app_help(self) -> None:
        self._help("tui.help.title")

    def do_app_palette(self) -> None:
        self._help("tui.help.palette")

    def _help(self, heading: str) -> None:
        screen = self.screen
        if isinstance(screen, Dialog):
            return
        ids = [
            active.binding.id
            for active in screen.active_bindings.values()
            if active.enabled and active.binding.id
        ]
        self.push_screen(Help(listed(ids), t(heading, self.lang)), self._chosen)

    async def _chosen(self, id: str | None) -> None:
        if id is None:
            return
        screen: Screen[object] = self.screen
        if id == "list.open":
            for table in screen.query("VirtualTable").results():
                await table.run_action("open")
                return
        if isinstance(screen, BaseScreen):
            await screen.run_command(id)


def run(database_url: str | None, user: str | None, lang: str, clock: "Clock | None" = None) -> int:
    """Open the program on the terminal and wait until the clerk leaves it."""
    sys.setswitchinterval(0.0005)  # a thread that draws a PDF must not hold the keys back (ANCHORS V.2)
    app = BenefitsApp(Gateway(database_url, user, clock), lang)
    result = app.run()
    app.gateway.close()
    return result if result is not None else (app.return_code or 0)
