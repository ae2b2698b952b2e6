"""Units of work (工作单元): one transaction, one action, one audit event.

``ReadUnit`` is one snapshot and cannot write. ``WriteUnit`` begins immediately (SQLite) or in REPEATABLE READ
(PostgreSQL; a ``brief`` action in READ COMMITTED), and rolls back unless ``commit()`` was called before the
end of ``with``. Services take a unit and never commit.
"""

import contextlib
import random
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, bindparam, event, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import ORMExecuteState
from sqlmodel import Session

from benefits.kernel.actions import Action, Actor, Frame
from benefits.kernel.clock import Clock
from benefits.kernel.engine import BEGIN_OPTION, READ_ONLY_OPTION
from benefits.kernel.errors import Refused
from benefits.kernel.faults import translate
from benefits.kernel.prepared import OfSession, Works, rows_of
from benefits.kernel.scope import BY_ROW, ROOT, Filters, filtered, loader_options
from benefits.kernel.sealed import Keys

P = ParamSpec("P")
R = TypeVar("R")

AuditSink = Callable[["WriteUnit", Frame], None]
AfterCommit = Callable[["Database"], None]
_TRIES = 6
_UNIT = "unit"
_ENTER = select(func.set_config("benefits.scope", bindparam("scope"), True))
_ENTER_FOR_PAGES = _ENTER.add_columns(
    func.set_config("plan_cache_mode", "force_generic_plan", True),
    *(
        func.set_config(f"enable_{way}", "off", True)
        for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin", "sort", "material")
    ),
)


class ReadUnit:
    """One snapshot of the database as one actor sees it."""

    session: Session
    """Made when it is first asked for: a verb of prepared statements needs none."""

    def __init__(self, database: "Database", connection: Connection, actor: Actor) -> None:
        self.database = database
        self.actor = actor
        self._connection = connection
        self._cursor: Any = None
        self.sees = actor.scope
        """The scope in force: the actor's, or everything within ``beyond_scope``."""
        self.reads_pages = False
        self.made: Session | None = None
        if TYPE_CHECKING:
            self.exec = self.session.exec

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name not in ("session", "exec"):
                raise AttributeError(name)
            session = self.session = self.made = _UnitSession(
                self._connection, expire_on_commit=False, join_transaction_mode="control_fully"
            )
            session.info[_UNIT] = self
            self.exec = session.exec
            return getattr(self, name)

    def at_work(self) -> tuple[Any, Any, Filters]:
        """For prepared statements (``kernel.prepared``)."""
        session = self.made
        if session is not None and (session.new or session.dirty or session.deleted):
            session.flush()
        connection = self._connection
        if not connection.in_transaction():
            connection.begin()
            self._cursor = None
        if self._cursor is None:
            driver: Any = connection.connection.driver_connection
            self._cursor = driver.cursor()
        return connection.dialect, self._cursor, loader_options(self.sees)

    def flush(self) -> None:
        """Write what the mapper has not written yet."""
        if self.made is not None:
            self.made.flush()

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
            self.reads_pages = True
            if self.actor.scope == ROOT:
                self.database._enter_scope(self, ROOT)
        with self.beyond_scope():
            yield

    @contextlib.contextmanager
    def beyond_scope(self) -> Iterator[None]:
        """Statements inside see past the actor's scope (越出数据范围): for a batch whose own document, read
        through the scope before, says which rows it may touch, and which must come out the same whoever runs
        it. A test lists the few who may use it."""
        here = self.sees
        if here == ROOT:  # all is seen, or beyond it already: whoever went first comes back
            yield
            return
        self.sees = ROOT
        self.database._enter_scope(self, ROOT)
        try:
            yield
            self.flush()
            self.database._enter_scope(self, here)  # not after an error: the transaction is over
        finally:
            self.sees = here


class WriteUnit(ReadUnit):
    """One transaction that may write, inside one open action."""

    def __init__(self, database: "Database", connection: Connection, actor: Actor) -> None:
        super().__init__(database, connection, actor)
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
            self.flush()
        finally:
            self._depth -= 1

    @contextlib.contextmanager
    def recording(self) -> Iterator[None]:
        """The audit event itself is written as part of the action that it tells of."""
        self._depth += 1
        try:
            yield
            self.flush()
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
        with self.keys.active(), translate(self.dialect), self._connected(options) as connection:
            unit = ReadUnit(self, connection, actor)
            with self._opened(unit):
                yield unit
                if unit.made is not None:
                    unit.made.commit()
                connection.commit()  # nothing to write; psycopg forgets its prepared statements at a rollback

    @contextlib.contextmanager
    def write(self, actor: Actor, brief: bool = False) -> Iterator[WriteUnit]:
        """One transaction of one action; rolls back unless ``unit.commit()`` was called. ``brief``: of an
        action that is declared so (``kernel.actions``).

        What fails after the commit (linking the event into the audit chain) fails silently: the event stays
        pending, and whoever writes next links it too.
        """
        options = {BEGIN_OPTION: "BEGIN IMMEDIATE"}
        if self.dialect == "postgresql":
            options = {"isolation_level": "READ COMMITTED" if brief else "REPEATABLE READ"}
        committed = False
        with self.keys.active(), translate(self.dialect), self._connected(options) as connection:
            unit = WriteUnit(self, connection, actor)
            with self._opened(unit):
                yield unit
                if unit.wanted:
                    unit.flush()
                    if unit.wrote and unit.frame is not None:
                        with unit.recording():
                            self._sink(unit, unit.frame)
                        if unit.made is not None:
                            unit.made.commit()
                        connection.commit()
                        committed = True
        if committed:
            with contextlib.suppress(Refused, SQLAlchemyError):  # done is done, and not to be done again
                self._after_commit(self)

    def act(
        self, actor: Actor, verb: Callable[Concatenate[WriteUnit, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Do one action in a unit of its own and commit it; the whole unit is tried again when another clerk
        was in the way (SQLite busy, PostgreSQL 40001/40P01). Raises Refused ``kernel.busy`` in the end."""
        declared: Action | None = getattr(verb, "__action__", None)
        brief = declared is not None and declared.brief
        for attempt in range(1, _TRIES + 1):
            try:
                with self.write(actor, brief) as unit:
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
            self._enter_scope(OfSession(session), ROOT)
            yield session
            session.commit()

    @contextlib.contextmanager
    def _connected(self, options: dict[str, Any]) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            yield connection.execution_options(**options)

    @contextlib.contextmanager
    def _opened(self, unit: ReadUnit) -> Iterator[None]:
        self._enter_scope(unit, unit.actor.scope)
        try:
            yield
        finally:
            if unit.made is not None:
                unit.made.close()

    def _enter_scope(self, works: Works, scope: str) -> None:
        """Tell PostgreSQL's row-level security whose part of the tree this transaction works in."""
        if self.dialect == "postgresql":
            pages = isinstance(works, ReadUnit) and works.reads_pages
            rows_of(works, _ENTER_FOR_PAGES if pages else _ENTER, {"scope": scope})

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


class _UnitSession(Session):
    """The session of a unit. Its listeners are those of the class: made anew for every unit, they would take
    longer than a hand-out."""


@event.listens_for(_UnitSession, "do_orm_execute")
def _executes(state: ORMExecuteState) -> None:
    """Every statement keeps to the scope; a write needs an open action."""
    session = state.session
    if state.is_insert or state.is_update or state.is_delete:
        _mark(session)
    elif not state.is_select:
        assert isinstance(session.info[_UNIT], WriteUnit), "a read unit cannot write"
        return
    unit: ReadUnit = session.info[_UNIT]
    filters = loader_options(unit.sees, bool(state.execution_options.get(BY_ROW)))
    if filters:
        state.statement = filtered(state.statement, filters)


@event.listens_for(_UnitSession, "before_flush")
def _flushes(session: Any, _context: Any, _instances: Any) -> None:
    if session.new or session.dirty or session.deleted:
        _mark(session)


def _mark(session: Any) -> None:
    """An action that wrote nothing leaves no event."""
    unit = session.info[_UNIT]
    assert isinstance(unit, WriteUnit), "a read unit cannot write"
    unit.mark_written()
