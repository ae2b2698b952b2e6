"""What the surviving record takes over from the other one (合并时的取值)."""

from datetime import date

from sqlalchemy import or_, update
from sqlmodel import col, select

from benefits.kernel.errors import Problem, say
from benefits.kernel.ids import Sex
from benefits.kernel.text import mask_id
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.members.derive import phone_digest, planned_fits
from benefits.members.identity import last4, statutory
from benefits.members.models import (
    Consent,
    Member,
    MemberCategory,
    MemberEvent,
    MemberIdentifier,
    NextOfKin,
    Status,
)
from benefits.members.retirement import RetirementCategory
from benefits.members.service_kin import shares_in_force

_FAR = date(9999, 12, 31)
_FILLED = (
    *("sex", "birth", "employment", "risk_class", "retirement_category", "joined_on", "has_card"),
    *("department", "ethnicity", "platform", "station", "phone"),
)
_WHOLE = 100


def against(unit: ReadUnit, survivor: Member, other: Member) -> list[Problem]:
    """Why two records are not one person, or not yet: two valid ID numbers, another sex or birth, a survivor
    who left while the other is a member, shares of next of kin over the whole."""
    found: list[Problem] = []

    def add(code: str, field: str, /, **params: object) -> None:
        found.append(Problem(code, say(code, **params), field=field))

    one, two = survivor.id_number, other.id_number
    if one and two and one != two and survivor.id_valid and other.id_valid:
        add("members.merge_two_numbers", "id_number", number=mask_id(one), other=mask_id(two))
    if survivor.birth and other.birth and survivor.birth != other.birth:
        add("members.merge_birth", "birth", birth=survivor.birth, other=other.birth)
    sex, category = survivor.sex or other.sex, survivor.retirement_category or other.retirement_category
    misfit = sex and category and (sex is Sex.MALE) != (category is RetirementCategory.M60)
    if misfit or (other.sex and sex is not other.sex):
        add("members.merge_sex", "sex")
    if survivor.organisation_id is None and other.organisation_id is not None:
        add("members.merge_survivor_gone", "organisation_id", survivor=survivor.id, other=other.id)
    assert survivor.id is not None and other.id is not None
    taken = shares_in_force(unit, survivor.id) + shares_in_force(unit, other.id)
    if taken > _WHOLE:
        add("members.merge_kin", "percent", taken=taken)
    return found


def takes_number(survivor: Member, other: Member) -> bool:
    """Whether the survivor has no number, or one that is wrong where the other's is right."""
    if other.id_number is None:
        return False
    return survivor.id_number is None or (not survivor.id_valid and bool(other.id_valid))


def fill(survivor: Member, other: Member) -> list[str]:
    """Take over what the survivor does not say; the fields that were filled."""
    filled = [
        field for field in _FILLED if getattr(survivor, field) is None and getattr(other, field) is not None
    ]
    if takes_number(survivor, other):
        filled += ["id_number", "id_kind", "id_valid"]
    for field in filled:
        setattr(survivor, field, getattr(other, field))
    if survivor.status is None and other.status is not None:
        survivor.status, survivor.status_since = other.status, other.status_since
        filled.append("status")
    survivor.id_last4 = last4(survivor.id_number)
    survivor.phone_last4, survivor.phone_digest = last4(survivor.phone), phone_digest(survivor.phone)
    survivor.retirement_month = statutory(survivor.retirement_category, survivor.birth)
    month = other.planned_retirement
    chosen = month is not None and survivor.planned_retirement is None
    if month and chosen and planned_fits(survivor.retirement_category, survivor.birth, month):
        survivor.planned_retirement = month
        filled.append("planned_retirement")
    if survivor.status is Status.RETIRED and survivor.retired_on is None and other.retired_on is not None:
        survivor.retired_on = other.retired_on
        filled.append("retired_on")
    if other.retain_until is not None and other.retain_until > (survivor.retain_until or date.min):
        survivor.retain_until = other.retain_until
        filled.append("retain_until")
    return filled


def move_dossier(unit: WriteUnit, survivor: Member, other: Member) -> dict[str, int]:
    """Numbers, categories, next of kin, consents and events go over where nothing of the survivor's stands in
    their place; what stays ends today. How many went over, by table."""
    moved = {"identifiers": 0, "categories": 0, "kin": 0, "consents": 0}
    mine = unit.exec(select(MemberIdentifier).where(col(MemberIdentifier.member_id) == survivor.id)).all()
    in_use = {row.kind for row in mine if row.ends is None}
    for number in unit.exec(
        select(MemberIdentifier).where(col(MemberIdentifier.member_id) == other.id)
    ).all():
        if number.ends is None and number.kind in in_use:
            number.ends = max(number.starts, unit.today)
            continue
        number.member_id = survivor.id or 0
        moved["identifiers"] += 1
    moved["categories"] = _move_categories(unit, survivor, other)
    for relative in unit.exec(select(NextOfKin).where(col(NextOfKin.member_id) == other.id)).all():
        relative.member_id = survivor.id or 0
        moved["kin"] += 1
    held = unit.exec(select(Consent).where(col(Consent.member_id) == survivor.id)).all()
    agreed = {row.purpose for row in held if row.withdrawn_on is None}
    days = {(row.purpose, row.given_on) for row in held}
    for consent in unit.exec(select(Consent).where(col(Consent.member_id) == other.id)).all():
        doubled = consent.withdrawn_on is None and consent.purpose in agreed
        if not doubled and (consent.purpose, consent.given_on) not in days:
            consent.member_id = survivor.id or 0
            moved["consents"] += 1
    unit.session.flush()
    events = update(MemberEvent).where(col(MemberEvent.member_id) == other.id)
    unit.session.execute(events.values(member_id=survivor.id).execution_options(synchronize_session=False))
    return moved


def _move_categories(unit: WriteUnit, survivor: Member, other: Member) -> int:
    moved = 0
    for row in unit.exec(select(MemberCategory).where(col(MemberCategory.member_id) == other.id)).all():
        same = unit.exec(
            select(MemberCategory.id).where(
                col(MemberCategory.member_id) == survivor.id,
                col(MemberCategory.category_code) == row.category_code,
                col(MemberCategory.starts) <= (row.ends or _FAR),
                or_(col(MemberCategory.ends).is_(None), col(MemberCategory.ends) >= row.starts),
            )
        ).first()
        if same is None:
            row.member_id = survivor.id or 0
            moved += 1
        elif row.ends is None:
            row.ends = max(row.starts, unit.today)
        unit.session.flush()
    return moved
