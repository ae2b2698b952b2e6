"""Verbs on hand-outs (发放): hand an item to a person, void a mistake."""

from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from benefits.kernel.actions import action
from benefits.kernel.errors import Refused
from benefits.kernel.reasons import reason_said
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.kits.models import Handout, HandoutState
from benefits.kits.queries import unions_on
from benefits.members.models import Member
from benefits.organisations.models import Organisation

MOST = 1000
"""Pieces that one person may be handed at once; more is a slip of the pen."""
_LONGEST = {"campaign": 60, "item": 60, "station": 80, "note": 200}


@action("kits.hand_out", permission="kit.edit")
def hand_out(
    unit: WriteUnit,
    *,
    member_id: int,
    campaign: str,
    item: str,
    given_on: date,
    quantity: int = 1,
    station: str = "",
    note: str = "",
) -> int:
    """Record that a person was handed an item (发放), at the union where he or she was a member that day;
    the new id. Once a person, campaign and item.

    Raises Refused: ``members.unknown``, ``kits.handed_out`` saying when and where the first was,
    ``kits.no_union`` (a member nowhere that day), ``kits.not_yet``, ``kits.quantity``, ``kits.missing``,
    ``kits.too_long``.
    """
    words: dict[str, Any] = {
        "campaign": campaign.strip(),
        "item": item.strip(),
        "station": station.strip(),
        "note": note.strip(),
    }
    _check(unit, words, quantity, given_on)
    name = unit.exec(select(Member.name).where(col(Member.id) == member_id)).first()
    if name is None:
        raise Refused("members.unknown", member=member_id)
    _refuse_second(unit, member_id, name, words["campaign"], words["item"])
    place = unions_on(unit, [(member_id, given_on)]).get((member_id, given_on))
    if place is None:
        raise Refused("kits.no_union", name=name, day=given_on)
    made = Handout(member_id=member_id, organisation_id=place, quantity=quantity, given_on=given_on, **words)
    unit.session.add(made)
    try:
        unit.session.flush()
    except IntegrityError as error:  # handed out elsewhere, or a moment ago
        raise Refused("kits.handed_out_elsewhere", name=name, item=words["item"]) from error
    assert made.id is not None
    unit.record(f"handout:{made.id}", member=member_id, item=words["item"], quantity=quantity, on=given_on)
    return made.id


@action("kits.void", permission="kit.edit")
def void(unit: WriteUnit, *, handout_id: int, reason: str) -> None:
    """Strike a hand-out that did not take place (作废); it stays on record.

    Raises Refused: ``kits.unknown``, ``kits.void_already``, ``kits.reason_missing``, ``kits.reason_long``.
    """
    found = unit.exec(select(Handout).where(col(Handout.id) == handout_id)).first()
    if found is None:
        raise Refused("kits.unknown", handout=handout_id)
    if found.state is HandoutState.VOID:
        raise Refused("kits.void_already", handout=handout_id)
    reason = reason_said(reason, missing="kits.reason_missing", long="kits.reason_long")
    found.state = HandoutState.VOID
    unit.record(f"handout:{handout_id}", member=found.member_id, reason=reason)


def _check(unit: ReadUnit, words: dict[str, str], quantity: int, given_on: date) -> None:
    if not words["campaign"] or not words["item"]:
        raise Refused("kits.missing")
    for field, text in words.items():
        if len(text) > _LONGEST[field]:
            raise Refused("kits.too_long", text=text[:20], length=len(text), most=_LONGEST[field])
    if not 1 <= quantity <= MOST:
        raise Refused("kits.quantity", quantity=quantity, most=MOST)
    if given_on > unit.today:
        raise Refused("kits.not_yet", day=given_on, today=unit.today)


def _refuse_second(unit: ReadUnit, member_id: int, name: str, campaign: str, item: str) -> None:
    first = unit.exec(
        select(Handout, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(Handout.organisation_id))
        .where(
            col(Handout.member_id) == member_id,
            col(Handout.campaign) == campaign,
            col(Handout.item) == item,
            col(Handout.state) == HandoutState.ACTIVE,
        )
    ).first()
    if first is not None:
        found, place = first
        raise Refused(
            "kits.handed_out",
            name=name,
            item=item,
            day=found.given_on,
            where=found.station or place,
            quantity=found.quantity,
        )
