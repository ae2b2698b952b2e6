"""What a package brings home (交回内容), read as what somebody may have changed on the way.

The file is sealed with the package's key, so only whoever held the package wrote it. Beyond that nothing is
believed: what the package was given is signed by this home, its audit chain is walked again, and hand-outs
and moves must agree with both.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from benefits.audit.chain import GENESIS, head_mac, link_hash
from benefits.audit.models import AuditEvent
from benefits.kernel.errors import Refused, say
from benefits.kernel.parcel import is_signed
from benefits.kernel.portable import inward
from benefits.kernel.sealed import Keys
from benefits.kits.models_handout import Handout, HandoutState, Signed
from benefits.kits.models_stock import INTO, Move, MoveKind
from benefits.kits.package_rows import people_digest

HANDOUTS = (
    *("origin_seq", "member_id", "organisation_id", "item_id", "slot", "quantity", "fen", "given_on"),
    *("given_at", "made_by", "collected_by", "signed", "note", "state", "reason"),
)
MOVES = (
    *("origin_seq", "lot_id", "kind", "quantity", "day", "at", "made_by", "document", "handout_id"),
    "reason",
)
CARRIED = frozenset(
    {
        *(MoveKind.HAND_OUT, MoveKind.HAND_BACK, MoveKind.TALLY, MoveKind.DAMAGE, MoveKind.LOSS),
        *(MoveKind.FOUND, MoveKind.MISSING),
    }
)
"""What may be done with the stock of a package; lorries come and go at home."""


@dataclass(frozen=True, slots=True)
class BackHandout:
    """A hand-out made in a package; ``seq``: its number there."""

    seq: int
    member_id: int
    organisation_id: int
    item_id: int
    slot: int
    quantity: int
    fen: int
    given_on: date
    given_at: datetime
    made_by: str
    collected_by: str
    signed: Signed
    note: str
    state: HandoutState
    reason: str


@dataclass(frozen=True, slots=True)
class BackMove:
    """A move of stock made in a package; ``handout_seq``: the hand-out there that it belongs to."""

    seq: int
    lot_id: int
    kind: MoveKind
    quantity: int
    day: date
    at: datetime
    made_by: str
    document: str
    handout_seq: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Returned:
    """All that came back; ``events`` of its audit chain up to ``anchor``."""

    uuid: str
    handouts: tuple[BackHandout, ...]
    moves: tuple[BackMove, ...]
    events: int
    anchor: str


def checked(home: Keys, package: Keys, body: Mapping[str, Any], name: str) -> Returned:
    """The return in ``body``, checked against what the package was given. ``name`` says which file.

    Raises Refused ``kits.package_altered`` with the first thing that does not agree, ``kernel.parcel_row``.
    """
    given = body.get("manifest")
    if not isinstance(given, dict) or not is_signed(home, given, body.get("signature")):
        raise _altered(name, "manifest")
    handouts = tuple(BackHandout(*row) for row in inward(Handout, HANDOUTS, body.get("handouts")))
    moves = tuple(BackMove(*row) for row in inward(Move, MOVES, body.get("moves")))
    people = body.get("people")
    if not isinstance(people, list) or not all(_is_pair(one) for one in people):
        raise _altered(name, "people")
    if people_digest((one[0], one[1]) for one in people) != given["people"]:
        raise _altered(name, "people")
    unions = {one[0]: one[1] for one in people}
    for wrong in _wrong(given, unions, handouts, moves):
        raise _altered(name, wrong)
    events, anchor = _chain(package, body.get("events"), body.get("head"), name)
    return Returned(given["package"], handouts, moves, events, anchor)


def _altered(name: str, what: str) -> Refused:
    return Refused("kits.package_altered", path=name, why=say(f"kits.package_why.{what}"))


def _is_pair(one: object) -> bool:
    return isinstance(one, list) and len(one) == 2 and all(type(value) is int for value in one)


def _wrong(
    given: Mapping[str, Any],
    unions: Mapping[int, int],
    handouts: tuple[BackHandout, ...],
    moves: tuple[BackMove, ...],
) -> Iterable[str]:
    """What of hand-outs and moves cannot have been made with this package."""
    for rows in (handouts, moves):
        seqs = [one.seq for one in rows]
        if any(seq is None or seq < 1 for seq in seqs) or len(set(seqs)) < len(seqs):
            yield "handouts"
    for one in handouts:
        if unions.get(one.member_id) != one.organisation_id:
            yield "stranger"
        if one.item_id not in given["items"] or one.slot not in (0, one.item_id):
            yield "handouts"
        if one.quantity < 1 or one.fen < 0 or one.state is HandoutState.TWICE:
            yield "handouts"
    once = Counter((one.member_id, one.slot) for one in handouts if one.state is HandoutState.ACTIVE)
    if any(count > 1 for count in once.values()):
        yield "handouts"
    yield from _wrong_moves(given, {one.seq: one for one in handouts}, moves)


def _wrong_moves(
    given: Mapping[str, Any], handouts: Mapping[int, BackHandout], moves: tuple[BackMove, ...]
) -> Iterable[str]:
    """Moves of what is not there, or that do not agree with the hand-outs."""
    left = {lot: count for lot, count in given["stock"]}
    out: defaultdict[int, int] = defaultdict(int)
    for move in sorted(moves, key=lambda one: one.seq):
        if move.kind not in CARRIED or move.lot_id not in left:
            yield "moves"
        if move.quantity == 0 or (move.quantity > 0) != (move.kind in INTO):
            yield "moves"
        left[move.lot_id] = left.get(move.lot_id, 0) + move.quantity
        if left[move.lot_id] < 0:
            yield "moves"
        of_handout = move.kind in (MoveKind.HAND_OUT, MoveKind.HAND_BACK)
        if of_handout and move.handout_seq not in handouts:
            yield "moves"
        if of_handout and move.handout_seq is not None:
            out[move.handout_seq] -= move.quantity
    for seq, one in handouts.items():
        counts = one.state is HandoutState.ACTIVE and one.item_id in given["counted"]
        if out[seq] != (one.quantity if counts else 0):
            yield "moves"


def _chain(keys: Keys, events: object, head: object, name: str) -> tuple[int, str]:
    """Walk the package's audit chain: how many events, and its last hash."""
    if not isinstance(events, list) or not isinstance(head, list) or len(head) != 3:
        raise _altered(name, "chain")
    previous = GENESIS
    for row in events:
        try:
            number, at, actor, what, target, facts, link = row
            moment = datetime.fromisoformat(at)
            event = AuditEvent(id=number, at=moment, actor=actor, action=what, target=target, facts=facts)
            previous = link_hash(keys, previous, event)
        except (TypeError, ValueError) as error:
            raise _altered(name, "chain") from error
        if previous != link:
            raise _altered(name, "chain")
    if head != [len(events), previous, head_mac(keys, len(events), previous)]:
        raise _altered(name, "chain")
    return len(events), previous
