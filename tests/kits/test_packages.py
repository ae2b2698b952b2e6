"""Offline packages: out with a station, worked in elsewhere, back home once however often."""

from pathlib import Path

from benefits.kits.models_handout import HandoutState
from tests.kits.desk import Kits
from tests.kits.packing import comes_back, give, goes_out, prove, state_of


def test_there_and_back(kits: Kits, tmp_path: Path) -> None:
    pot = kits.item()
    campaign = kits.campaign(pot)
    station, other = kits.station(campaign), kits.station(campaign)
    kits.bring(station, pot, 10, cost_fen=1200)
    kits.bring(other, pot, 10, cost_fen=1200)
    one, two, three = kits.person("A1"), kits.person("A2"), kits.person("B1")
    give(kits.database, kits.actor, campaign, other, three)
    prove(kits.database, kits.actor)
    away = goes_out(kits, station, tmp_path)
    prove(away.database, away.actor)
    assert (away.made.people, away.made.pieces, away.made.given) == (3, 10, 1)
    away.give(one, 3)
    away.give(two, 4)
    merged = comes_back(kits, away.pack())
    assert (merged.in_file, merged.new, merged.known, merged.twice, merged.found) == (2, 2, 0, 0, 0)
    assert sum(kits.on_hand(station).values()) == 8
    prove(kits.database, kits.actor)
    before = state_of(kits.database, kits.actor)
    again = comes_back(kits, away.pack())
    assert (again.new, again.known, again.again) == (0, 2, True)
    assert state_of(kits.database, kits.actor) == before
    assert {state for state, _ in before["handouts"].values()} == {HandoutState.ACTIVE}
