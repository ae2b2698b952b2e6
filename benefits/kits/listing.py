"""The list of a campaign (名单) as rows, many at once: what the verbs and the roster of it share."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from benefits.kernel import bulk
from benefits.kernel.among import among
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.kits.models import Entitled
from benefits.kits.models_handout import Handout, HandoutState

MOST_FEN = 100_000_000
"""What a person may be given in money, fen; more than a million yuan is a slip of the pen."""
FIELDS = ("organisation_id", "station_id", "amount_fen", "site", "note", "source")
"""What a line says beside campaign and person."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a campaign's list; ``organisation_id``: the person's union when put on it."""

    campaign_id: int
    member_id: int
    organisation_id: int
    station_id: int | None = None
    amount_fen: int | None = None
    site: str = ""
    note: str = ""
    source: str = ""


def lines_of(
    unit: ReadUnit, campaign_ids: Collection[int], member_ids: Collection[int]
) -> dict[tuple[int, int], Entitled]:
    """The lines of people whom the actor sees, by campaign and person, wherever they were members then."""
    query = select(Entitled).where(
        col(Entitled.campaign_id).in_(campaign_ids), among(unit, Entitled.member_id, member_ids)
    )
    with unit.beyond_scope():
        return {(row.campaign_id, row.member_id): row for row in unit.exec(query)}


def handed_of(
    unit: ReadUnit, campaign_ids: Collection[int], member_ids: Collection[int]
) -> set[tuple[int, int]]:
    """Who of them was handed something of which campaign, wherever it was."""
    query = select(col(Handout.campaign_id), col(Handout.member_id)).where(
        col(Handout.campaign_id).in_(campaign_ids),
        among(unit, Handout.member_id, member_ids),
        col(Handout.state) != HandoutState.VOID,
    )
    with unit.beyond_scope():
        return {(row[0], row[1]) for row in unit.session.execute(query)}


def add(unit: WriteUnit, entries: Sequence[Entry]) -> None:
    """New lines, all at once."""
    columns = ("campaign_id", "member_id", *FIELDS)
    bulk.write(unit, Entitled, columns, ([getattr(one, name) for name in columns] for one in entries))


def change(unit: WriteUnit, values: Iterable[tuple[Entitled, Mapping[str, Any]]]) -> None:
    """Other values for lines of people whom the actor sees, whose union may have been another one then."""
    with unit.beyond_scope():
        for row, changed in values:
            for name, value in changed.items():
                setattr(row, name, value)
        unit.session.flush()


def remove(unit: WriteUnit, keys: Sequence[tuple[int, int]]) -> None:
    """Lines go."""
    with unit.beyond_scope():
        bulk.erase(unit, Entitled, ("campaign_id", "member_id"), keys)
    unit.session.expire_all()
