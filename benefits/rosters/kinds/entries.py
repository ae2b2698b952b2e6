"""Rosters whose rows each become one record of its own (逐行登记): a term of cover, a payment, a hand-out.

Such a kind judges and exports in its own way; writing and taking back are the same for all of them. Its
``write`` and ``undo`` are one call each::

    def write(unit, job, steps):
        return write_entries(unit, Payment, "payment", steps, state=PaymentState.ACTIVE)

    def undo(unit, traces):
        named = select(Payment.id, col(Payment.state), Organisation.name).join(...)
        return undo_entries(unit, Payment, traces, named, state=PaymentState.ACTIVE)

What is asked of the kind: the model has columns ``id`` and ``state``; the values of a step that adds are a
dataclass whose fields are the model's columns by name, all that the database has no default for; a row never
changes a record that is there (such a row is the same, or bad); a record is withdrawn by another state, never
deleted by a clerk; what may point to a record is registered by its entity with ``blocking.hangs`` or
``blocking.blocks``.
"""

from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

from sqlalchemy import delete
from sqlmodel import SQLModel, col

from benefits.kernel import bulk
from benefits.kernel.errors import Problem
from benefits.kernel.unit import WriteUnit
from benefits.rosters.blocking import changed, gone, hanging, standing
from benefits.rosters.kind import Step, Trace


def write_entries(
    unit: WriteUnit, model: type[SQLModel], entity: str, steps: Sequence[Step], *, state: object
) -> list[Trace]:
    """Add the record of every step at once, in ``state``; the traces, in the order of the steps.

    The records must lie in the actor's scope (PostgreSQL's policies make sure of it). ``entity`` is what the
    traces call them, and under what others say that they hang on them.
    """
    if not steps:
        return []
    names = [field.name for field in fields(steps[0].values)]
    ids = bulk.reserve(unit, model, len(steps))
    made = list(zip(ids, steps, strict=True))
    values = attrgetter(*names) if len(names) > 1 else lambda one: (getattr(one, names[0]),)
    rows = ((one, *values(step.values), state) for one, step in made)
    bulk.write(unit, model, ("id", *names, "state"), rows)
    return [Trace(step.row, entity, one) for one, step in made]


def undo_entries(
    unit: WriteUnit, model: type[SQLModel], traces: Sequence[Trace], named: Any, *, state: object
) -> list[Problem]:
    """Delete the records again that the traces are of, or nothing of them: what stands in the way.

    ``named`` selects three columns, the record's id, its state and a name for sentences (of the person, of
    the unit), for as much as may be seen; it is narrowed to the records here. In the way stand, row by row, a
    record that is not to be seen any more (``rosters.gone_since``), one whose state is no longer ``state``
    (``rosters.changed_since``), one that something hangs on (``rosters.hangs_on``).
    """
    record: Any = model
    ids = [trace.entity_id for trace in traces]
    found = {one: (now, name or "-") for one, now, name in unit.exec(named.where(col(record.id).in_(ids)))}
    hung = {entity: standing(unit, entity, ids) for entity in {trace.entity for trace in traces}}
    problems: list[Problem] = []
    for trace in traces:
        now, name = found.get(trace.entity_id, (None, "-"))
        if now is None:
            problems.append(gone(trace.row))
        elif now is not state:
            problems.append(changed(trace.row, name))
        elif trace.entity_id in hung[trace.entity]:
            problems.append(hanging(trace.row, name, hung[trace.entity][trace.entity_id]))
    if not problems:
        unit.exec(delete(model).where(col(record.id).in_(ids)))
    return problems
