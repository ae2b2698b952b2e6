"""The tree as it was, and a tree that is opened step by step, on both engines."""

from datetime import date, timedelta

import pytest

from benefits.kernel.actions import Actor
from benefits.kernel.errors import Refused
from benefits.kernel.unit import Database
from benefits.kernel.verify import check
from benefits.organisations import service
from benefits.organisations.invariants import INVARIANTS
from benefits.organisations.models import Level
from benefits.organisations.queries import children, detail, tree_on
from tests.organisations.conftest import FOUNDED

DAY = timedelta(days=1)
MOVED, RENAMED, CLOSED = date(2020, 3, 1), date(2021, 5, 1), date(2026, 11, 20)
Tree = dict[str, int]


@pytest.fixture
def past(database: Database, root: Actor, tree: Tree) -> Tree:
    """A1 moved to street B, was renamed there, and closed."""
    one = {"organisation_id": tree["A1"]}
    database.act(root, service.move, parent_id=tree["B"], on=MOVED, **one)
    database.act(root, service.rename, name="新名工会", on=RENAMED, **one)
    database.act(root, service.close, on=CLOSED, **one)
    return tree


def _on(database: Database, actor: Actor, day: date, top: int | None = None) -> list[str]:
    with database.read(actor) as unit:
        return [f"{'.' * row.depth}{row.code}:{row.name}" for row in tree_on(unit, day, top)]


def test_each_day_has_its_own_tree(database: Database, root: Actor, past: Tree) -> None:
    whole = ["D:D工会", ".A:A工会", "..A1:A1工会", "..A2:A2工会", ".B:B工会", "..B1:B1工会", "..B2:B2工会"]
    moved = ["D:D工会", ".A:A工会", "..A2:A2工会", ".B:B工会", "..A1:A1工会", "..B1:B1工会", "..B2:B2工会"]
    renamed = [line.replace("A1工会", "新名工会") for line in moved]
    closed = [line for line in renamed if "A1" not in line]
    for day, expected in (
        (FOUNDED - DAY, []),
        (FOUNDED, whole),
        (MOVED - DAY, whole),
        (MOVED, moved),
        (RENAMED - DAY, moved),
        (RENAMED, renamed),
        (CLOSED, renamed),
        (CLOSED + DAY, closed),
    ):
        assert _on(database, root, day) == expected, day
    assert _on(database, root, MOVED, past["B"]) == ["B:B工会", ".A1:A1工会", ".B1:B1工会", ".B2:B2工会"]
    assert _on(database, root, MOVED - DAY, past["B"]) == ["B:B工会", ".B1:B1工会", ".B2:B2工会"]


def test_whose_place_was_elsewhere_stands_at_the_top(database: Database, root: Actor, past: Tree) -> None:
    """The clerk of street B sees A1, which is theirs today, and not the street where it stood."""
    clerk = Actor("li", "李娜", frozenset({"*"}), f"/{past['D']}/{past['B']}/")
    assert _on(database, clerk, MOVED - DAY) == ["A1:A1工会", "B:B工会", ".B1:B1工会", ".B2:B2工会"]
    with database.read(clerk) as unit:
        places = detail(unit, past["A1"]).positions
        assert [(place.parent_code, place.starts) for place in places] == [("", FOUNDED), ("B", MOVED)]
        with pytest.raises(Refused) as refused:
            detail(unit, past["A"])
    assert refused.value.code == "organisations.unknown"


def test_a_unit_s_page_tells_its_names_and_places(database: Database, root: Actor, past: Tree) -> None:
    with database.read(root) as unit:
        found = detail(unit, past["A1"])
        above = detail(unit, past["D"])
    assert [(name.name, name.starts, name.ends) for name in found.names] == [
        ("A1工会", FOUNDED, RENAMED - DAY),
        ("新名工会", RENAMED, None),
    ]
    assert [(place.parent, place.starts, place.ends) for place in found.positions] == [
        ("A工会", FOUNDED, MOVED - DAY),
        ("B工会", MOVED, None),
    ]
    assert (found.closed, found.version, found.children, found.below) == (CLOSED, 4, 0, 0)
    assert (above.children, above.below) == (2, 5), "the closed one is not counted"


def test_a_tree_opens_step_by_step(database: Database, root: Actor, past: Tree) -> None:
    with database.read(root) as unit:
        (top,) = children(unit)
        streets = children(unit, top.row.id)
        below = [[branch.row.code for branch in children(unit, street.row.id)] for street in streets]
    assert (top.row.code, top.children, top.below) == ("D", 2, 5)
    assert [(street.row.code, street.children, street.below) for street in streets] == [
        ("A", 1, 1),
        ("B", 2, 2),
    ]
    assert below == [["A2"], ["A1", "B1", "B2"]]
    clerk = Actor("li", "李娜", frozenset({"*"}), f"/{past['D']}/{past['B']}/")
    with database.read(clerk) as unit:
        assert [(one.row.code, one.below) for one in children(unit)] == [("B", 2)]
        assert children(unit, past["A"]) == ()


def test_whatever_is_done_the_tree_stays_whole(database: Database, root: Actor, past: Tree) -> None:
    made = database.act(
        root,
        service.found,
        name="新",
        code="N",
        level=Level.GRASSROOTS,
        parent_id=past["B"],
        founded=FOUNDED,
    )
    with pytest.raises(Refused) as refused:
        database.act(root, service.move, organisation_id=made, parent_id=past["A"], on=FOUNDED)
    assert refused.value.code == "organisations.move_too_early"
    database.act(root, service.move, organisation_id=made, parent_id=past["A"], on=FOUNDED + DAY)
    database.act(root, service.reopen, organisation_id=past["A1"])
    with database.read(root) as unit:
        assert [result.code for result in check(unit, INVARIANTS) if not result.ok] == []
        assert detail(unit, past["A1"]).closed is None
