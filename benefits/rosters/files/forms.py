"""What a file is (文件类型), by its content and never by its name."""

import re
import zipfile
from pathlib import PurePath
from typing import BinaryIO

from benefits.kernel.errors import Problem, Refused, say
from benefits.kernel.text import shown
from benefits.rosters.files.cells import Form
from benefits.rosters.files.limits import MEGABYTE, Limits
from benefits.rosters.files.ole import MAGIC, BrokenCompound, Compound
from benefits.rosters.files.zips import BROKEN, open_zip

SUFFIXES = {
    Form.XLSX: (".xlsx", ".xlsm", ".xltx", ".xltm"),
    Form.XLS: (".xls", ".xlt", ".et", ".ett"),
    Form.ODS: (".ods", ".ots"),
    Form.CSV: (".csv", ".txt", ".tsv", ".tab"),
}
_HEADS = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "seven_zip"),
    (b"\x1f\x8b", "zip"),
    (b"{\\rtf", "word"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"SQLite format 3\x00", "database"),
    (b"\x00\x01\x00\x00Standard ", "database"),
    (b"\x09\x00\x04\x00", "old_excel"),
    (b"\x09\x02\x06\x00", "old_excel"),
    (b"\x09\x04\x06\x00", "old_excel"),
    (b"\x09\x08\x10\x00", "old_excel"),
)
_MARKUP = re.compile(r"\s*(?:<\?xml|<!doctype|<html|<head|<meta|<table|<style|<body|mime-version:)", re.I)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def find_form(file: BinaryIO, name: str, limits: Limits) -> Form:
    """What the file is. Raises Refused ``rosters.file_not_a_sheet`` with what it is instead,
    ``rosters.file_encrypted``, ``rosters.file_damaged``."""
    file.seek(0)
    head = file.read(4096)
    if head.startswith(MAGIC):
        return _compound(file, name)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        with open_zip(file, name, limits) as opened:
            try:
                return _zipped(opened, name)
            except (KeyError, *BROKEN) as broken:
                raise Refused("rosters.file_damaged", name=name) from broken
    for magic, what in _HEADS:
        if head.startswith(magic) and (len(magic) > 2 or b"\x00" in head[:64]):  # a heading may begin so too
            raise _other(name, what)
    text = head.decode("latin-1")
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            text = head[len(mark) :].decode(encoding, "replace")
    if _MARKUP.match(text):
        raise _other(name, "html" if re.search("<html|<table|mime-version", text, re.I) else "xml")
    return Form.CSV


def _other(name: str, what: str) -> Refused:
    return Refused("rosters.file_not_a_sheet", name=name, what=say(f"rosters.form.{what}"))


def _compound(file: BinaryIO, name: str) -> Form:
    file.seek(0)
    try:
        streams = Compound(file.read()).streams
    except BrokenCompound as broken:
        raise Refused("rosters.file_damaged", name=name) from broken
    if "EncryptionInfo" in streams or "EncryptedPackage" in streams:
        raise Refused("rosters.file_encrypted", name=name)
    if "Workbook" in streams or "Book" in streams:
        return Form.XLS
    if "WordDocument" in streams:
        raise _other(name, "word")
    raise _other(name, "slides" if "PowerPoint Document" in streams else "office")


def _zipped(opened: zipfile.ZipFile, name: str) -> Form:
    names = {member.lstrip("/").lower() for member in opened.namelist()}
    if "mimetype" in names and "content.xml" in names:
        with opened.open("mimetype") as part:
            kind = part.read(100)
        if b"opendocument.spreadsheet" in kind:
            if "meta-inf/manifest.xml" in names:
                with opened.open("META-INF/manifest.xml") as part:
                    if b"encryption-data" in part.read(MEGABYTE):
                        raise Refused("rosters.file_encrypted", name=name)
            return Form.ODS
        raise _other(name, "word" if b"opendocument.text" in kind else "office")
    if "xl/workbook.xml" in names or ("[content_types].xml" in names and _has(names, r"xl/worksheets/.*xml")):
        return Form.XLSX
    for pattern, what in ((r"xl/.*\.bin", "xlsb"), (r"word/.*", "word"), (r"ppt/.*", "slides")):
        if "[content_types].xml" in names and _has(names, pattern):
            raise _other(name, what)
    raise _other(name, "zip")


def _has(names: set[str], pattern: str) -> bool:
    return any(re.fullmatch(pattern, name) for name in names)


def extension_note(name: str, form: Form) -> tuple[Problem, ...]:
    """A note where the name promises another form than the content has; the content was believed."""
    suffix = PurePath(name).suffix.lower()
    if not suffix or suffix in SUFFIXES[form]:
        return ()
    words = say("rosters.file_extension", suffix=shown(suffix), form=say(f"rosters.form.{form.value}"))
    return (Problem("rosters.file_extension", words),)
