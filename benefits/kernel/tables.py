"""Helpers for table models: identity keys, coded columns, and one naming convention for constraints.

Keys are 64-bit and made by the database or by a loader in load order; coded values are stored as text with a
CHECK, never as a native PostgreSQL enum, which is painful to change.
"""

import enum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""64-bit key; SQLite autoincrements only a column declared INTEGER."""

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def id_field() -> Any:
    """The 64-bit primary key ``id`` of a table."""
    return Field(default=None, primary_key=True, sa_type=BigId, sa_column_args=[sa.Identity(always=False)])


def ref(target: str, *, primary_key: bool = False, index: bool = False, **kwargs: Any) -> Any:
    """A 64-bit foreign key to ``target`` (``"member.id"``)."""
    return Field(foreign_key=target, sa_type=BigId, primary_key=primary_key, index=index, **kwargs)


def coded(kind: type[enum.Enum], name: str) -> Any:
    """Column type for a coded value: the enum's value as text, with a CHECK named ``name``."""
    return sa.Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=max(len(member.value) for member in kind) + 8,
        values_callable=lambda members: [member.value for member in members],
    )


def fen_field(**kwargs: Any) -> Any:
    """A money column: integer fen, 64 bits."""
    return Field(sa_type=sa.BigInteger, **kwargs)


def ordered_text(length: int) -> Any:
    """Text compared byte by byte on both engines, for keys searched by prefix range."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")
