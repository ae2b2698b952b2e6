"""The audit chain (审计链): events are appended freely and sealed in order.

Each unit writes one event and marks it pending. The sealer links what has been committed: ``hash = HMAC(key,
previous hash | event)``. On SQLite, whose writers queue anyway, it runs inside the unit; on PostgreSQL after
the commit, by whoever gets the advisory lock, so that no clerk waits for another's event. An edited, deleted
or reordered event breaks its link; a cut tail disagrees with the head, which only the key can write. A whole
older copy put back is found by the anchor printed on every report.
"""

import hashlib
import hmac
import json
from typing import Any

from sqlalchemy import Integer, bindparam, delete, func, insert, update
from sqlmodel import Session, col, select

from benefits.audit.models import AuditEvent, AuditHead, AuditLink, AuditPending
from benefits.kernel.actions import Frame
from benefits.kernel.prepared import OfSession, Row, Works, changed, changed_by, rows_of, written
from benefits.kernel.sealed import Keys
from benefits.kernel.unit import Database, WriteUnit

GENESIS = "0" * 64
_SEALER_LOCK = 0x62656E65


def link_hash(keys: Keys, previous: str, event: AuditEvent) -> str:
    """Hash of an event's link, hex."""
    return _hash(keys, previous, (event.id, event.at, event.actor, event.action, event.target, event.facts))


def _hash(keys: Keys, previous: str, event: Row) -> str:
    body = json.dumps(
        [event[0], event[1].isoformat(), *event[2:]],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hmac.new(keys.auditing, f"{previous}|{body}".encode(), hashlib.sha256).hexdigest()


def head_mac(keys: Keys, seq: int, link: str) -> str:
    """What proves that the head was written with the key, hex."""
    return hmac.new(keys.auditing, f"head|{seq}|{link}".encode(), hashlib.sha256).hexdigest()


def write_event(unit: WriteUnit, frame: Frame) -> None:
    """The audit sink of every write unit."""
    facts: dict[str, Any] = json.loads(json.dumps(frame.facts, default=str))
    values = {
        "at": unit.clock.now(),
        "actor": unit.actor.login,
        "action": frame.action.name,
        "target": frame.target,
        "facts": facts,
    }
    if unit.dialect != "sqlite":
        changed(unit, _APPEND, **values)
        return
    made = written(unit, _EVENT, **values)
    assert made is not None
    _link(unit, unit.database.keys, (*made, *values.values()))


def seal_after_commit(database: Database) -> None:
    """Link what is pending, unless another process is at it (it, or the next writer, links ours)."""
    if database.dialect != "postgresql":
        return
    with database.upkeep() as session:
        if rows_of(OfSession(session), _LOCK, {})[0][0]:
            seal(session, database.keys)


def seal(session: Session, keys: Keys) -> int:
    """Link all pending events in order; how many were linked. One sealer at a time."""
    return _link(OfSession(session), keys)


_COLUMNS = ("at", "actor", "action", "target", "facts")
_INSERT = insert(AuditEvent).values({name: bindparam(name) for name in _COLUMNS})
_EVENT = _INSERT.returning(col(AuditEvent.id))
_MADE = _INSERT.returning(col(AuditEvent.id)).cte("made")
_APPEND = insert(AuditPending).from_select(["event_id"], select(_MADE.c.id))
_PENDING = (
    select(col(AuditEvent.id), *(getattr(AuditEvent, name) for name in _COLUMNS))
    .join(AuditPending, col(AuditPending.event_id) == col(AuditEvent.id))
    .order_by(col(AuditEvent.id))
)
_LOCK = select(
    func.pg_try_advisory_xact_lock(_SEALER_LOCK),
    # nobody waits for this to reach the disk: a link that a crash takes back leaves its event pending
    func.set_config("synchronous_commit", "off", True),
)
_WAITS = select(func.min(col(AuditPending.event_id))).scalar_subquery()
_HEAD = (
    select(_WAITS, col(AuditHead.seq), col(AuditHead.hash))
    .select_from(select(bindparam("one", 1, Integer).label("one")).subquery("here"))
    .outerjoin(AuditHead, col(AuditHead.id) == 1)
)
_LINK = insert(AuditLink).values({name: bindparam(name) for name in ("seq", "event_id", "hash")})
_NEW_HEAD = insert(AuditHead).values(
    {"id": 1, "seq": bindparam("to_seq"), "hash": bindparam("to_hash"), "mac": bindparam("to_mac")}
)
_SET_HEAD = (
    update(AuditHead)
    .where(col(AuditHead.id) == 1)
    .values({"seq": bindparam("to_seq"), "hash": bindparam("to_hash"), "mac": bindparam("to_mac")})
)
_DONE = delete(AuditPending).where(col(AuditPending.event_id) == bindparam("event"))


def _link(works: Works, keys: Keys, fresh: Row | None = None) -> int:
    """Link events that wait, in order, and then the one that is being written; how many."""
    waits, seq, link = rows_of(works, _HEAD, {})[0]
    known = seq is not None
    waiting = [] if waits is None else rows_of(works, _PENDING, {})
    events = waiting if fresh is None else [*waiting, fresh]
    if not events:
        return 0
    seq, link = (seq, link) if known else (0, GENESIS)
    for event in events:
        seq, link = seq + 1, _hash(keys, link, event)
        changed_by(works, _LINK, {"seq": seq, "event_id": event[0], "hash": link})
    mac = head_mac(keys, seq, link)
    changed_by(works, _SET_HEAD if known else _NEW_HEAD, {"to_seq": seq, "to_hash": link, "to_mac": mac})
    for event in waiting:
        changed_by(works, _DONE, {"event": event[0]})
    return len(events)
