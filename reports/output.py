"""What a document becomes (成品): bytes put in place of the old file at once, or not at all."""

import errno
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benefits.kernel.errors import Refused
from reports.pen import Missing


@dataclass(frozen=True, slots=True)
class RenderedReport:
    """A finished paper: where it lies, how long it is, its digest, and the characters that no face has."""

    path: Path
    pages: int
    bytes: int
    sha256: str
    missing: tuple[Missing, ...]


def put_in_place(path: Path, data: bytes) -> str:
    """Write ``data`` to a temporary file beside ``path`` and rename it; returns the SHA-256 in hex.

    A full disk, a folder that is missing or not writable: one Refused that names the path, the old file is
    untouched and nothing is left behind.
    """
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _mode(path))
        os.replace(temporary, path)
    except OSError as error:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)
        raise _refusal(path, error, len(data)) from error
    return hashlib.sha256(data).hexdigest()


def check_place(path: Path) -> None:
    """Refuse before any work where the file can never be put; the write itself checks again."""
    try:
        is_folder, has_folder = path.is_dir(), path.parent.is_dir()
    except OSError as error:  # a folder above it may not even be looked into
        raise _refusal(path, error, 0) from error
    if is_folder:
        raise Refused("reports.target_is_folder", path=str(path))
    if not has_folder:
        raise Refused("reports.no_folder", path=str(path), folder=str(path.parent))


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        return 0o640  # names of members stand in it


def _refusal(path: Path, error: OSError, size: int) -> Refused:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Refused("reports.disk_full", path=str(path), size=f"{size / 1e6:.1f}")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Refused("reports.not_writable", path=str(path), folder=str(path.parent))
    return Refused("reports.not_written", path=str(path), reason=error.strerror or str(error))
