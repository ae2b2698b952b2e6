"""Reading the present state for rosters out (导出取数): by pages, so that a million rows need no memory."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import col, select

from benefits.kernel.unit import ReadUnit
from benefits.members.models import IdentifierKind, MemberIdentifier

_PAGE = 2000


def pages(unit: ReadUnit, query: Any, key: Any) -> Iterator[list[Any]]:
    """The rows of a SELECT whose first column is ``key``, in its order, page by page."""
    last = 0
    while True:
        found = list(unit.exec(query.where(col(key) > last).order_by(col(key)).limit(_PAGE)))
        if not found:
            return
        last = found[-1][0]
        yield found


def numbers_of(unit: ReadUnit, ids: Sequence[int], kind: IdentifierKind) -> dict[int, str]:
    """The numbers of a kind that people have now."""
    query = select(MemberIdentifier.member_id, MemberIdentifier.number).where(
        col(MemberIdentifier.member_id).in_(ids),
        col(MemberIdentifier.kind) == kind,
        col(MemberIdentifier.ends).is_(None),
    )
    return dict(unit.exec(query).all())
