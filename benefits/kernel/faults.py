"""What the database refuses, in words a clerk can use: busy, full disk, read-only, missing, newer, broken."""

import contextlib
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError, IntegrityError

from benefits.kernel.errors import Refused

_PG_RETRY = ("40001", "40P01", "55P03")
_PG_FULL = ("53100", "53200")
_PG_READ_ONLY = ("25006",)
_SQLITE = (
    ("database is locked", "kernel.busy"),
    ("database table is locked", "kernel.busy"),
    ("database or disk is full", "kernel.disk_full"),
    ("disk i/o error", "kernel.disk_error"),
    ("readonly database", "kernel.read_only"),
    ("unable to open database", "kernel.cannot_open"),
    ("file is not a database", "kernel.not_a_database"),
    ("malformed", "kernel.database_damaged"),
    ("no such table", "kernel.not_initialised"),
)


def code_of(error: DBAPIError, dialect: str) -> str | None:
    """The refusal that a database error means to a person, or None for a programmer's error."""
    if dialect == "sqlite":
        message = str(error.orig).lower()
        return next((code for needle, code in _SQLITE if needle in message), None)
    state = str(getattr(error.orig, "sqlstate", "") or "")
    if state in _PG_RETRY:
        return "kernel.busy"
    if state in _PG_FULL:
        return "kernel.disk_full"
    if state in _PG_READ_ONLY:
        return "kernel.read_only"
    if state == "42P01":
        return "kernel.not_initialised"
    if not state or state.startswith(("08", "57P", "28", "3D")):
        return "kernel.cannot_open"
    return None


@contextlib.contextmanager
def translate(dialect: str) -> Iterator[None]:
    """Database errors a person can do something about become ``Refused``; the rest pass."""
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:
        code = code_of(error, dialect)
        if code is None:
            raise
        raise Refused(code, why=str(error.orig).strip().splitlines()[0]) from error
