"""Who answers to what was typed (命中判定): the pure part of the search, on names and last digits only."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from benefits.kernel.pinyin import KeyKind, search_keys

Probe = tuple[KeyKind, str]
Hit = tuple[int, str]
"""Number of the probe and key: what comes first in the list."""
TAILS = (KeyKind.ID_TAIL, KeyKind.PHONE_TAIL, KeyKind.CARD_TAIL)
LAST = 4
"""Digits that stand beside a sealed number; more than these only a key or the number itself knows."""


def of_numbers(probes: Iterable[Probe]) -> bool:
    """Whether last digits are looked for."""
    return any(kind in TAILS for kind, _ in probes)


def is_short(probes: Sequence[Probe]) -> bool:
    """Whether so little was typed that very many may answer to it: one character, letters, up to three
    digits."""
    kind, prefix = probes[0]
    if kind is KeyKind.NAME:
        return len(prefix) == 1
    return kind not in TAILS or len(prefix) < LAST


@lru_cache(maxsize=20_000)
def keys_of_name(name: str) -> tuple[tuple[int, str], ...]:
    """The keys of a name, remembered: the same people are looked at again with every letter typed."""
    return search_keys(name)


def first_hit(
    probes: Sequence[Probe], name: str, tails: tuple[str | None, str | None, str | None] = (None, None, None)
) -> Hit | None:
    """The first (probe, key) that finds a person; None: nothing does. ``tails``: last digits of ID, phone
    and card."""
    if of_numbers(probes):
        keys: tuple[tuple[int, str], ...] = tuple(
            (kind, tail[::-1]) for kind, tail in zip(TAILS, tails, strict=True) if tail
        )
    else:
        keys = keys_of_name(name)
    for number, (kind, prefix) in enumerate(probes):
        hits = [key for found, key in keys if found == kind and key.startswith(prefix)]
        if hits:
            return number, min(hits)
    return None
