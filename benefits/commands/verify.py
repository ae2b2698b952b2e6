"""``benefits verify``: every invariant of the database, each as one query, and the audit chain."""

from typing import Any

from benefits.commands.options import Call, single, verb
from benefits.commands.show import emit, words
from benefits.commands.work import opened
from benefits.kernel.messages import render

app = single("verify")


@verb(app, "commands.verify.help")
def verify(call: Call) -> int:
    """Check everything that must hold (全库核对); exit 1 where something does not."""
    from benefits.audit.queries import verify as walk
    from benefits.verify import verify as check

    with opened(call) as (database, actor):
        with database.read(actor) as unit:
            results = check(unit)
        with database.read(actor) as unit:
            chain = walk(unit)
    checks = [
        {
            "code": one.code,
            "ok": one.ok,
            "count": one.count,
            "examples": one.examples,
            "text": words(call, one.code),
        }
        for one in results
    ]
    said = render(chain.why, call.lang) if chain.why else words(call, "commands.verify.chain")
    event = [] if chain.event_id is None else [chain.event_id]
    checks.append(
        {"code": "audit.chain", "ok": chain.ok, "count": int(not chain.ok), "examples": event, "text": said}
    )
    broken = [one for one in checks if not one["ok"]]
    lines = [_line(call, one) for one in checks]
    lines.append(
        words(call, "commands.verify.broken", count=len(broken))
        if broken
        else words(call, "commands.verify.fit", count=len(checks))
    )
    emit(call, {"ok": not broken, "checks": checks}, *lines)
    return 1 if broken else 0


def _line(call: Call, one: dict[str, Any]) -> str:
    mark = words(call, "commands.verify.holds" if one["ok"] else "commands.verify.breaks")
    if one["ok"]:
        return f"[{mark}] {one['text']}"
    examples = ", ".join(str(each) for each in one["examples"]) or "-"
    return f"[{mark}] " + words(
        call, "commands.verify.rows", text=one["text"], count=one["count"], examples=examples
    )
