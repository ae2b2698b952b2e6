"""Hand-outs of the second schema, written down in words, become hand-outs by key."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, func
from sqlmodel import Session, col, select

import benefits.migrations
from benefits.kernel.engine import make_engine, parse_url
from benefits.kits.models import Campaign, CampaignItem, Item, Station
from benefits.kits.models_handout import Handout
from benefits.migrations import upgrade

DAY = date(2026, 3, 1)
WORDS = (
    (1, "健康进万家", "健康小三件", "一号点", 1, date(2026, 3, 1), "active"),
    (1, "健康进万家", "宣传册", "", 3, date(2026, 3, 8), "void"),
    (1, "送清凉", "健康小三件", "一号点", 1, date(2026, 7, 1), "active"),
    (2, "健康进万家", "健康小三件", "二号点", 2, date(2026, 3, 2), "active"),
)


def _fill(address: str) -> None:
    """Two people and what they were handed."""
    engine = make_engine(parse_url(address))
    config = Config()
    config.set_main_option("script_location", str(Path(benefits.migrations.__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
    tables = MetaData()
    tables.reflect(engine)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(select(func.set_config("benefits.scope", "/", True)))

        def insert(table: str, **values: Any) -> None:
            connection.execute(tables.tables[table].insert().values(**values))

        unit = {"id": 1, "path": "/1/", "level": "district", "code": "D", "name": "测试区总工会"}
        insert("organisation", **unit, founded=DAY)
        for person in (1, 2):
            kept = {"name": f"样例{person}", "changed_at": datetime(2026, 1, 1, tzinfo=UTC), "version": 1}
            insert("member", id=person, organisation_id=1, **kept)
        for person, campaign, item, station, quantity, day, state in WORDS:
            words = {"campaign": campaign, "item": item, "station": station, "note": "", "state": state}
            insert(
                "kit_handout", member_id=person, organisation_id=1, quantity=quantity, given_on=day, **words
            )
    engine.dispose()


def test_hand_outs_in_words_get_a_campaign_an_item_and_a_station(empty_database_url: str) -> None:
    """Their stock is not counted, and the next hand-out takes the next key."""
    _fill(empty_database_url)
    engine = make_engine(parse_url(empty_database_url))
    upgrade(engine)
    with Session(engine) as session:
        if engine.dialect.name == "postgresql":
            session.exec(select(func.set_config("benefits.scope", "/", True)))
        found = session.exec(
            select(Handout, Campaign.name, Item.name, Station.name)
            .join(Campaign, col(Campaign.id) == col(Handout.campaign_id))
            .join(Item, col(Item.id) == col(Handout.item_id))
            .join(Station, col(Station.id) == col(Handout.station_id), isouter=True)
            .order_by(col(Handout.id))
        ).all()
        assert [
            (row.member_id, campaign, item, station or "", row.quantity, row.given_on, row.state.value)
            for row, campaign, item, station in found
        ] == list(WORDS)
        assert [row.slot for row, *_ in found] == [row.item_id for row, *_ in found]
        assert not any(campaign.counts_stock for campaign in session.exec(select(Campaign)))
        most = session.exec(
            select(CampaignItem.per_person)
            .join(Item, col(Item.id) == col(CampaignItem.item_id))
            .join(Campaign, col(Campaign.id) == col(CampaignItem.campaign_id))
            .where(col(Campaign.name) == "健康进万家", col(Item.name) == "健康小三件")
        ).one()
        assert most == 2
        kept = found[0][0].model_dump(exclude={"id"}) | {"member_id": 2, "slot": 0}
        session.add(Handout(**kept))
        session.flush()
        assert session.exec(select(func.count()).select_from(Handout)).one() == len(WORDS) + 1
    engine.dispose()
