"""``benefits plan``: plans, their editions, and why a person can or cannot be covered."""

from datetime import date
from pathlib import Path
from typing import Any

import typer

from benefits.commands.options import Call, day, group, verb
from benefits.commands.show import emit, table, words
from benefits.commands.work import act, opened, read

app = group("plan")

CODE: Any = typer.Argument(..., metavar="CODE", help="commands.option.plan")
FILE: Any = typer.Argument(..., metavar="FILE", help="commands.option.plan_file")


@verb(app, "commands.plan.list")
def list_plans(call: Call) -> None:
    """All plans and the editions in force (计划列表)."""
    from benefits.plans.queries import plans

    found = read(call, plans)
    rows = [
        (
            row.code,
            row.name_zh if call.lang == "zh" else row.name_en,
            row.edition,
            row.effective,
            words(call, "commands.plan.draft") if row.draft else row.unknowns,
        )
        for row in found
    ]
    heads = [f"commands.head.{name}" for name in "plan name edition since unknowns".split()]
    emit(call, {"plans": found}, *table(call, heads, rows, numbers=(4,)))


@verb(app, "commands.plan.show")
def show(call: Call, code: str = CODE) -> None:
    """The edition in force, in words (计划详情)."""
    from benefits.plans.queries import edition_detail

    found = read(call, edition_detail, code, lang=call.lang)
    lines = [
        words(call, "commands.plan.head", name=found.name, code=found.code, edition=found.edition),
        words(call, "commands.plan.issuer", issuer=found.issuer, since=found.effective or "-"),
    ]
    parts: tuple[tuple[str, Any], ...] = (
        ("commands.plan.frame", found.frame),
        ("commands.plan.rules", found.rules),
        ("commands.plan.class_rule", (found.class_rule,) if found.class_rule else ()),
        ("commands.plan.benefits", found.benefits),
        ("commands.plan.exclusions", found.exclusions),
        ("commands.plan.funding", tuple(f"{code}: {said}" for code, said in found.funding)),
        ("commands.plan.unknowns", found.unknowns),
    )
    for heading, said in parts:
        if said:
            lines += ["", words(call, heading), *(f"  - {one}" for one in said)]
    emit(call, {"plan": found}, *lines)


@verb(app, "commands.plan.check", as_of=False)
def check(call: Call, file: str = FILE) -> None:
    """Read a plan file and prove it (检查计划文件); needs no database."""
    from benefits.plans.service import check_file

    found = check_file(Path(file))
    edition = found.edition
    data = {
        "file": file,
        "ok": True,
        "code": edition.code,
        "edition": edition.edition,
        "draft": edition.draft,
        "digest": found.digest,
    }
    key = "commands.plan.good_draft" if edition.draft else "commands.plan.good"
    emit(call, data, words(call, key, file=file, code=edition.code, edition=edition.edition))


@verb(app, "commands.plan.add")
def add(call: Call, file: str = FILE) -> None:
    """Publish the edition in a plan file (发布计划版本)."""
    from benefits.plans.service import add_edition, check_file

    path = Path(file)
    found = check_file(path)
    edition_id = act(call, add_edition, path=path)
    edition = found.edition
    data = {"id": edition_id, "code": edition.code, "edition": edition.edition, "digest": found.digest}
    emit(call, data, words(call, "commands.plan.added", code=edition.code, edition=edition.edition))


@verb(app, "commands.plan.explain")
def explain(
    call: Call,
    code: str = CODE,
    member: str = typer.Option(..., "--member", metavar="MEMBER", help="commands.option.member"),
    start: date = typer.Option(..., "--start", metavar="DATE", parser=day, help="commands.option.start"),
) -> None:
    """Each rule for one person: verdict, the value seen, a sentence (逐条说明)."""
    from benefits.members.queries import by_reference
    from benefits.plans.explain import explain as tell

    with opened(call) as (database, actor), database.read(actor) as unit:
        found = tell(unit, code, by_reference(unit, member), start, call.lang)
    rules = [
        {
            "rule": one.rule_id,
            "reason": one.reason,
            "verdict": one.verdict,
            "seen": one.seen,
            "sentence": one.sentence,
        }
        for one in found.rules
    ]
    data = {
        "plan": found.plan_code,
        "plan_name": found.plan_name,
        "edition": found.edition,
        "member_id": found.member_id,
        "member": found.member_name,
        "id_masked": found.id_masked,
        "start": found.start,
        "verdict": found.verdict,
        "in_class": found.in_class,
        "rules": rules,
    }
    heads = [f"commands.head.{name}" for name in "verdict rule seen meaning".split()]
    rows = [(_verdict(call, one.verdict), one.rule_id, one.seen, one.sentence) for one in found.rules]
    head = words(
        call,
        "commands.plan.explained",
        name=found.member_name,
        plan=found.plan_name,
        edition=found.edition,
        start=found.start,
        verdict=_verdict(call, found.verdict),
    )
    emit(call, data, head, *table(call, heads, rows))


def _verdict(call: Call, verdict: bool | None) -> str:
    if verdict is None:
        return words(call, "commands.plan.missing")
    return words(call, "commands.plan.true" if verdict else "commands.plan.false")
