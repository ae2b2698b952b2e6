"""Plan files that are wrong: one clear message each, naming the file, the place and what is allowed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benefits.kernel.errors import Refused
from benefits.kernel.messages import render
from benefits.plans.load import FOLDER
from benefits.plans.parse import MAX_BYTES, document, read

GOOD = (FOLDER / "bj-accident-1y@2017.toml").read_text("utf-8")


def refused(call: Callable[..., Any], *args: Any) -> tuple[str, list[str]]:
    """(code, problems in Chinese); every sentence must also exist in English."""
    with pytest.raises(Refused) as caught:
        call(*args)
    error = caught.value
    assert render(error.say, "en") != render(error.say, "zh")
    return error.code, [render(p.say, "en") and render(p.say, "zh") for p in error.problems]


def changed(old: str, new: str, text: str = GOOD) -> bytes:
    assert old in text
    return text.replace(old, new, 1).encode("utf-8")


FAULTS = [
    # (old, new, what the message must say)
    ("grace_days =", "grace_day =", ["waiting", "grace_day", "grace_days", "waived_on_renewal"]),
    ('issuer = "中国', 'isuer = "中国', ["文件顶层", "isuer", "issuer", "effective"]),
    (
        "age_between = [16, 60]",
        "age_betwen = [16, 60]",
        ["require.#1.test", "age_betwen", "age_between", "one_of"],
    ),
    ("age_between = [16, 60]", "age_between = [60, 16]", ["require.#1.test", "60", "16"]),
    ("age_between = [16, 60]", 'age_between = ["16", 60]', ["age_between.#1", "'16'", "整数"]),
    (
        "age_between = [16, 60]",
        "age_between = [16, 60], min_age = 3",
        ["require.#1.test", "age_between, min_age"],
    ),
    (
        'fact = "status", is = "in_post"',
        'fact = "stat", is = "in_post"',
        ["require.#2.test.fact", "stat", "status"],
    ),
    (
        'fact = "status", is = "in_post"',
        'fact = "status", is = "inpost"',
        ["require.#2.test", "inpost", "in_post"],
    ),
    ('fact = "status", is = "in_post"', 'fact = "birth", is = "in_post"', ["require.#2.test.fact", "birth"]),
    ('fact = "status", is = "in_post"', 'fact = "has_card", is = "yes"', ["has_card", "true"]),
    ('kind = "death_funeral"', 'kind = "death_funerals"', ["benefit.#4", "death_funerals", "death_funeral"]),
    ('not_with = ["death"]', 'not_with = ["deaths"]', ["not_with", "deaths", "death"]),
    ("effective = 2017-01-01", 'effective = "2017-01-01"', ["effective", "2017-01-01"]),
    ("effective = 2017-01-01", "effective = 2017-01-01T00:00:00", ["effective", "2017-01-01"]),
    ("effective = 2017-01-01", "effective = 2017-01-01\nended = 2016-12-31", ["2016-12-31", "2017-01-01"]),
    ("effective = 2017-01-01", 'effective = "待核实"', ["effective", "draft"]),
    ("ratio = 0.50", "ratio = 50", ["participation.ratio", "50", "0.80"]),
    ("ratio = 0.50", "ratio = 0.50001", ["participation.ratio", "0.50001"]),
    ("ratio = 0.50", "ratio = nan", ["participation.ratio"]),
    ("ratio = 0.50", "ratio = 1e999999999", ["participation.ratio"]),
    (
        "fen = { ordinary = 2600, high = 3200 }",
        "fen = { ordinary = 26.00, high = 3200 }",
        ["fee.tier.#1", "整数"],
    ),
    (
        "fen = { ordinary = 2600, high = 3200 }",
        "fen = { ordinary = -1, high = 3200 }",
        ["fee.tier.#1", "-1", "0"],
    ),
    ("fen = { ordinary = 2600, high = 3200 }", "fen = { ordinary = 2600 }", ["high"]),
    ('code = "50"', 'code = "26"', ["tier", "26"]),
    ('code = "bj-accident-1y"', 'code = "BJ 1"', ["code", "BJ 1"]),
    ('source = "S5"', 'source = "S5 and S6"', ["funding.#2.source", "S5 and S6"]),
    ("source = { refund =", "source = { refunds =", ["conduct", "refunds", "refund"]),
    ('payer = "employer"', 'payer = "boss"', ["funding.#1.lines.#1.payer", "boss", "employer"]),
    ("rest = true", "fen = 2600", ["employer", "2600", "3200"]),
    ("rest = true", "rest = true, fen = 1", ["funding.#1.lines.#1", "fen, rest"]),
    ("months = 12", "months = 0", ["term.months", "0", "1"]),
    ('start = "follow"', 'start = "fixed"', ["term", "fixed"]),
    ("months = 12\n", "", ["term.months", "months"]),
    ("[shares]\nmin = 1", "[shares]\nmin = true", ["shares.min", "True", "整数"]),
    ('max = "待核实"', "max = 0", ["shares.max"]),
    ('name = { zh = "26元档", en = "26-yuan tier" }', 'name = { zh = "", en = "x" }', ["name.zh"]),
    ('name = { zh = "26元档", en = "26-yuan tier" }', 'name = { zh = "a\\u0007", en = "x" }', ["name.zh"]),
    ('kind = "death_funeral"', 'kind = "death_funeral"\nfen = 1', ["benefit.#4", "fen, by_tier"]),
    ('"100" = 6_000_000', '"200" = 6_000_000', ["by_tier", "200"]),
    ("[term]", 'kind = "bundle"\n[term]', ["bundle", "component"]),
]


@pytest.mark.parametrize(("old", "new", "says"), FAULTS)
def test_a_fault_is_named_with_its_place_and_what_is_allowed(old: str, new: str, says: list[str]) -> None:
    code, problems = refused(document, changed(old, new), "x.toml")
    assert code == "plans.bad_file"
    assert any(all(word in problem for word in says) for problem in problems), problems


def test_the_file_is_named_and_all_faults_are_told_at_once() -> None:
    broken = changed("grace_days =", "grace_day =").decode().replace("ratio = 0.50", "ratio = 7")
    with pytest.raises(Refused) as caught:
        document(broken.encode(), "mine.toml")
    assert "mine.toml" in render(caught.value.say, "zh") and len(caught.value.problems) >= 2
    assert {problem.field for problem in caught.value.problems} >= {"waiting", "participation.ratio"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"code = ", "plans.not_toml"),
        (b"<html></html>", "plans.not_toml"),
        (b"x = " + b"9" * 5000, "plans.not_toml"),
        (b"x = " + b"[" * 100_000, "plans.not_toml"),
        (b"code = 1\ncode = 2", "plans.not_toml"),
        ("name = '职工'".encode("gb18030"), "plans.not_utf8"),
        (b"\x00\x01\x02PK\x03\x04", "plans.not_toml"),
        (b"#" * (MAX_BYTES + 1), "plans.too_big"),
        (b"", "plans.bad_file"),
    ],
)
def test_what_is_no_plan_file_is_refused(data: bytes, code: str) -> None:
    assert refused(document, data, "x.toml")[0] == code


def test_deep_rules_are_refused_and_do_not_crash() -> None:
    deep = "{ not = " * 3000 + '{ known = "birth" }' + " }" * 3000
    data = changed('{ fact = "birth", age_between = [16, 60], at = "start" }', deep)
    assert refused(document, data, "x.toml")[0] in ("plans.not_toml", "plans.bad_file")


def test_a_missing_file_a_folder_and_a_huge_file(tmp_path: Path) -> None:
    assert refused(read, tmp_path / "none.toml")[0] == "plans.no_file"
    assert refused(read, tmp_path)[0] == "plans.no_file"
    huge = tmp_path / "huge.toml"
    with huge.open("wb") as file:
        file.truncate(5 * 1024**3)  # sparse: only what is allowed is read
    assert refused(read, huge)[0] == "plans.too_big"


def test_two_rests_and_a_rest_below_nothing() -> None:
    lines = 'lines = [{ payer = "employer", rest = true }]'
    two = 'lines = [{ payer = "employer", rest = true }, { payer = "person", rest = true }]'
    assert "rest" in refused(document, changed(lines, two), "x")[1][0]
    over = 'lines = [{ payer = "employer", fen = 2700 }, { payer = "person", rest = true }]'
    problem = refused(document, changed(lines, over), "x")[1][0]
    assert "2700" in problem and "2600" in problem


def test_every_field_that_may_be_unknown_has_a_name_in_both_languages() -> None:
    from benefits.kernel.messages import text
    from benefits.plans import cover, edition, vocabulary

    for module in (edition, cover):
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, vocabulary.Closed):
                for name in kind.model_fields:
                    if name not in ("source", "sources", "to_confirm"):
                        assert text(f"plans.field.{name}", "zh") and text(f"plans.field.{name}", "en")
