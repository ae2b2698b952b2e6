"""A table whose rows can be marked (可选中的表): Space marks the row under the cursor for what is done to
many at once."""

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from tui.widgets.virtual_table import Row, VirtualTable

_MARK = "*"


class MarkTable(VirtualTable):
    """Posts ``Marked`` on Space; who listens keeps what is marked and shows the rows again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "tui.cmd.members.mark", id="members.mark"),
    ]

    @dataclass
    class Marked(Message):
        """Space on a row."""

        table: "MarkTable"
        row: Row

        @property
        def control(self) -> "MarkTable":
            return self.table

    def action_mark(self) -> None:
        if (row := self.current) is not None:
            self.post_message(self.Marked(self, row))


def marked(cells: tuple[str, ...], is_marked: bool) -> tuple[str, ...]:
    """The cells of a row, with the sign in front where it is marked."""
    return (f"{_MARK} {cells[0]}", *cells[1:]) if is_marked else cells
