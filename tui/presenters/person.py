"""What the page of a person offers and asks (会员办理): the forms of every verb, the file kept beside the
record, the timeline."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from benefits.kernel.messages import render
from tui.i18n import t
from tui.presenters.forms import Field
from tui.presenters.home import plan_name

if TYPE_CHECKING:
    from benefits.members.dossier import CategoryRow
    from benefits.members.queries import MemberDetail
    from benefits.timeline import Entry

KEPT = ("identifier", "category", "kin", "consent")
"""What is kept about a person beside the record, each with its days."""
TIMELINE = (
    "membership",
    "second_membership",
    "status",
    "retirement_planned",
    "retirement_unplanned",
    "merged",
    "retention",
    "category",
    "identifier",
    "kin",
    "consent",
    "cover",
    "handout",
)
"""Kinds of entries that have a word; later features bring theirs, which show by their sentence alone."""
_CHANGED = (
    "name",
    "sex",
    "birth",
    "employment",
    "risk_class",
    "retirement_category",
    "joined_on",
    "has_card",
    "department",
    "ethnicity",
    "platform",
    "station",
)


# -- timeline ----------------------------------------------------------------------------------------------


def entry_cells(entry: "Entry", lang: str) -> tuple[str, ...]:
    """Day, last day, kind, what happened, unit."""
    kind = t(f"tui.timeline.kind.{entry.kind}", lang) if entry.kind in TIMELINE else "-"
    until = str(entry.until) if entry.until is not None else ""
    return str(entry.day), until, kind, render(entry.say, lang), entry.organisation or "-"


def entry_words(entry: "Entry", lang: str) -> str:
    """One entry in full."""
    cells = entry_cells(entry, lang)
    days = t("tui.renewal.window", lang, first=cells[0], last=cells[1]) if cells[1] else cells[0]
    return "\n".join((days, cells[2], "", cells[3], *([cells[4]] if entry.organisation else ())))


# -- what is kept beside the record ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept:
    """A line of the file; ``key`` is what ending it needs."""

    what: str
    key: Any
    said: str
    starts: date
    ends: date | None


def kept(person: "MemberDetail", lang: str) -> list[Kept]:
    """Numbers, categories, next of kin, consents; what is in force first."""
    found = [
        Kept(
            "identifier",
            one.kind.value,
            f"{t(f'members.identifier.{one.kind.value}', lang)}  {one.number}",
            one.starts,
            one.ends,
        )
        for one in person.identifiers
    ]
    found += [
        Kept("category", one.code, plan_name(one.name_zh, one.name_en, lang), one.starts, one.ends)
        for one in person.categories
    ]
    for kin in person.kin:
        share = "" if kin.percent is None else f"  {kin.percent}%"
        relation = t(f"members.relation.{kin.relation.value}", lang)
        said = f"{relation}  {kin.name}  {kin.phone}{share}"
        found.append(Kept("kin", kin.id, said, kin.starts, kin.ends))
    for one in person.consents:
        purpose = t(f"members.purpose.{one.purpose.value}", lang)
        form = t(f"members.form.{one.form.value}", lang)
        said = f"{purpose}  {form}  {one.notice}".rstrip()
        found.append(Kept("consent", one.purpose.value, said, one.given_on, one.withdrawn_on))
    return sorted(found, key=lambda one: (one.ends is not None, KEPT.index(one.what)))


def kept_cells(one: Kept, lang: str) -> tuple[str, ...]:
    """Kind, what it says, from, to."""
    still = t("tui.member.still", lang)
    return t(f"tui.kept.{one.what}", lang), one.said, str(one.starts), str(one.ends or still)


def kept_fields(what: str, categories: "tuple[CategoryRow, ...]", today: str, lang: str) -> tuple[Field, ...]:
    """The form of a new line of the file."""
    starts = Field("starts", t("tui.person.from", lang), "day", today)
    if what == "identifier":
        kinds = ("union_card", "member_number", "staff_number", "bank_card")
        number = Field("number", t("tui.person.number", lang))
        return _coded("kind", "identifier", kinds, lang), number, starts
    if what == "category":
        options = tuple((one.code, plan_name(one.name_zh, one.name_en, lang)) for one in categories)
        return (Field("category", t("tui.kept.category", lang), "pick", options=options), starts)
    if what == "kin":
        return (
            Field("name", t("tui.members.col.name", lang)),
            _coded("relation", "relation", ("spouse", "child", "parent", "other"), lang),
            Field("phone", t("tui.person.phone", lang), needed=False),
            Field("id_number", t("tui.person.id_number", lang), needed=False),
            Field("percent", t("tui.person.percent", lang), "number", needed=False),
            starts,
        )
    purposes = ("register", "health", "finance", "publication", "messages", "child")
    return (
        _coded("purpose", "purpose", purposes, lang),
        _coded("form", "form", ("written", "online", "guardian"), lang),
        Field("given_on", t("tui.person.given_on", lang), "day", today),
        Field("notice", t("tui.person.notice", lang), needed=False),
    )


def retention_fields(person: "MemberDetail", lang: str) -> tuple[Field, ...]:
    """The form of the last day on which the record is kept; empty: not said."""
    hint = t("tui.kept.retain_hint", lang)
    return (
        Field(
            "until", t("tui.kept.until", lang), "day", _was(person, "retain_until"), needed=False, hint=hint
        ),
    )


def _coded(name: str, table: str, codes: tuple[str, ...], lang: str) -> Field:
    options = tuple((code, t(f"members.{table}.{code}", lang)) for code in codes)
    return Field(name, t(f"tui.person.{name}", lang), "pick", options=options)


# -- the record --------------------------------------------------------------------------------------------


def _label(name: str, lang: str) -> str:
    said = t(f"members.field.{name}", lang)
    return said[:1].upper() + said[1:]


def _picked(name: str, table: str, codes: tuple[str, ...], was: str, lang: str) -> Field:
    none = ("", t("tui.unit.not_said", lang))
    options = (none, *((code, t(f"{table}{code}", lang)) for code in codes))
    return Field(name, _label(name, lang), "pick", was, options=options, needed=False)


def _was(person: "MemberDetail | None", name: str) -> str:
    value = getattr(person, name) if person is not None else None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(getattr(value, "value", value))


def record_fields(person: "MemberDetail | None", today: str, lang: str) -> tuple[Field, ...]:
    """The form of a person; of a new one with the unit. Numbers are masked, so an empty one stays as it
    is."""
    kept_empty = t("tui.person.keep_hint", lang) if person is not None else ""
    first = () if person is not None else (Field("organisation_id", _label("organisation_id", lang), "unit"),)

    def was(name: str) -> str:
        return _was(person, name)

    classes = ("ordinary", "high")
    return (
        *first,
        Field("name", _label("name", lang), initial=was("name")),
        Field("id_number", _label("id_number", lang), needed=False, hint=kept_empty),
        Field("phone", _label("phone", lang), needed=False, hint=kept_empty),
        _picked("sex", "tui.sex.", ("male", "female"), was("sex"), lang),
        Field("birth", _label("birth", lang), "day", was("birth"), needed=False),
        _picked(
            "employment",
            "members.employment.",
            ("regular", "contract", "temporary", "dispatched", "platform"),
            was("employment"),
            lang,
        ),
        _picked("risk_class", "members.risk.", classes, was("risk_class"), lang),
        Field(
            "retirement_category",
            _label("retirement_category", lang),
            "pick",
            was("retirement_category"),
            options=(
                ("", t("tui.unit.not_said", lang)),
                *((code, t(f"members.category_{code.lower()}", lang)) for code in ("M60", "F55", "F50")),
            ),
            needed=False,
        ),
        Field("joined_on", _label("joined_on", lang), "day", was("joined_on") or today, needed=False),
        _picked("has_card", "members.value.", ("yes", "no"), was("has_card"), lang),
        *(
            Field(name, _label(name, lang), initial=was(name), needed=False)
            for name in ("department", "ethnicity", "platform", "station")
        ),
    )


def changed(person: "MemberDetail", values: dict[str, Any]) -> dict[str, Any]:
    """What a form says otherwise than the record that was looked at; a number that was left empty stays."""
    found = {name: values[name] for name in ("id_number", "phone") if values.get(name)}
    for name in _CHANGED:
        value, before = values.get(name), _was(person, name)
        if (value.isoformat() if isinstance(value, date) else value or "") != before:
            found[name] = value
    return found


def on_field(label: str, today: str, lang: str) -> Field:
    """A day that is today unless said otherwise."""
    return Field("on", t(label, lang), "day", today)


def reason_field(lang: str, *, needed: bool = True, hint: str = "") -> Field:
    """Why; stays on record."""
    return Field("reason", t("tui.person.reason", lang), needed=needed, hint=hint)


def plan_fields(person: "MemberDetail", lang: str) -> tuple[Field, ...]:
    """The form of flexible retirement: the month within its range, and the paper of it."""
    return (
        Field("month", t("tui.person.month", lang), "month", hint=t("tui.person.month_hint", lang)),
        Field("notice_on", t("tui.person.notice_on", lang), "day", needed=False),
        Field("agreed_on", t("tui.person.agreed_on", lang), "day", needed=False),
        Field(
            "confirmed",
            t("tui.person.confirmed", lang),
            "pick",
            options=(("", t("members.value.no", lang)), ("yes", t("members.value.yes", lang))),
            needed=False,
        ),
    )


def range_words(person: "MemberDetail", lang: str) -> str:
    """Statutory month and the range of flexible retirement."""
    lost = t("tui.missing", lang)
    month = f"{person.retirement_month:%Y-%m}" if person.retirement_month else lost
    if person.flexible_from is None or person.flexible_to is None:
        return t("tui.person.no_range", lang, name=person.name, month=month)
    return t(
        "tui.person.range",
        lang,
        name=person.name,
        month=month,
        first=f"{person.flexible_from:%Y-%m}",
        last=f"{person.flexible_to:%Y-%m}",
    )
