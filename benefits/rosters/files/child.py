"""The reader (子进程): a process of its own, held to limits, that turns one file into blocks on a pipe.

Its standard input is the file, opened by the parent; its standard output is the pipe. Whatever a file does to
it, the parent sees either a frame or the end of the pipe.
"""

import json
import sys
from dataclasses import asdict, fields
from typing import Any, BinaryIO

from benefits.kernel.errors import Problem, Refused
from benefits.rosters.files.cells import Form
from benefits.rosters.files.forms import extension_note, find_form
from benefits.rosters.files.limits import Limits, apply_limits
from benefits.rosters.files.wire import pack_column, say_out, write_frame


def job(name: str, sheet: str | None, limits: Limits, *, why: bool = False) -> str:
    """What the child is to do, as its one argument; ``why``: only find out why the file did not fit."""
    return json.dumps({"name": name, "sheet": sheet, "limits": asdict(limits), "why": why})


def main(argument: str) -> int:
    """Read the file of the standard input as the job says."""
    asked = json.loads(argument)
    limits = Limits(**{field.name: asked["limits"][field.name] for field in fields(Limits)})
    held = apply_limits(limits)
    file, out = sys.stdin.buffer, sys.stdout.buffer
    try:
        _read(file.raw if hasattr(file, "raw") else file, out, asked, limits, held)
    except Refused as refused:
        write_frame(out, "refused", say_out(refused.say))
    except MemoryError:
        write_frame(out, "memory", None)
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":  # of the reader's own language: it met what cannot be
            raise
        write_frame(out, "panic", None)
    return 0


def _read(file: Any, out: BinaryIO, asked: dict[str, Any], limits: Limits, held: bool) -> None:
    name, sheet = asked["name"], asked["sheet"]
    form = find_form(file, name, limits)
    if asked["why"]:
        _tell_why(file, form, name, sheet, limits)
        return
    if not held and form is Form.XLSX:
        _tell_why(file, form, name, sheet, limits)
    if form is Form.CSV:
        _read_text(file, out, name, sheet, limits)
    else:
        _read_book(file, out, form, name, sheet, limits)
    write_frame(out, "end", None)


def _tell_why(file: BinaryIO, form: Form, name: str, sheet: str | None, limits: Limits) -> None:
    from benefits.rosters.files.books import farthest

    if form is Form.XLSX:
        farthest(file, name, sheet, limits)


def _read_text(file: BinaryIO, out: BinaryIO, name: str, sheet: str | None, limits: Limits) -> None:
    from benefits.rosters.files.delimited import Text

    if sheet is not None:
        raise Refused("rosters.sheet_in_text", name=name)
    opened = Text(file, name, limits)
    notes = (*extension_note(name, Form.CSV), *opened.notes)
    _facts(out, Form.CSV, notes, opened.encoding, [], "")
    for first, columns in opened.blocks():
        write_frame(out, "block", (first, [pack_column(column) for column in columns]))


def _read_book(
    file: BinaryIO, out: BinaryIO, form: Form, name: str, sheet: str | None, limits: Limits
) -> None:
    from benefits.rosters.files.books import Book

    opened = Book(file, form, name, sheet, limits)
    notes = (*extension_note(name, form), *opened.notes)
    _facts(out, form, notes, None, [sheet.name for sheet in opened.sheets], opened.chosen.name)
    for first, columns in opened.blocks():
        write_frame(out, "block", (first, [pack_column(column) for column in columns]))


def _facts(
    out: BinaryIO,
    form: Form,
    notes: tuple[Problem, ...],
    encoding: str | None,
    sheets: list[str],
    sheet: str,
) -> None:
    told = [(note.code, say_out(note.say), note.row, note.field) for note in notes]
    write_frame(
        out,
        "facts",
        {"form": form.value, "encoding": encoding, "sheets": sheets, "sheet": sheet, "notes": told},
    )
