"""What stood in a file before (文件内重复): the first row of every number, in little memory.

A dict of two million digests takes 250 MB; this takes a tenth.
"""

from array import array
from collections.abc import Sequence

_LEAST = 1 << 12


class Seen:
    """Digests and the rows where they first stood: a hash table with open addressing over two arrays."""

    def __init__(self) -> None:
        self._marks = array("Q", bytes(8 * _LEAST))
        self._rows = array("I", bytes(4 * _LEAST))
        self._count = 0

    def first(self, digest: bytes, row: int) -> int:
        """The row where a digest first stood; this one, if it is the first."""
        return self.firsts([digest], [row])[0]

    def firsts(self, digests: Sequence[bytes], rows: Sequence[int]) -> list[int]:
        """``first`` of many."""
        marks, last = self._marks, len(self._marks) - 1
        found: list[int] = []
        for digest, row in zip(digests, rows, strict=True):
            mark = int.from_bytes(digest[:8], "big") or 1  # zero is an empty place
            at = mark & last
            while (there := marks[at]) and there != mark:
                at = (at + 1) & last
            if there:
                found.append(self._rows[at])
                continue
            marks[at], self._rows[at] = mark, row
            found.append(row)
            self._count += 1
            if self._count * 2 > len(marks):
                self._grow()
                marks, last = self._marks, len(self._marks) - 1
        return found

    def _place(self, mark: int) -> int:
        marks, last = self._marks, len(self._marks) - 1
        at = mark & last
        while (found := marks[at]) and found != mark:
            at = (at + 1) & last
        return at

    def _grow(self) -> None:
        marks, rows = self._marks, self._rows
        self._marks = array("Q", bytes(16 * len(marks)))
        self._rows = array("I", bytes(8 * len(rows)))
        for mark, row in zip(marks, rows, strict=True):
            if mark:
                at = self._place(mark)
                self._marks[at], self._rows[at] = mark, row
