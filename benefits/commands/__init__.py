"""The command line (命令行): ``benefits <noun> <verb>``; ``benefits`` alone opens the terminal program.

One module a feature. A command parses, opens a unit, calls one service function or query, and prints; rules
and SQL are elsewhere.
Nothing heavy is imported before a command runs, so that ``--help`` answers at once.
"""

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line (default: that of the process) and return its exit code.

    0 done, 1 refused (nothing is half-done), 2 wrong usage, 130 interrupted, 141 the reader of a pipe went
    away.
    """
    import sys

    from benefits.commands.app import run

    return run([_decoded(word) for word in (sys.argv[1:] if arguments is None else arguments)])


def _decoded(word: str) -> str:
    """A word of the command line as UTF-8, also where the locale made Python read it as something else."""
    if word.isascii() or not any("\ud800" <= char <= "\udfff" for char in word):
        return word
    return word.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
