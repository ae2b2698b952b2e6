"""Writing a row that waited in the queue (查重结论落地): over the member it is, or as somebody new."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import col, select

from benefits.kernel.errors import Problem, Refused, say
from benefits.kernel.text import mask_id
from benefits.kernel.unit import WriteUnit
from benefits.members.bulk import NewPerson
from benefits.members.derive import identifier_digest
from benefits.members.identity import identity_digest
from benefits.members.lookup import union_open
from benefits.members.models import Member
from benefits.rosters.kind import Chunk, Outcome, Place, Step, Trace
from benefits.rosters.kinds import registered
from benefits.rosters.kinds.members_json import from_json
from benefits.rosters.kinds.members_judge import Facts, compared
from benefits.rosters.kinds.members_marks import IDENTIFIERS, marks_of
from benefits.rosters.kinds.members_write import write_steps


def settle(
    unit: WriteUnit, row: int, values: Mapping[str, Any], member_id: int | None
) -> tuple[int, list[Trace]]:
    """The member that came of it, and what was written.

    Raises Refused: ``rosters.case_number_taken``, ``members.organisation_closed`` (somebody new, whose unit
    was closed meanwhile), ``rosters.case_blocked`` where the row contradicts the register by now.
    """
    person = from_json(values, unit.today)
    marks = [] if person.number is None else [identity_digest(person.number.number)]
    owned = {kind: [identifier_digest(kind, text)] for kind, text in person.identifiers}
    with unit.beyond_scope():
        holders = registered.holders(unit, marks)
        owners = registered.numbers(unit, owned)
    others = {*holders.values(), *(one.member_id for one in owners.values())} - {member_id}
    if others:
        raise Refused("rosters.case_number_taken", name=person.name)
    if member_id is None:
        union_open(unit, person.organisation_id)
        step = Step(row, Outcome.ADDED, person, name=person.name)
        traces = list(write_steps(unit, [step]))
        return traces[0].entity_id, traces
    known = registered.people(unit, [member_id]).get(member_id)
    if known is None:
        raise Refused("members.unknown", member=member_id)
    places = {key: Place("", "") for key in (*values, *IDENTIFIERS, "worker_category")}
    chunk = Chunk([row], _columns(person), places)
    in_use = {kind: one for (_, kind), one in registered.numbers_of(unit, [member_id]).items()}
    facts = Facts(
        marks_of(chunk),
        {},
        {member_id: known},
        {},
        {member_id: in_use},
        registered.categories_of(unit, [member_id]),
        {},
        {},
        {},
    )
    if person.number is not None and known.id_last4 is not None and not holders:
        held = unit.exec(select(Member.id_number).where(col(Member.id) == member_id)).first()
        words = {"file": mask_id(person.number.number), "register": mask_id(held or "")}
        chunk.blame(0, "id_number", "rosters.contradicts", field=say("rosters.column.id_number"), **words)
    judged = compared(chunk, 0, person, known, facts) if not chunk.bad else None
    if judged is None:
        problems = tuple(Problem(one.code, one.say, field=one.key) for one in chunk.problems)
        raise Refused("rosters.case_blocked", name=person.name, problems=problems)
    traces = list(write_steps(unit, [judged])) if judged.outcome is Outcome.CHANGED else []
    return member_id, traces


def _columns(person: NewPerson) -> dict[str, list[Any]]:
    """The row as the file had it, as far as digests and sentences need it."""
    columns: dict[str, list[Any]] = {
        "name": [person.name],
        "phone": [person.phone],
        "id_number": [person.number],
    }
    return columns | {kind.value: [text] for kind, text in person.identifiers}
