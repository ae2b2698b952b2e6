"""Files of offline packages (离线包文件): made at home, opened on another computer, brought back, taken in.

A file is written before what it says is committed, and goes again when that fails; a database that could not
be filled goes too.
"""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benefits.access.queries import INSTALLER
from benefits.audit.queries import verify as verify_chain
from benefits.database import create_database
from benefits.kernel import parcel
from benefits.kernel.actions import Actor
from benefits.kernel.clock import Clock
from benefits.kernel.errors import Problem, Refused, say
from benefits.kernel.sealed import Keys
from benefits.kernel.unit import Database, ReadUnit, WriteUnit
from benefits.kits.package_collect import Packed, collect
from benefits.kits.package_merge import Merged
from benefits.kits.package_return import Returned, checked
from benefits.kits.service_package import Made, make_package, package_master, package_of, take_back
from benefits.kits.service_package_away import Opened, unpack
from benefits.migrations import HEAD
from benefits.verify import verify

SUFFIX = ".kit"
_RETURN = "return"


def make_file(database: Database, actor: Actor, path: Path, code: str, **asked: Any) -> Made:
    """Make a package and write it to ``path``, to be opened with ``code`` (``kernel.parcel.new_code``).
    ``asked``: what ``make_package`` takes.

    Raises Refused as ``make_package`` and ``kernel.parcel.write`` do; then there is neither.
    """
    written = False

    def verb(unit: WriteUnit) -> Made:
        nonlocal written
        contents = make_package(unit, **asked)
        if written:  # somebody was in the way, and all is done again
            path.unlink(missing_ok=True)
        key = parcel.key_of_code(code, contents.made.uuid)
        parcel.write(path, contents.head, contents.body, key)
        written = True
        return contents.made

    try:
        return database.act(actor, verb)
    except BaseException:
        if written:
            path.unlink(missing_ok=True)
        raise


def open_file(path: Path, code: str, target: Path, clock: Clock | None = None) -> Opened:
    """Make a database at ``target`` (its key beside it) out of a package.

    Raises Refused: ``kits.package_comes_back`` for a file that is on its way home, ``kits.package_schema``
    for another version of the program, ``kernel.already_initialised``, what ``kernel.parcel.read`` refuses.
    """
    head = parcel.read_head(path)
    if head.get("kind") == "back":
        raise Refused("kits.package_comes_back", path=str(path))
    _same_program(head, path)
    _, body = parcel.read(path, lambda given: parcel.key_of_code(code, str(given.get("package"))))
    try:
        master = bytes.fromhex(body["key"])
        said, keys = body["manifest"], Keys.derive(master)
        _expect(len(master) == 32 and said["package"] == head["package"])
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("kernel.parcel_strange", path=str(path)) from error
    if target.exists():
        raise Refused("kernel.parcel_exists", path=str(target))
    with _new_files(target):
        _write_key(Path(f"{target}.key"), master)
        database = create_database(str(target), clock=clock, keys=keys)
        try:
            return database.act(INSTALLER, unpack, body=body)
        finally:
            database.close()


def pack_file(database: Database, actor: Actor, path: Path) -> Packed:
    """Write what was done in the package that ``database`` is, to be brought home. The database is proven
    first: what cannot be trusted is not sent.

    Raises Refused: ``kits.package_broken``, and as ``collect`` and ``kernel.parcel.write`` do.
    """
    with database.read(actor) as unit:
        packed, head, body = collect(unit)
        _prove(unit)
    parcel.write(path, head, body, parcel.child_key(database.keys, _RETURN))
    return packed


def take_back_file(database: Database, actor: Actor, path: Path) -> Merged:
    """Take in what a package brought (``service_package.take_back``).

    Raises Refused: ``kits.package_goes_out`` for the package as it left, and what ``kernel.parcel.read``,
    ``package_return.checked`` and ``take_back`` refuse.
    """
    return database.act(actor, take_back, returned=read_return(database, actor, path))


def read_return(database: Database, actor: Actor, path: Path) -> Returned:
    """What a file brings home, checked."""
    head = parcel.read_head(path)
    if head.get("kind") == "out":
        raise Refused("kits.package_goes_out", path=str(path))
    _same_program(head, path)
    with database.read(actor) as unit:
        known = package_of(unit, str(head.get("package"))).uuid
    keys = Keys.derive(package_master(database.keys, known))
    _, body = parcel.read(path, lambda _: parcel.child_key(keys, _RETURN))
    returned = checked(database.keys, keys, body, str(path))
    if returned.uuid != known:
        raise Refused("kernel.parcel_strange", path=str(path))
    return returned


def _prove(unit: ReadUnit) -> None:
    """The audit chain and every invariant of this small database."""
    chain = verify_chain(unit)
    problems = [] if chain.ok or chain.why is None else [Problem("kits.package_broken", chain.why)]
    problems += [Problem(one.code, say(one.code)) for one in verify(unit) if not one.ok]
    if problems:
        raise Refused("kits.package_broken", count=len(problems), problems=tuple(problems))


def _same_program(head: dict[str, Any], path: Path) -> None:
    if head.get("schema") != HEAD:
        raise Refused("kits.package_schema", path=str(path), found=str(head.get("schema"))[:20], needed=HEAD)


def _expect(holds: bool) -> None:
    if not holds:
        raise ValueError


def _write_key(path: Path, master: bytes) -> None:
    """The key file, readable by its owner only."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    except FileExistsError as error:
        raise Refused("kernel.parcel_exists", path=str(path)) from error
    with os.fdopen(handle, "w") as file:
        file.write(master.hex() + "\n")


@contextlib.contextmanager
def _new_files(target: Path) -> Iterator[None]:
    """The files of a new database, which go again when the work inside fails."""
    mine = [Path(f"{target}{suffix}") for suffix in ("", "-wal", "-shm", "-journal", ".key")]
    mine = [path for path in mine if not path.exists()]
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        for path in mine:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        raise
