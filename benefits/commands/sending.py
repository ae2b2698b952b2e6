"""What the commands share that write a list to send (名单导出): its options, and
leave to show full numbers."""

import os
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from benefits.commands.options import Misuse, day
from benefits.kernel.errors import Refused, say

if TYPE_CHECKING:
    from benefits.kernel.actions import Actor
    from benefits.kernel.unit import Database, ReadUnit
    from benefits.organisations.queries import OrganisationRow
    from benefits.rosters.out import Revealed

UNIT: Any = typer.Option(None, "--unit", "--org", metavar="CODE", help="commands.option.org")
PURPOSE: Any = typer.Option("", "--purpose", metavar="TEXT", help="commands.option.list_purpose")
KEEP: Any = typer.Option(None, "--keep-until", metavar="DATE", parser=day, help="commands.option.keep_until")
REVEAL: Any = typer.Option(False, "--reveal", help="commands.option.reveal")
FORCE: Any = typer.Option(False, "--force", help="commands.option.force")
REASON: Any = typer.Option("", "--reason", metavar="TEXT", help="commands.option.reason")


@dataclass(frozen=True, slots=True)
class Clear:
    """That a list shall have full numbers: what it is for, and why."""

    purpose: str
    reason: str


def clear(reveal: bool, purpose: str, reason: str) -> Clear | None:
    """What was said about full numbers; None: masked. Raises Misuse where purpose or reason is missing."""
    if reveal and not (reason.strip() and purpose.strip()):
        raise Misuse(say("commands.quality.reveal_needs"))
    return Clear(purpose, reason) if reveal else None


def not_there(out: Path, force: bool) -> None:
    """A list never takes the place of a file unless ``--force`` says so: it may be one that somebody has
    filled in by hand. Raises Refused ``commands.file_exists``, before anything goes on record."""
    if not force and os.path.isfile(out):
        raise Refused("commands.file_exists", path=out)


def kept_until(reading: "ReadUnit", said: date | None) -> date:
    """The last day on which the list may be kept: the one said, else 30 days from today."""
    from benefits.rosters.out import KEPT_DAYS

    return said or reading.today + timedelta(days=KEPT_DAYS)


def leave(
    database: "Database",
    actor: "Actor",
    place: "OrganisationRow",
    title: str,
    asked: Clear | None,
    until: date,
) -> "Revealed | None":
    """Leave to write full numbers, on record before a row is written; None: nobody asked for them.
    ``title``: what the list is; ``until``: the last day on which it may be kept."""
    from benefits.rosters.service_out import export_revealed

    if asked is None:
        return None
    return database.act(
        actor,
        export_revealed,
        what=f"{title} {place.name}",
        organisation_id=place.id,
        purpose=asked.purpose,
        reason=asked.reason,
        expires=until,
    )
