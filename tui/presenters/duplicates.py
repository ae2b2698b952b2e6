"""What the duplicate queue says (查重): evidence, both sides field by field, what each answer would do."""

from typing import TYPE_CHECKING

from benefits.kernel.messages import render
from tui.i18n import t
from tui.presenters.members import sex_words, status_words

if TYPE_CHECKING:
    from benefits.rosters.queries import CaseRow, Side

FIELDS = ("name", "sex", "birth", "id_number", "phone", "organisation", "status", "joined_on", "covers")
DIFFERS, AGREES, OPEN = "!", "=", "-"
"""Signs in front of a field: it differs, it is the same, one side does not say."""


def is_pair(case: "CaseRow") -> bool:
    """Whether both sides are members; else the right one is a row of a file."""
    return case.right.member_id is not None


def evidence(case: "CaseRow", lang: str) -> str:
    """Why the two may be one person."""
    return t("tui.list_mark", lang).join(render(one, lang) for one in case.evidence)


def origin(case: "CaseRow", lang: str) -> str:
    """Where the right side comes from."""
    if is_pair(case):
        return t("tui.case.from_register", lang)
    return t("tui.case.from_row", lang, batch=case.batch or "-", row=case.row or 0)


def case_cells(case: "CaseRow", lang: str) -> tuple[str, ...]:
    """Evidence, who is registered and where, who may be the same and where, origin."""
    return (
        case.left.name,
        case.left.organisation or "-",
        case.right.name,
        case.right.organisation or "-",
        evidence(case, lang),
        origin(case, lang),
    )


def value(side: "Side", field: str, lang: str) -> str:
    """What a side says of a field; empty: nothing."""
    if field == "sex":
        return sex_words(side.sex, lang) if side.sex is not None else ""
    if field == "status":
        return status_words(side.status, lang) if side.status is not None else ""
    if field == "covers":
        return t("tui.case.covers", lang, count=side.covers) if side.member_id is not None else ""
    found = getattr(side, field)
    return str(found) if found else ""


def mark(left: str, right: str) -> str:
    """The sign of a field."""
    if not left or not right:
        return OPEN
    return AGREES if left == right else DIFFERS


def field_rows(case: "CaseRow", lang: str) -> list[tuple[str, ...]]:
    """A line a field: sign, name of the field, left, right."""
    rows: list[tuple[str, ...]] = []
    for field in FIELDS:
        left, right = value(case.left, field, lang), value(case.right, field, lang)
        rows.append((mark(left, right), t(f"tui.case.field.{field}", lang), left or "-", right or "-"))
    return rows


def differing(case: "CaseRow", lang: str) -> list[str]:
    """The fields that the row of a file says otherwise or in addition, as sentences."""
    lines = []
    for field in FIELDS:
        left, right = value(case.left, field, lang), value(case.right, field, lang)
        if right and left != right and field not in ("name", "organisation", "covers"):
            name = t(f"tui.case.field.{field}", lang)
            lines.append(t("tui.roster.change", lang, column=name, before=left or "-", after=right))
    return lines


def verdict_words(case: "CaseRow", verdict: str, keep: "Side | None", lang: str) -> str:
    """What an answer will do, said before it is given."""
    if verdict == "same" and keep is not None:
        other = case.right if keep is case.left else case.left
        return t(
            "tui.case.will_merge",
            lang,
            keep=keep.name,
            keep_unit=keep.organisation or "-",
            other=other.name,
            other_unit=other.organisation or "-",
        )
    if verdict == "same":
        lines = [t("tui.case.will_write", lang, name=case.left.name, row=case.row or 0)]
        changes = differing(case, lang)
        lines += [f"  {line}" for line in changes] or [t("tui.case.will_write_nothing", lang)]
        return "\n".join(lines)
    kind = "pair" if is_pair(case) else "row"
    return t(f"tui.case.will_{verdict}_{kind}", lang, name=case.right.name, row=case.row or 0)


def side_cells(side: "Side", lang: str) -> tuple[str, ...]:
    """A member to choose as the one that survives: name, unit, number, joined, covers."""
    return (
        side.name,
        side.organisation or "-",
        side.id_number or "-",
        str(side.joined_on or "-"),
        str(side.covers),
    )


def field_words(case: "CaseRow", row: tuple[str, ...], lang: str) -> str:
    """One field in full, both sides one below the other."""
    return "\n".join(
        (
            row[1],
            "",
            t("tui.case.left_line", lang, value=row[2]),
            t("tui.case.right_line", lang, origin=origin(case, lang), value=row[3]),
            "",
            t(f"tui.case.mark.{ {DIFFERS: 'differs', AGREES: 'agrees', OPEN: 'open'}[row[0]] }", lang),
        )
    )
