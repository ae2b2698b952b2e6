"""What the child process does (子进程里的工作): check, import, annotate, template, export."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benefits.rosters.annotate import Annotated

    from benefits.kernel.actions import Actor
    from benefits.kernel.unit import Database
    from benefits.rosters.check import Report
    from benefits.rosters.service import Imported
    from tui.gateways.child import Tell

Given = dict[str, Any]


def check(database: "Database", actor: "Actor", tell: "Tell", given: Given) -> "Report":
    """Judge every row (核对), in one snapshot."""
    from benefits.roster_kinds import kind_of
    from benefits.rosters.check import check

    with database.read(actor) as unit:
        return check(unit, given["path"], kind_of(given["kind"]), given["asked"], tell)


def import_roster(database: "Database", actor: "Actor", tell: "Tell", given: Given) -> "Imported":
    """Import (导入), in one transaction; the number of rows is known from the check before it."""
    from benefits.roster_kinds import kind_of
    from benefits.rosters.models import Mode
    from benefits.rosters.service import import_roster

    return database.act(
        actor,
        import_roster,
        path=given["path"],
        kind=kind_of(given["kind"]),
        mode=Mode(given["mode"]),
        asked=given["asked"],
        progress=lambda done, _total: tell(done, given["rows"]),
    )


def annotate(_database: "Database", _actor: "Actor", tell: "Tell", given: Given) -> "Annotated":
    """Write the marked copy of a file (标注)."""
    from benefits.rosters.annotate import annotate

    tell(0, 0)
    out: Path = given["out"]
    return annotate(given["path"], given["report"], out, given["lang"])
