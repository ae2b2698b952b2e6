"""What must hold of the audit trail; the hashes themselves are walked by ``audit.queries.verify``."""

from typing import Any

from sqlalchemy import Select, select
from sqlmodel import col

from benefits.audit.models import AuditEvent, AuditLink, AuditPending
from benefits.kernel.verify import Invariant


def _linked(_dialect: str) -> Select[Any]:
    linked = select(col(AuditLink.seq)).where(col(AuditLink.event_id) == col(AuditEvent.id))
    pending = select(col(AuditPending.event_id)).where(col(AuditPending.event_id) == col(AuditEvent.id))
    return select(col(AuditEvent.id)).where(~linked.exists(), ~pending.exists())


INVARIANTS = (Invariant("audit.invariant.linked_or_pending", _linked),)
