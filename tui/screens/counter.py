"""The counter (发放台): scan or type, see at once whether the person gets something and why not, one key
hands over, next.

The input keeps the focus from the first scan to the last; what comes in waits in line (``ScanLine``).
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.timer import Timer
from textual.widgets import Input, Static

from benefits.kernel.errors import Refused
from tui.commands import bindings
from tui.gateways import counter
from tui.modals.dialogs import trouble_words
from tui.plain import plain
from tui.presenters import counter as words
from tui.presenters.counter import Entry
from tui.presenters.rosters import Listed
from tui.screens.counter_verbs import ask_group, ask_item, ask_station, ask_tally, ask_void
from tui.screens.scan_line import ScanLine
from tui.widgets.line import Line
from tui.widgets.scan_input import ScanInput
from tui.widgets.virtual_table import Column, Row, VirtualTable

if TYPE_CHECKING:
    from benefits.kits.counter import CounterRow, StationHead

FOUND = 20
"""CounterRows that are asked for."""
KEPT = 5000
"""Lines of the session's log that are kept."""
PAUSE = 0.12
"""Seconds without a letter before the list follows what is typed; a card reader never pauses so long."""


class Counter(ScanLine):
    """One station's counter. Enter on a text looks it up; Enter on nothing, or F10, hands over to the person
    under the cursor. In the quick mode every scan that finds one person hands over at once."""

    AUTO_FOCUS = "#scan"
    BINDINGS: ClassVar[list[BindingType]] = bindings(
        "counter.hand",
        "counter.quick",
        "counter.group",
        "counter.void",
        "counter.station",
        "counter.tally",
        "counter.item",
    )

    def __init__(self, campaign_id: int, station_id: int) -> None:
        super().__init__()
        self.campaign_id, self.station_id = campaign_id, station_id
        self.head: StationHead | None = None
        self.only: tuple[int, ...] | None = None
        """The item that is handed out, where a person gets one thing in all; None: everything that is due."""
        self.quick = False
        """Every scan hands over at once (连续发放)."""
        self.people: tuple[CounterRow, ...] = ()
        """CounterRows; the one under the cursor is meant."""
        self.history: list[Entry] = []
        """What happened in this session, the last first."""
        self.shown = Entry(self.gateway.now(), "idle", "", self.t("tui.counter.scan_first"))
        self._place = 0
        self._pause: Timer | None = None
        self._answers = ""
        """What the candidates answer to, while something is being typed."""

    def crumbs(self) -> list[str]:
        name = [self.head.campaign] if self.head is not None else []
        return [*super().crumbs(), *name, self.t("tui.counter.title")]

    def body(self) -> ComposeResult:
        yield Line(id="station", classes="line strong")
        yield Line(id="stock", classes="line")
        yield ScanInput(placeholder=self.t("tui.counter.hint"), id="scan")
        yield Static("", id="verdict", classes="verdict")
        found = [
            Column("name", self.t("tui.members.col.name"), 12),
            Column("tail", self.t("tui.members.col.id_tail"), 6),
            Column("unit", self.t("tui.members.col.unit"), 14, flex=1),
            Column("verdict", self.t("tui.counter.col.verdict"), 20, flex=2),
        ]
        yield VirtualTable(found, id="found")
        yield Line(id="session", classes="line note")
        log = [
            Column("time", self.t("tui.counter.col.time"), 8),
            Column("result", self.t("tui.counter.col.result"), self.by_lang(8, 9)),
            Column("name", self.t("tui.members.col.name"), 12),
            Column("what", self.t("tui.counter.col.what"), 20, flex=1),
        ]
        yield VirtualTable(log, id="log", empty=self.t("tui.counter.nothing_yet"))

    async def fill(self) -> None:
        for table in self.query(VirtualTable):
            table.can_focus = False  # a scan must always find the input
        self.query_one("#scan").focus()
        self._list(self.people, self._answers)
        await self.look_at_head()

    async def look_at_head(self) -> None:
        """Ask what is there now."""
        self.head = await counter.head(self.gateway, self.station_id)
        self.line_moved()

    # -- showing -----------------------------------------------------------------------------------------

    def line_moved(self) -> None:
        if not self.is_attached:
            return
        if self.head is not None:
            self.query_one("#station", Line).say(
                words.head_words(self.head, self.quick, self.only, self.lang)
            )
            self.query_one("#stock", Line).say(words.stock_words(self.head, self.lang))
        waiting = self.t("tui.counter.waiting", count=f"{self.pending:,}") if self.pending > 1 else ""
        self.query_one("#session", Line).say(waiting or words.tally_words(self.history, self.lang))
        rows = Listed(tuple(self.history), self._row)
        self.query_one("#log", VirtualTable).show(rows)
        self._show_people()
        self._show(self.shown)
        self.refresh_bindings()

    def _row(self, entry: Entry) -> Row:
        return Row(entry, words.entry_cells(entry, self.lang), _tone(entry))

    def _say(self, entry: Entry) -> None:
        self.shown = entry
        if not self.hurried:
            self._show(entry)

    def _show(self, entry: Entry) -> None:
        verdict = self.query_one("#verdict", Static)
        verdict.update(plain(words.entry_words(entry, self.lang)))
        verdict.set_classes(f"verdict {entry.result}")

    def note(self, result: str, name: str, what: str, *, ids: Sequence[int] = (), more: str = "") -> None:
        """Say it, and keep it in the log."""
        entry = Entry(self.gateway.now(), result, name, what, tuple(ids), more)
        self.history.insert(0, entry)
        del self.history[KEPT:]
        self._say(entry)

    def _list(self, people: "tuple[CounterRow, ...]", answers: str = "") -> None:
        """Other candidates, the first of them under the cursor; ``answers``: to what is being typed."""
        self.people, self._answers, self._place = people, answers, 0
        if not self.hurried:
            self._show_people()

    def _show_people(self) -> None:
        rows = [
            Row(one, words.candidate_cells(one, self.lang), "" if one.ok else "dim") for one in self.people
        ]
        self.query_one("#found", VirtualTable).show(rows)

    def _say_person(self, person: "CounterRow") -> None:
        """What the person under the cursor gets, or why nothing."""
        if person.ok:
            said = self.t("tui.counter.press", what=words.due_words(person.due, self.lang))
        else:
            said = words.verdict_words(person, self.lang)
        more = self.t("tui.counter.elsewhere", station=person.station) if self._elsewhere(person) else ""
        self._say(Entry(self.gateway.now(), "ready" if person.ok else "no", person.name, said, (), more))

    def _elsewhere(self, person: "CounterRow") -> bool:
        """Whether the person should collect at another station; he or she may have it here all the same."""
        return bool(person.station) and self.head is not None and person.station != self.head.station

    @property
    def person(self) -> "CounterRow | None":
        """The candidate under the cursor."""
        return self.people[self._place] if self.people else None

    def failed(self, error: Exception, name: str = "") -> None:
        if isinstance(error, Refused):
            said = words.refusal(error, self.lang)
        else:
            said = trouble_words(error, self.lang)[1].replace("\n", " ")
        self.note("failed", name, said)

    # -- what comes in -----------------------------------------------------------------------------------

    @on(ScanInput.Scanned)
    def scanned(self, event: ScanInput.Scanned) -> None:
        if not event.text:
            self.enqueue(partial(self._hand, seen=not self.pending))
        elif self.quick:
            self.enqueue(partial(self._scan, event.text))
        else:
            self.enqueue(partial(self._look, event.text))

    @on(ScanInput.Stepped)
    def stepped(self, event: ScanInput.Stepped) -> None:
        self.query_one("#found", VirtualTable).action_move(event.step)

    @on(VirtualTable.Moved, "#found")
    def moved(self, event: VirtualTable.Moved) -> None:
        if event.row is not None and event.row.key in self.people:
            self._place = self.people.index(event.row.key)
            self._say_person(event.row.key)

    @on(Input.Changed, "#scan")
    def typed(self) -> None:
        """The list follows what is typed by hand, after a pause that no card reader makes."""
        if self._pause is None:
            self._pause = self.set_timer(PAUSE, self._paused)
        else:
            self._pause.reset()

    def _paused(self) -> None:
        self._pause = None
        if self.query_one("#scan", Input).value.strip() and not self.pending:
            self.work(self._follow, "search")

    async def _follow(self) -> None:
        text = self.query_one("#scan", Input).value.strip()
        people = await counter.look_up(self.gateway, self.campaign_id, text, FOUND)
        if self.query_one("#scan", Input).value.strip() == text and not self.pending:
            self._pass_over()
            self._list(people, text)
            if not people:
                said = self.t("tui.counter.unknown")
                self._say(Entry(self.gateway.now(), "unknown", words.masked(text), said))

    def do_counter_hand(self) -> None:
        """F10: to the person under the cursor, also straight out of what is being typed."""
        field = self.query_one("#scan", Input)
        text, field.value = field.value.strip(), ""
        if text and text != self._answers:
            self.enqueue(partial(self._look, text))
        else:
            self.enqueue(partial(self._hand, seen=not self.pending))

    # -- one after the other -----------------------------------------------------------------------------

    async def _look(self, text: str) -> None:
        """Who is it, and does he or she get something?"""
        self._pass_over()
        self._list(())  # whoever stood there is not meant by the next Enter, whatever comes of this
        self._list(await counter.look_up(self.gateway, self.campaign_id, text, FOUND))
        if not self.people:
            self.note("unknown", words.masked(text), self.t("tui.counter.unknown"))
        elif len(self.people) > 1:
            said = self.t("tui.counter.many", count=len(self.people))
            self._say(Entry(self.gateway.now(), "many", words.masked(text), said))
        elif (person := self.people[0]).ok:
            self._say_person(person)
        else:
            self.note("no", person.name, words.verdict_words(person, self.lang))

    async def _scan(self, text: str) -> None:
        """Look up, and hand over where it is one person who gets something."""
        await self._look(text)
        if len(self.people) == 1 and self.people[0].ok:
            await self._hand()
        elif len(self.people) > 1:
            self.note("many", words.masked(text), self.t("tui.counter.many", count=len(self.people)))

    async def _hand(self, *, seen: bool = True) -> None:
        """Hand over to the person under the cursor; of several only where the list has been ``seen``, for an
        Enter that was typed ahead chose nobody."""
        person = self.person
        if person is None:
            self._say(Entry(self.gateway.now(), "idle", "", self.t("tui.counter.scan_first")))
        elif len(self.people) > 1 and not seen:
            said = self.t("tui.counter.many", count=len(self.people))
            self._say(Entry(self.gateway.now(), "many", "", said))
        elif not person.ok:
            self._say(Entry(self.gateway.now(), "no", person.name, words.verdict_words(person, self.lang)))
        else:
            self._list(())
            await self._give(person)

    async def _give(self, person: "CounterRow") -> None:
        where = (self.campaign_id, self.station_id)
        try:
            done = await counter.hand_out(self.gateway, *where, person.member_id, self.only)
        except Exception as error:
            self.failed(error, person.name)
            return
        assert self.head is not None  # nobody is looked up before it is known
        self.head = counter.after(self.head, done)
        what, left = words.given_words(done, self.head, self.lang)
        self.note("given", done.name, what, ids=done.ids, more=left)

    def _pass_over(self) -> None:
        """Who was looked up alone, could have been given something and was not, stays in the log."""
        if len(self.people) == 1 and self.people[0].ok and not self._answers:
            person = self.people[0]
            self._list(())
            self.note("passed", person.name, self.t("tui.counter.passed"))

    # -- beside the line ---------------------------------------------------------------------------------

    def may(self, id: str) -> bool:
        if id == "counter.void" and self.last_given is None:
            return False
        return super().may(id)

    @property
    def last_given(self) -> Entry | None:
        """The last hand-out of this session that is not void."""
        return next((entry for entry in self.history if entry.ids), None)

    def replace(self, entry: Entry) -> None:
        """A hand-out of the log is void: it is not the last one any more."""
        place = self.history.index(entry)
        self.history[place] = replace(entry, ids=())

    def do_counter_quick(self) -> None:
        self.quick = not self.quick
        self.line_moved()

    def do_counter_void(self) -> None:
        self.work(partial(ask_void, self))

    def do_counter_tally(self) -> None:
        self.work(partial(ask_tally, self))

    def do_counter_item(self) -> None:
        self.work(partial(ask_item, self))

    def do_counter_group(self) -> None:
        self.work(partial(ask_group, self))

    def do_counter_station(self) -> None:
        self.work(partial(ask_station, self))

    def do_app_back(self) -> None:
        """Esc: first what was typed, then who is shown, then the screen; after what came in before."""
        field = self.query_one("#scan", Input)
        if field.value:
            field.value = ""
            self.enqueue(self._nobody)
        else:
            self.enqueue(self._back)

    async def _nobody(self) -> None:
        self._pass_over()
        self._list(())

    async def _back(self) -> None:
        if self.people:
            await self._nobody()
            self._say(Entry(self.gateway.now(), "idle", "", self.t("tui.counter.scan_first")))
        else:
            self.app.call_later(self._leave)

    def _leave(self) -> None:
        if self.is_current:
            self.dismiss(None)


def _tone(entry: Entry) -> str:
    return "strong" if entry.result in ("no", "unknown", "failed", "many") else ""
