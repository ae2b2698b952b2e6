"""What the verbs on campaigns share (活动): states, marks of change, the unit below the owner."""

from collections.abc import Collection
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from benefits.kernel.among import among
from benefits.kernel.errors import Refused, Say, say
from benefits.kernel.scope import path_within
from benefits.kernel.unit import ReadUnit, WriteUnit
from benefits.kits.models import AllocationState, Campaign, CampaignState
from benefits.organisations.models import Organisation

OVER = (CampaignState.CLOSED, CampaignState.CANCELLED)


def campaign_found(unit: ReadUnit, campaign_id: int) -> Campaign:
    """A campaign by its id. Raises Refused ``kits.campaign_unknown``."""
    found = unit.session.get(Campaign, campaign_id)
    if found is None:
        raise Refused("kits.campaign_unknown", campaign=campaign_id)
    return found


def state_words(campaign: Campaign) -> Say:
    """The state of a campaign in words."""
    return say(f"kits.campaign_state.{campaign.state.value}")


def refuse_over(campaign: Campaign) -> None:
    """Raises Refused ``kits.campaign_over`` for one that is closed or called off."""
    if campaign.state in OVER:
        raise Refused("kits.campaign_over", campaign=campaign.name, state=state_words(campaign))


def changed(unit: WriteUnit, campaign: Campaign, *, recount: bool = False) -> None:
    """Mark a campaign as changed; ``recount``: an approved allocation is to be looked at again."""
    campaign.version += 1
    campaign.changed_at = unit.clock.now()
    if recount and campaign.allocation is AllocationState.APPROVED:
        campaign.allocation = AllocationState.PROPOSED


def list_changed(unit: WriteUnit, campaign: Campaign) -> None:
    """Other people stand on a list: an approved allocation that counted them is to be looked at again."""
    if campaign.listed_only and campaign.allocation is AllocationState.APPROVED:
        changed(unit, campaign, recount=True)


def below_owner(unit: ReadUnit, campaign: Campaign, organisation_ids: Collection[int]) -> None:
    """Raises Refused: ``kits.unit_outside`` naming a unit that is not the campaign's owner or below it,
    ``organisations.unknown``."""
    path = unit.exec(select(Organisation.path).where(col(Organisation.id) == campaign.organisation_id)).one()
    query = select(col(Organisation.id), Organisation.name, path_within(col(Organisation.path), path))
    found = {
        row[0]: row[1:]
        for row in unit.session.execute(query.where(among(unit, Organisation.id, organisation_ids)))
    }
    for one in organisation_ids:
        if one not in found:
            raise Refused("kits.unit_unknown", unit=one)
        name, below = found[one]
        if not below:
            raise Refused("kits.unit_outside", unit=name, campaign=campaign.name)


def flush(unit: WriteUnit, code: str, **words: Any) -> None:
    """Write what is pending; raises Refused ``code`` where a name or number is taken already."""
    try:
        unit.session.flush()
    except IntegrityError as error:
        raise Refused(code, **words) from error
