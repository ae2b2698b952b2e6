"""The help page and the palette (帮助, 命令面板): both read the command table."""

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, Static

from tui.commands import TABLE, Command, key_name
from tui.modals.dialogs import Dialog
from tui.widgets.ime_input import ImeInput
from tui.widgets.virtual_table import Column, Row, VirtualTable


class Help(Dialog[str]):
    """What every key of the screen below does; Enter does it. ``/`` or typing narrows the list."""

    def __init__(self, commands: list[Command], heading: str, words: str = "") -> None:
        super().__init__(classes="tall")
        self.commands, self.heading, self.words = commands, heading, words

    def body(self) -> ComposeResult:
        yield ImeInput(placeholder=self.t("tui.help.find"), id="find")
        columns = [
            Column("key", self.t("tui.help.key"), 8),
            Column("name", self.t("tui.help.name"), 14),
            Column("how", self.t("tui.help.how"), 20, flex=1),
        ]
        yield VirtualTable(columns, id="commands", empty=self.t("tui.help.none"))
        yield Static(self.t("tui.help.keys"), classes="note", markup=False)

    def on_mount(self) -> None:
        self._list("")

    def _list(self, typed: str) -> None:
        rows = [self._row(command) for command in self.commands]
        words = typed.casefold().split()
        rows = [row for row in rows if all(word in _searched(row) for word in words)]
        self.query_one(VirtualTable).show(rows)

    def _row(self, command: Command) -> Row:
        keys = " ".join(key_name(key) for key in command.key.split(",")[:2])
        return Row(command.id, (keys, self.t(command.text), self.t(command.help)))

    @on(Input.Changed)
    def narrow(self, event: Input.Changed) -> None:
        self._list(event.value)

    @on(Input.Submitted)
    def first(self) -> None:
        if (row := self.query_one(VirtualTable).current) is not None:
            self.dismiss(str(row.key))

    @on(VirtualTable.Opened)
    def chosen(self, event: VirtualTable.Opened) -> None:
        self.dismiss(str(event.row.key))


def _searched(row: Row) -> str:
    return " ".join((str(row.key), *row.cells)).casefold()


def listed(ids: list[str]) -> list[Command]:
    """Commands by id, in the order of the table; what is special to the screen comes first."""
    wanted = set(ids)
    found = [command for id, command in TABLE.items() if id in wanted]
    return sorted(found, key=lambda command: command.id.startswith(("app.", "area.")))
