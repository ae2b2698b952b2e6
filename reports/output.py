"""What a document becomes (成品): bytes put in place of the old file at once, or not at all."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from benefits.kernel.errors import Refused
from benefits.kernel.placing import FORBIDDEN, FULL, replacing
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
    try:
        with replacing(path) as temporary:
            temporary.write_bytes(data)
    except OSError as error:
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


def _refusal(path: Path, error: OSError, size: int) -> Refused:
    if error.errno in FULL:
        return Refused("reports.disk_full", path=str(path), size=f"{size / 1e6:.1f}")
    if error.errno in FORBIDDEN:
        return Refused("reports.not_writable", path=str(path), folder=str(path.parent))
    return Refused("reports.not_written", path=str(path), reason=error.strerror or str(error))
