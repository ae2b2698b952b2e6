"""Offline packages: out with a station, worked in elsewhere, back home once however often."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from benefits import packages
from benefits.database import open_database
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database
from benefits.kernel.verify import check
from benefits.kits.invariants_package import INVARIANTS
from benefits.kits.models import CampaignState, Station, StationState, StationUnit
from benefits.kits.models_handout import Allowance, Handout, HandoutState
from benefits.kits.models_stock import MoveKind, PackageState
from benefits.kits.queries_package import ConflictKind, conflicts
from benefits.kits.queries_package import packages as listed
from benefits.kits.service_handout import void
from benefits.kits.service_package import lose_package, make_package, settle
from benefits.kits.service_stock import damage, receive
from benefits.members.models import IdentifierKind, Member, MemberIdentifier, Membership
from benefits.members.search import search
from benefits.members.service_identifiers import set_identifier
from tests.kits.desk import Kits, at
from tests.kits.packing import CODE, Away, Hand, comes_back, give, goes_out, prove, state_of
from tests.members.people import JOINED, WOMAN, added

PRICE = 1200
ONE_ENGINE = pytest.mark.parametrize("engine_kind", ["sqlite"])
"""For what the home's engine has no part in."""


@pytest.fixture(autouse=True)
def clock(kits: Kits) -> Hand:
    """Nine in the morning in Shanghai; packages are opened an hour later."""
    made = Hand(at(1))
    kits.database.clock = made
    return made


@pytest.fixture
def pot(kits: Kits) -> int:
    return kits.item()


@pytest.fixture
def campaign(kits: Kits, pot: int) -> int:
    return kits.campaign(pot)


@pytest.fixture
def places(kits: Kits, campaign: int, pot: int) -> tuple[int, int]:
    """Two stations with ten pots each."""
    found = kits.station(campaign), kits.station(campaign)
    for station in found:
        kits.bring(station, pot, 10, cost_fen=PRICE)
    return found


def _state(kits: Kits, station: int) -> StationState:
    with kits.database.read(kits.actor) as unit:
        return unit.exec(select(col(Station.state)).where(col(Station.id) == station)).one()


def _code(refusal: pytest.ExceptionInfo[Refused]) -> str:
    return refusal.value.code


def test_there_and_back(kits: Kits, campaign: int, places: tuple[int, int], tmp_path: Path) -> None:
    station, other = places
    one, two, three = kits.person("A1"), kits.person("A2"), kits.person("B1")
    give(kits.database, kits.actor, campaign, other, three)
    away = goes_out(kits, station, tmp_path)
    prove(away.database, away.actor)
    prove(kits.database, kits.actor)
    assert (away.made.people, away.made.pieces, away.made.given) == (3, 10, 1)
    with pytest.raises(Refused) as refusal:
        give(kits.database, kits.actor, campaign, station, one)
    assert _code(refusal) == "kits.frozen"
    with pytest.raises(Refused) as refusal:
        away.give(three, 3)
    assert _code(refusal) == "kits.handed_out"
    away.give(one, 3)
    mistake = away.give(two, 4)
    away.database.act(away.actor, void, handout_id=mistake, reason="误发")
    prove(away.database, away.actor)
    merged = comes_back(kits, away.pack())
    assert (merged.in_file, merged.new, merged.known, merged.twice, merged.found) == (2, 2, 0, 0, 0)
    assert (sum(kits.on_hand(station).values()), _state(kits, station)) == (9, StationState.OPEN)
    assert kits.on_hand(station) == kits.moved(station)
    prove(kits.database, kits.actor)
    before = state_of(kits.database, kits.actor)
    again = comes_back(kits, away.pack())
    assert (again.new, again.known, again.struck, again.moves, again.again) == (0, 2, 0, 0, True)
    assert state_of(kits.database, kits.actor) == before
    give(kits.database, kits.actor, campaign, station, two)


@ONE_ENGINE
def test_an_early_return_is_completed_by_a_later_one(
    kits: Kits, places: tuple[int, int], pot: int, tmp_path: Path
) -> None:
    one, two = kits.person("A1"), kits.person("A2")
    away = goes_out(kits, places[0], tmp_path)
    first = away.give(one, 3)
    early = away.pack()
    assert comes_back(kits, early).new == 1
    away.give(two, 4)
    away.database.act(away.actor, void, handout_id=first, reason="误发")
    away.database.act(away.actor, damage, station_id=places[0], item_id=pot, quantity=2, reason="摔碎")
    later = comes_back(kits, away.pack())
    assert (later.new, later.known, later.struck, later.moves) == (1, 1, 1, 3)
    assert sum(kits.on_hand(places[0]).values()) == 7
    before = state_of(kits.database, kits.actor)
    assert comes_back(kits, early).moves == 0
    assert state_of(kits.database, kits.actor) == before
    prove(kits.database, kits.actor)


def test_the_earlier_of_two_holds_and_the_other_is_listed(
    kits: Kits, campaign: int, places: tuple[int, int], clock: Hand, tmp_path: Path
) -> None:
    here, there = places
    one, two = kits.person("A1"), kits.person("A2")
    away = goes_out(kits, here, tmp_path)
    clock.moment = at(4)
    late = give(kits.database, kits.actor, campaign, there, one)
    early = give(kits.database, kits.actor, campaign, there, two)
    away.give(one, 3)
    away.give(two, 5)
    clock.moment = at(9)
    merged = comes_back(kits, away.pack())
    assert (merged.new, merged.twice) == (2, 2)
    with kits.database.read(kits.actor) as unit:
        found = {one.member_id: one for one in conflicts(unit, campaign)}
    assert {one.kind for one in found.values()} == {ConflictKind.TWICE}
    assert (found[one].handout_id, found[one].first_at) == (late, at(3))
    assert found[two].handout_id != early and found[two].first_at == at(4)
    assert (found[two].package, found[one].package) == (away.made.number, "")
    assert sum(kits.on_hand(here).values()) == sum(kits.on_hand(there).values()) == 8
    prove(kits.database, kits.actor)
    kits.database.act(kits.actor, settle, handout_id=late, reason="本人退回以前已用")
    with kits.database.read(kits.actor) as unit:
        assert [row.member_id for row in conflicts(unit)] == [two]
        assert len(conflicts(unit, campaign, settled=True)) == 2
    kits.database.act(kits.actor, void, handout_id=early, reason="退回")  # the other one holds now
    with kits.database.read(kits.actor) as unit:
        assert conflicts(unit) == ()
    prove(kits.database, kits.actor)
    with pytest.raises(Refused) as refusal:
        kits.database.act(kits.actor, settle, handout_id=early, reason="?")
    assert _code(refusal) == "kits.no_conflict"


@ONE_ENGINE
def test_who_is_not_entitled_any_more_is_listed_not_lost(
    kits: Kits, campaign: int, places: tuple[int, int], clock: Hand, tmp_path: Path
) -> None:
    one, two = kits.person("A1"), kits.person("A2")
    away = goes_out(kits, places[0], tmp_path)
    away.give(one, 3)
    away.give(two, 23)  # its clock is wrong
    clock.moment = at(9)
    with kits.world.batch() as session:
        gone = session.exec(select(Membership).where(col(Membership.member_id) == one)).one()
        gone.ends = date(2026, 10, 31)
    assert comes_back(kits, away.pack()).new == 2
    with kits.database.read(kits.actor) as unit:
        found = {row.member_id: row for row in conflicts(unit, campaign)}
    assert {row.kind for row in found.values()} == {ConflictKind.NOT_ENTITLED, ConflictKind.CLOCK}
    assert found[one].reasons and found[two].kind is ConflictKind.CLOCK


def test_a_lost_package_may_turn_up(
    kits: Kits, campaign: int, places: tuple[int, int], pot: int, tmp_path: Path
) -> None:
    station = places[0]
    people = [kits.person("A1") for _ in range(4)]
    away = goes_out(kits, station, tmp_path)
    for hour, person in enumerate(people, 1):
        away.give(person, hour)
    kits.database.act(kits.actor, lose_package, package_id=away.made.id, reason="电脑丢失")
    assert _state(kits, station) is StationState.OPEN
    (lot,) = kits.on_hand(station)
    kits.move(station, lot, MoveKind.LOSS, 9, reason="随电脑丢失")
    with pytest.raises(Refused) as refusal:
        kits.database.act(kits.actor, lose_package, package_id=away.made.id, reason="电脑丢失")
    assert _code(refusal) == "kits.package_not_out"
    second = goes_out(kits, station, tmp_path)
    merged = comes_back(kits, away.pack())
    assert (merged.new, merged.found) == (4, 3)
    assert (_state(kits, station), kits.on_hand(station)) == (StationState.AWAY, {})
    prove(kits.database, kits.actor)
    other = kits.person("B1")
    with pytest.raises(Refused):  # came after the list was made
        second.give(other, 5)
    second.give(people[0], 5)
    merged = comes_back(kits, second.pack())
    assert (merged.new, merged.found, merged.twice) == (1, 1, 1)
    assert _state(kits, station) is StationState.OPEN
    with kits.database.read(kits.actor) as unit:
        rows = listed(unit, campaign)
    assert [(row.state, row.handouts, row.twice) for row in rows] == [
        (PackageState.BACK, 1, 1),
        (PackageState.BACK, 4, 0),
    ]
    prove(kits.database, kits.actor)


@ONE_ENGINE
def test_two_computers_may_open_one_package(kits: Kits, places: tuple[int, int], tmp_path: Path) -> None:
    one, two = kits.person("A1"), kits.person("A2")
    away = goes_out(kits, places[0], tmp_path)
    file = next(tmp_path.glob("station-*.kit"))
    opened = packages.open_file(file, CODE, tmp_path / "second.sqlite", away.clock)
    second = Away(
        away.made,
        _open(tmp_path / "second.sqlite", away),
        away.actor,
        away.clock,
        tmp_path,
        away.station,
        away.campaign,
        packed=50,
    )
    assert opened.login == away.made.login
    away.give(one, 3)
    second.give(one, 4)
    second.give(two, 5)
    assert comes_back(kits, away.pack()).new == 1
    merged = comes_back(kits, second.pack())
    assert (merged.new, merged.known, merged.twice) == (2, 0, 1)
    assert sum(kits.on_hand(places[0]).values()) == 7
    prove(kits.database, kits.actor)


def _open(path: Path, like: Away) -> Database:
    return open_database(str(path), clock=like.clock)


@ONE_ENGINE
def test_a_package_holds_no_more_than_handing_out_needs(
    kits: Kits, campaign: int, places: tuple[int, int], tmp_path: Path
) -> None:
    number, card = WOMAN, "6222021234567890"
    member = added(
        kits.database, kits.actor, kits.places["A1"], name="欧阳芳", id_number=number, phone="13800001234"
    )
    kits.database.act(
        kits.actor,
        set_identifier,
        member_id=member,
        kind=IdentifierKind.UNION_CARD,
        number=card,
        starts=JOINED,
    )
    away = goes_out(kits, places[0], tmp_path)
    with away.database.read(away.actor) as unit:
        row = unit.exec(select(Member)).one()
        assert (row.name, row.id_last4, row.organisation_id) == ("欧阳芳", number[-4:], kits.places["A1"])
        assert (row.id_number, row.id_valid, row.has_card) == (f"****{number[-4:]}", False, True)
        bare = (row.birth, row.sex, row.status, row.phone, row.phone_digest, row.phone_last4)
        assert bare == (None,) * 6
        assert unit.exec(select(MemberIdentifier)).one().number == f"****{card[-4:]}"
        for text in (number, card, "欧阳", "ouyang", "oyf", number[-4:], card[-4:]):
            assert [one.id for one in search(unit, text)] == [member], text
        assert search(unit, "13800001234") == ()
        assert unit.database.keys.fingerprint() != kits.database.keys.fingerprint()
    prove(away.database, away.actor)
    away.database.close()
    whole = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.name.startswith("station-"))
    assert "欧阳芳".encode() in whole  # in the opened database, on the second computer's disk
    for secret in (number.encode(), card.encode(), b"13800001234"):
        assert secret not in whole
    file = next(tmp_path.glob("station-*.kit"))
    assert "欧阳芳".encode() not in file.read_bytes()
    assert (tmp_path / f"{file.stem}.sqlite.key").stat().st_mode & 0o077 == 0


@ONE_ENGINE
def test_what_was_given_elsewhere_in_the_year_counts_in_a_package(kits: Kits, tmp_path: Path) -> None:
    cake, book = kits.item("蛋糕"), kits.item("图书")
    fairs = [kits.campaign(item, purpose="birthday") for item in (cake, book)]
    places = [kits.station(fair) for fair in fairs]
    for place, item in zip(places, (cake, book), strict=True):
        kits.bring(place, item, 5, cost_fen=20000)
    one, two = kits.person("A1"), kits.person("A2")
    give(kits.database, kits.actor, fairs[0], places[0], one)
    away = goes_out(kits, places[1], tmp_path)
    prove(away.database, away.actor)
    with pytest.raises(Refused) as refusal:
        away.give(one, 3)
    assert _code(refusal) == "kits.over_limit"
    away.give(two, 3)
    give(kits.database, kits.actor, fairs[0], places[0], two)
    assert comes_back(kits, away.pack()).new == 1  # both together pass the limit, and both happened
    prove(kits.database, kits.actor)
    with kits.database.read(kits.actor) as unit:
        held = unit.exec(select(Allowance).where(col(Allowance.member_id) == two)).one()
    assert (held.fen, held.most_fen) == (40000, 40000)


@ONE_ENGINE
def test_only_the_people_of_the_station_go_along(
    kits: Kits, campaign: int, places: tuple[int, int], tmp_path: Path
) -> None:
    for place, station in zip("AB", places, strict=True):
        kits.add(StationUnit(campaign_id=campaign, organisation_id=kits.places[place], station_id=station))
    kits.person("A1"), kits.person("A2"), kits.person("B1")
    assert goes_out(kits, places[0], tmp_path).made.people == 2
    assert goes_out(kits, places[1], tmp_path, everybody=True).made.people == 3


@ONE_ENGINE
def test_a_package_can_do_nothing_that_would_not_come_home(
    kits: Kits, campaign: int, places: tuple[int, int], pot: int, tmp_path: Path
) -> None:
    one = kits.person("A1")
    given = give(kits.database, kits.actor, campaign, places[1], one)
    away = goes_out(kits, places[0], tmp_path)
    assert away.actor.permissions == {"kit.hand", "kit.stock"}
    with pytest.raises(Refused) as refusal:
        away.database.act(away.actor, receive, station_id=places[0], item_id=pot, quantity=1, cost_fen=1)
    assert _code(refusal) == "kits.package_only_home"
    with away.database.read(away.actor) as unit:
        copied = unit.exec(select(Handout)).one()
    assert (copied.state, copied.origin_seq) == (HandoutState.ACTIVE, given)
    with pytest.raises(Refused) as refusal:
        away.database.act(away.actor, void, handout_id=copied.id or 0, reason="误发")
    assert _code(refusal) == "kits.void_at_home"


@ONE_ENGINE
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": "draft"}, "kits.package_not_open"),
        ({"ends": date(2026, 11, 19)}, "kits.package_over"),
        ({}, "kits.package_nobody"),
    ],
)
def test_when_no_package_is_made(
    kits: Kits, pot: int, tmp_path: Path, change: dict[str, Any], code: str
) -> None:
    if "state" in change:
        change = {"state": CampaignState.DRAFT}
    station = kits.station(kits.campaign(pot, **change))
    path = tmp_path / "no.kit"
    with pytest.raises(Refused) as refusal:
        packages.make_file(kits.database, kits.actor, path, CODE, station_id=station)
    assert (_code(refusal), path.exists(), _state(kits, station)) == (code, False, StationState.OPEN)


@ONE_ENGINE
def test_no_file_no_package(kits: Kits, places: tuple[int, int], tmp_path: Path) -> None:
    kits.person("A1")
    for path in (tmp_path / "not there" / "x.kit", tmp_path):
        with pytest.raises(Refused):
            packages.make_file(kits.database, kits.actor, path, CODE, station_id=places[0])
    with kits.database.read(kits.actor) as unit:
        assert listed(unit) == ()
    assert _state(kits, places[0]) is StationState.OPEN
    store = kits.station()
    with pytest.raises(Refused) as refusal:
        kits.database.act(kits.actor, make_package, station_id=store)
    assert _code(refusal) == "kits.package_store"
    goes_out(kits, places[0], tmp_path)
    with pytest.raises(Refused) as refusal:
        kits.database.act(kits.actor, make_package, station_id=places[0])
    assert _code(refusal) == "kits.frozen"


@ONE_ENGINE
def test_only_who_keeps_the_station_makes_and_takes_back(
    kits: Kits, places: tuple[int, int], tmp_path: Path
) -> None:
    kits.person("A1"), kits.person("B1")
    clerk, other = kits.street("A"), kits.street("B")
    with pytest.raises(Refused) as refusal:
        packages.make_file(kits.database, other, tmp_path / "b.kit", CODE, station_id=places[0])
    assert _code(refusal) == "kits.not_yours"
    path = tmp_path / "a.kit"
    made = packages.make_file(kits.database, clerk, path, CODE, station_id=places[0])
    assert made.people == 1, "a clerk takes along only people whom he or she sees"


@ONE_ENGINE
def test_verify_finds_what_cannot_be(
    kits: Kits, campaign: int, places: tuple[int, int], tmp_path: Path
) -> None:
    one = kits.person("A1")
    given = give(kits.database, kits.actor, campaign, places[0], one)

    def broken() -> set[str]:
        with kits.database.read(kits.actor) as unit:
            return {row.code.rpartition(".")[2] for row in check(unit, INVARIANTS) if not row.ok}

    assert broken() == set()
    with kits.world.batch() as session:
        handout = session.exec(select(Handout).where(col(Handout.id) == given)).one()
        handout.origin, handout.origin_seq = "nowhere", 1
    assert broken() == {"handout_of_package"}
    with kits.world.batch() as session:
        handout = session.exec(select(Handout).where(col(Handout.id) == given)).one()
        handout.origin, handout.origin_seq, handout.state = "", None, HandoutState.TWICE
    assert broken() == {"first_holds"}
    with kits.world.batch() as session:
        handout = session.exec(select(Handout).where(col(Handout.id) == given)).one()
        handout.state = HandoutState.ACTIVE
        session.exec(select(Station).where(col(Station.id) == places[1])).one().state = StationState.AWAY
    assert broken() == {"away"}
