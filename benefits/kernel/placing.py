"""Files put in place (文件落位): written beside, then renamed, so that nobody ever finds half a file."""

import contextlib
import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benefits.kernel.errors import Refused

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
"""Numbers of an OSError: no room on the disk; no right to write there."""
_NEW = 0o640  # names of members stand in it


@dataclass(frozen=True, slots=True)
class Placed:
    """A finished file: where it lies, how long it is in bytes, its SHA-256 in hex."""

    path: Path
    bytes: int
    sha256: str


@contextlib.contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A temporary file beside ``path`` to write to; it takes the place of ``path`` when ``with`` ends without
    an error. After an error the old file is untouched and nothing is left behind.

    Raises Refused ``kernel.file_is_folder``, ``kernel.file_no_folder``, ``kernel.file_disk_full``,
    ``kernel.file_not_writable``, ``kernel.file_not_written``; each names the path.
    """
    check_place(path)
    try:
        with replacing(path) as temporary:
            yield temporary
    except OSError as error:
        raise _refusal(path, error) from error


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """As ``beside``, for who says in words of its own what went wrong: raises OSError."""
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
        os.close(handle)
        yield Path(temporary)
        _settle(temporary, _mode(path))
        os.replace(temporary, path)
        temporary = None
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def check_place(path: Path) -> None:
    """Refuse before any work where the file can never be put; the write itself checks again."""
    try:
        is_folder, has_folder = path.is_dir(), path.parent.is_dir()
    except OSError as error:  # a folder above it may not even be looked into
        raise _refusal(path, error) from error
    if is_folder:
        raise Refused("kernel.file_is_folder", path=str(path))
    if not has_folder:
        raise Refused("kernel.file_no_folder", path=str(path), folder=str(path.parent))


def placed(path: Path) -> Placed:
    """What lies at ``path`` now."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    return Placed(path, path.stat().st_size, found)


def _settle(temporary: str, mode: int) -> None:
    """On the disk before it gets its name: a power cut leaves the old file or the new one."""
    handle = os.open(temporary, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    os.chmod(temporary, mode)


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        return _NEW


def _refusal(path: Path, error: OSError) -> Refused:
    if error.errno in FULL:
        return Refused("kernel.file_disk_full", path=str(path))
    if error.errno in FORBIDDEN:
        return Refused("kernel.file_not_writable", path=str(path), folder=str(path.parent))
    return Refused("kernel.file_not_written", path=str(path), why=error.strerror or str(error))
