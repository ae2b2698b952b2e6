"""``benefits roster template|export``: lists that go out and come back."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from benefits.commands.options import Call, Misuse, group, verb
from benefits.commands.rosters import KIND, SET, pairs
from benefits.commands.sending import (
    FORCE,
    KEEP,
    PURPOSE,
    REASON,
    REVEAL,
    UNIT,
    clear,
    kept_until,
    leave,
    not_there,
)
from benefits.commands.show import emit, listed, words
from benefits.commands.work import opened
from benefits.kernel.errors import say
from benefits.kernel.messages import render

if TYPE_CHECKING:
    from benefits.kernel.unit import ReadUnit
    from benefits.rosters.kind import Kind, Wanted

app = group("roster")


def _wanted(unit: "ReadUnit", kind: "Kind", path: str, options: list[str]) -> "Wanted":
    from benefits.rosters.check import options_read
    from benefits.rosters.kind import Wanted

    return Wanted(path, unit.today, options_read(kind, pairs(options), unit.today))


@verb(app, "commands.roster.template")
def template(
    call: Call,
    kind: str = KIND,
    out: Path = typer.Option(..., "--out", metavar="FILE", help="commands.option.out_xlsx"),
    filled: bool = typer.Option(False, "--filled", help="commands.option.filled"),
    unit: str | None = UNIT,
    options: list[str] = SET,
    purpose: str = PURPOSE,
    keep_until: date | None = KEEP,
    reveal: bool = REVEAL,
    reason: str = REASON,
    force: bool = FORCE,
) -> None:
    """A file to fill in, with drop-downs and every column explained (导入模板)."""
    from benefits.organisations.queries import by_code, top
    from benefits.roster_kinds import kind_of
    from benefits.rosters.template import template as write_template

    chosen = kind_of(kind)
    title = render(chosen.title, call.lang)
    full = clear(reveal, purpose, reason)
    not_there(out, force)
    with opened(call) as (database, actor):
        with database.read(actor) as reading:
            place = by_code(reading, unit) if unit else top(reading)
            until = kept_until(reading, keep_until)
        given = leave(database, actor, place, title, full, until)
        with database.read(actor) as reading:
            wanted = _wanted(reading, chosen, place.path, options) if filled else None
            made = write_template(
                reading, chosen, out, filled=wanted, lang=call.lang, organisation=place.name, revealed=given
            )
    data = {"file": str(made.path.resolve()), "kind": made.kind, "rows": made.rows, "revealed": reveal}
    emit(call, data, words(call, "commands.roster.template_made", path=data["file"], rows=f"{made.rows:,}"))


@verb(app, "commands.roster.export")
def export(
    call: Call,
    kind: str = KIND,
    out: Path = typer.Option(..., "--out", metavar="FILE", help="commands.option.out_list"),
    unit: str | None = UNIT,
    options: list[str] = SET,
    purpose: str = PURPOSE,
    keep_until: date | None = KEEP,
    reveal: bool = REVEAL,
    reason: str = REASON,
    force: bool = FORCE,
) -> None:
    """A roster of the present state as xlsx, csv or parquet, masked unless it is revealed (导出花名册)."""
    from benefits.organisations.queries import by_code, top
    from benefits.roster_kinds import kind_of
    from benefits.rosters.out import OutForm, stamp_of
    from benefits.rosters.out import export as write_export

    chosen = kind_of(kind)
    title = render(chosen.title, call.lang)
    forms = {f".{form.value}": form for form in OutForm}
    form = forms.get(out.suffix.lower())
    if form is None:
        raise Misuse(say("commands.usage.out_form", file=out.name, known=listed(call, forms)))
    full = clear(reveal, purpose, reason)
    not_there(out, force)
    with opened(call) as (database, actor):
        with database.read(actor) as reading:
            place = by_code(reading, unit) if unit else top(reading)
            until = kept_until(reading, keep_until)
        given = leave(database, actor, place, title, full, until)
        with database.read(actor) as reading:
            stamp = stamp_of(reading, title, place.name, purpose, expires=until)
            wanted = _wanted(reading, chosen, place.path, options)
            made = write_export(reading, chosen, wanted, out, form, call.lang, stamp, revealed=given)
    data = {
        "file": str(made.path.resolve()),
        "kind": chosen.name,
        "form": made.form,
        "rows": made.rows,
        "sheets": made.sheets,
        "revealed": reveal,
        "keep_until": until,
        "sha256": made.sha256,
    }
    said = words(call, "commands.roster.exported", path=data["file"], rows=f"{made.rows:,}", until=until)
    emit(call, data, said)
