"""What the child process does (子进程里的工作): check, import, annotate, template, export."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benefits.kernel.actions import Actor
    from benefits.kernel.unit import Database
    from benefits.rosters.annotate import Annotated
    from benefits.rosters.check import Report
    from benefits.rosters.out import Written
    from benefits.rosters.service import Imported
    from benefits.rosters.template import Template
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


def export(database: "Database", actor: "Actor", tell: "Tell", given: Given) -> "Written":
    """Write the present state of a kind (导出); in clear only after the action that has the reason on
    record."""
    from datetime import timedelta

    from benefits.organisations.queries import by_code, top
    from benefits.roster_kinds import kind_of
    from benefits.rosters.kind import Wanted
    from benefits.rosters.out import KEPT_DAYS, OutForm, export, stamp_of
    from benefits.rosters.service_out import export_revealed

    tell(0, 0)
    kind, title = kind_of(given["kind"]), given["title"]
    with database.read(actor) as unit:
        place = by_code(unit, given["organisation"]) if given["organisation"] else top(unit)
        expires = unit.today + timedelta(days=KEPT_DAYS)
    revealed = None
    if given["clear"]:
        revealed = database.act(
            actor,
            export_revealed,
            what=title,
            organisation_id=place.id,
            purpose=given["purpose"],
            reason=given["reason"],
            expires=expires,
        )
    with database.read(actor) as unit:
        stamp = stamp_of(unit, title, place.name, given["purpose"])
        wanted = Wanted(place.path, unit.today)
        path, form = given["path"], OutForm(given["form"])
        return export(unit, kind, wanted, path, form, given["lang"], stamp, revealed=revealed)


def template(database: "Database", actor: "Actor", tell: "Tell", given: Given) -> "Template":
    """Write the template of a kind (模板), filled with last term's list if asked."""
    from benefits.organisations.queries import by_code, top
    from benefits.roster_kinds import kind_of
    from benefits.rosters.kind import Wanted
    from benefits.rosters.template import template

    tell(0, 0)
    with database.read(actor) as unit:
        place = by_code(unit, given["organisation"]) if given["organisation"] else top(unit)
        filled = Wanted(place.path, unit.today) if given["filled"] else None
        return template(
            unit,
            kind_of(given["kind"]),
            given["path"],
            filled=filled,
            lang=given["lang"],
            organisation=place.name,
        )
