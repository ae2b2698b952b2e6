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

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from benefits.audit.models import AuditEvent, AuditHead, AuditLink, AuditPending
from benefits.kernel.actions import Frame
from benefits.kernel.sealed import Keys
from benefits.kernel.unit import Database, WriteUnit

GENESIS = "0" * 64
_SEALER_LOCK = 0x62656E65


def link_hash(keys: Keys, previous: str, event: AuditEvent) -> str:
    """Hash of an event's link, hex."""
    body = json.dumps(
        [event.id, event.at.isoformat(), event.actor, event.action, event.target, event.facts],
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
    event = AuditEvent(
        at=unit.clock.now(),
        actor=unit.actor.login,
        action=frame.action.name,
        target=frame.target,
        facts=facts,
    )
    unit.session.add(event)
    unit.session.flush()
    assert event.id is not None
    unit.session.add(AuditPending(event_id=event.id))
    if unit.dialect == "sqlite":
        seal(unit.session, unit.database.keys)


def seal_after_commit(database: Database) -> None:
    """Link what is pending, unless another process is at it (it, or the next writer, links ours)."""
    if database.dialect != "postgresql":
        return
    with database.upkeep() as session:
        if session.exec(select(func.pg_try_advisory_xact_lock(_SEALER_LOCK))).one():
            seal(session, database.keys)


def seal(session: Session, keys: Keys) -> int:
    """Link all pending events in order; how many were linked. One sealer at a time."""
    session.flush()
    pending = session.exec(
        select(AuditEvent)
        .join(AuditPending, col(AuditPending.event_id) == col(AuditEvent.id))
        .order_by(col(AuditEvent.id))
    ).all()
    if not pending:
        return 0
    head = session.get(AuditHead, 1)
    if head is None:
        head = AuditHead(seq=0, hash=GENESIS, mac=head_mac(keys, 0, GENESIS))
        session.add(head)
    for event in pending:
        assert event.id is not None
        head.seq += 1
        head.hash = link_hash(keys, head.hash, event)
        session.add(AuditLink(seq=head.seq, event_id=event.id, hash=head.hash))
    head.mac = head_mac(keys, head.seq, head.hash)
    session.exec(delete(AuditPending).where(col(AuditPending.event_id).in_([event.id for event in pending])))
    session.flush()
    return len(pending)
