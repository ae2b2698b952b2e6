"""Reading the audit trail: verify the chain, list events, the anchor that paper carries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from benefits.audit.chain import GENESIS, head_mac, link_hash
from benefits.audit.models import AuditEvent, AuditHead, AuditLink, AuditPending
from benefits.kernel.errors import Say, say
from benefits.kernel.scope import ROOT
from benefits.kernel.unit import ReadUnit

_PAGE = 5000
READ_ALL = "audit.read"
"""The auditor's permission; an administrator's ``*`` does not reach past his or her part of the tree."""


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event as a list shows it."""

    id: int
    at: datetime
    actor: str
    action: str
    target: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChainReport:
    """Result of ``verify``: ``ok``, or the first broken link and why. ``links`` were checked, ``pending``
    wait for the sealer."""

    ok: bool
    links: int
    pending: int
    broken_seq: int | None
    event_id: int | None
    why: Say | None
    anchor: str


def verify(unit: ReadUnit, anchor: str | None = None) -> ChainReport:
    """Walk the chain from its first link; name the first broken one (审计链校验).

    ``anchor`` is a hash printed on an earlier report: it must stand somewhere in the chain, which finds an
    older copy put back.
    """
    previous, seq, seen = GENESIS, 0, anchor in (None, GENESIS)
    keys = unit.database.keys
    pending = unit.exec(select(func.count()).select_from(AuditPending)).one()

    def broken(at: int, event_id: int | None, key: str) -> ChainReport:
        return ChainReport(False, seq, pending, at, event_id, say(key, seq=at), previous)

    while True:
        page = unit.exec(
            select(AuditLink, AuditEvent)
            .join(AuditEvent, col(AuditEvent.id) == col(AuditLink.event_id), isouter=True)
            .where(col(AuditLink.seq) > seq)
            .order_by(col(AuditLink.seq))
            .limit(_PAGE)
        ).all()
        for link, event in page:
            if link.seq != seq + 1:
                return broken(seq + 1, None, "audit.link_missing")
            if event is None:
                return broken(link.seq, link.event_id, "audit.event_missing")
            if link_hash(keys, previous, event) != link.hash:
                return broken(link.seq, event.id, "audit.link_broken")
            previous, seq = link.hash, link.seq
            seen = seen or previous == anchor
            unit.session.expunge(event)
            unit.session.expunge(link)
        if len(page) < _PAGE:
            break
    head = unit.session.get(AuditHead, 1)
    if head is None:
        tail_ok = seq == 0
    else:
        tail_ok = head.mac == head_mac(keys, head.seq, head.hash) and (head.seq, head.hash) == (seq, previous)
    if not tail_ok:
        return broken(seq + 1, None, "audit.tail_cut")
    unlinked = unit.exec(
        select(AuditEvent.id)
        .where(
            ~col(AuditEvent.id).in_(select(AuditLink.event_id)),
            ~col(AuditEvent.id).in_(select(AuditPending.event_id)),
        )
        .limit(1)
    ).first()
    if unlinked is not None:
        return ChainReport(
            False, seq, pending, seq + 1, unlinked, say("audit.unlinked", event=unlinked), previous
        )
    if not seen:
        return broken(seq, None, "audit.anchor_unknown")
    return ChainReport(True, seq, pending, None, None, None, previous)


def anchor(unit: ReadUnit) -> str:
    """Hash of the last link: printed on reports, so that paper holds the chain's tail."""
    head = unit.session.get(AuditHead, 1)
    return GENESIS if head is None else head.hash


def events(unit: ReadUnit, limit: int = 100, before_id: int | None = None) -> tuple[EventRow, ...]:
    """Events, newest first, ``limit`` at a time; ``before_id`` continues a list.

    The trail names people and units of the whole tree: all of it is for whoever sees everything and for the
    auditor, and everybody else reads what he or she did.
    """
    query = select(AuditEvent).order_by(col(AuditEvent.id).desc()).limit(limit)
    if unit.actor.scope != ROOT and READ_ALL not in unit.actor.permissions:
        query = query.where(col(AuditEvent.actor) == unit.actor.login)
    if before_id is not None:
        query = query.where(col(AuditEvent.id) < before_id)
    return tuple(
        EventRow(event.id or 0, event.at, event.actor, event.action, event.target, event.facts)
        for event in unit.exec(query)
    )
