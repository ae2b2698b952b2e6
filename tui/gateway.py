"""The only door from the terminal to the house (门): services and queries in threads, frozen records in and
out.

Nothing of SQLAlchemy is imported before ``open`` runs in its thread, so the first frame does not wait for it.
No unit and no model leaves a thread. An action that was asked for is one unit of work; a reading is one
snapshot.
"""

import asyncio
import getpass
import os
import sys
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from benefits.audit.queries import ChainReport, EventRow
    from benefits.enrollment.queries import CoverRow
    from benefits.kernel.actions import Actor
    from benefits.kernel.clock import Clock
    from benefits.kernel.errors import Say
    from benefits.kernel.unit import Database, ReadUnit, WriteUnit
    from benefits.kernel.verify import InvariantResult
    from benefits.members.queries import MemberDetail
    from benefits.members.search import Cursor, MemberRow, Narrow
    from benefits.organisations.queries import OrganisationRow
    from benefits.plans.explain import Explanation
    from benefits.plans.queries import EditionDetail, PlanRow
    from benefits.renewal.batch import Applied
    from benefits.renewal.queries import DecisionRow, DueTerm, RunRow, RunView, UnitRow

AHEAD, BEHIND = timedelta(days=60), timedelta(days=30)
"""The window of the first screen: T-60 to T+30 (DESIGN 9)."""

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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which decisions of a run: a verdict, a reason code, a unit; empty means all."""

    verdict: str = ""
    reason: str = ""
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a clerk asks of a new run. ``first``–``last`` are expiry dates, inclusive; empty texts mean the
    usual."""

    plan: str
    first: date
    last: date
    organisation: str = ""
    with_class: bool = False
    funding: str = ""
    grace_days: int | None = None
    grace_reason: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A report that was made: where it lies, and what is to be known about it."""

    path: Path
    pages: int
    size: int
    """Bytes."""
    digest: str
    missing: tuple[str, ...]
    """Characters that no face has."""
    failed: "tuple[Say, ...]"
    """Reconciliations that did not come out; none on a report that is sent."""


def _filters(want: Wanted) -> dict[str, Any]:
    from benefits.renewal.models import Verdict

    return {
        "verdict": Verdict(want.verdict) if want.verdict else None,
        "reason": want.reason or None,
        "organisation_id": want.organisation_id,
    }


class Gateway:
    """One open database as one user; ``session`` is None until ``open`` has come back."""

    def __init__(self, address: str | None, user: str | None, clock: "Clock | None" = None) -> None:
        self.address = address
        self.user = user
        self.clock = clock
        self.session: Session | None = None
        self._database: Database | None = None
        self._actor: Actor | None = None
        self._pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="gateway")

    async def open(self) -> Session:
        """Open the database and find the user. Raises Refused, as the command line would."""
        self.session = await self.in_thread(self._opened)
        return self.session

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
        """A query in one snapshot, in a thread."""

        def job() -> R:
            assert self._database is not None and self._actor is not None
            with self._database.read(self._actor) as unit:
                return query(unit, *args, **kwargs)

        return await self.in_thread(job)

    async def act(
        self, verb: "Callable[Concatenate[WriteUnit, P], R]", /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """A service verb as one unit of work, in a thread; once begun it ends, whether or not anybody still
        waits."""

        def job() -> R:
            assert self._database is not None and self._actor is not None
            return self._database.act(self._actor, verb, *args, **kwargs)

        return await asyncio.shield(asyncio.ensure_future(self.in_thread(job)))

    def now(self) -> datetime:
        """This instant, by the clock of the database."""
        assert self._database is not None
        return self._database.clock.now()

    async def with_database(self, job: "Callable[[Database, Actor], R]") -> R:
        """Work that makes its own units (a batch in chunks), in a thread."""
        assert self._database is not None and self._actor is not None
        return await self.in_thread(job, self._database, self._actor)

    # -- home and renewal ------------------------------------------------------------------------------

    async def due(self) -> "tuple[tuple[RunRow, ...], tuple[DueTerm, ...]]":
        """Runs, newest first, and the terms that end from 30 days ago to in 60 days, in one snapshot."""
        from benefits.renewal import queries

        def both(unit: "ReadUnit") -> "tuple[tuple[RunRow, ...], tuple[DueTerm, ...]]":
            return queries.runs(unit), queries.expiring(unit, unit.today - BEHIND, unit.today + AHEAD)

        return await self.read(both)

    async def run(self, number: str) -> "RunView":
        """One run with its sums."""
        from benefits.renewal import queries

        return await self.read(queries.view, number)

    async def units(self, number: str) -> "tuple[UnitRow, ...]":
        """The units of a run."""
        from benefits.renewal import queries

        return await self.read(queries.units, number)

    async def decisions(
        self, number: str, want: "Wanted", skip: int, after: int, limit: int
    ) -> "tuple[DecisionRow, ...]":
        """Decisions of a run: ``limit`` of them, from the one after ``after`` and ``skip`` further."""
        from benefits.renewal import queries

        def page(unit: "ReadUnit") -> "tuple[DecisionRow, ...]":
            return queries.decisions(unit, number, **_filters(want), skip=skip, after=after, limit=limit)

        return await self.read(page)

    async def count_decisions(self, number: str, want: "Wanted") -> int:
        """How many there are."""
        from benefits.renewal import queries

        def count(unit: "ReadUnit") -> int:
            return queries.count_decisions(unit, number, **_filters(want))

        return await self.read(count)

    async def preview(self, asked: "Asked") -> str:
        """Make a run (续保预览); its number."""
        from benefits.renewal import service

        return await self.act(
            service.preview,
            plan=asked.plan,
            window_from=asked.first,
            window_to=asked.last,
            organisation=asked.organisation or None,
            with_class=asked.with_class,
            funding=asked.funding or None,
            grace_days=asked.grace_days,
            grace_reason=asked.grace_reason,
        )

    async def override(self, number: str, member_id: int, kind: str | None, reason: str) -> None:
        """A clerk's word over the rules for one person: ``include``, ``decline`` or None."""
        from benefits.renewal import service
        from benefits.renewal.models import Override

        chosen = None if kind is None else Override(kind)
        await self.act(service.override, run=number, member_id=member_id, kind=chosen, reason=reason)

    async def review_unit(self, number: str, organisation_id: int, state: str) -> None:
        """Record a unit's list as ``confirmed``, ``not_submitted`` or ``pending``."""
        from benefits.renewal import service
        from benefits.renewal.models import UnitState

        await self.act(
            service.review_unit, run=number, organisation_id=organisation_id, state=UnitState(state)
        )

    async def confirm(self, number: str) -> int:
        """Confirm what is still to be confirmed; how many units."""
        from benefits.renewal import service

        return await self.act(service.confirm, run=number)

    async def abandon(self, number: str, reason: str) -> None:
        """Give a run up before it is applied."""
        from benefits.renewal import service

        await self.act(service.abandon, run=number, reason=reason)

    async def apply(self, number: str, tell: Callable[[int, int], None], stop: threading.Event) -> "Applied":
        """Apply a run in a thread, chunk by chunk; ``stop`` ends it between two chunks."""
        from benefits.renewal.batch import apply_run

        return await self.with_database(
            lambda database, actor: apply_run(database, actor, number, progress=tell, cancelled=stop.is_set)
        )

    # -- plans and places ------------------------------------------------------------------------------

    async def plans(self) -> "tuple[PlanRow, ...]":
        """All plans with the edition in force today; templates last."""
        from benefits.plans import queries

        return await self.read(queries.plans)

    async def edition(self, code: str, lang: str) -> "EditionDetail":
        """The edition of a plan in force today, in words."""
        from benefits.plans import queries

        return await self.read(queries.edition_detail, code, None, lang)

    async def places(self) -> "tuple[OrganisationRow, ...]":
        """Street and town unions that the user sees, in tree order."""
        from benefits.organisations import queries
        from benefits.organisations.models import Level

        def streets(unit: "ReadUnit") -> "tuple[OrganisationRow, ...]":
            return queries.subtree(unit, queries.top(unit).path, Level.SUBDISTRICT)

        return await self.read(streets)

    async def explain(self, plan: str, member_id: int, start: date, lang: str) -> "Explanation":
        """Every rule of a plan for one person and a term that starts on ``start``."""
        from benefits.plans.explain import explain

        return await self.read(explain, plan, member_id, start, lang)

    # -- members ---------------------------------------------------------------------------------------

    async def search(
        self,
        text: str,
        limit: int,
        after: "Cursor | None" = None,
        path: str = "",
        narrow: "Narrow | None" = None,
    ) -> "tuple[MemberRow, ...]":
        """Members by what was typed, in a part of the tree and narrowed; ``after`` continues a list."""
        from benefits.members.search import search

        return await self.read(search, text, limit, after, path, narrow)

    async def member(self, member_id: int) -> "tuple[MemberDetail, tuple[CoverRow, ...]]":
        """A person's page and covers, in one snapshot."""
        from benefits.enrollment.queries import covers_of
        from benefits.members.queries import detail

        def both(unit: "ReadUnit") -> "tuple[MemberDetail, tuple[CoverRow, ...]]":
            return detail(unit, member_id), covers_of(unit, member_id)

        return await self.read(both)

    # -- paper -----------------------------------------------------------------------------------------

    async def report(
        self, number: str, path: Path, lang: str, tell: Callable[[int, int], None], _stop: threading.Event
    ) -> "Paper":
        """Draw the renewal report of a run and put it at ``path``; written beside it first, then renamed."""
        from benefits.renewal.report import renewal_report
        from reports.renewal import render

        dataset = await self.read(renewal_report, [number], lang=lang)
        made = await self.in_thread(render, dataset, path, lang, tell)
        failed = tuple(check for check, ok in dataset.checks if not ok)
        missing = tuple(str(one.char) for one in made.missing)
        return Paper(made.path.resolve(), made.pages, made.bytes, dataset.digest, missing, failed)

    # -- system ------------------------------------------------------------------------------------------

    async def events(self) -> "tuple[EventRow, ...]":
        """The latest thousand audit events, newest first."""
        from benefits.audit import queries

        return await self.read(queries.events, 1000)

    async def verify_chain(self) -> "ChainReport":
        """Walk the audit chain (审计链校验)."""
        from benefits.audit import queries

        return await self.read(queries.verify)

    async def verify(self) -> "tuple[InvariantResult, ...]":
        """Check every invariant (全库核对)."""
        from benefits.verify import verify

        return await self.read(verify)

    async def doctor(self, lang: str) -> str:
        """What ``benefits doctor`` says: asked of the program in a child process, so a broken machine cannot
        end this one."""
        assert self.session is not None
        code = "from benefits.commands import main; raise SystemExit(main())"
        words = ["doctor", "--lang", lang, "--user", self.session.login]
        words += ["--database", self.address] if self.address else []
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", code, *words),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await child.communicate()
        return said.decode("utf-8", "replace").strip()

    def in_thread(self, job: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Coroutine[Any, Any, R]:
        """Any work that may take longer than a key, in a thread."""

        async def run() -> R:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._pool, lambda: job(*args, **kwargs))

        return run()

    def close(self) -> None:
        """Wait for what is being written, and give the connections back."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self._database is not None:
            self._database.close()
