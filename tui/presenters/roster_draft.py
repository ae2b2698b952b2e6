"""The form of a new import (导入表单): what was typed, what is wrong with it, and the path as it is typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benefits.kernel.clock import SHANGHAI
from benefits.kernel.errors import Problem, say
from benefits.kernel.messages import render
from tui.i18n import t

if TYPE_CHECKING:
    from benefits.rosters.heads import HeadCell
    from tui.gateways.rosters import FileAsked, KindInfo, Look, Offer

LEFT_OUT = ""
"""What a heading maps to that is not imported."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the wizard, as typed. ``mapping``: heading -> key of a column, as far as the clerk said
    otherwise than was found."""

    kind: str = "members"
    path: str = ""
    organisation: str = ""
    """Code of the unit of rows that name none; empty: the file says it."""
    organisation_name: str = ""
    sheet: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    mapping: Mapping[str, str] = field(default_factory=dict)
    mode: str = "all"

    def asked(self) -> "FileAsked":
        """What is asked of the services."""
        from tui.gateways.rosters import FileAsked

        options = {name: text for name, text in self.options.items() if text.strip()}
        path = Path(self.path.strip()).expanduser()
        return FileAsked(path, self.kind, self.organisation, self.sheet, dict(self.mapping), options)

    def mapped(self, heading: str, key: str) -> "Draft":
        """With one heading mapped otherwise."""
        return replace(self, mapping={**self.mapping, heading: key})


def problems(draft: Draft, kind: "KindInfo | None") -> tuple[Problem, ...]:
    """What must be mended before the file is opened, by field."""
    found = []
    if kind is None:
        found.append(Problem("tui.roster.no_kind", say("tui.roster.no_kind"), field="kind"))
    if not draft.path.strip():
        found.append(Problem("tui.roster.no_path", say("tui.roster.no_path"), field="path"))
    return tuple(found)


def size_words(size: int) -> str:
    """``48 KB``, ``12.3 MB``."""
    return f"{size / 1_048_576:.1f} MB" if size >= 1_048_576 else f"{(size + 1023) // 1024:,} KB"


def offer_cells(offer: "Offer", lang: str) -> tuple[str, ...]:
    """Name, size, when it was changed; a folder ends in a slash."""
    if offer.folder:
        return f"{offer.path.name}/", t("tui.roster.folder", lang), ""
    changed = datetime.fromtimestamp(offer.changed, SHANGHAI).strftime("%Y-%m-%d %H:%M")
    name = str(offer.path) if offer.recent else offer.path.name
    return name, size_words(offer.size), changed


def completed(offers: "tuple[Offer, ...]", typed: str) -> str:
    """The path as far as all offers agree: what the completion key writes."""
    names = [str(offer.path) + ("/" if offer.folder else "") for offer in offers]
    if not names:
        return typed
    if len(names) == 1:
        return names[0]
    common = names[0]
    for name in names[1:]:
        length = next(
            (n for n, (a, b) in enumerate(zip(common, name, strict=False)) if a != b),
            min(len(common), len(name)),
        )
        common = common[:length]
    return common if len(common) > len(str(Path(typed).expanduser())) else typed


def file_words(look: "Look", lang: str) -> str:
    """What a file is: form, encoding, size, how many sheets."""
    parts = [look.form.upper() + (f" {look.encoding}" if look.encoding else ""), size_words(look.size)]
    if len(look.sheets) > 1:
        parts.append(t("tui.roster.sheets", lang, count=len(look.sheets)))
    return t("tui.comma", lang).join(parts)


def head_words(look: "Look", lang: str) -> str:
    """Where the head was found."""
    if not look.head.row:
        return t("tui.roster.no_head", lang)
    known = sum(1 for cell in look.head.columns if cell.key)
    return t(
        "tui.roster.head_at",
        lang,
        row=look.head.row,
        columns=sum(1 for cell in look.head.columns if cell.text),
        known=known,
    )


def head_columns(look: "Look") -> "list[HeadCell]":
    """The headings that can be mapped; where no head was found, what the fullest row holds instead: mapping
    it tells that it is the head."""
    from benefits.rosters.heads import HeadCell

    if look.head.row:
        return [cell for cell in look.head.columns if cell.text or cell.key]
    return [HeadCell(place, "", text, None, None) for place, text in enumerate(look.head.seen)]


def head_cells(cell: "HeadCell", titles: Mapping[str, str], lang: str) -> tuple[str, ...]:
    """Letter, heading in the file, our column, how it was recognised."""
    key = cell.key
    if key:
        return cell.letter or "-", cell.text, titles.get(key, key), t(f"tui.roster.how.{cell.how}", lang)
    return cell.letter or "-", cell.text or "-", t("tui.roster.left_out", lang), ""


def titles(kind: "KindInfo", lang: str) -> dict[str, str]:
    """Our headings by key."""
    return {key: render(title, lang) for key, title, _ in kind.columns}


def option_label(kind: "KindInfo", name: str, needed: bool, lang: str) -> str:
    """The label of a setting of the whole file: the heading of the column that would say it row by row; one
    that is needed says so."""
    said = titles(kind, lang).get(name) or t(f"rosters.option.{name}", lang)
    return t("tui.roster.needed", lang, name=said) if needed else said


def wanting(look: "Look", kind: "KindInfo", lang: str) -> str:
    """The line that says which needed columns are missing and which come twice; empty: none."""
    named = titles(kind, lang)
    lines = []
    if look.head.missing:
        missing = t("tui.name_mark", lang).join(named.get(key, key) for key in look.head.missing)
        lines.append(t("tui.roster.missing", lang, columns=missing))
    lines += [render(problem.say, lang) for problem in look.head.doubled]
    lines += [render(problem.say, lang) for problem in look.notes]
    return "\n".join(lines)


def ready(look: "Look | None") -> bool:
    """Whether the rows can be read with this head."""
    return look is not None and bool(look.head.row) and not look.head.missing and not look.head.doubled
