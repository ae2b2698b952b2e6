"""Who keeps what (管理权): campaigns, items and stations are read by everybody, and changed by whoever keeps
the unit that they belong to."""

from sqlmodel import col, select

from benefits.access.models import Setting
from benefits.access.queries import PACKAGE
from benefits.kernel.errors import Refused, Say, say
from benefits.kernel.unit import ReadUnit
from benefits.kits.models import Campaign, Station
from benefits.organisations.models import Organisation


def keeps(unit: ReadUnit, organisation_id: int) -> bool:
    """Whether an organisation lies in the actor's scope; the same inside ``beyond_scope``."""
    path = unit.exec(select(Organisation.path).where(col(Organisation.id) == organisation_id)).first()
    return path is not None and path.startswith(unit.actor.scope)


def keep_owner(unit: ReadUnit, organisation_id: int, what: str | Say = "") -> None:
    """Refuse what belongs to a unit that the actor does not keep; ``what`` names it in the message.

    Raises Refused ``kits.not_yours``.
    """
    if not keeps(unit, organisation_id):
        raise Refused("kits.not_yours", what=what or say("kits.unit_numbered", number=organisation_id))


def keep_campaign(unit: ReadUnit, campaign_id: int) -> Campaign:
    """A campaign, to be changed by whoever keeps its owner.

    Raises Refused: ``kits.campaign_unknown``, ``kits.not_yours``.
    """
    found = unit.exec(select(Campaign).where(col(Campaign.id) == campaign_id)).first()
    if found is None:
        raise Refused("kits.campaign_unknown", campaign=campaign_id)
    keep_owner(unit, found.organisation_id, found.name)
    return found


def keep_station(unit: ReadUnit, station_id: int) -> Station:
    """A station or store, to be worked at by its keeper's user, or by whoever keeps its host or the owner of
    its campaign.

    Raises Refused: ``kits.station_unknown``, ``kits.not_yours``.
    """
    found = unit.exec(select(Station).where(col(Station.id) == station_id)).first()
    if found is None:
        raise Refused("kits.station_unknown", station=station_id)
    if found.keeper_user_id is not None and found.keeper_user_id == unit.actor.user_id:
        return found
    if keeps(unit, found.organisation_id):
        return found
    owner = select(Campaign.organisation_id).where(col(Campaign.id) == found.campaign_id)
    campaign_of = unit.exec(owner).first()
    if campaign_of is None or not keeps(unit, campaign_of):
        raise Refused("kits.not_yours", what=found.name)
    return found


def refuse_in_package(unit: ReadUnit) -> None:
    """Refuse what an offline package cannot bring home: new goods, kits, deliveries. Raises Refused
    ``kits.package_only_home``."""
    if unit.session.get(Setting, PACKAGE) is not None:
        raise Refused("kits.package_only_home")
