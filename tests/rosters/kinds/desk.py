"""A small district with registered people, and files that clerks send in about it."""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from benefits.kernel.actions import Actor
from benefits.kernel.ids import resident_check_digit
from benefits.kernel.unit import Database
from benefits.members.models import IdentifierKind, Member
from benefits.members.record import MemberInput
from benefits.members.search import search
from benefits.members.service import add
from benefits.members.service_identifiers import set_identifier
from benefits.roster_kinds import KINDS, kind_of
from benefits.rosters.check import Asked, Report, check
from benefits.rosters.models import Mode
from benefits.rosters.service import Imported, Undone, import_roster, undo
from benefits.verify import verify
from tests.renewal.factory import World, contents

KEPT = ("audit_", "roster_")
"""Tables that remember that there was an import."""
TODAY = date(2026, 11, 20)
HEAD = ("单位编码", "姓名", "证件号码", "手机号", "京卡卡号")
"""What most rosters of members here say."""


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

    def identify(
        self,
        person: int,
        digits: str,
        kind: IdentifierKind = IdentifierKind.UNION_CARD,
        since: date = date(2020, 1, 1),
    ) -> None:
        """Give somebody a service card, or another number."""
        given: dict[str, Any] = {"kind": kind, "number": digits, "starts": since}
        self.database.act(self.actor, set_identifier, member_id=person, **given)

    def member(self, who: str | int) -> Member:
        """A record, by name or id."""
        column = col(Member.id) if isinstance(who, int) else col(Member.name)
        with self.database.read(self.world.actor) as unit:
            return unit.exec(select(Member).where(column == who)).one()

    def find(self, text: str) -> list[str]:
        """Names of those whom a search finds."""
        with self.database.read(self.actor) as unit:
            return [row.name for row in search(unit, text)]

    def whole(self) -> None:
        """No record of the register breaks a rule."""
        with self.database.read(self.world.actor) as unit:
            assert [one.code for one in verify(unit) if not one.ok and one.code.startswith("members.")] == []

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
