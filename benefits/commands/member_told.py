"""What the commands on people share: who is meant, the business day, and what is said after an action."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any

import typer

from benefits.commands.options import Call, Misuse, day
from benefits.commands.show import emit, words
from benefits.commands.work import clock_of, opened
from benefits.kernel.errors import Problem, say
from benefits.kernel.messages import render

if TYPE_CHECKING:
    from benefits.kernel.actions import Actor
    from benefits.kernel.unit import Database

MEMBER: Any = typer.Argument(..., metavar="MEMBER", help="commands.option.member")
ON: Any = typer.Option(None, "--on", metavar="DATE", parser=day, help="commands.option.on")
SET: Any = typer.Option([], "--set", metavar="FIELD=VALUE", help="commands.option.set_field")


@contextlib.contextmanager
def about(call: Call, member: str) -> "Iterator[tuple[Database, Actor, int]]":
    """The database, who acts, and the person meant."""
    from benefits.members.queries import by_reference

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            person = by_reference(unit, member)
        yield database, actor, person


def on_or_today(call: Call, on: date | None) -> date:
    """The day that was given, else the business day."""
    return on or clock_of(call).today()


def month(text: Any) -> date:
    """A month on the command line (2027-06), as its first day."""
    return day(f"{text}-01" if str(text).count("-") == 1 else text).replace(day=1)


def pairs(given: Iterable[str]) -> dict[str, str | None]:
    """``FIELD=VALUE`` as a mapping; an empty value means that nothing is known."""
    found: dict[str, str | None] = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise Misuse(say("commands.usage.pair", text=text))
        found[name.strip()] = value.strip() or None
    return found


def done(
    call: Call, member: str, verb: Callable[..., Any], key: str, more: Mapping[str, Any], **given: Any
) -> None:
    """Do one action about one person and tell it: ``key`` is the sentence, with the name and ``more``."""
    with about(call, member) as (database, actor, person):
        database.act(actor, verb, member_id=person, **given)
        tell(call, database, actor, person, key, more)


def tell(
    call: Call,
    database: "Database",
    actor: "Actor",
    person: int,
    key: str,
    more: Mapping[str, Any],
    problems: Iterable[Problem] = (),
    **said: object,
) -> None:
    """The person as he or she stands now, what was done, and what asks for another look. ``said``: what the
    sentence says in place of a code of ``more``."""
    from benefits.members.queries import detail

    with database.read(actor) as unit:
        found = detail(unit, person)
    data = {
        "member_id": person,
        "name": found.name,
        "status": found.status,
        "organisation": found.organisation,
        "version": found.version,
    }
    lines = [words(call, key, **{"name": found.name, "member": person, **more, **said})]
    lines += [f"  - {render(problem.say, call.lang)}" for problem in problems]
    emit(call, data | dict(more) | told_problems(call, problems), *lines)


def told_problems(call: Call, problems: Iterable[Problem]) -> dict[str, Any]:
    """Warnings as JSON; nothing where there are none to be told of."""
    told = [{"code": one.code, "message": render(one.say, call.lang)} for one in problems]
    return {"warnings": told} if told else {}


def coded(value: Enum) -> Any:
    """A coded value as a sentence says it."""
    from benefits.members.words import value_words

    return value_words(value)
