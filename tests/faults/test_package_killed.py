"""A process killed in the middle of taking a package back, and two that take it at once: all of it or
nothing, and in the end what was done is there once."""

import random
import time
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from benefits.access.queries import INSTALLER
from benefits.kernel.unit import Database
from benefits.kits.models_handout import Handout, HandoutState
from benefits.kits.models_stock import PackageState
from benefits.kits.queries_package import packages as listed
from benefits.packages import take_back_file
from tests.kits.desk import Kits
from tests.kits.packing import Away, give, goes_out, prove
from tests.races.workers import hire

PEOPLE, GIVEN, KILLS = 70, 15, 5


def take_in(database: Database, path: Path) -> int:
    """Take a package back; how many hand-outs were new."""
    return take_back_file(database, INSTALLER, path).new


@pytest.fixture
def kits(database: Database) -> Kits:
    return Kits(database, INSTALLER)


@pytest.fixture
def away(kits: Kits, tmp_path: Path) -> Away:
    """A package in which everybody was handed a pot, some of them at home too, later."""
    pot = kits.item()
    campaign = kits.campaign(pot)
    here, there = kits.station(campaign), kits.station(campaign)
    kits.bring(here, pot, PEOPLE)
    kits.bring(there, pot, PEOPLE)
    with kits.world.batch():
        people = [kits.person("A1") for _ in range(PEOPLE)]
    made = goes_out(kits, here, tmp_path)
    for place, person in enumerate(people):
        made.give(person, 2 + place // 30)
    for person in people[:GIVEN]:
        give(kits.database, kits.actor, campaign, there, person)
    return made


def _there(kits: Kits, away: Away) -> tuple[int, int, PackageState]:
    """Hand-outs that came home, second ones, and where the package is; everything agrees."""
    prove(kits.database, kits.actor)
    with kits.database.read(kits.actor) as unit:
        (row,) = listed(unit)
        mine = select(func.count(col(Handout.id))).where(col(Handout.origin) == away.made.uuid)
        twice = select(func.count(col(Handout.id))).where(col(Handout.state) == HandoutState.TWICE)
        return unit.exec(mine).one(), unit.exec(twice).one(), row.state


def test_all_or_nothing(kits: Kits, away: Away, database_url: str) -> None:
    chance = random.Random(20261123)
    path = away.pack()
    killed, seen = 0, set()
    for attempt in range(4 * KILLS):
        worker = hire(database_url, take_in, path=path)
        worker.await_ready()
        worker.go()
        time.sleep(chance.uniform(0, 0.012 * (attempt + 1)))  # at first surely before it is done
        killed += worker.kill()
        found = _there(kits, away)
        seen.add(found)
        if killed >= KILLS or found[0]:
            break
    assert killed, "nobody was killed"
    assert seen <= {(0, 0, PackageState.OUT), (PEOPLE, GIVEN, PackageState.BACK)}
    last = hire(database_url, take_in, path=path)
    last.await_ready()
    last.go()
    assert last.result() in (0, PEOPLE)
    assert _there(kits, away) == (PEOPLE, GIVEN, PackageState.BACK)


def test_two_at_once_take_it_once(kits: Kits, away: Away, database_url: str) -> None:
    path = away.pack()
    both = [hire(database_url, take_in, path=path) for _ in range(2)]
    for worker in both:
        worker.await_ready()
    for worker in both:
        worker.go()
    assert sorted(worker.result() for worker in both) == [0, PEOPLE]
    assert _there(kits, away) == (PEOPLE, GIVEN, PackageState.BACK)
