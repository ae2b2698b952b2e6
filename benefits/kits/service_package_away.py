"""Opening a package where it is used (第二处安装): its rows become a small database of their own, in which
one works as in any other."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from benefits.access.models import Role, Setting, User
from benefits.access.queries import PACKAGE
from benefits.kernel import bulk
from benefits.kernel.actions import action
from benefits.kernel.errors import Refused
from benefits.kernel.ids import IdKind
from benefits.kernel.pinyin import search_keys
from benefits.kernel.portable import Row, inward
from benefits.kernel.unit import WriteUnit
from benefits.kits.models import Campaign
from benefits.kits.models_handout import HandoutState, Signed
from benefits.kits.models_stock import Move, MoveKind
from benefits.kits.package_rows import TRAVELS, Tables
from benefits.kits.twice import HOME_ORIGIN
from benefits.members.branches import branches
from benefits.members.identifiers import mask_number
from benefits.members.keys import COLUMNS as KEY_COLUMNS
from benefits.members.models import IdentifierKind, Member, MemberIdentifier, MemberKey, Membership, Standing
from benefits.organisations.models import Organisation, OrganisationPosition

OPENINGS = 2**30
"""Each opening of a package counts its hand-outs in a range of its own, so that two computers that opened the
same file do not take each other's for known."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A package that was opened: what it is for, who works in it, how many people and pieces it has."""

    number: str
    campaign: str
    station: str
    login: str
    people: int
    pieces: int


@action("kits.open_package", permission="kit.edit")
def unpack(unit: WriteUnit, *, body: Mapping[str, Any]) -> Opened:
    """Fill an empty database with a package (打开离线包). Raises Refused ``kernel.parcel_row``."""
    tables = _tables(body)
    said, login = body["manifest"], str(body["worker"][0])
    for name in TRAVELS:
        _load(unit, name, tables)
    unit.session.add(
        User(login=login, name=str(body["worker"][1]), role=Role.CLERK, created_at=unit.clock.now())
    )
    given = {"manifest": said, "signature": body["signature"], "opening": 1 + secrets.randbelow(OPENINGS)}
    unit.session.add(Setting(key=PACKAGE, value=json.dumps(given, ensure_ascii=False)))
    unit.record(f"package:{said['number']}", people=len(tables["member"]), station=said["station"])
    station = next(row for row in tables["station"] if row[0] == said["station"])
    return Opened(
        *(said["number"], tables["campaign"][0][3], station[4], login, len(tables["member"])),
        sum(row[2] for row in tables["stock"]),
    )


def _tables(body: Mapping[str, Any]) -> Tables:
    """The rows of the file, each value checked."""
    given = body.get("tables")
    if not isinstance(given, dict):
        raise Refused("kernel.parcel_row", table="-", column="-")
    return {name: inward(model, columns, given.get(name)) for name, (model, columns) in TRAVELS.items()}


_FIXED: dict[str, dict[str, Any]] = {
    "campaign": {"rule": [], "listed_only": True},
    "stock": {"frozen": False},
    "entitled": {"note": ""},
    "handout": {
        **{"origin": HOME_ORIGIN, "state": HandoutState.ACTIVE, "reason": "", "note": "", "collected_by": ""},
        "signed": Signed.NO,
    },
}
"""Columns that do not travel and may not be empty."""
_MEMBER = (
    *TRAVELS["member"][1],
    *("id_number", "id_kind", "id_valid", "has_card", "version", "changed_at"),
)
_MEMBERSHIP = ("member_id", "organisation_id", "starts", "standing", "reason")


def _load(unit: WriteUnit, name: str, tables: Tables) -> None:
    """Rows of one table, and what follows from them."""
    model, columns = TRAVELS[name]
    rows, fixed = tables[name], _FIXED.get(name, {})
    if name == "organisation":
        _organisations(unit, rows)
    elif name == "member":
        _people(unit, rows, tables["identifier"])
    elif name == "identifier":
        _identifiers(unit, rows)
    else:
        values = tuple(fixed.values())
        bulk.write(unit, model, (*columns, *fixed), [(*row, *values) for row in rows])
    if name == "stock":
        _received(unit, rows)


def _organisations(unit: WriteUnit, rows: list[Row]) -> None:
    from benefits.organisations.keeping import keys_of, write_keys

    model, columns = TRAVELS["organisation"]
    bulk.write(unit, model, columns, rows)
    places = [(one[0], one[1], one[6]) for one in rows]
    bulk.write(unit, OrganisationPosition, ("organisation_id", "parent_id", "starts"), places)
    for found in unit.exec(select(Organisation)):
        assert found.id is not None
        write_keys(unit, found.id, set(), keys_of(found))


def _people(unit: WriteUnit, rows: list[Row], identifiers: list[Row]) -> None:
    """People with their membership and the keys that find them. Of their identity number there is the tail
    only, so it is neither valid nor of a kind."""
    cards = {one: tail for one, kind, _, tail in identifiers if kind is IdentifierKind.UNION_CARD}
    now = unit.clock.now()
    bulk.write(
        unit,
        Member,
        _MEMBER,
        ((*row, *_masked(row[3]), True if row[0] in cards else None, 1, now) for row in rows),
    )
    founded = dict(unit.exec(select(col(Organisation.id), col(Organisation.founded))).all())
    starts = min(unit.today, *unit.exec(select(col(Campaign.starts))))
    since = [(one, place, max(starts, founded[place]), Standing.PRIMARY, "") for one, place, *_ in rows]
    bulk.write(unit, Membership, _MEMBERSHIP, since)
    branch = branches(unit.session, {place for _, place, *_ in rows})
    found = (
        (kind, key, one, branch[place])
        for one, place, name, tail in rows
        for kind, key in search_keys(name, tail, None, cards.get(one))
    )
    bulk.write(unit, MemberKey, KEY_COLUMNS, sorted(found))


def _masked(tail: str | None) -> tuple[str | None, IdKind | None, bool | None]:
    """What stands for an identity number that stayed at home."""
    return (None, None, None) if tail is None else (mask_number(tail), IdKind.OTHER, False)


def _identifiers(unit: WriteUnit, rows: list[Row]) -> None:
    """Cards and member numbers: the number itself stayed at home."""
    columns = ("member_id", "kind", "digest", "last4", "number", "starts")
    since = dict(unit.exec(select(col(Membership.member_id), col(Membership.starts))).all())
    bulk.write(unit, MemberIdentifier, columns, [(*row, mask_number(row[3]), since[row[0]]) for row in rows])


def _received(unit: WriteUnit, rows: list[Row]) -> None:
    """What the station had when it went away, as one receipt a lot."""
    columns = ("station_id", "lot_id", "kind", "quantity", "day", "at", "made_by", "document", "reason")
    said = (unit.today, unit.clock.now(), unit.actor.login, "", "", HOME_ORIGIN)
    moves = [(station, lot, MoveKind.RECEIVE, count, *said, lot) for station, lot, count in rows]
    bulk.write(unit, Move, (*columns, "origin", "origin_seq"), moves)
