"""Several clerks at one store: nothing is taken twice, nothing slips into a count, a delivery ends once; and
a twin that reads and then writes, which loses moves."""

from collections import Counter

import pytest

from benefits.access.queries import INSTALLER
from benefits.kernel.unit import Database
from benefits.kernel.verify import check
from benefits.kits.invariants_stock import INVARIANTS
from benefits.kits.queries_movements import stocktake
from benefits.kits.service_transfer import send
from tests.kits.desk import TODAY, Kits
from tests.races import stocking
from tests.races.workers import hire, race

CLERKS = 6


@pytest.fixture
def kits(database: Database) -> Kits:
    return Kits(database, INSTALLER)


def _broken(kits: Kits) -> list[str]:
    with kits.database.read(INSTALLER) as unit:
        return [result.code for result in check(unit, INVARIANTS) if not result.ok]


def test_what_is_there_is_taken_once_from_whichever_lot(kits: Kits, database_url: str) -> None:
    store, item = kits.station(), kits.item()
    for day in (21, 22, 23):
        kits.bring(store, item, 10, expires_on=TODAY.replace(day=day))
    clerks = [
        hire(database_url, stocking.take_one_by_one, station=store, item=item, rounds=8)
        for _ in range(CLERKS)
    ]
    assert sum(race(clerks), Counter[str]()) == {"taken": 30, "kits.short": CLERKS * 8 - 30}
    assert kits.on_hand(store) == kits.moved(store) == {}
    assert _broken(kits) == []


def test_who_reads_and_then_writes_loses_moves(kits: Kits, database_url: str) -> None:
    """The twin: without the condition in the UPDATE the balance is no longer the sum of the moves."""
    store, item = kits.station(), kits.item()
    lot = kits.bring(store, item, 30)
    clerks = [
        hire(database_url, stocking.read_then_write, station=store, lot=lot, rounds=4) for _ in range(CLERKS)
    ]
    taken = sum(race(clerks), Counter[str]())["taken"]
    assert taken == CLERKS * 4
    assert kits.moved(store) == {lot: 30 - taken}
    assert kits.on_hand(store)[lot] > 30 - taken
    assert _broken(kits) == ["kits.invariant.balance"]


def test_nothing_slips_into_a_count(kits: Kits, database_url: str) -> None:
    """New lots keep coming while somebody begins to count: each is in the count, or was refused."""
    store, item = kits.station(), kits.item()
    kits.bring(store, item, 100)
    clerks = [
        hire(database_url, stocking.bring, station=store, item=item, rounds=12) for _ in range(CLERKS - 2)
    ]
    clerks.append(hire(database_url, stocking.take_one_by_one, station=store, item=item, rounds=12))
    clerks.append(hire(database_url, stocking.begin_to_count, station=store))
    *found, opened = race(clerks)
    assert opened == "opened"
    told = sum(found, Counter[str]())
    with kits.database.read(INSTALLER) as unit:
        lines = stocktake(unit, 1).lines
    assert {line.lot_id: line.book for line in lines} == kits.on_hand(store) == kits.moved(store)
    assert len(lines) == 1 + told["received"]
    assert sum(told.values()) == (CLERKS - 1) * 12 and set(told) <= {"received", "taken", "kits.frozen"}
    assert _broken(kits) == []


def test_a_delivery_arrives_once_or_comes_back(kits: Kits, database_url: str) -> None:
    store, other, item = kits.station(), kits.station(), kits.item()
    kits.bring(store, item, 10)
    sent = kits.database.act(INSTALLER, send, from_id=store, to_id=other, lines=[(item, 10)])
    clerks = [hire(database_url, verb, transfer=sent) for verb in (stocking.sign, stocking.take_back) * 3]
    told = Counter(race(clerks))
    assert told.pop("refused kits.transfer_done") == 5 and sum(told.values()) == 1
    assert sum(kits.on_hand(store).values()) + sum(kits.on_hand(other).values()) == 10
    assert _broken(kits) == []
