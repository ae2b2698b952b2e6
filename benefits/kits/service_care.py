"""Care (慰问): birthdays of a month, visits, and the wishes written for them.

A care list is a campaign for its list only: who stands on it is given something, signs for it by real name,
and the value counts against the year's limit (DOMAIN 2.3 [S103]).
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import extract, func, insert, literal, or_, select, update
from sqlmodel import col

from benefits.contributions.models import Payer
from benefits.kernel.actions import action
from benefits.kernel.errors import Refused
from benefits.kernel.messages import text
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.kits.campaigns import campaign_found, refuse_over
from benefits.kits.keeping import keep_campaign, keep_owner
from benefits.kits.models import CampaignKind, Entitled, Item, ItemKind, Message
from benefits.kits.queries_care import people_of
from benefits.kits.record import checked, words
from benefits.kits.service_campaign import GivenItem, add_campaign, set_items
from benefits.kits.service_items import add_item
from benefits.members.models import Member, Membership, Status

BIRTHDAY = "birthday"
"""The purpose whose yearly limit birthday gifts count against."""
MOST_MESSAGES = 10_000


@dataclass(frozen=True, slots=True)
class Birthdays:
    """A month's list: who was put on it now, who stood on it already; who was left out because no birth date
    is known, or because he or she is not in post."""

    campaign_id: int
    listed: int
    before: int
    no_birth: int
    not_in_post: int


@action("kits.add_birthdays", permission="kit.edit")
def add_birthdays(
    unit: WriteUnit,
    *,
    organisation_id: int,
    year: int,
    month: int,
    items: Sequence[GivenItem],
    name: str = "",
    counts_stock: bool = True,
    fund: Payer | None = None,
) -> Birthdays:
    """The birthdays of a month of a unit and everything below it (生日慰问): a campaign of that month with
    everybody in post who was born in it. Who was born on 29 February stands on February's list in every year.

    Raises Refused: ``kits.month``, and as ``add_campaign`` and ``set_items``.
    """
    keep_owner(unit, organisation_id)
    if not (1 <= month <= 12 and 1949 <= year <= unit.today.year + 1):
        raise Refused("kits.month", year=year, month=month)
    first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    name = name or text("kits.care.birthdays", year=year, month=month)
    campaign_id = add_campaign(
        unit,
        organisation_id=organisation_id,
        name=name,
        starts=first,
        ends=last,
        kind=CampaignKind.BIRTHDAY,
        fund=fund,
        listed_only=True,
        counts_stock=counts_stock,
        purpose=BIRTHDAY,
    )
    set_items(unit, campaign_id=campaign_id, items=items)
    found = list_birthdays(unit, campaign_id=campaign_id)
    unit.record(f"campaign:{campaign_id}", name=name, listed=found.listed)
    return found


@action("kits.list_birthdays", permission="kit.edit")
def list_birthdays(unit: WriteUnit, *, campaign_id: int) -> Birthdays:
    """Put on a month's list whoever is missing there (补充名单): people who have joined, or whose birth date
    became known. Nobody is taken off: who left since is refused when he or she comes.

    Raises Refused: ``kits.not_yours``, ``kits.campaign_over``, ``kits.not_birthdays``.
    """
    campaign = keep_campaign(unit, campaign_id)
    refuse_over(campaign)
    if campaign.kind is not CampaignKind.BIRTHDAY:
        raise Refused("kits.not_birthdays", campaign=campaign.name)
    born = col(Member.birth).is_not(None) & (extract("month", col(Member.birth)) == campaign.starts.month)
    in_post = col(Member.status) == Status.IN_POST
    before = _count(unit, select(col(Entitled.member_id)).where(col(Entitled.campaign_id) == campaign_id))
    known = select(col(Entitled.member_id)).where(col(Entitled.campaign_id) == campaign_id)
    missing = people_of(unit, campaign).where(born, in_post, col(Member.id).not_in(known))
    chosen = missing.with_only_columns(
        literal(campaign_id),
        col(Member.id),
        col(Membership.organisation_id),
        literal(""),
        literal(""),
        literal(campaign.name[:60]),
    )
    columns = ("campaign_id", "member_id", "organisation_id", "site", "note", "source")
    statement = insert(Entitled).from_select(columns, chosen, include_defaults=False)
    done = unit.session.execute(statement.execution_options(preserve_rowcount=True))
    everybody = people_of(unit, campaign)
    found = Birthdays(
        campaign_id,
        listed=int(done.rowcount),  # type: ignore[attr-defined]
        before=before,
        no_birth=_count(unit, everybody.where(col(Member.birth).is_(None), in_post)),
        not_in_post=_count(unit, everybody.where(born, or_(~in_post, col(Member.status).is_(None)))),
    )
    unit.record(f"campaign:{campaign_id}", listed=found.listed, before=before)
    return found


@action("kits.add_visits", permission="kit.edit")
def add_visits(
    unit: WriteUnit,
    *,
    organisation_id: int,
    name: str,
    starts: date,
    ends: date,
    items: Sequence[GivenItem] = (),
    fund: Payer | None = None,
    budget_fen: int | None = None,
) -> int:
    """Consolation visits (走访慰问): a campaign for its list, which says whom, how much and where. Without
    ``items`` money is given: the unit's own item 慰问金, made where there is none. The campaign's id.

    Raises Refused as ``add_campaign`` and ``set_items``.
    """
    campaign_id = add_campaign(
        unit,
        organisation_id=organisation_id,
        name=name,
        starts=starts,
        ends=ends,
        kind=CampaignKind.VISIT,
        budget_fen=budget_fen,
        fund=fund,
        listed_only=True,
        counts_stock=False,
    )
    set_items(unit, campaign_id=campaign_id, items=items or (GivenItem(_money(unit, organisation_id)),))
    unit.record(f"campaign:{campaign_id}", name=name)
    return campaign_id


@action("kits.add_message", permission="kit.edit")
def add_message(
    unit: WriteUnit,
    *,
    campaign_id: int,
    organisation_id: int,
    author: str,
    words_said: str,
    member_id: int | None = None,
) -> int:
    """Write down a wish (祝福留言) that came from a unit; its id.

    Raises Refused: ``kits.campaign_unknown``, ``kits.campaign_over``, ``kits.not_yours`` for a unit outside
    the actor's part of the tree, ``kits.too_many_messages``, ``members.unknown``, what ``record.checked``
    refuses.
    """
    campaign = campaign_found(unit, campaign_id)
    refuse_over(campaign)
    keep_owner(unit, organisation_id)
    if member_id is not None and unit.session.get(Member, member_id) is None:
        raise Refused("members.unknown", member=member_id)
    checks = {"author": words("author", 50, needed=True), "text": words("text", 500, needed=True)}
    values = checked({"author": author, "text": words_said}, checks)
    if _count(unit, select(col(Message.id)).where(col(Message.campaign_id) == campaign_id)) >= MOST_MESSAGES:
        raise Refused("kits.too_many_messages", campaign=campaign.name, most=MOST_MESSAGES)
    made = Message(
        campaign_id=campaign_id,
        organisation_id=organisation_id,
        member_id=member_id,
        made_on=unit.today,
        **values,
    )
    unit.session.add(made)
    unit.session.flush()
    assert made.id is not None
    unit.record(f"message:{made.id}", campaign=campaign_id)
    return made.id


@action("kits.choose_messages", permission="kit.edit")
def choose_messages(
    unit: WriteUnit, *, campaign_id: int, message_ids: Sequence[int], chosen: bool = True
) -> int:
    """Choose wishes to be read out and printed (选用留言), or put them back; how many were changed.

    Raises Refused: ``kits.not_yours``, ``kits.message_unknown`` naming one that is not the campaign's.
    """
    keep_campaign(unit, campaign_id)
    own = select(col(Message.id)).where(col(Message.campaign_id) == campaign_id)
    known = set(unit.session.scalars(own.where(col(Message.id).in_(message_ids))))
    for one in message_ids:
        if one not in known:
            raise Refused("kits.message_unknown", message=one)
    others = update(Message).where(col(Message.id).in_(known), col(Message.chosen) != chosen)
    change = others.values(chosen=chosen)
    options = {"synchronize_session": False, "preserve_rowcount": True}
    done = unit.session.execute(change.execution_options(**options))
    unit.record(f"campaign:{campaign_id}", messages=sorted(known), chosen=chosen)
    return int(done.rowcount)  # type: ignore[attr-defined]


def _count(unit: ReadUnit, query: Any) -> int:
    return int(unit.session.scalars(select(func.count()).select_from(query.subquery())).one())


def _money(unit: WriteUnit, organisation_id: int) -> int:
    own = select(col(Item.id)).where(
        col(Item.organisation_id) == organisation_id, col(Item.kind) == ItemKind.MONEY, ~col(Item.retired)
    )
    found = unit.session.scalars(own.order_by(col(Item.id)).limit(1)).first()
    if found is not None:
        return int(found)
    return add_item(unit, organisation_id=organisation_id, name=text("kits.care.money"), kind=ItemKind.MONEY)
