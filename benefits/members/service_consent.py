"""Verbs on consent and retention (个人信息同意、保存期限), DOMAIN 3.4 [S98]."""

from datetime import date

from sqlmodel import col, select

from benefits.kernel.actions import action
from benefits.kernel.errors import Problem, Refused, say
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.members import events
from benefits.members.lookup import person, refuse_future, touch
from benefits.members.models import Consent, ConsentForm, Purpose
from benefits.members.record import tidy, too_long

_LONGEST_NOTICE = 60


@action("members.give_consent", permission="member.edit")
def give_consent(
    unit: WriteUnit, *, member_id: int, purpose: Purpose, form: ConsentForm, given_on: date, notice: str = ""
) -> int:
    """A person agreed to one purpose (登记同意), told by the text ``notice``; the row's id. For a child the
    guardian agrees (Art 31).

    Raises Refused: ``members.unknown``, ``members.consent_guardian``, ``members.consent_already``,
    ``members.consent_same_day``, ``members.not_yet``, ``members.invalid``.
    """
    member = person(unit, member_id)
    refuse_future(unit, given_on)
    text = tidy(notice)
    problem: Problem | None = too_long("notice", text, _LONGEST_NOTICE)
    if problem is not None:
        raise Refused("members.invalid", count=1, problems=(problem,))
    words = say(f"members.purpose.{purpose.value}")
    if purpose is Purpose.CHILD and form is not ConsentForm.GUARDIAN:
        raise Refused("members.consent_guardian", purpose=words)
    same = unit.exec(
        select(Consent).where(
            col(Consent.member_id) == member_id,
            col(Consent.purpose) == purpose,
            col(Consent.given_on) == given_on,
        )
    ).first()
    current = _in_force(unit, member_id, purpose)
    if current is not None:
        raise Refused("members.consent_already", name=member.name, purpose=words, since=current.given_on)
    if same is not None:
        raise Refused("members.consent_same_day", name=member.name, purpose=words, on=given_on)
    made = Consent(member_id=member_id, purpose=purpose, form=form, notice=text or "", given_on=given_on)
    unit.session.add(made)
    touch(unit, member)
    unit.session.flush()
    assert made.id is not None
    unit.record(f"member:{member_id}", purpose=purpose.value, form=form.value, given_on=given_on)
    return made.id


@action("members.withdraw_consent", permission="member.edit")
def withdraw_consent(unit: WriteUnit, *, member_id: int, purpose: Purpose, withdrawn_on: date) -> None:
    """A person withdrew consent to one purpose (撤回同意); that it was given stays on record.

    Raises Refused: ``members.unknown``, ``members.consent_none``, ``members.ends_before``,
    ``members.not_yet``.
    """
    member = person(unit, member_id)
    refuse_future(unit, withdrawn_on)
    current = _in_force(unit, member_id, purpose)
    if current is None:
        words = say(f"members.purpose.{purpose.value}")
        raise Refused("members.consent_none", name=member.name, purpose=words)
    if withdrawn_on < current.given_on:
        raise Refused("members.ends_before", ends=withdrawn_on, starts=current.given_on)
    current.withdrawn_on = withdrawn_on
    touch(unit, member)
    unit.record(f"member:{member_id}", purpose=purpose.value, withdrawn_on=withdrawn_on)


@action("members.set_retention", permission="member.edit")
def set_retention(unit: WriteUnit, *, member_id: int, until: date | None) -> None:
    """The record is kept until ``until`` (保存期限), the last day; None: not said. How long it must be is for
    the house's own rules, which nobody has told this program (待核实).

    Raises Refused: ``members.unknown``, ``members.retention_past``.
    """
    member = person(unit, member_id)
    if until is not None and until < unit.today:
        raise Refused("members.retention_past", until=until, today=unit.today)
    earlier, member.retain_until = member.retain_until, until
    touch(unit, member)
    events.note(
        unit, member_id, unit.today, events.RETENTION, until=until.isoformat() if until is not None else "-"
    )
    unit.record(f"member:{member_id}", earlier=earlier, until=until)


def _in_force(unit: ReadUnit, member_id: int, purpose: Purpose) -> Consent | None:
    return unit.exec(
        select(Consent).where(
            col(Consent.member_id) == member_id,
            col(Consent.purpose) == purpose,
            col(Consent.withdrawn_on).is_(None),
        )
    ).first()
