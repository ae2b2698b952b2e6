"""A database looked at from outside, without key and user: its schema and its engine (``db``, ``doctor``)."""

from typing import Any

from benefits.commands.options import Call


def _engine(call: Call) -> Any:
    """The engine of the database. Raises Refused ``kernel.no_such_database``, ``kernel.bad_database_url``."""
    from pathlib import Path

    from benefits.database import default_url
    from benefits.kernel.engine import make_engine, parse_url
    from benefits.kernel.errors import Refused

    url = parse_url(call.database or default_url())
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file():
        raise Refused("kernel.no_such_database", path=url.database)
    return make_engine(url)


def schema(call: Call) -> dict[str, Any]:
    """``found`` (None: no schema) and ``needed``."""
    from benefits.kernel.faults import translate
    from benefits.migrations import HEAD, schema_version

    engine = _engine(call)
    try:
        with translate(engine.dialect.name):
            return {"found": schema_version(engine), "needed": HEAD}
    finally:
        engine.dispose()


def bring_up(call: Call) -> None:
    """Upgrade the schema. Raises Refused ``kernel.newer_database``, ``kernel.not_initialised``."""
    from benefits.kernel.errors import Refused
    from benefits.kernel.faults import translate
    from benefits.migrations import schema_version, upgrade

    engine = _engine(call)
    try:
        with translate(engine.dialect.name):
            if schema_version(engine) is None:
                raise Refused("kernel.not_initialised", why="-")
            upgrade(engine)
    finally:
        engine.dispose()


def facts(call: Call) -> Any:
    """What the engine says about itself."""
    from benefits.kernel.health import engine_facts

    engine = _engine(call)
    try:
        return engine_facts(engine)
    finally:
        engine.dispose()
