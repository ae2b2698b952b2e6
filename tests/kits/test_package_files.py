"""Files of packages as a stranger, or a keeper with a pencil, may make them: one message, and nothing is
taken."""

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benefits import packages
from benefits.access.models import Setting
from benefits.access.queries import PACKAGE
from benefits.database import open_database
from benefits.kernel import parcel
from benefits.kernel.engine import sqlite_driver
from benefits.kernel.errors import Refused
from benefits.kernel.sealed import Keys
from benefits.kits.models import Station, StationState
from benefits.kits.package_return import HANDOUTS, MOVES
from benefits.kits.queries_package import packages as listed
from benefits.kits.service_package import package_master
from tests.engines import copy_sqlite
from tests.kits.desk import Kits
from tests.kits.packing import CODE, Away, comes_back, goes_out, prove, state_of

pytestmark = pytest.mark.parametrize("engine_kind", ["sqlite"])
"""All of it happens before the home's database is asked."""
H, M = HANDOUTS.index, MOVES.index


@pytest.fixture
def away(kits: Kits, tmp_path: Path) -> Away:
    """A package with two hand-outs, one of them struck, and a pot that broke."""
    pot = kits.item()
    station = kits.station(kits.campaign(pot))
    kits.bring(station, pot, 5)
    one, two = kits.person("A1"), kits.person("A2")
    made = goes_out(kits, station, tmp_path)
    made.give(one, 3)
    made.give(two, 4)
    return made


def _keys(kits: Kits, away: Away) -> bytes:
    keys = Keys.derive(package_master(kits.database.keys, away.made.uuid))
    return parcel.child_key(keys, "return")


def _refused(kits: Kits, path: Path) -> Refused:
    """Taking it in is refused, and nothing has changed."""
    before = state_of(kits.database, kits.actor)
    with pytest.raises(Refused) as refusal:
        comes_back(kits, path)
    assert state_of(kits.database, kits.actor) == before
    with kits.database.read(kits.actor) as unit:
        (row,) = listed(unit)
        assert unit.session.get(Station, 1).state is StationState.AWAY  # type: ignore[union-attr]
    assert row.state.value == "out"
    return refusal.value


def _set(rows: str, at: int, value: object, row: int = 0) -> Callable[[dict[str, Any]], None]:
    def change(body: dict[str, Any]) -> None:
        body[rows][row][at] = value

    return change


def _both(*changes: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    def change(body: dict[str, Any]) -> None:
        for one in changes:
            one(body)

    return change


def _signed_otherwise(body: dict[str, Any]) -> None:
    body["manifest"]["stock"][0][1] += 100


def _event_told_otherwise(body: dict[str, Any]) -> None:
    body["events"][1][2] = "somebody"


def _tail_cut(body: dict[str, Any]) -> None:
    body["events"].pop()


ALTERED: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "stranger": (_set("handouts", H("member_id"), 99), "stranger"),
    "union": (_set("handouts", H("organisation_id"), 1), "stranger"),
    "item": (_set("handouts", H("item_id"), 7), "handouts"),
    "slot": (_set("handouts", H("slot"), 7), "handouts"),
    "none": (_set("handouts", H("quantity"), 0), "handouts"),
    "two": (_set("handouts", H("quantity"), 2), "moves"),
    "debt": (_set("handouts", H("fen"), -1), "handouts"),
    "state": (_set("handouts", H("state"), "twice"), "handouts"),
    "struck": (_set("handouts", H("state"), "void"), "moves"),
    "number": (_both(_set("handouts", 0, 5), _set("handouts", 0, 5, 1)), "handouts"),
    "again": (lambda body: body["handouts"].append([99, *body["handouts"][0][1:]]), "handouts"),
    "dropped": (lambda body: body["handouts"].pop(), "moves"),
    "no move": (lambda body: body["moves"].pop(), "moves"),
    "kind": (_both(_set("moves", M("kind"), "receive"), _set("moves", M("quantity"), 9)), "moves"),
    "sign": (_set("moves", M("quantity"), 1), "moves"),
    "more": (_set("moves", M("quantity"), -6), "moves"),
    "lot": (_set("moves", M("lot_id"), 2), "moves"),
    "of nobody": (_set("moves", M("handout_id"), None), "moves"),
    "stock": (_signed_otherwise, "manifest"),
    "signature": (lambda body: body.update(signature="00"), "manifest"),
    "manifest": (lambda body: body.update(manifest=None), "manifest"),
    "people": (lambda body: body["people"].append([99, 1]), "people"),
    "no people": (lambda body: body.update(people=[1]), "people"),
    "event": (_event_told_otherwise, "chain"),
    "tail": (_tail_cut, "chain"),
    "head": (lambda body: body.update(head=None), "chain"),
    "events": (lambda body: body.update(events=[[1]]), "chain"),
}


def test_a_return_that_was_altered_is_not_taken(kits: Kits, away: Away) -> None:
    whole, key = away.pack(), _keys(kits, away)
    for name, (change, why) in ALTERED.items():
        head, body = parcel.read(whole, lambda _: key)
        change(body)
        path = away.folder / f"{name}.kit"
        parcel.write(path, head, body, key)
        refusal = _refused(kits, path)
        assert refusal.code == "kits.package_altered", name
        assert refusal.say.params["why"].key == f"kits.package_why.{why}", name  # type: ignore[attr-defined]
    for rows in ("handouts", "moves"):
        head, body = parcel.read(whole, lambda _: key)
        body[rows] = [[1, 2]]
        path = away.folder / f"no {rows}.kit"
        parcel.write(path, head, body, key)
        assert _refused(kits, path).code == "kernel.parcel_row"
    assert comes_back(kits, whole).new == 2
    prove(kits.database, kits.actor)


def test_a_return_under_another_name_is_not_taken(kits: Kits, away: Away, tmp_path: Path) -> None:
    whole, key = away.pack(), _keys(kits, away)
    head, body = parcel.read(whole, lambda _: key)
    for changes, code in (
        ({"package": "nowhere"}, "kits.package_unknown"),
        ({"package": None}, "kits.package_unknown"),
        ({"schema": "0001"}, "kits.package_schema"),
        ({"kind": "out"}, "kits.package_goes_out"),
        ({"number": "LX-1"}, "kernel.parcel_closed"),
    ):
        path = tmp_path / f"{next(iter(changes))}-{code}.kit"
        front = b"BENEFITS PARCEL 1\n" + json.dumps(head | changes).encode() + b"\n"
        path.write_bytes(front + whole.read_bytes().split(b"\n", 2)[2])
        assert _refused(kits, path).code == code
    spread = away.folder / "swollen.kit"
    spread.write_bytes(whole.read_bytes() + bytes(1000))
    assert _refused(kits, spread).code == "kernel.parcel_closed"


def test_a_package_goes_the_right_way_only(kits: Kits, away: Away, tmp_path: Path) -> None:
    out, back = next(tmp_path.glob("station-*.kit")), away.pack()
    target = tmp_path / "other.sqlite"
    assert _refused(kits, out).code == "kits.package_goes_out"
    for path, code, asked in (
        (back, "kits.package_comes_back", CODE),
        (out, "kernel.parcel_closed", "ABCD-EFGH-JKLN"),
        (tmp_path / "none.kit", "kernel.parcel_missing", CODE),
        (tmp_path, "kernel.parcel_missing", CODE),
    ):
        with pytest.raises(Refused) as refusal:
            packages.open_file(path, asked, target)
        assert refusal.value.code == code
        assert not list(tmp_path.glob("other*"))
    target.write_bytes(b"mine")
    with pytest.raises(Refused) as refusal:
        packages.open_file(out, CODE, target)
    assert (refusal.value.code, target.read_bytes()) == ("kernel.parcel_exists", b"mine")
    with pytest.raises(Refused) as refusal:
        packages.pack_file(kits.database, kits.actor, tmp_path / "home.kit")
    assert refusal.value.code == "kits.package_not_here"


def test_a_package_with_a_row_that_does_not_fit_makes_no_database(
    kits: Kits, away: Away, tmp_path: Path
) -> None:
    out = next(tmp_path.glob("station-*.kit"))
    key = parcel.key_of_code(CODE, away.made.uuid)
    for place, (table, value) in enumerate({"member": ["x"], "stock": [[1, 1, "9"]], "lot": None}.items()):
        head, body = parcel.read(out, lambda _: key)
        body["tables"][table] = value
        path, target = tmp_path / f"bad{place}.kit", tmp_path / f"bad{place}.sqlite"
        parcel.write(path, head, body, key)
        with pytest.raises(Refused) as refusal:
            packages.open_file(path, CODE, target)
        assert refusal.value.code == "kernel.parcel_row"
        assert not list(tmp_path.glob(f"bad{place}.sqlite*"))


BY_HAND = {
    "stock": ("UPDATE kit_stock SET on_hand = 5",),
    "moves": ("DROP TRIGGER kit_move_no_delete", "DELETE FROM kit_move WHERE kind = 'hand_out'"),
    "event": ("DROP TRIGGER audit_event_no_update", "UPDATE audit_event SET actor = 'x' WHERE id = 2"),
    "tail": ("DROP TRIGGER audit_link_no_delete", "DELETE FROM audit_link WHERE seq = 3"),
}


def test_rows_changed_by_hand_are_found_before_they_travel(away: Away) -> None:
    where = Path(str(away.database.engine.url.database))
    away.database.close()
    with contextlib.closing(sqlite_driver().connect(str(where))) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    for name, statements in BY_HAND.items():
        copy = where.with_name(f"{name}.sqlite")
        copy_sqlite(where, copy)
        with contextlib.closing(sqlite_driver().connect(str(copy))) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()
        database = open_database(str(copy))
        with pytest.raises(Refused) as refusal:
            packages.pack_file(database, away.actor, away.folder / f"{name}.kit")
        database.close()
        assert refusal.value.code == "kits.package_broken" and refusal.value.problems, name


def test_a_copied_database_is_told_apart(kits: Kits, away: Away) -> None:
    first = away.pack()
    comes_back(kits, first)
    with away.database.upkeep() as session:
        setting = session.get(Setting, PACKAGE)
        assert setting is not None and json.loads(setting.value)["opening"] >= 1
    key = _keys(kits, away)
    head, body = parcel.read(first, lambda _: key)
    for row in body["handouts"]:
        row[H("given_at")] = "2026-11-20T08:00:00+00:00"
    path = away.folder / "copy.kit"
    parcel.write(path, head, body, key)
    with pytest.raises(Refused) as refusal:
        comes_back(kits, path)
    assert refusal.value.code == "kits.package_copied"
