"""The terminal (终端界面). Calls services and queries through ``tui.gateway``; holds no SQL, no rules and no
session.

Importing this package costs nothing: Textual is imported when ``main`` is called.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benefits.kernel.clock import Clock


def main(
    database_url: str | None = None, user: str | None = None, lang: str = "zh", clock: "Clock | None" = None
) -> int:
    """Open the full-screen program and return its exit code (0 left by the user, 1 stopped by an error).

    ``database_url`` None means the usual database, ``user`` None the user mapped to the system user, ``lang``
    is ``zh`` or ``en``.
    """
    import os

    # read once, at import: 60 costs 10 ms of every key (ANCHORS V.0.4)
    os.environ.setdefault("TEXTUAL_FPS", "120")
    from tui.app import run

    return run(database_url, user, lang, clock)
