"""What was done in a package, collected to be brought home (打包交回)."""

import json
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from benefits.access.models import Setting
from benefits.access.queries import PACKAGE
from benefits.audit.models import AuditEvent, AuditHead, AuditLink
from benefits.kernel.errors import Refused
from benefits.kernel.portable import Row, outward
from benefits.kernel.unit import ReadUnit
from benefits.kits.models import Campaign, Station
from benefits.kits.models_handout import Handout, HandoutState
from benefits.kits.models_stock import Move, MoveKind, Stocktake, StocktakeState
from benefits.kits.package_return import CARRIED, HANDOUTS, MOVES
from benefits.members.models import Member


@dataclass(frozen=True, slots=True)
class Packed:
    """What goes home: hand-outs (of these ``struck``), pieces counted to the public, pieces written off."""

    number: str
    campaign: str
    station: str
    handouts: int
    struck: int
    tallied: int
    written_off: int


def collect(unit: ReadUnit) -> tuple[Packed, dict[str, Any], dict[str, Any]]:
    """What was done in this package, with head and body of the file that brings it home.

    Raises Refused: ``kits.package_not_here``, ``kits.package_counting``.
    """
    setting = unit.session.get(Setting, PACKAGE)
    if setting is None:
        raise Refused("kits.package_not_here")
    given = json.loads(setting.value)
    said = given["manifest"]
    if unit.exec(select(Stocktake.id).where(col(Stocktake.state) == StocktakeState.OPEN)).first() is not None:
        raise Refused("kits.package_counting")
    first = given["opening"] << 32
    handouts = _rows(unit, Handout, ("id", *HANDOUTS[1:]), first)
    moves = _rows(unit, Move, ("id", *MOVES[1:]), first)
    campaign = unit.exec(select(Campaign.name).where(col(Campaign.id) == said["campaign"])).one()
    station = unit.exec(select(Station.name).where(col(Station.id) == said["station"])).one()
    body = given | {
        "handouts": outward(handouts),
        "moves": outward(moves),
        "people": [
            list(row) for row in unit.exec(select(Member.id, Member.organisation_id).order_by(col(Member.id)))
        ],
        "events": _events(unit),
        "head": _chain_head(unit),
    }
    head = {"kind": "back", "package": said["package"], "schema": said["schema"]}
    head |= {"number": said["number"], "campaign": campaign, "station": station}
    head["made_at"] = unit.clock.now().isoformat()
    return _packed(said["number"], campaign, station, handouts, moves), head, body


def _packed(number: str, campaign: str, station: str, handouts: list[Row], moves: list[Row]) -> Packed:
    state = HANDOUTS.index("state")
    gone = {kind: -sum(row[3] for row in moves if row[2] is kind) for kind in CARRIED}
    off = sum(gone[kind] for kind in (MoveKind.DAMAGE, MoveKind.LOSS, MoveKind.MISSING))
    struck = sum(row[state] is HandoutState.VOID for row in handouts)
    return Packed(number, campaign, station, len(handouts), struck, gone[MoveKind.TALLY], off)


def _rows(unit: ReadUnit, model: Any, columns: tuple[str, ...], first: int) -> list[Row]:
    """What was made here, in its order; numbers begin after ``first``."""
    numbered = [at for at, name in enumerate(columns) if name in ("id", "handout_id")]
    query: Any = select(*(col(getattr(model, one)) for one in columns)).where(col(model.origin) == "")
    made = []
    for row in unit.exec(query.order_by(col(model.id))):
        values = list(row)
        for at in numbered:
            values[at] = None if values[at] is None else first + values[at]
        made.append(tuple(values))
    return made


def _events(unit: ReadUnit) -> list[list[Any]]:
    """The audit chain as it is walked: what each event says, and its link."""
    query = select(AuditEvent, AuditLink.hash).join(AuditLink, col(AuditLink.event_id) == col(AuditEvent.id))
    return [
        [one.id, one.at.isoformat(), one.actor, one.action, one.target, one.facts, link]
        for one, link in unit.exec(query.order_by(col(AuditLink.seq)))
    ]


def _chain_head(unit: ReadUnit) -> list[Any]:
    head = unit.exec(select(AuditHead)).one()
    return [head.seq, head.hash, head.mac]
