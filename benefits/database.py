"""Composition root: opens a database with everything wired (tables, scope, audit sink, keys, clock)."""

import contextlib
import os
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import URL
from sqlmodel import Session

import benefits.tables  # noqa: F401  (every model is known before a session is made)
from benefits.access.models import Setting
from benefits.access.queries import INSTALLER
from benefits.audit.chain import seal_after_commit, write_event
from benefits.kernel.clock import Clock, SystemClock
from benefits.kernel.engine import make_engine, parse_url
from benefits.kernel.errors import Refused
from benefits.kernel.faults import translate
from benefits.kernel.sealed import Keys, load_keys
from benefits.kernel.unit import Database
from benefits.migrations import require_head, schema_version, upgrade

FINGERPRINT = "key_fingerprint"
_MODE = 0o640


def default_url() -> str:
    """``BENEFITS_DATABASE``, or one SQLite file in the user's data folder."""
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return os.environ.get("BENEFITS_DATABASE") or str(home / "benefits" / "benefits.sqlite")


def key_path(url: URL) -> Path:
    """``BENEFITS_KEY_FILE``; else beside the SQLite file, or in the user's configuration for a server."""
    given = os.environ.get("BENEFITS_KEY_FILE")
    if given:
        return Path(given)
    if url.get_backend_name() == "sqlite":
        return Path(f"{url.database}.key")
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return home / "benefits" / f"{url.database}.key"


def open_database(
    address: str | None = None, *, clock: Clock | None = None, keys: Keys | None = None
) -> Database:
    """Open an existing, current database.

    Raises Refused: missing file, no schema, older or newer schema, missing or wrong key.
    """
    url = parse_url(address or default_url())
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file():
        raise Refused("kernel.no_such_database", path=url.database)
    engine = make_engine(url)
    with translate(engine.dialect.name):
        require_head(engine)
    database = _wire(engine, keys or load_keys(key_path(url), create=False), clock)
    with database.read(INSTALLER) as unit:  # not a write: another clerk may be at one, or the disk read-only
        _check_key(unit.session, database.keys)
    return database


def create_database(
    address: str | None = None, *, clock: Clock | None = None, keys: Keys | None = None
) -> Database:
    """Make an empty database with the schema of this program (``benefits init``).

    Raises Refused ``kernel.already_initialised`` where there is one.
    """
    url = parse_url(address or default_url())
    if url.get_backend_name() == "sqlite":
        folder = Path(str(url.database)).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Refused("kernel.cannot_open", why=f"{folder}: {error.strerror}") from error
        _keep_private(Path(str(url.database)))
    engine = make_engine(url)
    with translate(engine.dialect.name):
        if schema_version(engine) is not None:
            raise Refused("kernel.already_initialised", database=url.render_as_string(hide_password=True))
        made = keys or load_keys(key_path(url), create=True)
        upgrade(engine)
    database = _wire(engine, made, clock)
    with database.upkeep() as session:
        session.add(Setting(key=FINGERPRINT, value=database.keys.fingerprint()))
    return database


def _keep_private(path: Path) -> None:
    """A new database file is for its owner, and for the group as the umask says: it holds names. The files
    that SQLite puts beside it take its mode. What cannot be made here, the engine reports."""
    with contextlib.suppress(OSError):
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _MODE))
        except FileExistsError:
            if path.stat().st_size == 0:
                path.chmod(path.stat().st_mode & _MODE)


def _wire(engine: Engine, keys: Keys, clock: Clock | None) -> Database:
    return Database(engine, keys, clock or SystemClock(), write_event, seal_after_commit)


def _check_key(session: Session, keys: Keys) -> None:
    known = session.get(Setting, FINGERPRINT)
    if known is not None and known.value != keys.fingerprint():
        raise Refused("kernel.key_wrong")
