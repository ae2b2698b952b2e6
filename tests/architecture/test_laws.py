"""Laws of the house that the source itself can prove or break."""

import ast
import inspect
from collections.abc import Callable, Iterator

from benefits.kernel.unit import WriteUnit
from tests.architecture.code import SHIPPED, Module, calls, dotted, imported_names, modules, origin, services

LONGEST_MODULE = 450
LONGEST_FUNCTION = 50
"""Lines of a body; the signature and the docstring do not count."""
RECORDS = "benefits/migrations/versions/"
"""A migration is a record of a schema, long as the schema is."""
BELOW_THE_SCOPE = ("benefits/kernel/", "benefits/migrations/", "benefits/database.py")
"""Only these may talk to the database past the scope filter."""


def _offences(check: Callable[[Module], Iterator[tuple[int, str]]], *packages: str) -> list[str]:
    return [f"{module.path}:{line}: {what}" for module in modules(*packages) for line, what in check(module)]


def _takes_write_unit(function: Callable[..., object]) -> bool:
    parameters = list(inspect.signature(function).parameters.values())
    return bool(parameters) and parameters[0].annotation in (WriteUnit, "WriteUnit")


def test_every_verb_that_writes_is_a_declared_action() -> None:
    verbs = [
        (service, name, function)
        for service in services()
        for name, function in vars(service).items()
        if inspect.isfunction(function)
        and not name.startswith("_")
        and function.__module__ == service.__name__
    ]
    writing = [entry for entry in verbs if _takes_write_unit(entry[2])]
    assert writing
    undeclared = [
        f"{service.__name__}.{name}" for service, name, verb in writing if not hasattr(verb, "__action__")
    ]
    assert undeclared == []


def test_no_verb_commits_or_opens_a_session() -> None:
    def check(module: Module) -> Iterator[tuple[int, str]]:
        if not module.path.endswith(("/service.py", "/queries.py")):
            return
        for call in calls(module.tree):
            name = dotted(call.func)
            if name.endswith((".commit", ".rollback", ".begin", "Session", "sessionmaker", "create_engine")):
                yield call.lineno, f"{name}()"

    assert _offences(check, "benefits") == []


def test_nothing_goes_past_the_scope_filter() -> None:
    """``text()``, ``session.connection()`` and selects from Core tables are not seen by the scope (DESIGN
    3.3)."""

    def check(module: Module) -> Iterator[tuple[int, str]]:
        if module.within(*BELOW_THE_SCOPE):
            return
        names = imported_names(module.tree)
        for call in calls(module.tree):
            came = origin(call.func, names)
            is_text = came in ("sqlalchemy.text", "sqlmodel.text", "sqlalchemy.sql.text", "sqlalchemy.table")
            if is_text and "/models" not in module.path:  # there it is part of an index
                yield call.lineno, came
            if came.endswith((".connection", ".get_bind", ".exec_driver_sql", ".raw_connection")):
                yield call.lineno, came
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and node.attr in ("__table__", "metadata"):
                yield node.lineno, node.attr

    assert _offences(check, "benefits", "sample_data") == []


def test_today_comes_from_the_clock() -> None:
    """A rule that reads the computer's clock cannot be tested on its boundary day."""

    def check(module: Module) -> Iterator[tuple[int, str]]:
        if module.within("benefits/kernel/clock.py"):
            return
        names = imported_names(module.tree)
        for call in calls(module.tree):
            came = origin(call.func, names)
            if came in (
                "datetime.date.today",
                "datetime.datetime.now",
                "datetime.datetime.today",
                "time.time",
            ):
                yield call.lineno, came

    assert _offences(check) == []


def test_the_terminal_and_paper_import_no_database() -> None:
    def check(module: Module) -> Iterator[tuple[int, str]]:
        for name, came in imported_names(module.tree).items():
            if came.partition(".")[0] in ("sqlalchemy", "sqlmodel", "sqlite3", "sqlcipher3", "psycopg"):
                yield 1, f"imports {came} as {name}"

    assert _offences(check, "tui", "reports") == []


def test_modules_are_short() -> None:
    written = [module for module in modules(*SHIPPED, "tests", "bench") if not module.within(RECORDS)]
    assert [f"{m.path}: {m.lines} lines" for m in written if m.lines > LONGEST_MODULE] == []


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its signature and its docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_functions_are_short() -> None:
    def check(module: Module) -> Iterator[tuple[int, str]]:
        if module.within(RECORDS):
            return
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = _body_lines(node)
                if length > LONGEST_FUNCTION:
                    yield node.lineno, f"{node.name} has {length} lines"

    assert _offences(check) == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [m.path for m in modules() if m.tree.body and ast.get_docstring(m.tree) is None]
    assert silent == []
