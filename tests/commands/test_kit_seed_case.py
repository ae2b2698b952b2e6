"""The seed case (DOMAIN C4, 5b.14), told by the command line: 2,000 sets of 健康小三件 over ten stations, one
returns 37, one reports 12 damaged, and the campaign closes at zero difference."""

import csv
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from benefits.access.queries import INSTALLER
from benefits.database import open_database
from benefits.members.models import Member, Status
from benefits.organisations.models import Organisation
from tests.commands.conftest import Program

STREETS = "001 002 003 004 008 011 012 013 114 119".split()
"""Streets and towns of the sample with more than 200 people in post."""
RETURNS, BREAKS = 4, 7
"""The fourth station sends 37 sets back, the seventh reports 12 broken."""


@pytest.fixture
def people(district_url: str) -> dict[str, list[str]]:
    """People in post of each street, as the register numbers them."""
    database = open_database(district_url)
    with database.read(INSTALLER) as unit:
        paths = dict(unit.session.execute(select(col(Organisation.code), col(Organisation.path))).all())
        query = (
            select(col(Member.id), col(Organisation.path))
            .join(Organisation, col(Organisation.id) == col(Member.organisation_id))
            .where(col(Member.status) == Status.IN_POST)
            .order_by(col(Member.id))
        )
        rows = unit.session.execute(query).all()
    database.close()
    return {
        street: [str(one) for one, path in rows if path.startswith(paths[f"110112{street}"])]
        for street in STREETS
    }


def _stations(folder: Path) -> Path:
    """The clerk's list of stations, as a spreadsheet program saves it."""
    path = folder / "发放点.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["序号", "发放点", "地址", "开放时间", "负责人", "对应单位"])
        for number, street in enumerate(STREETS, 1):
            lines.writerow(
                [number, f"{number}号点", f"样例路{number}号", "9:00-17:00", "样例", f"110112{street}"]
            )
    return path


def _goods(at: Program) -> None:
    """Parts from the lorry, sets built of them, leaflets."""
    for code, name in (("YH", "控油壶"), ("YS", "限盐勺"), ("JC", "小卷尺")):
        assert at("kit", "item", "add", name, "--org", "110112", "--code", code).code == 0
    assert (
        at("kit", "item", "add", "健康小三件", "--org", "110112", "--code", "XSJ", "--kind", "kit").code == 0
    )
    assert at("kit", "item", "bill", "XSJ", "YH:1", "YS:1", "JC:1").code == 0
    leaflet = ("三减三健宣传册", "--org", "110112", "--code", "CY", "--kind", "material")
    assert at("kit", "item", "add", *leaflet).code == 0
    assert at("kit", "store", "add", "区仓库", "--org", "110112").code == 0
    for code, cost in (("YH", "14.50"), ("YS", "3.80"), ("JC", "6.20"), ("CY", "0.80")):
        at("kit", "stock", "receive", "区仓库", code, "2000" if code != "JC" else "1990", "--cost", cost)
    can = at("kit", "stock", "buildable", "区仓库", "XSJ", "--target", "2000").json
    assert can["sets"] == 1990 and [part["code"] for part in can["parts"] if part["short"]] == ["JC"]
    refused = at("kit", "stock", "build", "区仓库", "XSJ", "2000")
    assert (refused.code, refused.error["code"]) == (1, "kits.short")
    at("kit", "stock", "receive", "区仓库", "JC", "10", "--cost", "6.20")
    assert at("kit", "stock", "build", "区仓库", "XSJ", "2000").code == 0


def _campaign(at: Program, folder: Path) -> str:
    """Ten stations with their streets, 200 sets and 200 leaflets to each, on the road and there."""
    made = at(
        *(
            "kit",
            "campaign",
            "add",
            "健康进万家",
            "--org",
            "110112",
            "--from",
            "2026-11-01",
            "--to",
            "2026-11-30",
        ),
        *("--rule", "members-in-post", "--item", "XSJ:1:2000", "--item", "CY:1:2000", "--public"),
    ).json
    number = str(made["number"])
    assert at("kit", "station", "add", number, "--file", str(_stations(folder))).json["added"] == 10
    assert at("kit", "campaign", "open", number).code == 0
    shares = at("kit", "allocation", "propose", number, "--by", "equal").json["stations"]
    assert [row["proposed"] for row in shares] == [200] * 20
    assert at("kit", "allocation", "approve", number).code == 0
    shipped = at("kit", "allocation", "ship", number, "--from", "区仓库").json
    assert shipped["pieces"] == 4000
    for transfer in {row["transfer"] for row in shipped["transfers"]}:
        assert at("kit", "transfer", "arrive", transfer).code == 0
    return number


def _hand_out(at: Program, number: str, station: int, people: list[str], quantity: int) -> None:
    """A representative collects for so many; the leaflets lie open for everybody."""
    where = ("--campaign", number, "--station", str(station))
    members = [word for one in people[:quantity] for word in ("--member", one)]
    done = at("kit", "handout", "group", *where, "--collected-by", "样例代表", *members).json
    assert (done["people"], done["left_out"]) == (quantity, [])
    assert at("kit", "handout", "tally", *where, "CY", "200").code == 0


def test_two_thousand_sets_close_at_zero(at: Program, people: dict[str, list[str]], tmp_path: Path) -> None:
    _goods(at)
    number = _campaign(at, tmp_path)
    for station, street in enumerate(STREETS, 1):
        fewer = {RETURNS: 37, BREAKS: 12}.get(station, 0)
        _hand_out(at, number, station, people[street], 200 - fewer)

    again = at("kit", "handout", "give", people["001"][0], "--campaign", number, "--station", "2")
    assert (again.code, again.error["code"]) == (1, "kits.handed_out")
    assert "1号点" in again.error["message"] and "2026-11-22" in again.error["message"]

    blocked = at("kit", "campaign", "close", number)
    assert blocked.code == 1
    said = [problem["message"] for problem in blocked.error["problems"]]
    assert len(said) == 2 and "37" in said[0] and "12" in said[1]

    back = at("kit", "transfer", "send", f"{number}/{RETURNS}", "区仓库", "XSJ:37").json
    assert at("kit", "transfer", "arrive", _number(back["transfer"])).code == 0
    broken = at("kit", "stock", "damage", f"{number}/{BREAKS}", "XSJ", "12", "--reason", "雨淋，外箱受潮")
    assert broken.code == 0

    balance = at("kit", "campaign", "balance", number).json
    assert (balance["difference"], balance["obstacles"]) == (0, [])
    sets = next(row for row in balance["items"] if row["code"] == "XSJ")
    told = {key: sets[key] for key in ("arrived", "handed_out", "sent", "damaged", "on_hand", "difference")}
    assert told == dict(arrived=2000, handed_out=1951, sent=37, damaged=12, on_hand=0, difference=0)
    assert at("kit", "campaign", "close", number).json["state"] == "closed"
    late = at("kit", "handout", "give", people["001"][201], "--campaign", number, "--station", "1")
    assert late.code == 1
    store = at("kit", "stock", "show", "区仓库").json["stock"]
    assert {row["code"]: row["on_hand"] for row in store} == {"XSJ": 37}
    assert at("verify").code == 0

    out = tmp_path / "报告.pdf"
    paper = at("report", "kit-campaign", number, "--out", str(out)).json
    assert paper["pages"] >= 3 and out.stat().st_size > 20_000


def _number(transfer: Any) -> str:
    return str(transfer["number"] if isinstance(transfer, dict) else transfer)
