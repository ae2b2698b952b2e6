"""Tables of the audit trail (审计日志): events as they were committed, and the links that order and bind
them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from benefits.kernel.tables import id_field, ref

_JSON = sa.JSON()


class AuditEvent(SQLModel, table=True):
    """What one unit did: who, when, which action, to what, with which facts. Append-only (triggers)."""

    __tablename__ = "audit_event"

    id: int | None = id_field()
    at: datetime
    actor: str = Field(max_length=64)
    action: str = Field(max_length=64)
    target: str = Field(max_length=200)
    facts: dict[str, Any] = Field(sa_type=_JSON)


class AuditPending(SQLModel, table=True):
    """Events committed but not yet linked into the chain; the sealer empties it in order."""

    __tablename__ = "audit_pending"

    event_id: int = ref("audit_event.id", primary_key=True)


class AuditLink(SQLModel, table=True):
    """Link ``seq`` of the chain: binds an event to all before it. Append-only (triggers)."""

    __tablename__ = "audit_link"

    seq: int = Field(primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False})
    event_id: int = ref("audit_event.id", unique=True)
    hash: str = Field(max_length=64)


class AuditHead(SQLModel, table=True):
    """The chain's end, authenticated with the key, so that a cut tail is found. One row."""

    __tablename__ = "audit_head"

    id: int = Field(default=1, primary_key=True)
    seq: int = Field(sa_type=sa.BigInteger)
    hash: str = Field(max_length=64)
    mac: str = Field(max_length=64)
