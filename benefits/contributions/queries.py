"""Reading payments (到账查询)."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from benefits.contributions.models import Payer, Payment, PaymentState
from benefits.kernel.scope import path_within
from benefits.kernel.unit import ReadUnit
from benefits.organisations.models import Organisation
from benefits.plans.models import Plan


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment as lists show it, fen."""

    id: int
    organisation_id: int
    organisation_code: str
    organisation: str
    plan_code: str
    """Empty: not said for which plan."""
    payer: Payer
    fen: int
    paid_on: date
    reference: str
    payer_name: str
    note: str
    state: PaymentState


def payments(
    unit: ReadUnit, *, path: str = "", limit: int = 50, after: int = 0, void: bool = True
) -> tuple[PaymentRow, ...]:
    """Payments in the order in which they were written, of a part of the tree if given; ``after``: the id of
    the last one seen; ``void``: those struck too."""
    query = (
        select(Payment, Organisation.code, Organisation.name, Plan)
        .join(Organisation, col(Organisation.id) == col(Payment.organisation_id))
        .join(Plan, col(Plan.id) == col(Payment.plan_id), isouter=True)
        .where(col(Payment.id) > after)
    )
    if path:
        query = query.where(path_within(col(Organisation.path), path))
    if not void:
        query = query.where(col(Payment.state) == PaymentState.ACTIVE)
    found = unit.exec(query.order_by(col(Payment.id)).limit(limit))
    return tuple(_row(paid, code, name, plan) for paid, code, name, plan in found)


def _row(paid: Payment, code: str, name: str, plan: Plan | None) -> PaymentRow:
    assert paid.id is not None
    return PaymentRow(
        id=paid.id,
        organisation_id=paid.organisation_id,
        organisation_code=code,
        organisation=name,
        plan_code=plan.code if plan else "",
        payer=paid.payer,
        fen=paid.fen,
        paid_on=paid.paid_on,
        reference=paid.reference,
        payer_name=paid.payer_name,
        note=paid.note,
        state=paid.state,
    )
