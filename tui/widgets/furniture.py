"""What stands on every screen (界面框架): the bar of areas, the trail of where one is, the line of keys."""

from typing import TYPE_CHECKING, cast

from textual.content import Content
from textual.widget import Widget

from benefits.kernel.text import cell_width, cut
from tui.commands import AREAS, TABLE, key_name
from tui.i18n import t
from tui.plain import line

if TYPE_CHECKING:
    from tui.app import BenefitsApp
    from tui.screens.base import BaseScreen


_NAME = 10
"""Cells that the name of who works here should have."""
_OPEN = "bold reverse"
"""How the open area stands out."""


class _Furniture(Widget):
    @property
    def benefits(self) -> "BenefitsApp":
        return cast("BenefitsApp", self.app)

    @property
    def base(self) -> "BaseScreen":
        return cast("BaseScreen", self.screen)


class Masthead(_Furniture):
    """The areas with their number keys; the one that is open stands in brackets. On the right who works, and
    as of which day."""

    def render(self) -> Content:
        lang = self.benefits.lang
        title = " " + t("tui.title", lang) + " "
        names = [f"{number} {t(f'tui.area.{area}', lang)}" for number, area in enumerate(AREAS, 1)]
        name, day = self.benefits.who
        width = self.size.width
        loose = sum(cell_width(one) + 2 for one in names)
        parts = self._areas(names, loose + len(day) + _NAME <= width)
        used = sum(cell_width(text) for text, _ in parts)
        if used + cell_width(title) + len(day) + _NAME <= width:  # a narrow one needs no title
            parts.insert(0, (title, "bold"))
            used += cell_width(title)
        room = width - used - len(day) - 2
        who = f"{cut(line(name), room)} {day}" if room > 2 else day
        if used + len(day) + 1 > width:  # the day without its year, before no day at all
            who = day[5:] if used + len(day[5:]) + 1 <= width else ""
        parts.append((" " * max(width - used - cell_width(who) - 1, 0) + who, ""))
        return Content.assemble(*parts)

    def _areas(self, names: list[str], loose: bool) -> list[tuple[str, str]]:
        """The names with the open one in brackets; where room is short, one cell between two of them."""
        here = AREAS.index(self.benefits.current_mode) if self.benefits.current_mode in AREAS else -1
        parts: list[tuple[str, str]] = []
        for place, name in enumerate(names):
            if loose:
                parts.append((f"[{name}]" if place == here else f" {name} ", _OPEN if place == here else ""))
                continue
            before = "[" if place == here else "" if place == here + 1 and place else " "
            text = f"{before}{name}" + ("]" if place == here else "")
            parts.append((text, _OPEN if place == here else ""))
        return parts


class Crumbs(_Furniture):
    """Where one is (路径), and at the right end what is going on."""

    def render(self) -> Content:
        width = self.size.width
        trail = " > ".join(line(part) for part in self.base.crumbs())
        busy = self._state()
        room = width - cell_width(busy) - 1
        shown = cut(trail, room)
        return Content(shown + " " * (width - cell_width(shown) - cell_width(busy)) + busy)

    def _state(self) -> str:
        lang = self.benefits.lang
        if self.benefits.database_state != "open":
            return t(f"tui.database.{self.benefits.database_state}", lang)
        return t("tui.busy", lang) if self.base.busy else ""


class KeyBar(_Furniture):
    """The keys of this screen; what has no room is on the help page, whose key always stands last."""

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, lambda _screen: self.refresh())

    def render(self) -> Content:
        return Content.assemble(*fit_keys(self._entries(), self.size.width))

    def _entries(self) -> list[tuple[str, str]]:
        entries: list[tuple[str, str]] = []
        seen: set[str] = set()
        last: list[tuple[str, str]] = []
        for key, active in self.screen.active_bindings.items():
            id = active.binding.id
            if id is None or id not in TABLE or id in seen or not active.binding.show or not active.enabled:
                continue
            seen.add(id)
            entry = (key_name(key), active.binding.description)
            (last if id in ("app.back", "app.help") else entries).append(entry)
        return entries + last


def fit_keys(entries: list[tuple[str, str]], width: int) -> list[tuple[str, str]]:
    """Styled pieces for the key line: the last entry (help) always fits in, the others in order as far as
    there is room."""
    if not entries:
        return [("", "")]
    cost = [cell_width(key) + cell_width(text) + 3 for key, text in entries]
    shown = list(range(len(entries)))
    while sum(cost[index] for index in shown) > width and len(shown) > 1:
        del shown[-2]
    pieces: list[tuple[str, str]] = []
    for index in shown:
        key, text = entries[index]
        pieces += [(f" {key}", "bold $primary"), (f" {text} ", "")]
    return pieces
