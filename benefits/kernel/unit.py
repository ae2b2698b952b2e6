"""Units of work (工作单元): one transaction, one action, one audit event.

``ReadUnit`` is one snapshot and cannot write. ``WriteUnit`` begins immediately (SQLite) or in REPEATABLE READ
(PostgreSQL), and rolls back unless ``commit()`` was called before the end of ``with``. Services take a unit
and never commit.
"""

import contextlib
import random
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import event, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import ORMExecuteState
from sqlmodel import Session

from benefits.kernel.actions import Action, Actor, Frame
from benefits.kernel.clock import Clock
from benefits.kernel.engine import BEGIN_OPTION, READ_ONLY_OPTION
from benefits.kernel.errors import Refused
from benefits.kernel.faults import translate
from benefits.kernel.scope import BY_ROW, ROOT, filtered, loader_options
from benefits.kernel.sealed import Keys

P = ParamSpec("P")
R = TypeVar("R")

AuditSink = Callable[["WriteUnit", Frame], None]
AfterCommit = Callable[["Database"], None]
_PAGES = (
    func.set_config("plan_cache_mode", "force_generic_plan", True),
    *(
        func.set_config(f"enable_{way}", "off", True)
        for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin", "sort", "material")
    ),
)
_TRIES = 6
_SCOPE = "scope"
_READS_PAGES = "reads pages"


class ReadUnit:
    """One snapshot of the database as one actor sees it."""

    def __init__(self, database: "Database", session: Session, actor: Actor) -> None:
        self.database = database
        self.session = session
        self.actor = actor
        self.exec = session.exec

    @property
    def today(self) -> date:
        """The business day (营业日) of the injected clock."""
        return self.database.clock.today()

    @property
    def clock(self) -> Clock:
        return self.database.clock

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.database.dialect

    @contextlib.contextmanager
    def reading_pages(self) -> Iterator[None]:
        """``beyond_scope``, and from here on PostgreSQL plans each statement of this unit once, for whatever
        values may come, and walks indexes row by row (逐行翻页): for statements that show the first of many
        rows again and again, and take less time than to be planned. Estimates know nothing of the values
        then, so that sets and sorts are ruled out. A unit that writes is planned as ever."""
        if self.dialect == "postgresql" and not isinstance(self, WriteUnit):
            self.session.info[_READS_PAGES] = True
            if self.actor.scope == ROOT:
                self.database._enter_scope(self.session, ROOT)
        with self.beyond_scope():
            yield

    @contextlib.contextmanager
    def beyond_scope(self) -> Iterator[None]:
        """Statements inside see past the actor's scope (越出数据范围): for a batch whose own document, read
        through the scope before, says which rows it may touch, and which must come out the same whoever runs
        it. A test lists the few who may use it."""
        if self.actor.scope == ROOT:
            yield
            return
        with self.database._beyond_scope(self.session, self.actor.scope):
            yield


class WriteUnit(ReadUnit):
    """One transaction that may write, inside one open action."""

    def __init__(self, database: "Database", session: Session, actor: Actor) -> None:
        super().__init__(database, session, actor)
        self.frame: Frame | None = None
        self.wrote = False
        self.wanted = False
        self._depth = 0
        self._quiet = False

    @contextlib.contextmanager
    def acting(self, declared: Action) -> Iterator[None]:
        """Open the action's frame; an inner action stays inside the outer one's event."""
        if self._depth == 0:
            assert self.frame is None, f"one unit is one action: {self.frame} is done, {declared} wants in"
            self.frame = Frame(declared)
        self._depth += 1
        try:
            yield
            self.session.flush()
        finally:
            self._depth -= 1

    @contextlib.contextmanager
    def recording(self) -> Iterator[None]:
        """The audit event itself is written as part of the action that it tells of."""
        self._depth += 1
        try:
            yield
            self.session.flush()
        finally:
            self._depth -= 1

    def record(self, target: str = "", **facts: Any) -> None:
        """Facts for the audit event (JSON values; never sealed data in clear)."""
        assert self.frame is not None, "nothing is being done"
        if self._quiet:
            return
        self.frame.target = target or self.frame.target
        self.frame.facts.update(facts)

    def mark_written(self) -> None:
        """Something is written past the mapper (``kernel.bulk``)."""
        assert self._depth > 0, "a write with no open action"
        self.wrote = True

    @contextlib.contextmanager
    def quietly(self) -> Iterator[None]:
        """Actions inside tell nothing of their own (批内操作): a batch says once what became of thousands."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

    def commit(self) -> None:
        """Commit when ``with`` ends without an error."""
        self.wanted = True


class Database:
    """An open database: makes units. Thread-safe; units are not."""

    def __init__(
        self, engine: Any, keys: Keys, clock: Clock, sink: AuditSink, after_commit: AfterCommit
    ) -> None:
        self.engine = engine
        self.keys = keys
        self.clock = clock
        self._sink = sink
        self._after_commit = after_commit

    @property
    def dialect(self) -> str:
        return str(self.engine.dialect.name)

    @contextlib.contextmanager
    def read(self, actor: Actor) -> Iterator[ReadUnit]:
        """One snapshot; any write in it is a programmer's error."""
        options: dict[str, Any] = {BEGIN_OPTION: "BEGIN", READ_ONLY_OPTION: True}
        if self.dialect == "postgresql":
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self.keys.active(), translate(self.dialect), self._session(options, actor) as session:
            _refuse_writes(session)
            yield ReadUnit(self, session, actor)
            session.commit()  # nothing to write; a rollback would make psycopg forget its prepared statements

    @contextlib.contextmanager
    def write(self, actor: Actor) -> Iterator[WriteUnit]:
        """One transaction of one action; rolls back unless ``unit.commit()`` was called.

        What fails after the commit (linking the event into the audit chain) fails silently: the event stays
        pending, and whoever writes next links it too.
        """
        options = {BEGIN_OPTION: "BEGIN IMMEDIATE"}
        if self.dialect == "postgresql":
            options = {"isolation_level": "REPEATABLE READ"}
        committed = False
        with self.keys.active(), translate(self.dialect), self._session(options, actor) as session:
            unit = WriteUnit(self, session, actor)
            _watch_writes(session, unit)
            yield unit
            if unit.wanted:
                session.flush()
                if unit.wrote and unit.frame is not None:
                    with unit.recording():
                        self._sink(unit, unit.frame)
                    session.commit()
                    committed = True
        if committed:
            with contextlib.suppress(Refused, SQLAlchemyError):  # done is done, and not to be done again
                self._after_commit(self)

    def act(
        self, actor: Actor, verb: Callable[Concatenate[WriteUnit, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Do one action in a unit of its own and commit it; the whole unit is tried again when another clerk
        was in the way (SQLite busy, PostgreSQL 40001/40P01). Raises Refused ``kernel.busy`` in the end."""
        for attempt in range(1, _TRIES + 1):
            try:
                with self.write(actor) as unit:
                    result = verb(unit, *args, **kwargs)
                    unit.commit()
                return result
            except Refused as refusal:
                if refusal.code != "kernel.busy" or attempt == _TRIES:
                    raise
                time.sleep(random.uniform(0.01, 0.05) * 2**attempt)
        raise AssertionError("unreachable")

    @contextlib.contextmanager
    def upkeep(self) -> Iterator[Session]:
        """A committed transaction without actor or scope, for the house's own upkeep (sealing the audit
        chain); no service uses it."""
        options = {BEGIN_OPTION: "BEGIN IMMEDIATE"} if self.dialect == "sqlite" else {}
        with (
            self.keys.active(),
            translate(self.dialect),
            self.engine.connect().execution_options(**options) as connection,
            Session(connection, expire_on_commit=False) as session,
        ):
            self._enter_scope(session, ROOT)
            yield session
            session.commit()

    @contextlib.contextmanager
    def _session(self, options: dict[str, Any], actor: Actor) -> Iterator[Session]:
        with self.engine.connect().execution_options(**options) as connection:
            session = Session(connection, expire_on_commit=False, autoflush=True)
            self._enter_scope(session, actor.scope)
            session.info[_SCOPE] = actor.scope

            @event.listens_for(session, "do_orm_execute")
            def _scope(state: ORMExecuteState) -> None:
                by_row = bool(state.execution_options.get(BY_ROW))
                filters = loader_options(state.session.info[_SCOPE], by_row)
                if filters and (state.is_select or state.is_update or state.is_delete or state.is_insert):
                    state.statement = filtered(state.statement, filters)

            try:
                yield session
            finally:
                session.close()

    @contextlib.contextmanager
    def _beyond_scope(self, session: Session, scope: str) -> Iterator[None]:
        here, session.info[_SCOPE] = session.info[_SCOPE], ROOT
        if here == ROOT:  # beyond it already: whoever went first comes back
            yield
            return
        self._enter_scope(session, ROOT)
        try:
            yield
            session.flush()
            self._enter_scope(session, scope)  # not after an error: the transaction is over
        finally:
            session.info[_SCOPE] = here

    def _enter_scope(self, session: Session, scope: str) -> None:
        """Tell PostgreSQL's row-level security whose part of the tree this transaction works in."""
        if self.dialect == "postgresql":
            also = _PAGES if session.info.get(_READS_PAGES) else ()
            session.execute(select(func.set_config("benefits.scope", scope, True), *also))

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _watch_writes(session: Session, unit: WriteUnit) -> None:
    """A write needs an open action, and an action that wrote nothing leaves no event."""

    @event.listens_for(session, "do_orm_execute")
    def _execute(state: ORMExecuteState) -> None:
        if state.is_insert or state.is_update or state.is_delete:
            unit.mark_written()

    @event.listens_for(session, "before_flush")
    def _flush(session: Session, _context: Any, _instances: Any) -> None:
        if session.new or session.dirty or session.deleted:
            unit.mark_written()


def _refuse_writes(session: Session) -> None:
    @event.listens_for(session, "do_orm_execute")
    def _execute(state: ORMExecuteState) -> None:
        assert state.is_select, "a read unit cannot write"

    @event.listens_for(session, "before_flush")
    def _flush(session: Session, _context: Any, _instances: Any) -> None:
        assert not (session.new or session.dirty or session.deleted), "a read unit cannot write"
