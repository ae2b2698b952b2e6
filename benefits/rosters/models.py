"""Tables of rosters (花名册导入): batches, what each row did, what was wrong with it, remembered columns,
possible duplicates."""

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from benefits.kernel.sealed import SealedText
from benefits.kernel.tables import BigId, coded, id_field, ref


class Mode(enum.Enum):
    """整份导入 (one bad row and nothing is written), 只导入合格行."""

    ALL = "all"
    GOOD = "good"


class BatchState(enum.Enum):
    """已导入, 已撤销."""

    APPLIED = "applied"
    UNDONE = "undone"


class RosterBatch(SQLModel, table=True):
    """One import (导入批次). ``rows`` = added + changed + same + queued + bad."""

    __tablename__ = "roster_batch"

    id: int | None = id_field()
    number: str = Field(max_length=24, unique=True)
    kind: str = Field(max_length=24)
    organisation_id: int = ref("organisation.id", index=True)
    """Top of the part of the tree that the file was about: its sender's unit, or what the clerk sees."""
    file_name: str = Field(max_length=200)
    file_digest: str = Field(max_length=64)
    mode: Mode = Field(sa_type=coded(Mode, "roster_mode"))
    state: BatchState = Field(default=BatchState.APPLIED, sa_type=coded(BatchState, "roster_state"))
    rows: int = 0
    added: int = 0
    changed: int = 0
    same: int = 0
    queued: int = 0
    bad: int = 0
    made_by: str = Field(max_length=64)
    made_at: datetime
    undone_by: str | None = Field(default=None, max_length=64)
    undone_at: datetime | None = None
    undo_reason: str = Field(default="", max_length=200)


class RosterTrace(SQLModel, table=True):
    """What a row of a batch wrote (导入痕迹), so that exactly this can be taken back: an entity, its version
    afterwards, and its fields before (None: it was added)."""

    __tablename__ = "roster_trace"
    __table_args__ = (sa.Index("ix_roster_trace_entity", "entity", "entity_id"),)

    batch_id: int = ref("roster_batch.id", primary_key=True)
    row: int = Field(primary_key=True)
    part: int = Field(primary_key=True, sa_type=sa.SmallInteger)
    entity: str = Field(max_length=24)
    entity_id: int = Field(sa_type=BigId)
    version: int | None = None
    before: str | None = Field(default=None, sa_type=SealedText("roster_trace.before"))


class RosterProblem(SQLModel, table=True):
    """What was wrong with a row that a batch left out (未导入原因)."""

    __tablename__ = "roster_problem"

    batch_id: int = ref("roster_batch.id", primary_key=True)
    row: int = Field(primary_key=True)
    part: int = Field(primary_key=True, sa_type=sa.SmallInteger)
    column: str = Field(max_length=32)
    cell: str = Field(default="", max_length=12)
    code: str = Field(max_length=64)
    params: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    """Parameters of the sentence; numbers are masked in it."""


class RosterMapping(SQLModel, table=True):
    """Columns as a unit heads them (列对应): what a clerk said once is remembered for the unit."""

    __tablename__ = "roster_mapping"

    organisation_id: int = ref("organisation.id", primary_key=True)
    kind: str = Field(primary_key=True, max_length=24)
    heading: str = Field(primary_key=True, max_length=120)
    """The heading in its compared form."""
    column: str = Field(max_length=32)
    """Key of the column; empty: leave this one out."""
    changed_at: datetime


class CaseState(enum.Enum):
    """待处理, 同一人, 不是同一人, 不导入."""

    OPEN = "open"
    SAME = "same"
    DISTINCT = "distinct"
    DROPPED = "dropped"


class DuplicateCase(SQLModel, table=True):
    """A possible duplicate (疑似重复): a row of a file, or a second member, that may be ``member_id``."""

    __tablename__ = "duplicate_case"
    __table_args__ = (sa.Index("ix_duplicate_case_state", "state", "organisation_id"),)

    id: int | None = id_field()
    organisation_id: int = ref("organisation.id")
    """The unit whose clerk is asked: that of the row, or of the younger record."""
    batch_id: int | None = ref("roster_batch.id", default=None, index=True)
    row: int | None = None
    candidate: str | None = Field(default=None, sa_type=SealedText("duplicate_case.candidate"))
    """The values of the row as JSON; None: two members."""
    candidate_digest: bytes | None = Field(default=None, sa_type=sa.LargeBinary(32), index=True)
    """The same row in another file is the same case."""
    member_id: int = ref("member.id", index=True)
    other_id: int | None = ref("member.id", default=None, index=True)
    evidence: str = Field(max_length=200)
    """Codes by comma: ``rosters.evidence.<code>``."""
    state: CaseState = Field(default=CaseState.OPEN, sa_type=coded(CaseState, "case_state"))
    decided_by: str | None = Field(default=None, max_length=64)
    decided_at: datetime | None = None
    reason: str = Field(default="", max_length=200)
    result_member_id: int | None = ref("member.id", default=None, index=True)
