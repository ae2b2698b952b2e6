"""Database schema versions (数据库结构版本). ``HEAD`` is what this program needs; Alembic is imported only to
change a schema."""

from sqlalchemy import Engine, column, func, inspect, select, table

from benefits.kernel.errors import Refused
from benefits.kernel.scope import ROOT

HEAD = "0004"
KNOWN = ("0001", "0002", "0003", "0004")


def schema_version(engine: Engine) -> str | None:
    """The version a database has; None for an empty one."""
    if not inspect(engine).has_table("alembic_version"):
        return None
    with engine.connect() as connection:
        return connection.execute(
            select(column("version_num")).select_from(table("alembic_version"))
        ).scalar()


def require_head(engine: Engine) -> None:
    """Refuse a database that is empty, older or newer than this program (``benefits db upgrade`` mends the
    second)."""
    version = schema_version(engine)
    if version == HEAD:
        return
    if version is None:
        raise Refused("kernel.not_initialised", why="-")
    if version in KNOWN:
        raise Refused("kernel.older_database", found=version, needed=HEAD)
    raise Refused("kernel.newer_database", found=version, needed=HEAD)


def upgrade(engine: Engine) -> None:
    """Bring a database to ``HEAD``, in one transaction where the engine allows it."""
    from pathlib import Path

    from alembic import command
    from alembic.config import Config

    version = schema_version(engine)
    if version is not None and version not in KNOWN:
        raise Refused("kernel.newer_database", found=version, needed=HEAD)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # row-level security would hide what a revision copies
            connection.execute(select(func.set_config("benefits.scope", ROOT, True)))
        config.attributes["connection"] = connection
        command.upgrade(config, HEAD)
