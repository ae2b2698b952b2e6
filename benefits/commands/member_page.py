"""Lines of a person's page on the command line."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from benefits.commands.options import Call
from benefits.commands.show import table, words
from benefits.kernel.errors import Say
from benefits.kernel.messages import render

if TYPE_CHECKING:
    from benefits.members.queries import MemberDetail


def page_lines(call: Call, found: "MemberDetail") -> list[str]:
    """What is kept about a person, all but name and covers; what is not there is left out."""
    lines = [words(call, "commands.member.numbers", id=found.id_number or "-", phone=found.phone or "-")]
    lines.append(words(call, "commands.member.retirement", month=_month(found.retirement_month)))
    if found.planned_retirement is not None:
        lines.append(words(call, "commands.member.chosen", month=_month(found.planned_retirement)))
    if found.retired_on is not None:
        lines.append(words(call, "commands.member.retired_on", day=found.retired_on))
    parts = [found.department, found.ethnicity, found.platform, found.station]
    if any(parts):
        lines.append("  ".join(part for part in parts if part))
    if found.retain_until is not None:
        lines.append(words(call, "commands.member.kept_until", day=found.retain_until))
    if found.merged_into_id is not None:
        lines.append(words(call, "commands.member.is_merged", member=found.merged_into_id))
    lines.append(words(call, "commands.member.version", version=found.version))
    return [*lines, *_tables(call, found)]


def _tables(call: Call, found: "MemberDetail") -> list[str]:
    from benefits.members.words import ending_words, value_words

    def said(value: Say | str) -> str:
        return render(value, call.lang) if isinstance(value, Say) else value

    name = "name_en" if call.lang == "en" else "name_zh"
    memberships = [
        (
            row.organisation,
            said(value_words(row.standing)),
            row.starts,
            row.ends,
            said(ending_words(row.reason)),
        )
        for row in found.memberships
    ]
    held = [(getattr(row, name), row.starts, row.ends) for row in found.categories]
    numbers = [(said(value_words(row.kind)), row.number, row.starts, row.ends) for row in found.identifiers]
    kin = [
        (row.id, row.name, said(value_words(row.relation)), row.percent, row.phone, row.starts, row.ends)
        for row in found.kin
    ]
    consents = [
        (
            *map(said, (value_words(row.purpose), value_words(row.form))),
            row.notice,
            row.given_on,
            row.withdrawn_on,
        )
        for row in found.consents
    ]
    return [
        *_part(call, "unit standing since until reason", memberships),
        *_part(call, "category since until", held),
        *_part(call, "number_kind number since until", numbers),
        *_part(call, "kin name relation percent phone since until", kin),
        *_part(call, "purpose consent_form notice since withdrawn", consents),
    ]


def _part(call: Call, heads: str, rows: Sequence[Iterable[object]]) -> list[str]:
    """A table under an empty line; nothing where there is nothing to show."""
    if not rows:
        return []
    return [
        "",
        *table(call, [f"commands.head.{name}" for name in heads.split()], [tuple(row) for row in rows]),
    ]


def _month(day: date | None) -> str:
    return "-" if day is None else f"{day:%Y-%m}"
