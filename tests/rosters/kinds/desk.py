"""A small district with registered people, and files that clerks send in about it."""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benefits.kernel.actions import Actor
from benefits.kernel.ids import resident_check_digit
from benefits.kernel.unit import Database
from benefits.members.record import MemberInput
from benefits.members.service import add
from benefits.roster_kinds import KINDS, kind_of
from benefits.rosters.check import Asked, Report, check
from benefits.rosters.models import Mode
from benefits.rosters.service import Imported, Undone, import_roster, undo
from tests.renewal.factory import World, contents

KEPT = ("audit_", "roster_")
"""Tables that remember that there was an import."""
TODAY = date(2026, 11, 20)


def number(serial: int, born: date = date(1985, 5, 17), woman: bool = True) -> str:
    """An identity number of an area that no authority has."""
    first = f"110100{born:%Y%m%d}{serial:02d}{2 if woman else 1}"
    return first + resident_check_digit(first)


class Desk:
    """Who sends files in: one actor in one world."""

    def __init__(self, world: World, folder: Path, actor: Actor | None = None) -> None:
        self.world = world
        self.folder = folder
        self.actor = actor or world.actor
        self._files = 0

    @property
    def database(self) -> Database:
        return self.world.database

    def street(self, code: str) -> "Desk":
        """The desk of a street, which sees itself and what is below."""
        path = f"/{self.world.places['D']}/{self.world.places[code]}/"
        return Desk(self.world, self.folder, Actor("jie", "街道", self.actor.permissions, path))

    def person(self, name: str, serial: int, place: str = "A1", **given: Any) -> int:
        """Register somebody, with an identity number."""
        values: dict[str, Any] = {"joined_on": date(2015, 1, 1)} | given
        born = values.pop("born", date(1985, 5, 17))
        woman = values.pop("woman", True)
        home = self.world.places[place]
        return self.database.act(
            self.world.actor,
            add,
            MemberInput(organisation_id=home, name=name, id_number=number(serial, born, woman), **values),
        )

    def file(self, *rows: Sequence[Any]) -> Path:
        """A file of rows, the first is the head."""
        self._files += 1
        path = self.folder / f"名单{self._files}.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([["" if cell is None else cell for cell in row] for row in rows])
        return path

    def check(
        self, kind: str, *rows: Sequence[Any], organisation: str | None = None, **options: str
    ) -> Report:
        with self.database.read(self.actor) as unit:
            return check(unit, self.file(*rows), kind_of(kind), Asked(organisation, options=options))

    def send(
        self,
        kind: str,
        *rows: Sequence[Any],
        organisation: str | None = None,
        mode: Mode = Mode.ALL,
        **options: str,
    ) -> Imported:
        """Import a file, as a batch."""
        asked = Asked(organisation, options=options)
        return self.database.act(
            self.actor, import_roster, path=self.file(*rows), kind=kind_of(kind), mode=mode, asked=asked
        )

    def undo(self, batch: str | None) -> Undone:
        assert batch is not None, "nothing was imported"
        return self.database.act(self.actor, undo, batch=batch, reason="发错了文件", kinds=KINDS)

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of all tables but those that remember imports."""
        found = contents(self.database, *KEPT)
        found["setting"] = [row for row in found["setting"] if not row[0].startswith("counter:")]
        return found


def told(report: Report) -> list[tuple[int, str, str]]:
    """What is wrong, as row, key of the column and code."""
    return [(one.row, one.key, one.code) for one in report.problems]
