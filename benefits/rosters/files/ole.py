"""Compound files (OLE2): the container of .xls, of encrypted .xlsx, and of other old Office files.

[MS-CFB]: a header, sectors, a table of which sector follows which, and a directory of named streams.
"""

import struct
from dataclasses import dataclass

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = 0xFFFFFFFA
"""From here on a sector number means "none"."""


class BrokenCompound(ValueError):
    """The chain of sectors does not hold."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A named stream: where it begins and how long it is."""

    start: int
    size: int


class Compound:
    """The streams of a compound file. Raises BrokenCompound at any inconsistency; loops are found by their
    length."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 512 or data[:8] != MAGIC:
            raise BrokenCompound("header")
        shift, mini_shift = struct.unpack_from("<2H", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise BrokenCompound("sector size")
        self.data = data
        self.sector = 1 << shift
        self.count = len(data) // self.sector + 1
        count_fat, first_dir, _, self.cutoff, first_mini = struct.unpack_from("<L L L L L", data, 44)
        first_difat = struct.unpack_from("<L", data, 68)[0]
        self.fat = self._fat(count_fat, first_difat)
        directory = self._chain(first_dir)
        self.streams, root = _directory(directory)
        self.mini_fat = _numbers(self._chain(first_mini)) if first_mini < _LAST else ()
        self.mini = self._chain(root.start) if root.start < _LAST else b""

    def _at(self, number: int) -> bytes:
        begin = (number + 1) * self.sector
        return self.data[begin : begin + self.sector]

    def _fat(self, count: int, difat: int) -> tuple[int, ...]:
        sectors = list(struct.unpack_from("<109L", self.data, 76))
        seen = 0
        while difat < _LAST:
            seen += 1
            block = _numbers(self._at(difat))
            if seen > self.count or len(block) * 4 < self.sector:
                raise BrokenCompound("difat")
            sectors += block[:-1]
            difat = block[-1]
        if count > self.count:
            raise BrokenCompound("fat")
        used = [number for number in sectors if number < _LAST][:count]
        return _numbers(b"".join(self._at(number) for number in used))

    def _chain(self, number: int) -> bytes:
        parts: list[bytes] = []
        while number < _LAST:
            if number >= len(self.fat) or len(parts) > self.count:
                raise BrokenCompound("chain")
            parts.append(self._at(number))
            number = self.fat[number]
        return b"".join(parts)

    def read(self, name: str) -> bytes:
        """The bytes of a stream."""
        stream = self.streams[name]
        if stream.size >= self.cutoff:
            return self._chain(stream.start)[: stream.size]
        parts: list[bytes] = []
        number = stream.start
        while number < _LAST:
            if number >= len(self.mini_fat) or len(parts) > len(self.mini_fat):
                raise BrokenCompound("mini chain")
            parts.append(self.mini[number * 64 : number * 64 + 64])
            number = self.mini_fat[number]
        return b"".join(parts)[: stream.size]


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}L", data[: len(data) // 4 * 4])


def _directory(data: bytes) -> tuple[dict[str, Stream], Stream]:
    streams: dict[str, Stream] = {}
    root = Stream(_LAST, 0)
    for place in range(0, len(data) - 127, 128):
        length, kind = struct.unpack_from("<HB", data, place + 64)
        start, size = struct.unpack_from("<LL", data, place + 116)
        name = data[place : place + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        if kind == 5:
            root = Stream(start, size)
        elif kind == 2:
            streams.setdefault(name, Stream(start, size))
    return streams, root
