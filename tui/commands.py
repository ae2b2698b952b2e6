"""Every command of the terminal, once (命令表): bindings, footer, palette, help page and key map file all
read this table.

A command's words are catalogue messages: ``tui.cmd.<id>`` is what the footer shows, ``tui.how.<id>`` what the
help page says.
"""

from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a clerk can do: ``key`` is the default (several by comma), ``permission`` what the user must
    have for it."""

    id: str
    key: str
    permission: str = ""
    shown: bool = True
    """In the footer; the rest stand in the palette and on the help page only."""
    priority: bool = False
    """Also while a text is being typed, so only for keys that no text has."""

    @property
    def text(self) -> str:
        """Catalogue key of the short name."""
        return f"tui.cmd.{self.id}"

    @property
    def help(self) -> str:
        """Catalogue key of the sentence on the help page."""
        return f"tui.how.{self.id}"


AREAS = ("home", "members", "plans", "renewal", "organisations", "rosters", "kits", "system")
"""The areas (功能区) in the order of their number keys."""

_ALL = (
    Command("area.home", "1", shown=False),
    Command("area.members", "2", shown=False),
    Command("area.plans", "3", shown=False),
    Command("area.renewal", "4", shown=False),
    Command("area.organisations", "5", shown=False),
    Command("area.rosters", "6", shown=False),
    Command("area.kits", "7", shown=False),
    Command("area.system", "8", shown=False),
    Command("app.next_area", "f6", shown=False, priority=True),
    Command("app.help", "f1,question_mark"),
    Command("app.palette", "ctrl+p", shown=False, priority=True),
    Command("app.language", "f9", shown=False, priority=True),
    Command("app.theme", "f8", shown=False, priority=True),
    Command("app.refresh", "f5", shown=False, priority=True),
    Command("app.quit", "ctrl+q", shown=False, priority=True),
    Command("app.back", "escape"),
    Command("list.open", "enter"),
    Command("list.search", "slash"),
    Command("field.pick", "enter"),
    Command("members.add", "n,f2", "member.edit"),
    Command("members.mark", "space", "member.edit"),
    Command("members.narrow", "f,f3"),
    Command("members.transfer", "t", "member.edit"),
    Command("person.timeline", "l"),
    Command("person.file", "i"),
    Command("person.edit", "e", "member.edit"),
    Command("person.transfer", "t", "member.edit"),
    Command("person.retire", "r", "member.edit"),
    Command("person.plan", "p", "member.edit", shown=False),
    Command("person.cancel_plan", "o", "member.edit", shown=False),
    Command("person.leave", "q", "member.edit"),
    Command("person.rejoin", "b", "member.edit"),
    Command("person.merge", "m", "member.edit", shown=False),
    Command("person.reveal", "v", "identity.reveal", shown=False),
    Command("person.death", "d", "member.edit", shown=False),
    Command("kept.add", "n,f2", "member.edit"),
    Command("kept.end", "q", "member.edit"),
    Command("kept.retain", "r", "member.edit"),
    Command("plan.explain", "x"),
    Command("renewal.new", "n,f2", "renewal.preview"),
    Command("renewal.preview", "f10,ctrl+s", "renewal.preview", priority=True),
    Command("run.units", "u"),
    Command("run.people", "l"),
    Command("run.reasons", "r", shown=False),
    Command("run.verdict", "f"),
    Command("run.decline", "d", "renewal.review"),
    Command("run.override", "o", "renewal.review"),
    Command("run.back_to_rules", "z", "renewal.review", shown=False),
    Command("run.reviewed", "v", "renewal.review"),
    Command("run.not_submitted", "s", "renewal.review"),
    Command("run.pending", "b", "renewal.review", shown=False),
    Command("run.confirm", "c", "renewal.review"),
    Command("run.apply", "a", "renewal.apply"),
    Command("run.abandon", "x", "renewal.preview", shown=False),
    Command("run.report", "p"),
    Command("roster.new", "n,f2", "roster.import"),
    Command("roster.next", "f10,ctrl+s", "roster.import", priority=True),
    Command("roster.complete", "f4", shown=False, priority=True),
    Command("roster.right", "right"),
    Command("roster.left", "left", shown=False),
    Command("roster.mode", "m", "roster.import"),
    Command("roster.import", "f10,ctrl+s", "roster.import", priority=True),
    Command("roster.annotate", "a"),
    Command("roster.undo", "u", "roster.import"),
    Command("roster.duplicates", "d"),
    Command("roster.quality", "b"),
    Command("roster.template", "t"),
    Command("roster.export", "x"),
    Command("case.same", "s", "roster.import"),
    Command("case.distinct", "n", "roster.import"),
    Command("case.drop", "x", "roster.import"),
    Command("case.scan", "c", "roster.import", shown=False),
    Command("quality.fault", "f"),
    Command("quality.all", "a"),
    Command("quality.export", "x"),
    Command("tree.open", "right"),
    Command("tree.close", "left", shown=False),
    Command("tree.day", "t"),
    Command("unit.add", "n,f2", "organisation.edit"),
    Command("unit.edit", "e", "organisation.edit"),
    Command("unit.rename", "r", "organisation.edit"),
    Command("unit.move", "m", "organisation.edit"),
    Command("unit.appoint", "a", "organisation.edit"),
    Command("unit.hand_over", "h", "organisation.edit"),
    Command("unit.dismiss", "q", "organisation.edit", shown=False),
    Command("unit.close", "c", "organisation.edit"),
    Command("unit.reopen", "o", "organisation.edit"),
    Command("kits.new", "n,f2", "kit.edit"),
    Command("kits.counter", "h", "kit.hand"),
    Command("kits.goods", "i"),
    Command("kits.stores", "s"),
    Command("kits.care", "b", "kit.edit"),
    Command("campaign.edit", "e", "kit.edit"),
    Command("campaign.item", "right"),
    Command("campaign.units", "u", "kit.edit", shown=False),
    Command("campaign.items", "m", "kit.edit", shown=False),
    Command("campaign.stations", "n,f2", "kit.edit"),
    Command("campaign.station", "d", "kit.edit", shown=False),
    Command("campaign.serves", "r", "kit.edit", shown=False),
    Command("campaign.shut", "q", "kit.edit", shown=False),
    Command("campaign.people", "l"),
    Command("campaign.allocation", "a"),
    Command("campaign.transfers", "t"),
    Command("campaign.packages", "p"),
    Command("campaign.balance", "b"),
    Command("campaign.paper", "w"),
    Command("campaign.open", "o", "kit.edit"),
    Command("campaign.close", "c", "kit.approve"),
    Command("campaign.cancel", "x", "kit.edit", shown=False),
    Command("allocation.propose", "p", "kit.edit"),
    Command("allocation.adjust", "e", "kit.edit"),
    Command("allocation.approve", "v", "kit.approve"),
    Command("allocation.ship", "s", "kit.stock"),
    Command("people.right", "right"),
    Command("people.left", "left", shown=False),
    Command("people.add", "n,f2", "kit.edit"),
    Command("people.off", "x", "kit.edit"),
    Command("package.make", "n,f2", "kit.stock"),
    Command("package.back", "b", "kit.stock"),
    Command("package.conflicts", "c"),
    Command("package.lost", "x", "kit.stock"),
    Command("package.pack", "e", "kit.stock", shown=False),
    Command("package.settle", "s", "kit.hand"),
    Command("package.strike", "x", "kit.hand"),
    Command("counter.hand", "f10", "kit.hand", priority=True),
    Command("counter.quick", "f7", "kit.hand", priority=True),
    Command("counter.group", "f2", "kit.hand", priority=True),
    Command("counter.void", "f3,ctrl+z", "kit.hand", priority=True),
    Command("counter.station", "f4", "kit.hand", priority=True),
    Command("counter.item", "ctrl+e", "kit.hand", shown=False, priority=True),
    Command("counter.tally", "f12,ctrl+t", "kit.hand", priority=True),
    Command("goods.add", "n,f2", "kit.edit"),
    Command("goods.edit", "e", "kit.edit"),
    Command("goods.bill", "b", "kit.edit"),
    Command("goods.retire", "x", "kit.edit"),
    Command("store.add", "n,f2", "kit.edit"),
    Command("stock.receive", "r", "kit.stock"),
    Command("stock.build", "b", "kit.stock"),
    Command("stock.send", "s", "kit.stock"),
    Command("stock.damage", "d", "kit.stock"),
    Command("stock.lose", "l", "kit.stock"),
    Command("stock.count", "c", "kit.stock"),
    Command("stock.moves", "m"),
    Command("stock.transfers", "t"),
    Command("transfer.arrive", "a", "kit.stock"),
    Command("transfer.differ", "d", "kit.stock"),
    Command("transfer.cancel", "x", "kit.stock"),
    Command("stocktake.count", "e", "kit.stock"),
    Command("stocktake.close", "c", "kit.stock"),
    Command("stocktake.cancel", "x", "kit.stock"),
    Command("category.add", "n,f2", "member.define"),
    Command("category.edit", "e", "member.define"),
    Command("system.categories", "t"),
    Command("system.audit", "a"),
    Command("system.chain", "c"),
    Command("system.verify", "v"),
    Command("system.doctor", "d"),
)

TABLE = {command.id: command for command in _ALL}


def binding(id: str) -> Binding:
    """The Textual binding of a command; its description is translated when it is shown (``i18n``)."""
    command = TABLE[id]
    return Binding(
        command.key,
        f"run('{id}')",
        command.text,
        show=command.shown,
        priority=command.priority,
        id=id,
    )


def bindings(*ids: str) -> list[BindingType]:
    """Bindings for a screen, in the order in which the footer shows them."""
    return [binding(id) for id in ids]


_NAMES = {
    "escape": "Esc",
    "enter": "Enter",
    "slash": "/",
    "question_mark": "?",
    "space": "Space",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "tab": "Tab",
}


def key_name(key: str) -> str:
    """A key as it stands on the keyboard: ``ctrl+p`` -> ``^P``, ``f1`` -> ``F1``."""
    if key.startswith("ctrl+"):
        return "^" + key.removeprefix("ctrl+").upper()
    return _NAMES.get(key, key.upper() if key.startswith("f") and key[1:].isdigit() else key)
