"""Campaigns for tests of lists that were kept in words before: their stock is not counted."""

from datetime import date

from sqlmodel import col, select

from benefits.kernel.unit import Database
from benefits.kits.models import Campaign, CampaignItem, CampaignState, Item, ItemKind, Station
from benefits.organisations.models import Organisation
from tests.renewal.factory import NOW


def uncounted(database: Database, name: str, *items: str, stations: tuple[str, ...] = ()) -> int:
    """An open campaign of the top of the tree that gives ``items``, up to ten of each; items of the same
    name are the same item."""
    with database.upkeep() as session:
        top = session.exec(select(col(Organisation.id)).order_by(Organisation.path).limit(1)).one()
        assert top is not None
        count = len(session.exec(select(Campaign.id)).all())
        made = Campaign(
            organisation_id=top,
            number=f"T{count + 1:03d}",
            name=name,
            starts=date(2015, 1, 1),
            ends=date(2030, 12, 31),
            counts_stock=False,
            state=CampaignState.OPEN,
            made_by="test",
            changed_at=NOW,
        )
        session.add(made)
        session.flush()
        assert made.id is not None
        for item in items:
            known = session.exec(select(Item).where(Item.name == item)).first()
            if known is None:
                code = f"T-{item}"
                known = Item(organisation_id=top, code=code, name=item, kind=ItemKind.GOODS)
                session.add(known)
                session.flush()
            assert known.id is not None
            session.add(CampaignItem(campaign_id=made.id, item_id=known.id, per_person=10))
        for number, station in enumerate(stations, 1):
            session.add(Station(campaign_id=made.id, organisation_id=top, number=number, name=station))
        session.flush()
        return made.id
