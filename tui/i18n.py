"""The language of the session (语言): Chinese unless it was opened with ``--lang en`` or switched by key.

Textual has no translation. Its footer, help and palette are not used; the one seam that is left is
``Screen.active_bindings``, where every description that is a catalogue key becomes a sentence.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from benefits.kernel import messages

if TYPE_CHECKING:
    from textual.binding import ActiveBinding

LANGUAGES = messages.LANGUAGES


def other(lang: str) -> str:
    """The language that the language key switches to."""
    return LANGUAGES[(LANGUAGES.index(lang) + 1) % len(LANGUAGES)]


def t(key: str, lang: str, **params: Any) -> str:
    """A sentence of the terminal's own catalogue or of another package's."""
    return messages.text(key, lang, **params)


def translated(active: "dict[str, ActiveBinding]", lang: str) -> "dict[str, ActiveBinding]":
    """The bindings of a screen with their descriptions in ``lang``; bindings of Textual itself keep no
    words."""
    result: dict[str, ActiveBinding] = {}
    for key, entry in active.items():
        words = entry.binding.description
        words = t(words, lang) if words.startswith("tui.") else ""
        binding = replace(
            entry.binding, description=words, tooltip="", show=entry.binding.show and bool(words)
        )
        result[key] = entry._replace(binding=binding, tooltip="")
    return result
