"""``benefits member``: what is kept about a person beside the record: numbers, categories, kin, consent."""

from datetime import date
from typing import Any

import typer

from benefits.commands.member_told import MEMBER, ON, about, coded, done, on_or_today, tell
from benefits.commands.options import Call, Misuse, day, group, number, one_of, verb
from benefits.commands.show import emit, table, words
from benefits.commands.work import act, read
from benefits.kernel.errors import say

app = group("member")

END: Any = typer.Option(False, "--end", help="commands.option.end")
_NUMBERS = ("union_card", "member_number", "staff_number", "bank_card")
_RELATIONS = ("spouse", "child", "parent", "other")
_PURPOSES = ("register", "health", "finance", "publication", "messages", "child")
_FORMS = ("written", "online", "guardian")


@verb(app, "commands.member.card")
def card(
    call: Call,
    member: str = MEMBER,
    text: str | None = typer.Argument(None, metavar="NUMBER", help="commands.option.card_number"),
    end: bool = END,
    on: date | None = ON,
) -> None:
    """The service card of a person, or its end (京卡)."""
    _number(call, member, "union_card", text, end, on)


@verb(app, "commands.member.identifier")
def identifier(
    call: Call,
    member: str = MEMBER,
    text: str | None = typer.Argument(None, metavar="NUMBER", help="commands.option.other_number"),
    kind: str = typer.Option(
        ..., "--kind", metavar="WORD", parser=one_of(*_NUMBERS), help="commands.option.number_kind"
    ),
    end: bool = END,
    on: date | None = ON,
) -> None:
    """Another number of a person, or its end (其他编号)."""
    _number(call, member, kind, text, end, on)


def _number(call: Call, member: str, kind: str, text: str | None, end: bool, on: date | None) -> None:
    from benefits.members.models import IdentifierKind
    from benefits.members.service_identifiers import end_identifier, set_identifier

    if end == (text is not None):
        raise Misuse(say("commands.usage.number_or_end"))
    code, since = IdentifierKind(kind), on_or_today(call, on)
    with about(call, member) as (database, actor, person):
        at = (call, database, actor, person)
        more = {"kind": kind, "on": since}
        if text is None:
            database.act(actor, end_identifier, member_id=person, kind=code, ends=since)
            tell(*at, "commands.member.number_ended", more, kind=coded(code))
            return
        found = database.act(actor, set_identifier, member_id=person, kind=code, number=text, starts=since)
        tell(*at, "commands.member.number_set", more, found.warnings, kind=coded(code))


@verb(app, "commands.member.category")
def category(
    call: Call,
    member: str = MEMBER,
    code: str = typer.Argument(..., metavar="CATEGORY", help="commands.option.worker_category"),
    end: bool = END,
    on: date | None = ON,
) -> None:
    """A worker category of a person, or its end (新就业形态类别)."""
    from benefits.members.service_categories import add_category, end_category

    since = on_or_today(call, on)
    more = {"category": code, "on": since}
    if end:
        done(call, member, end_category, "commands.member.category_ended", more, category=code, ends=since)
    else:
        done(call, member, add_category, "commands.member.category_added", more, category=code, starts=since)


@verb(app, "commands.member.categories")
def categories(call: Call) -> None:
    """The worker categories in use on the business day (新就业形态类别表)."""
    from benefits.members.dossier import categories as in_use

    found = read(call, in_use)
    name = "name_en" if call.lang == "en" else "name_zh"
    rows = [(row.code, getattr(row, name), " ".join(row.groups), row.starts, row.ends) for row in found]
    heads = [f"commands.head.{head}" for head in "code name groups since until".split()]
    emit(call, {"categories": found}, *table(call, heads, rows))


@verb(app, "commands.member.define_category")
def define_category(
    call: Call,
    code: str = typer.Argument(..., metavar="CODE", help="commands.option.category_code"),
    name_zh: str = typer.Option(..., "--zh", metavar="NAME", help="commands.option.category_zh"),
    name_en: str = typer.Option(..., "--en", metavar="NAME", help="commands.option.category_en"),
    starts: date = typer.Option(
        ..., "--from", metavar="DATE", parser=day, help="commands.option.in_use_from"
    ),
    ends: date | None = typer.Option(
        None, "--to", metavar="DATE", parser=day, help="commands.option.in_use_to"
    ),
    groups: list[str] = typer.Option([], "--group", metavar="CODE", help="commands.option.category_group"),
) -> None:
    """Write a worker category of the code table (维护新就业形态类别表)."""
    from benefits.members.service_categories import define_category as define

    given: dict[str, Any] = {"name_zh": name_zh, "name_en": name_en, "starts": starts, "ends": ends}
    act(call, define, code=code, groups=groups, **given)
    data = {"code": code, **given, "groups": groups}
    emit(call, data, words(call, "commands.member.category_defined", category=name_zh, code=code))


@verb(app, "commands.member.kin")
def kin(
    call: Call,
    member: str = MEMBER,
    name: str | None = typer.Option(None, "--name", metavar="NAME", help="commands.option.kin_name"),
    relation: str = typer.Option(
        "other", "--relation", metavar="WORD", parser=one_of(*_RELATIONS), help="commands.option.relation"
    ),
    percent: int | None = typer.Option(
        None, "--percent", metavar="N", parser=number(0), help="commands.option.percent"
    ),
    phone: str | None = typer.Option(None, "--phone", metavar="NUMBER", help="commands.option.kin_phone"),
    id_number: str | None = typer.Option(
        None, "--id-number", metavar="NUMBER", help="commands.option.kin_number"
    ),
    end: int | None = typer.Option(
        None, "--end", metavar="KIN", parser=number(1), help="commands.option.end_kin"
    ),
    on: date | None = ON,
) -> None:
    """Name next of kin, or end it (近亲属)."""
    from benefits.members.models import Relation
    from benefits.members.service_kin import end_kin, name_kin

    if (end is None) == (name is None):
        raise Misuse(say("commands.usage.name_or_end"))
    since = on_or_today(call, on)
    with about(call, member) as (database, actor, person):
        if end is not None:
            database.act(actor, end_kin, kin_id=end, ends=since)
            tell(call, database, actor, person, "commands.member.kin_ended", {"kin_id": end, "on": since})
            return
        given: dict[str, Any] = {"name": name, "relation": Relation(relation), "percent": percent}
        given |= {"phone": phone, "id_number": id_number}
        made = database.act(actor, name_kin, member_id=person, starts=since, **given)
        tell(call, database, actor, person, "commands.member.kin_named", {"kin_id": made, "on": since})


@verb(app, "commands.member.consent")
def consent(
    call: Call,
    member: str = MEMBER,
    purpose: str = typer.Argument(
        ..., metavar="PURPOSE", parser=one_of(*_PURPOSES), help="commands.option.purpose"
    ),
    form: str = typer.Option(
        "written", "--form", metavar="WORD", parser=one_of(*_FORMS), help="commands.option.consent_form"
    ),
    notice: str = typer.Option("", "--notice", metavar="TEXT", help="commands.option.consent_notice"),
    withdraw: bool = typer.Option(False, "--withdraw", help="commands.option.withdraw"),
    on: date | None = ON,
) -> None:
    """Note a person's consent to one purpose, or its withdrawal (个人信息同意)."""
    from benefits.members.models import ConsentForm, Purpose
    from benefits.members.service_consent import give_consent, withdraw_consent

    since, what = on_or_today(call, on), Purpose(purpose)
    more = {"purpose": purpose, "on": since}
    with about(call, member) as (database, actor, person):
        at = (call, database, actor, person)
        if withdraw:
            database.act(actor, withdraw_consent, member_id=person, purpose=what, withdrawn_on=since)
            tell(*at, "commands.member.consent_withdrawn", more, purpose=coded(what))
            return
        given: dict[str, Any] = {"purpose": what, "form": ConsentForm(form), "notice": notice}
        database.act(actor, give_consent, member_id=person, given_on=since, **given)
        tell(*at, "commands.member.consent_given", more, purpose=coded(what))


@verb(app, "commands.member.retain")
def retain(
    call: Call,
    member: str = MEMBER,
    until: date | None = typer.Option(
        None, "--until", metavar="DATE", parser=day, help="commands.option.retain_until"
    ),
) -> None:
    """Until when the record is kept; without a day: not said (保存期限)."""
    from benefits.members.service_consent import set_retention

    told = "commands.member.retained" if until else "commands.member.retention_unsaid"
    done(call, member, set_retention, told, {"until": until}, until=until)
