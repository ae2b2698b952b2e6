"""The only door from the terminal to the house (门): services and queries in threads, frozen records in and
out.

Nothing of SQLAlchemy is imported before ``open`` runs in its thread, so the first frame does not wait for it.
No unit and no model leaves a thread. An action that was asked for is one unit of work; a reading is one
snapshot.
"""

import asyncio
import getpass
import os
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from benefits.kernel.actions import Actor
    from benefits.kernel.clock import Clock
    from benefits.kernel.unit import Database, ReadUnit, WriteUnit

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Session:
    """Who works, where, and as of which day."""

    login: str
    user_name: str
    permissions: frozenset[str]
    database: str
    """Address without a password."""
    dialect: str
    today: date

    def may(self, permission: str) -> bool:
        """Whether the user has a permission."""
        return permission in self.permissions or "*" in self.permissions


class Gateway:
    """One open database as one user; ``session`` is None until ``open`` has come back."""

    def __init__(self, address: str | None, user: str | None, clock: "Clock | None" = None) -> None:
        self.address = address
        self.user = user
        self.clock = clock
        self.session: Session | None = None
        self._database: Database | None = None
        self._actor: Actor | None = None
        self._pool = ThreadPoolExecutor(max_workers=3, thread_name_prefix="gateway")
        self._open: asyncio.Event | None = None

    async def open(self) -> Session:
        """Open the database and find the user. Raises Refused, as the command line would."""
        ready = self._gate()
        self.session = await self._in_thread(self._opened)
        ready.set()
        return self.session

    def _gate(self) -> asyncio.Event:
        if self._open is None:
            self._open = asyncio.Event()
        return self._open

    def _opened(self) -> Session:
        from benefits.access.queries import actor_for
        from benefits.database import default_url, open_database
        from benefits.kernel.engine import parse_url

        address = self.address or default_url()
        database = open_database(address, clock=self.clock)
        try:
            login = self.user or os.environ.get("BENEFITS_USER") or getpass.getuser()
            actor = actor_for(database, login)
        except BaseException:
            database.close()
            raise
        self._database, self._actor = database, actor
        where = parse_url(address).render_as_string(hide_password=True)
        today = database.clock.today()
        return Session(actor.login, actor.name, actor.permissions, where, database.dialect, today)

    async def read(
        self, query: "Callable[Concatenate[ReadUnit, P], R]", /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """A query in one snapshot, in a thread; waits until the database is open."""
        await self._gate().wait()

        def job() -> R:
            assert self._database is not None and self._actor is not None
            with self._database.read(self._actor) as unit:
                return query(unit, *args, **kwargs)

        return await self._in_thread(job)

    async def act(
        self, verb: "Callable[Concatenate[WriteUnit, P], R]", /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """A service verb as one unit of work, in a thread; once begun it ends, whether or not anybody still
        waits."""
        await self._gate().wait()

        def job() -> R:
            assert self._database is not None and self._actor is not None
            return self._database.act(self._actor, verb, *args, **kwargs)

        return await asyncio.shield(asyncio.ensure_future(self._in_thread(job)))

    async def with_database(self, job: "Callable[[Database, Actor], R]") -> R:
        """Work that makes its own units (a batch in chunks), in a thread."""
        await self._gate().wait()
        assert self._database is not None and self._actor is not None
        return await self._in_thread(job, self._database, self._actor)

    def _in_thread(self, job: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Coroutine[Any, Any, R]:
        async def run() -> R:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._pool, lambda: job(*args, **kwargs))

        return run()

    def close(self) -> None:
        """Wait for what is being written, and give the connections back."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self._database is not None:
            self._database.close()
