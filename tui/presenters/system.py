"""What the system screen says (系统): the audit trail as rows, the results of checks as sentences."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from benefits.kernel.clock import SHANGHAI
from benefits.kernel.errors import Say
from benefits.kernel.messages import render
from tui.i18n import t

if TYPE_CHECKING:
    from benefits.kernel.verify import InvariantResult


class Event(Protocol):
    """An audit event as ``audit.queries.EventRow`` has it."""

    @property
    def id(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def actor(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def facts(self) -> dict[str, Any]: ...


class Chain(Protocol):
    """The result of ``audit.queries.verify``."""

    @property
    def ok(self) -> bool: ...
    @property
    def links(self) -> int: ...
    @property
    def pending(self) -> int: ...
    @property
    def why(self) -> Say | None: ...
    @property
    def anchor(self) -> str: ...


def action_words(action: str, lang: str) -> str:
    """What an action is called; its code where the catalogue has no sentence (an older program's action)."""
    from benefits.kernel.actions import (
        action_key,
    )  # it knows SQLAlchemy, and the first frame must not wait for that

    try:
        return t(action_key(action), lang)
    except KeyError:
        return action


def event_cells(event: Event, lang: str) -> tuple[str, ...]:
    """Time, user, action, item."""
    at = event.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    return at, event.actor, action_words(event.action, lang), event.target


def event_words(event: Event, lang: str) -> str:
    """One event in full, its facts a line each."""
    at = event.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    lines = [
        t("tui.system.event_at", lang, at=at),
        t("tui.system.event_by", lang, actor=event.actor),
        t("tui.system.event_did", lang, action=action_words(event.action, lang), code=event.action),
        t("tui.system.event_on", lang, target=event.target or "-"),
        "",
    ]
    lines += [f"{name}: {_value(value)}" for name, value in sorted(event.facts.items())]
    return "\n".join(lines)


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def chain_words(report: Chain, lang: str) -> str:
    """Whether the trail is whole, and up to where."""
    if report.ok:
        return t(
            "tui.system.chain_ok", lang, links=report.links, pending=report.pending, anchor=report.anchor[:16]
        )
    assert report.why is not None
    return t("tui.system.chain_broken", lang, why=render(report.why, lang))


def verify_words(results: "Sequence[InvariantResult]", lang: str) -> str:
    """How many rules hold; each that does not, with how many rows and the first of them."""
    broken = [result for result in results if not result.ok]
    if not broken:
        return t("tui.system.verify_ok", lang, count=len(results))
    lines = [t("tui.system.verify_broken", lang, broken=len(broken), count=len(results)), ""]
    for result in broken:
        examples = ", ".join(str(one) for one in result.examples)
        said = t(result.code, lang)
        lines.append(
            t("tui.system.verify_line", lang, said=said, count=f"{result.count:,}", examples=examples)
        )
    return "\n".join(lines)
