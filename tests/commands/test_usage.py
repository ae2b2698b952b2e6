"""Wrong command lines: exit 2, one sentence in the user's language, nothing touched."""

from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import WOMEN, Program

PREVIEW = ("renewal", "preview", "--plan", WOMEN)
WRONG: dict[str, tuple[tuple[str, ...], str, str]] = {
    "unknown noun": (("renewals", "list"), "commands.usage.no_such_command", "renewals"),
    "unknown verb": (("renewal", "renew"), "commands.usage.no_such_command", "renew"),
    "unknown option": (("renewal", "list", "--oops"), "commands.usage.no_such_option", "--oops"),
    "near option": (("renewal", "list", "--limt", "3"), "commands.usage.no_such_option_near", "--limit"),
    "missing argument": (("renewal", "show"), "commands.usage.missing", "RUN"),
    "missing option": (("renewal", "preview", "--plan", WOMEN), "commands.usage.missing", "--from"),
    "missing value": (("renewal", "list", "--limit"), "commands.usage.option_value", "--limit"),
    "extra word": (("renewal", "list", "now"), "commands.usage.extra", "now"),
    "bad date": ((*PREVIEW, "--from", "soon", "--to", "2026-12-31"), "kernel.date_form", "soon"),
    "no such day": (
        (*PREVIEW, "--from", "2026-02-30", "--to", "2026-12-31"),
        "kernel.date_unknown",
        "2026-02-30",
    ),
    "bad as-of": (("renewal", "list", "--as-of", "yesterday"), "kernel.date_form", "yesterday"),
    "bad number": (("renewal", "list", "--limit", "0"), "commands.usage.number", "0"),
    "no number": (("renewal", "list", "--limit", "many"), "commands.usage.number", "many"),
    "bad word": (("renewal", "decisions", "XB-1", "--verdict", "maybe"), "commands.usage.one_of", "maybe"),
    "bad language": (("renewal", "list", "--lang", "fr"), "commands.usage.one_of", "fr"),
    "bad role": (("user", "add", "li", "--role", "king"), "commands.usage.one_of", "king"),
    "two states": (
        ("renewal", "unit", "XB-1", "U1", "--confirmed", "--pending"),
        "commands.usage.unit_state",
        "--confirmed",
    ),
    "no reason": (("renewal", "decline", "XB-1", "7"), "commands.usage.missing", "--reason"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_usage(case: str, program: Program, tmp_path: object) -> None:
    words, code, quoted = WRONG[case]
    where = ("--database", f"{tmp_path}/none.sqlite")
    ran = program(*words, *where) if case != "missing value" else program(*words)
    assert ran.code == 2
    assert ran.out == ""
    assert quoted in ran.err and "Traceback" not in ran.err
    assert any("一" <= char <= "鿿" for char in ran.err), "Chinese by default"
    if case != "missing value":
        machine = program(*words, *where, "--json")
        assert machine.code == 2 and machine.err == ""
        assert machine.error["code"] == code
        assert machine.error["problems"] == []


def test_wrong_usage_in_english(program: Program) -> None:
    ran = program("renewal", "list", "--oops", "--lang", "en")
    assert ran.code == 2
    assert "There is no option --oops" in ran.err and "Usage: benefits renewal list" in ran.err
    assert not any("一" <= char <= "鿿" for char in ran.err)


def test_words_of_options_are_those_of_the_house() -> None:
    """Options list their words themselves, so that help needs no database code."""
    from benefits.access.models import Role
    from benefits.commands.app import noun
    from benefits.organisations.models import Level
    from benefits.renewal.models import Verdict

    def taken(command: str, verb: str, option: str, words: set[str]) -> None:
        group: Any = noun(command)
        parameter = next(p for p in group.commands[verb].params if p.name == option)
        parse = parameter.type_descriptor.parameter_info.parser
        assert {word for word in words if parse(word) == word} == words
        (known,) = [cell.cell_contents for cell in parse.__closure__]
        assert set(known) == words

    taken("renewal", "decisions", "verdict", {verdict.value for verdict in Verdict})
    taken("user", "add", "role", {role.value for role in Role})
    taken("org", "add", "level", {level.value for level in Level})


def test_what_stands_before_the_noun_goes_before_the_environment(
    program: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A clerk who names a database, or a user, must never work in another one."""
    named, other = str(tmp_path / "named.sqlite"), str(tmp_path / "other.sqlite")
    assert program("init", "--database", other).code == 0
    monkeypatch.setenv("BENEFITS_DATABASE", other)
    refused = program("--database", named, "renewal", "list", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (1, "kernel.no_such_database")
    assert program("renewal", "list", "--json").code == 0, "the environment's own"
    login = program("user", "list", "--json").json["users"][0]["login"]
    monkeypatch.setenv("BENEFITS_USER", login)
    refused = program("--user", "nobody", "renewal", "list", "--json")
    assert (refused.code, refused.json["error"]["code"]) == (1, "access.unknown_user")
    assert program("--user", "nobody", "renewal", "list", "--user", login).code == 0, "behind the verb wins"
