"""Sixteen clerks and five sets, one person at two stations: never below zero, never twice; and twins with the
guard off, which show that the race is one."""

from collections import Counter

import pytest
from sqlmodel import col, func, select

from benefits.access.queries import INSTALLER
from benefits.kernel.unit import Database
from benefits.kits.models_handout import Handout, HandoutState
from benefits.verify import verify
from tests.kits.desk import Kits
from tests.races import handing
from tests.races.workers import hire, race

CLERKS = 16
SETS = 5


@pytest.fixture
def kits(database: Database) -> Kits:
    return Kits(database, INSTALLER)


def _active(kits: Kits) -> int:
    with kits.database.read(INSTALLER) as unit:
        query = select(func.count(col(Handout.id))).where(col(Handout.state) == HandoutState.ACTIVE)
        return int(unit.exec(query).one())


def _broken(kits: Kits) -> list[str]:
    with kits.database.read(INSTALLER) as unit:
        return [one.code for one in verify(unit) if not one.ok]


def _last_sets(kits: Kits, where: str, verb: object = handing.hand_to) -> tuple[Counter[str], int]:
    """Sixteen clerks hand out the last five sets; what became of it, and what the balance says then."""
    item = kits.item()
    campaign = kits.campaign(item)
    station = kits.station(campaign)
    kits.bring(station, item, SETS)
    people = [kits.person() for _ in range(CLERKS)]
    given = {"campaign": campaign, "station": station}
    found = race([hire(where, verb, members=[one], **given) for one in people])  # type: ignore[arg-type]
    return Counter(one for some in found for one in some), sum(kits.on_hand(station).values())


def test_sixteen_clerks_hand_out_the_last_five_sets(kits: Kits, database_url: str) -> None:
    found, left = _last_sets(kits, database_url)
    assert found == {"given": SETS, "kits.short": CLERKS - SETS}
    assert (left, _active(kits)) == (0, SETS)
    assert _broken(kits) == []


def test_without_the_condition_they_hand_out_what_is_not_there(kits: Kits, database_url: str) -> None:
    """The twin: everybody looks, sees five sets, and takes one."""
    if kits.database.dialect == "postgresql":
        with kits.database.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE kit_stock DROP CONSTRAINT ck_kit_stock_on_hand")
    found, left = _last_sets(kits, database_url, handing.hand_naively)
    assert found == {"given": CLERKS}
    assert left == SETS - CLERKS
    assert _broken(kits) != []


def _stand(kits: Kits) -> tuple[int, list[int], int]:
    item = kits.item()
    campaign = kits.campaign(item)
    stations = [kits.station(campaign, place=place) for place in "AB"]
    for station in stations:
        kits.bring(station, item, 100)
    return campaign, stations, kits.person()


def _at_two_stations(kits: Kits, where: str) -> tuple[Counter[str], int]:
    """Sixteen clerks, half of them elsewhere, hand out to one person; what became of it, and what is left."""
    campaign, stations, person = _stand(kits)
    clerks = [
        hire(where, handing.hand_to, campaign=campaign, station=stations[at % 2], members=[person])
        for at in range(CLERKS)
    ]
    found = Counter(one for some in race(clerks) for one in some)
    return found, sum(sum(kits.on_hand(station).values()) for station in stations)


def test_one_person_at_two_stations_collects_once(kits: Kits, database_url: str) -> None:
    found, left = _at_two_stations(kits, database_url)
    assert found == {"given": 1, "kits.handed_out": CLERKS - 1}
    assert left == 199
    assert _broken(kits) == []


def test_without_the_index_the_person_collects_again_and_again(kits: Kits, database_url: str) -> None:
    """The twin."""
    with kits.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP INDEX uq_kit_handout_member_campaign_slot")
    found, left = _at_two_stations(kits, database_url)
    assert found == {"given": CLERKS}
    assert left == 200 - CLERKS
    assert "kits.invariant.once" in _broken(kits)


def test_two_counters_do_not_pass_the_years_limit_together(kits: Kits, database_url: str) -> None:
    """300 yuan of birthday gifts a year [S103]; four campaigns that would each give 200."""
    person = kits.person()
    clerks = []
    for _ in range(4):
        item = kits.item()
        campaign = kits.campaign(item, purpose="birthday")
        station = kits.station(campaign)
        kits.bring(station, item, 5, cost_fen=20_000)
        given = {"campaign": campaign, "station": station}
        clerks.append(hire(database_url, handing.hand_to, members=[person], **given))
    found = Counter(one for some in race(clerks) for one in some)
    assert found == {"given": 1, "kits.over_limit": 3}
    assert _broken(kits) == []
