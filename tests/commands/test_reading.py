"""Commands that only look: members, covers, plans, the tree, the trail, the state of the machine."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benefits.access.queries import INSTALLER
from benefits.database import open_database
from tests.commands.conftest import GRACE, ROOT, WINDOW, WOMEN, Program, child

DISTRICT = Path("sample_data") / "district"


def _first_with_number() -> dict[str, str]:
    with (DISTRICT / "members.csv").open(encoding="utf-8", newline="") as file:
        return next(row for row in csv.DictReader(file) if row["id_number"] and row["phone"])


def test_member_search_and_show(at: Program) -> None:
    wanted = _first_with_number()
    by_number = at("member", "search", wanted["id_number"]).json["members"]
    assert [row["name"] for row in by_number] == [wanted["name"]]
    assert by_number[0]["id_tail"] == f"*{wanted['id_number'][-4:]}"
    by_name = at("member", "search", wanted["name"], "--limit", "999").json["members"]
    assert by_number[0]["id"] in {row["id"] for row in by_name}
    assert len(at("member", "search", "王", "--limit", "3").json["members"]) == 3
    assert at("member", "search", "查无此人某某").json == {"organisations": [], "members": []}

    shown = at("member", "show", str(by_number[0]["id"]))
    assert shown.json["member"]["name"] == wanted["name"]
    assert wanted["id_number"] not in shown.out and wanted["phone"] not in shown.out
    assert at("member", "show", wanted["id_number"]).json["member"]["id"] == by_number[0]["id"]
    assert {"starts", "ends", "plan", "fen", "state"} <= set(at("enroll", "show", "1").json["covers"][0])


def test_a_town_searches_its_own_people(at: Program) -> None:
    everybody = at("member", "search", "王", "--limit", "9999").json["members"]
    town = at("member", "search", "王", "--limit", "9999", user="zhangjiawan").json["members"]
    assert 0 < len(town) < len(everybody)
    assert at("member", "search", "王", "--org", "张家湾镇总工会", "--limit", "9999").json["members"] == town


def test_a_search_is_narrowed_and_finds_units_too(at: Program) -> None:
    everybody = at("member", "search", "王", "--limit", "9999").json["members"]
    some = at("member", "search", "王", "--status", "retired,deceased", "--limit", "9999").json["members"]
    assert some == [row for row in everybody if row["status"] in ("retired", "deceased")] != []
    insured = at("member", "search", "王", "--plan", WOMEN, "--limit", "9999").json["members"]
    assert 0 < len(insured) < len(everybody) and {row["sex"] for row in insured} == {"female"}
    both = at("member", "search", "张家湾").json["organisations"]
    assert both[0]["name"] == "张家湾镇总工会"
    assert at("member", "search", "王", "--status", "busy").code == 2
    assert at("member", "search", "王", "--plan", "no-such").error["code"] == "plans.unknown_plan"


def test_a_reveal_is_on_record(at: Program) -> None:
    wanted = _first_with_number()
    member = at("member", "search", wanted["id_number"]).json["members"][0]["id"]
    ran = at("member", "reveal", str(member), "--field", "id_number", "--reason", "核对原件", user="qu")
    assert ran.json["value"] == wanted["id_number"]
    event = at("audit", "list", "--limit", "1").json["events"][0]
    assert event["action"] == "members.reveal" and event["actor"] == "qu"
    assert wanted["id_number"] not in json.dumps(event)
    assert at("member", "reveal", str(member), "--field", "phone", "--reason", " ").code == 1
    assert at("member", "reveal", str(member), "--field", "phone", "--reason", "x", user="shenji").code == 1


def test_what_ends(at: Program) -> None:
    found = at("enroll", "list", "--from", "2026-11-01", "--to", "2026-12-31").json["expiring"]
    assert found and {"plan", "ends", "people", "renewed"} == set(found[0])
    assert [one["ends"] for one in found] == sorted(one["ends"] for one in found)
    assert all("2026-11-01" <= one["ends"] <= "2026-12-31" for one in found)


def test_plans(at: Program) -> None:
    plans = at("plan", "list").json["plans"]
    assert {plan["code"] for plan in plans} >= {WOMEN, "bj-accident-1y", "bj-five-covers", "bj-eight-covers"}
    shown = at("plan", "show", WOMEN)
    assert shown.json["plan"]["rules"] and shown.json["plan"]["unknowns"]
    before = at("plan", "show", WOMEN, day="2015-01-01")
    assert before.code == 1 and before.error["code"] == "plans.no_edition"


def test_explain_says_each_rule(at: Program) -> None:
    ran = at("plan", "explain", WOMEN, "--member", "1", "--start", "2026-12-01")
    assert ran.code == 0
    assert {"verdict", "seen", "sentence", "rule"} <= set(ran.json["rules"][0])
    assert {type(rule["verdict"]) for rule in ran.json["rules"]} <= {bool, type(None)}
    verdicts = set()
    for member in range(1, 30):
        found = at("plan", "explain", WOMEN, "--member", str(member), "--start", "2026-12-01").json
        verdicts |= {rule["verdict"] for rule in found["rules"]}
        rules = [rule["verdict"] for rule in found["rules"]]
        assert found["verdict"] is (False if False in rules else None if None in rules else True)
    assert verdicts == {True, False, None}, "the sample's cases stand first"
    none = at("plan", "explain", WOMEN, "--member", "99999999", "--start", "2026-12-01")
    assert none.code == 1


def test_the_tree(at: Program, program: Program, district_url: str) -> None:
    tree = at("org", "tree", "--depth", "1").json["organisations"]
    assert {one["depth"] for one in tree} == {0, 1}
    assert len(at("org", "list", "--level", "subdistrict").json["organisations"]) == 22
    told = program("org", "tree", "--depth", "1", "--database", district_url, "--user", "zhangjiawan")
    assert told.out.startswith("张家湾镇总工会")


def test_the_trail_and_its_anchor(at: Program) -> None:
    at("renewal", "preview", "--plan", WOMEN, *WINDOW, *GRACE)
    events = at("audit", "list", "--limit", "2").json
    assert events["events"][0]["action"] == "renewal.preview"
    older = at("audit", "list", "--limit", "2", "--before", str(events["before"])).json["events"]
    assert older[0]["id"] < events["events"][-1]["id"]
    chain = at("audit", "verify").json
    assert chain["ok"] is True
    assert at("audit", "verify", "--anchor", chain["anchor"]).code == 0
    strange = at("audit", "verify", "--anchor", "0f" * 32)
    assert strange.code == 1 and strange.json["ok"] is False and strange.json["why"]


def test_verify_lists_every_invariant(at: Program, program: Program, district_url: str) -> None:
    from benefits.verify import INVARIANTS

    ran = at("verify")
    assert ran.code == 0 and ran.json["ok"] is True
    assert [one["code"] for one in ran.json["checks"]] == [*(one.code for one in INVARIANTS), "audit.chain"]
    told = program("verify", "--database", district_url, "--user", "admin")
    assert told.out.count("[成立]") == len(INVARIANTS) + 1


def test_doctor_on_a_sound_machine(district_url: str, engine_kind: str) -> None:
    """In a process of its own: the one of the tests may have a second SQLite, and doctor would say so."""
    done = child("doctor", "--database", district_url, "--user", "admin", "--json")
    assert done.returncode == 0, done.stdout
    found = {one["check"]: one for one in json.loads(done.stdout)["checks"]}
    assert set(found) >= {"engine", "schema", "key", "user", "library", "fonts", "terminal", "disk"}
    assert engine_kind in found["engine"]["found"]


def test_doctor_says_what_to_do(sqlite_district: str, program: Program) -> None:
    key = Path(f"{sqlite_district}.key")
    key.chmod(0o644)
    where = ("--database", sqlite_district, "--user", "admin", "--json")
    open_key = {one["check"]: one for one in program("doctor", *where).json["checks"]}["key"]
    assert open_key["status"] == "warn" and "chmod 600" in open_key["todo"]
    key.unlink()
    ran = program("doctor", *where)
    assert ran.code == 1
    assert {one["check"]: one["status"] for one in ran.json["checks"]}["key"] == "fail"
    missing = program("doctor", "--database", f"{sqlite_district}.not-there", "--json")
    assert missing.code == 1 and missing.json["ok"] is False


def test_as_of_moves_the_business_day_and_not_the_clock(at: Program, district_url: str) -> None:
    run = at("renewal", "preview", "--plan", WOMEN, *WINDOW, *GRACE, day="2026-11-10").json
    assert run["as_of"] == "2026-11-10"
    event = at("audit", "list", "--limit", "1").json["events"][0]
    database = open_database(district_url)
    with database.read(INSTALLER) as unit:
        now = unit.clock.now().isoformat()
    database.close()
    assert event["at"][:10] == now[:10]


def test_a_reader_that_goes_away_is_no_error(sqlite_district: str) -> None:
    code = "import sys; from benefits.commands import main; sys.exit(main())"
    words = ("member", "search", "王", "--limit", "9999", "--database", sqlite_district, "--user", "admin")
    done = subprocess.run(
        ["sh", "-c", 'code=$1; shift; "$0" -c "$code" "$@" | head -n 1', sys.executable, code, *words],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0 and done.stderr == ""


@pytest.mark.parametrize("locale", ["C", "POSIX"])
def test_json_is_utf8_under_any_locale(locale: str, sqlite_district: str) -> None:
    where = ("--database", sqlite_district, "--user", "admin")
    env = {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    done = child("org", "show", "通州区总工会", *where, "--json", env=env)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["organisation"]["name"] == "通州区总工会"
    told = child("org", "list", *where, env=env)
    assert told.returncode == 0 and "Traceback" not in told.stderr


def _interruptible() -> None:
    """A job in the background of a script inherits that it ignores Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c_ends_with_one_line(sqlite_district: str) -> None:
    """Interrupted while it waits for a lock that another process holds."""
    import sqlcipher3.dbapi2 as driver

    holder = driver.connect(sqlite_district, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    code = "import sys; from benefits.commands import main; sys.exit(main())"
    words = (
        "renewal",
        "preview",
        "--plan",
        WOMEN,
        *WINDOW,
        *GRACE,
        "--database",
        sqlite_district,
        "--user",
        "admin",
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        preexec_fn=_interruptible,
    )
    try:
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
        holder.execute("ROLLBACK")
        holder.close()
    assert (process.returncode, out) == (130, ""), err
    assert "Traceback" not in err and "已中断" in err
