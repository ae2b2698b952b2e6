"""``benefits init``: a new database with its key, its first user and the program's plans."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from benefits.commands.options import Call, single, verb
from benefits.commands.show import emit, words
from benefits.commands.work import clock_of, login_of

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

    from benefits.kernel.unit import Database

app = single("init")


@dataclass(frozen=True, slots=True)
class Made:
    """What was made. ``federation`` is empty where none was named."""

    database: str
    key_file: str
    user: str
    plans: int
    federation: str


@verb(app, "commands.init.help", as_of=False)
def init(
    call: Call,
    federation: str = typer.Option("", "--federation", metavar="NAME", help="commands.option.federation"),
    code: str = typer.Option("QZ", "--code", metavar="CODE", help="commands.option.federation_code"),
) -> None:
    """Make a database (初始化). One that was begun and has no user yet is finished."""
    made = make(call, federation.strip(), code.strip())
    lines = [
        words(call, "commands.init.made", database=made.database),
        words(call, "commands.init.key", path=made.key_file),
        words(call, "commands.init.user", login=made.user),
        words(call, "commands.init.plans", count=made.plans),
    ]
    if made.federation:
        lines.append(words(call, "commands.init.federation", name=made.federation))
    else:
        lines.append(words(call, "commands.init.no_federation"))
    emit(
        call,
        {
            "database": made.database,
            "key_file": made.key_file,
            "user": made.user,
            "plans": made.plans,
            "federation": made.federation or None,
        },
        *lines,
    )


def make(call: Call, federation: str, code: str) -> Made:
    """Make all of it, or nothing: what was made before a refusal is taken away again.

    Raises Refused ``kernel.already_initialised``, and what the database refuses.
    """
    from benefits.access.models import Role
    from benefits.access.queries import INSTALLER
    from benefits.access.service import add_user
    from benefits.database import default_url, key_path
    from benefits.kernel.engine import parse_url
    from benefits.organisations.models import Level
    from benefits.organisations.service import found
    from benefits.plans.service import install_catalogue

    url = parse_url(call.database or default_url())
    login = login_of(call)
    with cleared_up(url), contextlib.closing(_begun(call)) as database:
        plans = database.act(INSTALLER, install_catalogue)
        if federation:
            founded = database.clock.today()
            database.act(
                INSTALLER,
                found,
                name=federation,
                code=code,
                level=Level.DISTRICT,
                parent_id=None,
                founded=founded,
            )
        # last: a database without a user is one whose making did not end
        database.act(INSTALLER, add_user, login=login, name=login, role=Role.ADMIN)
    return Made(url.render_as_string(hide_password=True), str(key_path(url)), login, plans, federation)


def _begun(call: Call) -> "Database":
    """A new database, or one whose making was broken off before it had a user."""
    from benefits.access.queries import INSTALLER, users
    from benefits.database import create_database, open_database
    from benefits.kernel.errors import Refused

    try:
        return create_database(call.database, clock=clock_of(call))
    except Refused as refusal:
        if refusal.code != "kernel.already_initialised":
            raise
        database = open_database(call.database, clock=clock_of(call))
        with database.read(INSTALLER) as unit:
            done = bool(users(unit))
        if done:
            database.close()
            raise
        return database


@contextlib.contextmanager
def cleared_up(url: "URL") -> Iterator[None]:
    """Files that did not exist before go again when the work inside fails (SQLite and the key file only)."""
    from benefits.database import key_path

    mine = [key_path(url)]
    if url.get_backend_name() == "sqlite":
        mine += [Path(f"{url.database}{suffix}") for suffix in ("", "-wal", "-shm", "-journal")]
    mine = [path for path in mine if not path.exists()]
    try:
        yield
    except BaseException:
        if url.get_backend_name() == "sqlite":
            for path in mine:
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
        raise
