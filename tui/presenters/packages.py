"""What the screens of packages say (离线包)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from benefits.kernel.messages import render
from tui.i18n import t
from tui.presenters.counter import moment
from tui.presenters.forms import Field

if TYPE_CHECKING:
    from benefits.kits.package_merge import Merged
    from benefits.kits.queries_package import Conflict, PackageRow


def package_cells(row: "PackageRow", lang: str) -> tuple[str, ...]:
    """Number, station, people, made at, back at, hand-outs, second ones, state."""
    return (
        row.number,
        row.station,
        f"{row.people:,}",
        moment(row.made_at),
        moment(row.back_at) if row.back_at is not None else "-",
        f"{row.handouts:,}",
        f"{row.twice:,}",
        t(f"tui.package.state.{row.state.value}", lang),
    )


def conflict_cells(one: "Conflict", lang: str) -> tuple[str, ...]:
    """Who, what, where and when, why it must be decided."""
    return one.name, one.item, one.station or "-", moment(one.given_at), why_words(one, lang)


def why_words(one: "Conflict", lang: str) -> str:
    """What is wrong with a hand-out."""
    if one.first_at is not None:
        return t("tui.package.twice", lang, at=moment(one.first_at), station=one.first_station or "-")
    said = t("tui.list_mark", lang).join(render(reason, lang) for reason in one.reasons)
    return t("tui.package.not_entitled", lang, why=said)


def make_fields(stations: Sequence[tuple[int, str]], path: str, lang: str) -> tuple[Field, ...]:
    """Which station, with whom on the list, who works in it, to which file."""
    whom = tuple((one, t(f"tui.package.whom.{one}", lang)) for one in ("station", "everybody"))
    return (
        Field(
            "station",
            t("tui.kits.col.station", lang),
            "pick",
            options=tuple((str(i), n) for i, n in stations),
        ),
        Field("whom", t("tui.package.list", lang), "pick", options=whom),
        Field("login", t("tui.package.login", lang), needed=False, hint=t("tui.package.login_hint", lang)),
        path_field(path, lang),
    )


def path_field(path: str, lang: str) -> Field:
    """A file."""
    return Field("path", t("tui.out.path", lang), initial=path)


def merged_words(done: "Merged", lang: str) -> str:
    """What became of a return."""
    counts = {name: f"{getattr(done, name):,}" for name in ("in_file", "new", "known", "struck", "twice")}
    return t("tui.package.merged", lang, number=done.number, station=done.station, **counts)
