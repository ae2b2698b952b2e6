"""What is read of campaigns: the order of the list, pieces by station and item, counts beyond the scope of
who looks."""

from datetime import date

import pytest

from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database
from benefits.kits import queries_campaigns as queries
from benefits.kits.models import Allocation, CampaignState, CampaignUnit, Entitled, ItemKind, StationUnit
from benefits.kits.models_handout import Handout, HandoutState
from tests.kits.desk import TODAY, Kits, at


@pytest.fixture
def kits(database: Database, root: Actor) -> Kits:
    return Kits(database, root)


def _handed(kits: Kits, campaign: int, item: int, station: int, place: str, **more: object) -> None:
    values = {"quantity": 1, "given_on": TODAY, "given_at": at(1), "made_by": "wang"} | more
    kits.add(
        Handout(
            member_id=kits.person(place),
            organisation_id=kits.places[place],
            campaign_id=campaign,
            item_id=item,
            slot=item,
            station_id=station,
            **values,  # type: ignore[arg-type]
        )
    )


def test_open_campaigns_come_first_then_drafts_then_what_is_over(kits: Kits) -> None:
    closed = kits.campaign(state=CampaignState.CLOSED, starts=date(2026, 11, 20))
    draft = kits.campaign(state=CampaignState.DRAFT)
    old, new = kits.campaign(), kits.campaign(starts=date(2026, 11, 10))
    with kits.database.read(kits.actor) as unit:
        assert [row.id for row in queries.campaigns(unit)] == [new, old, draft, closed]


def test_pieces_are_told_by_station_and_item_and_add_up(kits: Kits) -> None:
    pot, leaflet = kits.item(), kits.item("折页", kind=ItemKind.MATERIAL, code="A0001")
    campaign = kits.campaign(pot, leaflet)
    one, two = kits.station(campaign), kits.station(campaign)
    other = kits.station(kits.campaign(pot))
    store = kits.station(name="区仓库")
    for place, item, count in (
        (one, pot, 30),
        (two, pot, 5),
        (one, leaflet, 100),
        (other, pot, 7),
        (store, pot, 9),
    ):
        kits.bring(place, item, count)
    kits.add(
        Allocation(campaign_id=campaign, station_id=one, item_id=pot, people=40, proposed=40, quantity=38)
    )
    _handed(kits, campaign, pot, one, "A1", quantity=2)
    _handed(kits, campaign, pot, one, "B1")
    _handed(kits, campaign, pot, two, "B1", state=HandoutState.VOID)
    kits.add(StationUnit(campaign_id=campaign, station_id=one, organisation_id=kits.places["A"]))
    with kits.database.read(kits.actor) as unit:
        view, rows = queries.campaign(unit, campaign), queries.stations(unit, campaign)
        shares = queries.allocation(unit, campaign)
    assert [(item.item_id, item.on_hand, item.handed) for item in view.items] == [
        (pot, 35, 3),
        (leaflet, 100, 0),
    ]
    assert (view.row.stations, view.row.handed) == (2, 2)
    assert [row.id for row in rows] == [one, two]
    assert rows[0].items == {pot: queries.Pieces(38, 30, 3), leaflet: queries.Pieces(None, 100, 0)}
    assert rows[1].items == {pot: queries.Pieces(None, 5, 0)}
    assert (rows[0].people, rows[1].people) == (40, None)
    assert [id for id, _ in rows[0].units] == [kits.places["A"]] and rows[1].units == ()
    assert [(row.station_id, row.people, row.proposed, row.quantity) for row in shares] == [(one, 40, 40, 38)]


def test_a_street_sees_how_many_were_handed_out_elsewhere_and_who_on_the_list_is_its_own(kits: Kits) -> None:
    pot = kits.item()
    campaign = kits.campaign(pot)
    station = kits.station(campaign)
    kits.add(CampaignUnit(campaign_id=campaign, organisation_id=kits.places["A"]))
    for place in ("A1", "B1"):
        _handed(kits, campaign, pot, station, place)
        member = kits.person(place)
        kits.add(Entitled(member_id=member, campaign_id=campaign, organisation_id=kits.places[place]))
    with kits.database.read(kits.street("A")) as unit:
        view = queries.campaign(unit, campaign)
    assert (view.row.handed, view.listed, view.row.owner) == (2, 1, "")
    assert [id for id, _ in view.units] == [kits.places["A"]]


def test_a_campaign_that_is_not_there_is_refused(kits: Kits) -> None:
    with kits.database.read(kits.actor) as unit, pytest.raises(Refused) as refused:
        queries.campaign(unit, 99)
    assert refused.value.code == "kits.campaign_unknown"
