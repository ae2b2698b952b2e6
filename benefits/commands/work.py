"""How a command reaches the house: one database, one user, one unit."""

import contextlib
import getpass
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from benefits.commands.options import Call
from benefits.kernel.clock import Clock, SystemClock

if TYPE_CHECKING:
    from benefits.kernel.actions import Actor
    from benefits.kernel.unit import Database, ReadUnit, WriteUnit

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class BusinessDay:
    """``--as-of``: the business day that was asked for; instants stay true, and so the audit trail."""

    day: date

    def now(self) -> datetime:
        """This instant, aware, in UTC."""
        return SystemClock().now()

    def today(self) -> date:
        """The day that was asked for."""
        return self.day


def clock_of(call: Call) -> Clock:
    """The computer's clock, or the business day of ``--as-of``."""
    return SystemClock() if call.as_of is None else BusinessDay(call.as_of)


def login_of(call: Call) -> str:
    """``--user`` or ``BENEFITS_USER``, else the login of the system."""
    if call.user:
        return call.user
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a user id without a name
        return f"uid{os.getuid()}"


@contextlib.contextmanager
def opened(call: Call) -> "Iterator[tuple[Database, Actor]]":
    """The database and who acts. Raises Refused as ``open_database`` and ``actor_for`` do."""
    from benefits.access.queries import actor_for
    from benefits.database import open_database

    database = open_database(call.database, clock=clock_of(call))
    try:
        yield database, actor_for(database, login_of(call))
    finally:
        database.close()


def read(
    call: Call, query: "Callable[Concatenate[ReadUnit, P], R]", /, *args: P.args, **kwargs: P.kwargs
) -> R:
    """The answer of one query, from one snapshot."""
    with opened(call) as (database, actor), database.read(actor) as unit:
        return query(unit, *args, **kwargs)


def act(
    call: Call, service: "Callable[Concatenate[WriteUnit, P], R]", /, *args: P.args, **kwargs: P.kwargs
) -> R:
    """Do one action and commit it."""
    with opened(call) as (database, actor):
        return database.act(actor, service, *args, **kwargs)
