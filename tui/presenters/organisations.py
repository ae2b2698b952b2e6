"""What the screens of the union tree say (组织), and the tree itself as it is opened step by step."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from benefits.kernel.errors import Say
from benefits.kernel.messages import render
from tui.i18n import t
from tui.presenters.forms import Field

if TYPE_CHECKING:
    from benefits.access.queries import ClerkRow
    from benefits.organisations.queries import Branch, OrganisationDetail, OrganisationRow, PlaceRow

CLOSED, OPENED, LEAF = "+", "-", " "
"""Signs in front of a unit: there is more below, it is shown, there is nothing below."""
BELOW = {"city": "district", "district": "grassroots", "subdistrict": "grassroots"}
"""The level that a new unit below one most likely has."""


@dataclass(slots=True)
class Tree:
    """The part of the tree that has been asked for, and what of it is open."""

    children: dict[int | None, tuple[int, ...]] = field(default_factory=dict)
    branches: "dict[int, Branch]" = field(default_factory=dict)
    opened: set[int] = field(default_factory=set)

    def put(self, parent: int | None, found: "Sequence[Branch]") -> None:
        """What stands directly below a unit."""
        self.children[parent] = tuple(branch.row.id for branch in found)
        self.branches |= {branch.row.id: branch for branch in found}

    def lines(self) -> "list[tuple[int, Branch]]":
        """The units that show, with their depth."""
        found: list[tuple[int, Branch]] = []
        waiting = [(0, one) for one in reversed(self.children.get(None, ()))]
        while waiting:
            depth, one = waiting.pop()
            found.append((depth, self.branches[one]))
            if one in self.opened:
                waiting += [(depth + 1, child) for child in reversed(self.children.get(one, ()))]
        return found

    def sign(self, branch: "Branch") -> str:
        """Whether there is more below, shown or not."""
        if branch.row.id in self.opened:
            return OPENED
        return CLOSED if branch.children else LEAF


def branch_cells(depth: int, sign: str, branch: "Branch", lang: str) -> tuple[str, ...]:
    """Name at its depth, code, level, units directly below, units below, staff."""
    row = branch.row
    name = t("tui.unit.closed_name", lang, name=row.name) if row.closed is not None else row.name
    return (
        f"{'  ' * depth}{sign} {name}",
        row.code,
        t(f"organisations.level.{row.level.value}", lang),
        f"{branch.children:,}" if branch.children else "-",
        f"{branch.below:,}" if branch.below else "-",
        f"{row.staff:,}" if row.staff is not None else "-",
    )


def place_cells(row: "PlaceRow", lang: str) -> tuple[str, ...]:
    """A unit in the tree of another day."""
    name = f"{'  ' * row.depth}{OPENED} {row.name}"
    return name, row.code, t(f"organisations.level.{row.level.value}", lang), "", "", ""


def found_cells(row: "OrganisationRow", lang: str) -> tuple[str, ...]:
    """Name, code, level; a closed one says so."""
    name = t("tui.unit.closed_name", lang, name=row.name) if row.closed is not None else row.name
    return name, row.code, t(f"organisations.level.{row.level.value}", lang)


def found_in_tree(row: "OrganisationRow", lang: str) -> tuple[str, ...]:
    """A unit that was searched for, in the columns of the tree."""
    staff = f"{row.staff:,}" if row.staff is not None else "-"
    return *found_cells(row, lang), "", "", staff


# -- one unit ----------------------------------------------------------------------------------------------


def words_of(name: str, value: Any, lang: str) -> str:
    """A value of a unit in words; nothing: a dash."""
    from benefits.organisations.record import value_words

    if value is None:
        return "-"
    said = value_words(name, value)
    return render(said, lang) if isinstance(said, Say) else said


def detail_words(found: "OrganisationDetail", lang: str) -> str:
    """What is written about a unit, a few to a line."""
    state = t("tui.unit.open_since", lang, day=found.founded)
    if found.closed is not None:
        state = t("tui.unit.closed_on", lang, day=found.closed)
    parts = {
        name: words_of(name, getattr(found, name), lang)
        for name in ("uscc", "staff", "risk_class", "industry", "unit_type", "address")
    }
    level = t(f"organisations.level.{found.level.value}", lang)
    return "\n".join(
        (
            t("tui.unit.line1", lang, code=found.code, level=level, state=state),
            t("tui.unit.line2", lang, **parts),
            t("tui.unit.line3", lang, **parts),
            t("tui.unit.line4", lang, children=found.children, below=found.below, address=parts["address"]),
        )
    )


def history(found: "OrganisationDetail", lang: str) -> list[tuple[str, ...]]:
    """Names and places that a unit had, by day, the latest first: from, to, what."""
    still = t("tui.member.still", lang)
    lines = [(one.starts, one.ends, t("tui.unit.called", lang, name=one.name)) for one in found.names] + [
        (
            one.starts,
            one.ends,
            t("tui.unit.stood_under", lang, parent=one.parent)
            if one.parent
            else t("tui.unit.stood_top", lang),
        )
        for one in found.positions
    ]
    lines.sort(key=lambda line: line[0], reverse=True)
    return [(str(starts), str(ends or still), said) for starts, ends, said in lines]


def _stood(parent: str, lang: str) -> str:
    return t("tui.unit.stood_under", lang, parent=parent) if parent else t("tui.unit.stood_top", lang)


def clerk_cells(row: "ClerkRow", lang: str) -> tuple[str, ...]:
    """Name, phone, login, from, to, paper."""
    still = t("tui.member.still", lang)
    return row.name, row.phone or "-", row.login or "-", str(row.starts), str(row.ends or still), row.document


# -- forms -------------------------------------------------------------------------------------------------


def label(name: str, lang: str) -> str:
    """What a field of a unit is called."""
    said = t(f"organisations.field.{name}", lang)
    return said[:1].upper() + said[1:]


def choices(name: str, values: Sequence[str], lang: str) -> tuple[tuple[str, str], ...]:
    """What can be chosen for a coded field; nothing first."""
    none = ("", t("tui.unit.not_said", lang))
    return none, *((value, words_of(name, value, lang)) for value in values)


def _risks(lang: str) -> tuple[tuple[str, str], ...]:
    none = ("", t("tui.unit.not_said", lang))
    return none, *((one, t(f"organisations.risk_class.{one}", lang)) for one in ("ordinary", "high"))


def _data_fields(
    given: "OrganisationDetail | None", codes: tuple[tuple[str, ...], tuple[str, ...]], lang: str
) -> tuple[Field, ...]:
    def was(name: str) -> str:
        value = getattr(given, name) if given is not None else None
        return str(getattr(value, "value", value)) if value is not None else ""

    industries, types = codes
    return (
        Field("uscc", label("uscc", lang), initial=was("uscc"), needed=False),
        Field("staff", label("staff", lang), "number", was("staff"), needed=False),
        Field(
            "risk_class",
            label("risk_class", lang),
            "pick",
            was("risk_class"),
            options=_risks(lang),
            needed=False,
        ),
        Field(
            "industry",
            label("industry", lang),
            "pick",
            was("industry"),
            options=choices("industry", industries, lang),
            needed=False,
        ),
        Field(
            "unit_type",
            label("unit_type", lang),
            "pick",
            was("unit_type"),
            options=choices("unit_type", types, lang),
            needed=False,
        ),
        Field("address", label("address", lang), initial=was("address"), needed=False),
    )


def add_fields(
    parent: "OrganisationDetail", codes: tuple[tuple[str, ...], tuple[str, ...]], today: str, lang: str
) -> tuple[Field, ...]:
    """The form of a new unit below ``parent``."""
    levels = {"city": ("district",), "district": ("subdistrict", "grassroots")}
    offered = levels.get(parent.level.value, ("grassroots",))
    options = tuple((one, t(f"organisations.level.{one}", lang)) for one in offered)
    return (
        Field("name", label("name", lang)),
        Field("code", label("code", lang), initial=parent.code),
        Field("level", t("tui.units_found.level", lang), "pick", options[0][0], options=options),
        Field("founded", t("tui.unit.founded", lang), "day", today),
        *_data_fields(None, codes, lang),
    )


def edit_fields(
    given: "OrganisationDetail", codes: tuple[tuple[str, ...], tuple[str, ...]], lang: str
) -> tuple[Field, ...]:
    """The form of what is written about a unit."""
    return (
        Field("name", label("name", lang), initial=given.name, hint=t("tui.unit.name_hint", lang)),
        Field("code", label("code", lang), initial=given.code),
        *_data_fields(given, codes, lang),
    )


def changed(given: "OrganisationDetail", values: dict[str, Any]) -> dict[str, Any]:
    """What a form says otherwise than the unit that was looked at."""
    found = {}
    for name, value in values.items():
        before = getattr(given, name)
        if getattr(before, "value", before) != value:
            found[name] = value
    return found


def clerk_fields(today: str, lang: str, *, paper: bool) -> tuple[Field, ...]:
    """The form of a new clerk; a hand-over needs the number of its paper."""
    hint = t("tui.clerk.document_hint", lang)
    return (
        Field("name", t("tui.clerk.name", lang)),
        Field("phone", t("tui.clerk.phone", lang), needed=False),
        Field("login", t("tui.clerk.login", lang), needed=False, hint=t("tui.clerk.login_hint", lang)),
        Field("on", t("tui.clerk.from", lang), "day", today),
        Field("document", t("tui.clerk.document", lang), needed=paper, hint=hint),
    )
