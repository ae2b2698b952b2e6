"""The pipe between reader and program: frames of primitives, so that nothing in them can become anything
else.

A frame is eight bytes of length and a pickle; the unpickler knows no class at all. Days and errors travel as
numbers and texts with their places.
"""

import io
import pickle
import struct
from datetime import date, datetime
from typing import Any, BinaryIO, Never

from benefits.kernel.errors import Say, say
from benefits.rosters.files.cells import Block, Cell, CellError

LARGEST = 512 * 1024 * 1024
_LENGTH = struct.Struct(">Q")


class _Primitives(pickle.Unpickler):
    """Reads numbers, texts, lists, tuples and dicts; refuses all else."""

    def find_class(self, module_name: str, global_name: str, /) -> Never:
        raise pickle.UnpicklingError(f"{module_name}.{global_name} in the pipe")

    def persistent_load(self, pid: object) -> Never:
        raise pickle.UnpicklingError("a reference in the pipe")


def pack(kind: str, content: object) -> bytes:
    """One frame."""
    made = io.BytesIO()
    made.write(bytes(_LENGTH.size))
    pickler = pickle.Pickler(made, 5)
    pickler.fast = True  # nothing occurs twice, so nothing need be remembered
    pickler.dump((kind, content))
    made.seek(0)
    made.write(_LENGTH.pack(len(made.getbuffer()) - _LENGTH.size))
    return made.getvalue()


def unpack(frame: bytes) -> tuple[str, Any]:
    """What ``pack`` was given. Raises UnpicklingError and whatever else a broken pickle can raise."""
    kind, content = _Primitives(io.BytesIO(frame)).load()
    return str(kind), content


def frame_length(head: bytes) -> int:
    """How many bytes follow the first eight. Raises ValueError for more than any block has."""
    (length,) = _LENGTH.unpack(head)
    if length > LARGEST:
        raise ValueError(f"a frame of {length} bytes")
    return int(length)


HEAD = _LENGTH.size


def write_frame(out: BinaryIO, kind: str, content: object) -> None:
    """Send one frame."""
    out.write(pack(kind, content))
    out.flush()


def say_out(message: Say) -> tuple[str, dict[str, object]]:
    """A message for the pipe; messages within it become pairs."""
    return message.key, {
        name: say_out(value) if isinstance(value, Say) else value for name, value in message.params.items()
    }


def say_in(pair: tuple[str, dict[str, object]]) -> Say:
    """The message of a pair."""
    key, params = pair
    return say(
        key, **{name: say_in(value) if isinstance(value, tuple) else value for name, value in params.items()}
    )


Packed = tuple[list[Any], str, list[tuple[int, str, Any]]]
"""Values; ``day`` where all of them are days counted from year 1; and single ones of other kinds."""


def pack_column(values: list[Any]) -> Packed:
    """A column for the pipe; whole numbers that came as 1.0 become 1, up to 15 digits as Excel keeps them."""
    types = set(map(type, values))
    if types == {date}:
        return [value.toordinal() for value in values], "day", []
    marks: list[tuple[int, str, Any]] = []
    if float in types:
        values = [_whole(value) if value.__class__ is float else value for value in values]
    if not types.isdisjoint((date, datetime, CellError)):
        for place, value in enumerate(values):
            if value.__class__ is datetime:
                marks.append((place, "moment", value.isoformat()))
            elif value.__class__ is date:
                marks.append((place, "day", value.toordinal()))
            elif value.__class__ is CellError:
                marks.append((place, value.kind, str(value)))
        for place, _, _ in marks:
            values[place] = None
    return values, "", marks


def _whole(value: float) -> int | float:
    return int(value) if -1e15 < value < 1e15 and value == int(value) else value


def unpack_column(packed: Packed) -> list[Cell]:
    """The cells that ``pack_column`` was given."""
    values, every, marks = packed
    if every == "day":
        return list(map(date.fromordinal, values))
    for place, kind, value in marks:
        if kind == "moment":
            values[place] = datetime.fromisoformat(value)
        elif kind == "day":
            values[place] = date.fromordinal(value)
        else:
            values[place] = CellError(value, kind)  # type: ignore[arg-type]
    return values


def unpack_block(content: tuple[int, list[Packed]]) -> Block:
    """The rows of a ``block`` frame."""
    first, columns = content
    return Block(first, tuple(map(unpack_column, columns)))
