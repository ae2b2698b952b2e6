"""Zipped files (xlsx, ods): looked at before anybody unpacks them."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from benefits.kernel.errors import Refused
from benefits.rosters.files.limits import MEGABYTE, Limits

_END = struct.Struct("<4s4H2LH")
_CHUNK = MEGABYTE
_FOREIGN = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, struct.error)
"""What Python raises for zipped files that are not whole."""


def open_zip(file: BinaryIO, name: str, limits: Limits) -> zipfile.ZipFile:
    """The file's table of contents, read only after it was counted.

    Raises Refused ``rosters.file_damaged``, ``rosters.file_swollen``, ``rosters.file_encrypted``.
    """
    if _declared(file) > limits.members:
        raise Refused("rosters.file_members", name=name, most=limits.members)
    try:
        opened = zipfile.ZipFile(file)
    except BROKEN as broken:
        raise Refused("rosters.file_damaged", name=name) from broken
    infos = opened.infolist()
    if len(infos) > limits.members:
        raise Refused("rosters.file_members", name=name, most=limits.members)
    if len({info.filename.lower() for info in infos}) < len(infos):
        raise Refused("rosters.file_damaged", name=name)
    for info in infos:
        if info.flag_bits & 1:
            raise Refused("rosters.file_encrypted", name=name)
        too_tight = info.file_size > limits.small and info.file_size > info.compress_size * limits.ratio
        if too_tight or info.file_size > limits.inflated:
            raise _swollen(name, limits)
    return opened


def _declared(file: BinaryIO) -> int:
    """The number of members that the end record declares; 0 where there is none. A 65,535 stands for
    more."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(0, size - 65536 - _END.size))
    tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < _END.size:
        return 0
    return int(_END.unpack_from(tail, place)[4])


def _swollen(name: str, limits: Limits) -> Refused:
    return Refused("rosters.file_swollen", name=name, most=limits.inflated // MEGABYTE)


class Unpacked:
    """The parts of one zipped file, unpacked piece by piece and counted as they come, whatever the table of
    contents says."""

    def __init__(self, opened: zipfile.ZipFile, name: str, limits: Limits) -> None:
        self.opened = opened
        self.name = name
        self.limits = limits
        self.total = 0
        self.members = {info.filename.lstrip("/").lower(): info for info in opened.infolist()}

    def __contains__(self, member: str) -> bool:
        return member.lstrip("/").lower() in self.members

    def size(self, member: str) -> int:
        """How many bytes a part says it has."""
        return self.members[member.lstrip("/").lower()].file_size

    def pieces(self, member: str) -> Iterator[bytes]:
        """An XML part in pieces of about a megabyte.

        Raises Refused where it is damaged, swells beyond the limits, or brings definitions of its own: no
        spreadsheet program writes those, and they can be made to grow without end.
        """
        seen = False
        try:
            with self.opened.open(self.members[member.lstrip("/").lower()]) as part:
                while piece := part.read(_CHUNK):
                    self.total += len(piece)
                    if self.total > self.limits.inflated:
                        raise _swollen(self.name, self.limits)
                    if not seen and _FOREIGN.search(piece):  # they stand before everything
                        raise Refused("rosters.file_strange", name=self.name)
                    seen = True
                    yield piece
        except BROKEN as broken:
            raise Refused("rosters.file_damaged", name=self.name) from broken

    def look(self, member: str) -> None:
        """Look at the beginning of a part for definitions, and count the bytes that it says it has. Raises
        Refused like ``pieces``."""
        self.total += self.size(member)
        if self.total > self.limits.inflated:
            raise _swollen(self.name, self.limits)
        for piece in self.pieces(member):
            self.total -= len(piece)
            break

    def whole(self, member: str) -> bytes:
        """A small XML part, up to 20 MB."""
        made = bytearray()
        for piece in self.pieces(member):
            made += piece
            if len(made) > 20 * MEGABYTE:
                raise _swollen(self.name, self.limits)
        if _FOREIGN.search(made):
            raise Refused("rosters.file_strange", name=self.name)
        return bytes(made)
