"""A renewal from preview to paper by commands alone, on both engines."""

from pathlib import Path

from pypdf import PdfReader

from tests.commands.conftest import GRACE, WINDOW, WOMEN, Program, Ran

SUMS = ("renewed", "added", "excluded", "declined")


def _preview(at: Program, *more: str) -> str:
    ran = at("renewal", "preview", "--plan", WOMEN, *WINDOW, *GRACE, *more)
    assert ran.code == 0, ran
    return str(ran.json["run"])


def _whole(ran: Ran) -> None:
    assert ran.json["candidates"] == sum(ran.json[name] for name in SUMS)


def test_from_preview_to_report(at: Program, tmp_path: Path) -> None:
    run = _preview(at, "--with-class")
    shown = at("renewal", "show", run)
    _whole(shown)
    assert set(shown.json) >= {
        "run",
        "plan",
        "state",
        "candidates",
        *SUMS,
        "shares",
        "due_fen",
        "reasons",
        "terms",
    }
    assert shown.json["state"] == "previewed" and shown.json["with_class"] is True
    assert min(shown.json[name] for name in ("renewed", "added", "excluded")) > 0
    assert {"code", "text", "people", "left_out"} <= set(shown.json["reasons"][0])

    first = at("renewal", "decisions", run, "--verdict", "renew", "--limit", "2").json["decisions"]
    member = first[0]["member_id"]
    declined = at("renewal", "decline", run, str(member), "--reason", "本人来电")
    assert declined.json["declined"] == 1 and declined.json["override"] == "decline"
    assert declined.json["renewed"] == shown.json["renewed"] - 1
    withdrawn = at("renewal", "withdraw", run, str(member))
    assert withdrawn.json["declined"] == 0 and withdrawn.json["due_fen"] == shown.json["due_fen"]
    at("renewal", "decline", run, str(member), "--reason", "本人来电")
    assert at("renewal", "confirm", run).json["state"] == "reviewed"

    applied = at("renewal", "apply", run)
    assert applied.code == 0
    assert (applied.json["changed"], applied.json["finished"], applied.json["state"]) == (
        True,
        True,
        "applied",
    )
    _whole(applied)
    again = at("renewal", "apply", run)
    assert again.code == 0 and again.json["changed"] is False
    same = set(applied.json) - {"changed"}
    assert {key: again.json[key] for key in same} == {key: applied.json[key] for key in same}

    paper = tmp_path / "报告.pdf"
    report = at("report", "renewal", run, "--out", str(paper))
    assert report.code == 0 and report.json["report"] == str(paper)
    reader = PdfReader(paper)
    assert len(reader.pages) == report.json["pages"]
    text = "".join(page.extract_text() for page in reader.pages[:6]).replace(",", "")
    assert run in text and str(applied.json["candidates"]) in text
    assert all(check["ok"] for check in report.json["checks"])
    short = at("report", "renewal", run, "--out", str(paper), "--no-annex")
    assert short.json["pages"] < report.json["pages"]
    assert short.json["digest"] == report.json["digest"]

    covers = at("enroll", "show", str(first[1]["member_id"]))
    assert covers.json["covers"][0]["plan"] == WOMEN or WOMEN in {
        one["plan"] for one in covers.json["covers"]
    }
    assert at("verify").json["ok"] is True
    assert at("audit", "verify").json["ok"] is True


def test_in_chunks_it_comes_to_the_same(at: Program) -> None:
    run = _preview(at)
    before = at("renewal", "show", run).json
    done = at("renewal", "apply", run, "--chunk", "300")
    assert done.json["changed"] is True and done.json["state"] == "applied"
    assert {key: done.json[key] for key in (*SUMS, "due_fen")} == {
        key: before[key] for key in (*SUMS, "due_fen")
    }
    assert at("renewal", "apply", run, "--chunk", "300").json["changed"] is False


def test_decisions_page_by_page(at: Program) -> None:
    run = _preview(at)
    seen: list[int] = []
    after, total = 0, -1
    while True:
        page = at("renewal", "decisions", run, "--limit", "400", "--after", str(after)).json
        seen += [row["member_id"] for row in page["decisions"]]
        total = page["total"]
        if page["after"] is None:
            break
        after = page["after"]
    assert len(seen) == total == at("renewal", "show", run).json["candidates"]
    assert seen == sorted(set(seen))


def test_decisions_by_verdict_reason_and_unit(at: Program) -> None:
    run = _preview(at)
    shown = at("renewal", "show", run).json
    out = at("renewal", "decisions", run, "--verdict", "exclude", "--limit", "9999").json
    assert out["total"] == shown["excluded"] == len(out["decisions"])
    assert all(row["verdict"] == "exclude" and row["reasons"] for row in out["decisions"])
    assert all(len(row["id_last4"]) in (0, 4) and row["name"] for row in out["decisions"])
    reason = shown["reasons"][0]
    found = at("renewal", "decisions", run, "--reason", reason["code"], "--limit", "9999").json
    assert found["total"] >= reason["people"]
    units = at("renewal", "units", run).json["units"]
    assert sum(unit["candidates"] for unit in units) == shown["candidates"]
    unit = units[0]
    mine = at("renewal", "decisions", run, "--org", unit["code"], "--limit", "9999").json
    assert mine["total"] == unit["candidates"]


def test_a_unit_that_did_not_submit_leaves_its_people_out(at: Program) -> None:
    run = _preview(at)
    before = at("renewal", "show", run).json
    unit = next(one for one in at("renewal", "units", run).json["units"] if one["renewed"])
    after = at("renewal", "unit", run, unit["code"], "--not-submitted").json
    assert after["unit_state"] == "not_submitted"
    assert after["renewed"] <= before["renewed"] - unit["renewed"]
    back = at("renewal", "unit", run, unit["code"], "--confirmed").json
    assert back["renewed"] == before["renewed"]


def test_include_in_spite_of_a_reason(at: Program) -> None:
    run = _preview(at)
    rows = at("renewal", "decisions", run, "--verdict", "exclude", "--limit", "9999").json["decisions"]
    dead = next(row for row in rows if any(reason["code"] == "deceased" for reason in row["reasons"]))
    refused = at("renewal", "include", run, str(dead["member_id"]), "--reason", "家属要求")
    assert refused.code == 1
    assert refused.error["code"] == "renewal.cannot_include" and refused.error["problems"]
    retired = next(row for row in rows if {reason["code"] for reason in row["reasons"]} == {"retired"})
    included = at("renewal", "include", run, str(retired["member_id"]), "--reason", "返聘")
    assert included.code == 0 and included.json["override"] == "include"


def test_abandon_frees_the_window(at: Program) -> None:
    run = _preview(at)
    second = at("renewal", "preview", "--plan", WOMEN, *WINDOW, *GRACE)
    assert second.code == 1 and second.error["code"] == "renewal.open_run"
    assert at("renewal", "abandon", run, "--reason", "日期错了").json["state"] == "abandoned"
    refused = at("renewal", "apply", run)
    assert refused.code == 1 and refused.error["code"] == "renewal.not_open"
    assert _preview(at) != run
    assert [one["state"] for one in at("renewal", "list").json["runs"]] == ["previewed", "abandoned"]


def test_a_town_previews_its_own_people_only(at: Program) -> None:
    whole = at("renewal", "preview", "--plan", WOMEN, *WINDOW, *GRACE, user="qu")
    blocked = at("renewal", "preview", "--plan", WOMEN, *WINDOW, *GRACE, user="zhangjiawan")
    assert blocked.code == 1 and blocked.error["code"] == "renewal.open_run"
    at("renewal", "abandon", whole.json["run"], "--reason", "各镇自办", user="qu")
    ran = at("renewal", "preview", "--plan", WOMEN, *WINDOW, *GRACE, user="zhangjiawan")
    assert ran.code == whole.code == 0
    assert 0 < ran.json["candidates"] < whole.json["candidates"]
    assert "张家湾" in ran.json["organisation"]


def test_words_say_the_same_as_json(program: Program, at: Program, district_url: str) -> None:
    run = _preview(at)
    found = at("renewal", "show", run).json
    where = ("--database", district_url, "--user", "admin")
    said = program("renewal", "show", run, *where)
    assert f"候选 {found['candidates']:,}" in said.out and run in said.out
    english = program("renewal", "show", run, *where, "--lang", "en")
    assert f"candidates {found['candidates']:,}" in english.out
    table = program("renewal", "decisions", run, *where, "--verdict", "exclude", "--limit", "5")
    assert len([line for line in table.out.splitlines() if "不续" in line]) >= 5
