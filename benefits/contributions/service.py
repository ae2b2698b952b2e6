"""Verbs on payments (到账): record one, void a mistake."""

from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from benefits.contributions.models import Payer, Payment, PaymentState
from benefits.kernel.actions import action
from benefits.kernel.errors import Refused
from benefits.kernel.money import yuan
from benefits.kernel.reasons import reason_said
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.organisations.models import Organisation
from benefits.plans.models import Plan

_LONGEST = {"reference": 64, "payer_name": 120, "note": 200}


@action("contributions.record_payment", permission="contribution.edit")
def record_payment(
    unit: WriteUnit,
    *,
    organisation_id: int,
    payer: Payer,
    fen: int,
    paid_on: date,
    plan_code: str | None = None,
    reference: str = "",
    payer_name: str = "",
    note: str = "",
) -> int:
    """Record money that came in for a unit (登记到账), integer fen; the new id. ``reference`` is the bank
    slip's number, once a unit.

    Raises Refused: ``organisations.unknown``, ``contributions.amount``, ``contributions.not_yet``,
    ``contributions.too_long``, ``contributions.no_plan``, ``contributions.reference_taken`` naming the first.
    """
    words: dict[str, Any] = {
        "reference": reference.strip(),
        "payer_name": payer_name.strip(),
        "note": note.strip(),
    }
    for field, text in words.items():
        if len(text) > _LONGEST[field]:
            raise Refused("contributions.too_long", text=text[:20], length=len(text), most=_LONGEST[field])
    if fen <= 0:
        raise Refused("contributions.amount", amount=yuan(fen))
    if paid_on > unit.today:
        raise Refused("contributions.not_yet", day=paid_on, today=unit.today)
    if unit.exec(select(Organisation.id).where(col(Organisation.id) == organisation_id)).first() is None:
        raise Refused("organisations.unknown", organisation=organisation_id)
    _refuse_second(unit, organisation_id, words["reference"])
    made = Payment(
        organisation_id=organisation_id,
        plan_id=None if plan_code is None else _plan(unit, plan_code),
        payer=payer,
        fen=fen,
        paid_on=paid_on,
        **words,
    )
    unit.session.add(made)
    try:
        unit.session.flush()
    except IntegrityError as error:  # recorded a moment ago
        raise Refused("contributions.just_taken", reference=words["reference"]) from error
    assert made.id is not None
    unit.record(f"payment:{made.id}", organisation=organisation_id, fen=fen, payer=payer.value, on=paid_on)
    return made.id


@action("contributions.void_payment", permission="contribution.edit")
def void_payment(unit: WriteUnit, *, payment_id: int, reason: str) -> None:
    """Strike a payment that did not come in (作废); it stays on record, its slip may be recorded anew.

    Raises Refused: ``contributions.unknown``, ``contributions.void_already``,
    ``contributions.reason_missing``, ``contributions.reason_long``.
    """
    found = unit.exec(select(Payment).where(col(Payment.id) == payment_id)).first()
    if found is None:
        raise Refused("contributions.unknown", payment=payment_id)
    if found.state is PaymentState.VOID:
        raise Refused("contributions.void_already", payment=payment_id)
    reason = reason_said(reason, missing="contributions.reason_missing", long="contributions.reason_long")
    found.state = PaymentState.VOID
    unit.record(f"payment:{payment_id}", organisation=found.organisation_id, fen=found.fen, reason=reason)


def _plan(unit: ReadUnit, code: str) -> int:
    found = unit.exec(select(Plan.id).where(col(Plan.code) == code)).first()
    if found is None:
        raise Refused("contributions.no_plan", plan=code)
    return found


def _refuse_second(unit: ReadUnit, organisation_id: int, reference: str) -> None:
    if not reference:
        return
    first = unit.exec(
        select(Payment).where(
            col(Payment.organisation_id) == organisation_id,
            col(Payment.reference) == reference,
            col(Payment.state) == PaymentState.ACTIVE,
        )
    ).first()
    if first is not None:
        raise Refused(
            "contributions.reference_taken", reference=reference, amount=yuan(first.fen), day=first.paid_on
        )
