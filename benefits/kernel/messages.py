"""The message catalogue: every sentence a user sees, in Chinese and English.

One ``messages.toml`` a package (a large one is split into ``messages_*.toml``), one table a message
(``[renewal.applied]`` with ``zh`` and ``en``); the first segment of a key names the package:
``benefits/<segment>/``, or ``tui/`` and ``reports/`` for those two. Files are read when first needed, because
most commands need one or two of them.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from benefits.kernel.errors import Both, Say, say

LANGUAGES = ("zh", "en")
_ROOT = Path(__file__).resolve().parents[2]
_OUTSIDE = ("tui", "reports")


def catalogue_files(package: str) -> list[Path]:
    """Where the messages of a package stand."""
    return sorted(((_ROOT if package in _OUTSIDE else _ROOT / "benefits") / package).glob("messages*.toml"))


@cache
def catalogue(package: str) -> dict[str, dict[str, str]]:
    """All messages of one package: key -> language -> template.

    Raises KeyError where the package has no catalogue: a message that nobody wrote is a programmer's error.
    """
    found: dict[str, dict[str, str]] = {}
    for path in catalogue_files(package):
        with path.open("rb") as file:
            found.update(_flatten("", tomllib.load(file)))
    if not found:
        raise KeyError(f"no message catalogue for {package!r}")
    return found


def _flatten(prefix: str, table: dict[str, Any]) -> list[tuple[str, dict[str, str]]]:
    if table and all(isinstance(value, str) for value in table.values()):
        return [(prefix, table)]
    found: list[tuple[str, dict[str, str]]] = []
    for key, value in table.items():
        found += _flatten(f"{prefix}.{key}" if prefix else key, value)
    return found


def template(key: str, lang: str) -> str:
    """The unfilled sentence of ``key`` in ``lang``."""
    return catalogue(key.partition(".")[0])[key][lang]


def render(message: Say, lang: str = "zh") -> str:
    """The sentence of a message in one language; nested messages are rendered first."""
    params = {name: _worded(value, lang) for name, value in message.params.items()}
    return template(message.key, lang).format(**params)


def _worded(value: object, lang: str) -> object:
    if isinstance(value, Both):
        return value.zh if lang == "zh" else value.en
    return render(value, lang) if isinstance(value, Say) else value


def text(key: str, /, lang: str = "zh", **params: object) -> str:
    """Short for ``render(say(key, **params), lang)``."""
    return render(say(key, **params), lang)
