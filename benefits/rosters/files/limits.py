"""Limits (限额): what reading one file may cost, whatever it holds."""

import os
from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What the child process may use, and what a file may be."""

    memory: int = 1280 * MEGABYTE
    """Address space of the child in bytes: the operating system gives no more."""
    resident: int = 930 * MEGABYTE
    """Bytes that the child may really hold, watched by the parent where the system tells (Linux)."""
    cpu: int = 180
    """Seconds of computing of the child."""
    patience: float = 180.0
    """Seconds that the parent waits for the next block."""
    size: int = 1024 * MEGABYTE
    """Bytes of the file."""
    inflated: int = 1536 * MEGABYTE
    """Bytes of what a zipped file unpacks to, all parts that are read together."""
    ratio: int = 300
    """How many times its own size a part above ``small`` may unpack to."""
    small: int = 50 * MEGABYTE
    """Parts below this size may be packed as tightly as they like."""
    members: int = 5000
    """Files within a zipped file."""
    cell: int = 32767
    """Characters of a cell: what Excel and WPS hold."""
    field: int = 1_000_000
    """Characters between two delimiters: beyond this a quotation mark is missing."""
    columns: int = 16384
    """Columns of a row: A to XFD."""
    whole: int = 800 * MEGABYTE
    """Bytes of memory that an Excel sheet may be expected to take when it is read at once, which is fastest;
    one that would take more is read in pieces. Measured: 1,000,000 rows of 8 columns (57 MB, 370 MB inflated)
    take 750 MB at once and 300 MB in pieces, the latter with half as much computing again."""
    rows: int = 5000
    """Rows of a block."""


USUAL = Limits()


def apply_limits(limits: Limits) -> bool:
    """Hold this process to its limits for good: memory, computing time, no core dump, no writing, few files.

    Returns whether the operating system holds the memory limit. Where it does not (Windows has no such call,
    macOS ignores it), the size of the sheet is counted before it is loaded, and the parent's patience is the
    only limit of time: weaker, because what the counting misjudges is found out by the machine.
    """
    try:
        import resource
    except ImportError:  # Windows
        return False
    lower(resource.RLIMIT_CPU, limits.cpu, grace=2)  # so that it ends by SIGXCPU, and not like a killed one
    wanted = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ]
    for which, most in wanted:
        lower(which, most)
    return lower(resource.RLIMIT_AS, limits.memory) and os.uname().sysname == "Linux"


def lower(which: int, most: int, grace: int = 0) -> bool:
    """Hold this process to a limit for good, or to a lower one that it has; ``grace`` more stops it by force.
    Returns whether the system took it."""
    import resource

    hard = resource.getrlimit(which)[1]
    end = most + grace if hard == resource.RLIM_INFINITY else min(most + grace, hard)
    try:
        resource.setrlimit(which, (min(most, end), end))
    except (OSError, ValueError):  # some systems refuse limits that they do not have
        return False
    return True
