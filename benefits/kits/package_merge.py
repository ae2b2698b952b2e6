"""Taking in what a package brings (并入): rows by package and number there, so that it may come again.

Which of several hand-outs holds is decided for each slot by all that are known (``kits.twice``), and stock
changes by sums; so the result is the same in whatever order packages come, and however often.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, update
from sqlmodel import col, select

from benefits.kernel import bulk
from benefits.kernel.among import among
from benefits.kernel.errors import Refused
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.kits import ledger
from benefits.kits.ledger import Booking, Line
from benefits.kits.models import Campaign, Station, StationState
from benefits.kits.models_handout import Handout, HandoutState, Signed
from benefits.kits.models_stock import Move, MoveKind, Package, PackageState, Stock
from benefits.kits.package_return import BackHandout, BackMove, Returned
from benefits.kits.twice import put_in_order
from benefits.members.models import Member

_PAPER = "package:"
"""Beginning of the document of what a package's own stocktake found, and of what makes up here for what the
book did not have any more."""
Known = dict[int, tuple[int, HandoutState, Signed, datetime]]
"""What was taken in before: number in the package -> id, state, signature, time."""
_COLUMNS = (
    *("id", "member_id", "organisation_id", "campaign_id", "item_id", "slot", "station_id", "quantity"),
    *("fen", "given_on", "given_at", "made_by", "collected_by", "signed", "note", "state", "reason"),
    *("origin", "origin_seq"),
)


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of a return: ``in_file`` hand-outs = ``new`` + ``known`` (taken in before); ``struck``: of
    these voided since. ``moves`` new ones of stock, ``found`` pieces that the book here did not have any
    more (盘盈冲回). ``twice``: how many hand-outs of the package's people are there a second time."""

    number: str
    campaign_id: int
    campaign: str
    station: str
    in_file: int
    new: int
    known: int
    struck: int
    moves: int
    found: int
    twice: int
    again: bool
    """Whether the package had been back before."""


def merge(unit: WriteUnit, package: Package, returned: Returned) -> Merged:
    """Take in a return. The unit must see past the actor's scope: the package says whom it is about."""
    campaign = unit.exec(select(Campaign.name).where(col(Campaign.id) == package.campaign_id)).one()
    station = unit.exec(select(Station).where(col(Station.id) == package.station_id)).one()
    again, name = package.state is PackageState.BACK, station.name
    known = _known(unit, package)
    _refuse_copies(package, returned, known)
    fresh = [one for one in returned.handouts if one.seq not in known]
    people = _people_now(unit, {one.member_id for one in returned.handouts})
    ids = dict(zip((one.seq for one in fresh), bulk.reserve(unit, Handout, len(fresh)), strict=True))
    bulk.write(unit, Handout, _COLUMNS, [_row(package, one, ids[one.seq], people) for one in fresh])
    struck = _amend(unit, returned.handouts, known)
    ids |= {seq: found[0] for seq, found in known.items()}
    moves, found = _stock(unit, package, station.state, _not_back_yet(returned.moves, known), ids)
    put_in_order(unit, package.campaign_id, sorted(set(people.values())))
    if not again:
        package.state, package.back_at = PackageState.BACK, unit.clock.now()
        package.back_by = unit.actor.login
    unit.session.flush()
    return Merged(
        *(package.number, package.campaign_id, campaign, name, len(returned.handouts), len(fresh)),
        *(len(returned.handouts) - len(fresh), struck, moves, found),
        *(_twice(unit, package), again),
    )


def _known(unit: ReadUnit, package: Package) -> Known:
    """What was taken in of this package before."""
    columns = (Handout.origin_seq, Handout.id, Handout.state, Handout.signed, Handout.given_at)
    query: Any = select(*map(col, columns)).where(col(Handout.origin) == package.uuid)
    return {row[0]: tuple(row[1:]) for row in unit.session.execute(query)}


def _refuse_copies(package: Package, returned: Returned, known: Known) -> None:
    """One number, one hand-out: where the database of a package was copied and both worked on, the second
    says something else under a number that is known."""
    for one in returned.handouts:
        if one.seq in known and known[one.seq][3] != one.given_at:
            raise Refused("kits.package_copied", number=package.number, at=one.given_at)


def _people_now(unit: ReadUnit, asked: set[int]) -> dict[int, int]:
    """Under which record each person stands today: two may have become one meanwhile (合并重复)."""
    found: dict[int, int] = {one: one for one in asked}
    ahead = set(asked)
    seen: set[int] = set()
    while ahead:
        query = select(col(Member.id), col(Member.merged_into_id)).where(
            among(unit, Member.id, sorted(ahead))
        )
        rows = {one: into for one, into in unit.session.execute(query)}
        if rows.keys() != ahead:
            raise Refused("kits.package_person_gone", member=min(ahead - rows.keys()))
        into = {one: other for one, other in rows.items() if other is not None}
        found = {one: into.get(now, now) for one, now in found.items()}
        seen |= ahead
        ahead = set(into.values()) - seen
    return found


def _row(package: Package, one: BackHandout, made: int, people: dict[int, int]) -> tuple[object, ...]:
    """A hand-out as the table takes it; which of several holds is decided when all are there."""
    state = HandoutState.VOID if one.state is HandoutState.VOID else HandoutState.TWICE
    return (
        *(made, people[one.member_id], one.organisation_id, package.campaign_id, one.item_id, one.slot),
        *(package.station_id, one.quantity, one.fen, one.given_on, one.given_at, one.made_by),
        *(one.collected_by, one.signed, one.note, state, one.reason, package.uuid, one.seq),
    )


def _amend(unit: WriteUnit, handouts: Sequence[BackHandout], known: Known) -> int:
    """What was struck or signed in the package since it was taken in; how many were struck."""
    struck = 0
    for one in handouts:
        if one.seq not in known:
            continue
        made, state, signed, _ = known[one.seq]
        values: dict[str, object] = {}
        if one.state is HandoutState.VOID and state is not HandoutState.VOID:
            struck += 1
            values = {"state": HandoutState.VOID, "reason": one.reason}
        if one.signed is not Signed.NO and signed is Signed.NO:
            values["signed"] = one.signed
        if values:
            change = update(Handout).where(col(Handout.id) == made).values(**values)
            unit.session.execute(change.execution_options(synchronize_session=False))
    return struck


def _stock(
    unit: WriteUnit, package: Package, state: StationState, moves: Sequence[BackMove], ids: dict[int, int]
) -> tuple[int, int]:
    """Book the package's moves that are not there yet, and leave the station as it must be: at work where
    this package was what it waited for. How many moves, and how many pieces the book did not have."""
    rows = select(col(Move.origin_seq)).where(col(Move.origin) == package.uuid)
    known = set(unit.session.scalars(rows))
    fresh = [one for one in moves if one.seq not in known]
    waited = package.state is PackageState.OUT
    if not fresh and not waited:
        return 0, 0
    unit.session.flush()
    ledger.thaw(unit, package.station_id)
    bookings = [_booking(package, one, ids) for one in fresh]
    cover = _cover(unit, package, bookings)
    ledger.book_many(unit, [*cover, *bookings])
    if not waited and state is not StationState.OPEN:
        ledger.freeze(unit, package.station_id, state)
    return len(fresh), sum(one.line.delta for one in cover)


def _not_back_yet(moves: Sequence[BackMove], known: Known) -> list[BackMove]:
    """The moves without goods that came back here already, when the hand-out was struck here first."""
    here = {seq for seq, row in known.items() if row[1] is HandoutState.VOID}
    return [one for one in moves if one.handout_seq not in here or one.kind is MoveKind.HAND_OUT]


def _booking(package: Package, one: BackMove, ids: dict[int, int]) -> Booking:
    return Booking(
        Line(package.station_id, one.lot_id, one.kind, abs(one.quantity)),
        one.day,
        f"{_PAPER}{package.id}" if one.document else "",
        None if one.handout_seq is None else ids.get(one.handout_seq),
        one.reason,
        package.uuid,
        one.seq,
        one.made_by,
        one.at,
    )


def _cover(unit: WriteUnit, package: Package, bookings: Sequence[Booking]) -> list[Booking]:
    """What a stocktake or a counter here took for gone, and the package handed out (盘盈冲回), is booked as
    found, so that it can be booked as what it was; what the package has too much takes that back first. So
    it is the sum that counts, and no order."""
    here = col(Move.station_id) == package.station_id
    held = select(col(Stock.lot_id), col(Stock.on_hand)).where(col(Stock.station_id) == package.station_id)
    on_hand = {lot: count for lot, count in unit.session.execute(held)}
    covers = select(col(Move.lot_id), func.sum(col(Move.quantity)))
    covers = covers.where(here, col(Move.document).startswith(_PAPER), col(Move.origin) == "")
    covers = covers.group_by(col(Move.lot_id))
    covered = {lot: int(count) for lot, count in unit.session.execute(covers)}
    net: defaultdict[int, int] = defaultdict(int)
    for one in bookings:
        net[one.line.lot_id] += one.line.delta
    found = []
    for lot, change in sorted(net.items()):
        lacks = -(on_hand.get(lot, 0) + change) if change < 0 else -min(change, covered.get(lot, 0))
        if lacks > 0 or (change > 0 and lacks < 0):
            kind = MoveKind.FOUND if lacks > 0 else MoveKind.MISSING
            line = Line(package.station_id, lot, kind, abs(lacks))
            found.append(Booking(line, unit.today, document=f"{_PAPER}{package.id}", reason=package.number))
    return found


def _twice(unit: ReadUnit, package: Package) -> int:
    """How many hand-outs of the package's people are there a second time, in it or elsewhere."""
    mine = select(col(Handout.member_id)).where(col(Handout.origin) == package.uuid)
    query = select(func.count(col(Handout.id))).where(
        col(Handout.campaign_id) == package.campaign_id,
        col(Handout.state) == HandoutState.TWICE,
        col(Handout.member_id).in_(mine),
    )
    return unit.exec(query).one()
