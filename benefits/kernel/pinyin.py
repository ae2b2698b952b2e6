"""Pinyin of names (拼音) and the search keys of a member (检索键).

pypinyin misreads polyphonic surnames (曾 ceng, 单 dan, 仇 chou: right as words, wrong as surnames), so a
table of surnames goes first. The reading it corrects stays as a second one: a clerk who does not know the
surname types it wrongly and must still find the person. Names are read character by character from a cache,
so a million names take seconds; pypinyin itself is imported when the first character is read, which is never
at start-up.
"""

import os
import re
import unicodedata
from collections.abc import Callable, Sequence
from enum import IntEnum
from functools import cache

from benefits.kernel.text import COMPOUND_SURNAMES, NAME_DOT, normalise_name, plain

_SINGLE = {  # only surnames that the default reading gets wrong, or that have two
    name: tuple(found.split("/"))
    for name, found in re.findall(
        r"(\S)([a-z/]+)",
        "曾zeng 单shan 仇qiu 解xie 区ou 查zha 朴piao 盖ge/gai 乐yue/le 翟zhai/di 黑he 折she 秘bi 种chong "
        "缪miao 召shao 员yun 牟mu/mou 祭zhai/ji 卜bu 繁po 覃qin/tan 洗xian 宓mi/fu 郇xun/huan 隗wei/kui "
        "句gou 薄bo 都du 阚kan 谌chen/shen 佴nai 郗xi/chi 乜nie 贠yun 适kuo",
    )
}
_COMPOUND = {
    name: tuple(found.split())
    for name, found in re.findall(
        r"(\S\S)=([a-z ]+)",
        "尉迟=yu chi;万俟=mo qi;长孙=zhang sun;澹台=tan tai;单于=chan yu;乐正=yue zheng;子车=zi ju",
    )
}
_LONGEST_KEY = 60
_SHORT = 10  # characters; no syllable has more than six letters
_ID_TAIL = 8  # month, day and last four: with the birth date a plain column, no more than the last four tell
_OTHER_TAIL = 6
_BETWEEN = f"{NAME_DOT} "  # no part of a name begins with it


class KeyKind(IntEnum):
    """What a search key is made of. Keys of the whole name are of another kind than those of its parts, so
    that whose name begins with what was typed comes first."""

    NAME = 1  # the whole name
    PINYIN = 2  # its full pinyin
    INITIALS = 3  # its first letters
    ID_TAIL = 4  # the last 8 of the ID number, reversed
    PHONE_TAIL = 5  # the last 6 of the phone number, reversed
    CARD_TAIL = 6  # the last 6 of the card number, reversed
    INNER_NAME = 7  # every shorter suffix of the name
    INNER_PINYIN = 8  # from every later syllable on
    INNER_INITIALS = 9  # from every later letter on


@cache
def _by_character() -> Callable[..., list[str]]:
    """pypinyin without its phrases: 45 MB less, and a character by itself reads the same."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
    from pypinyin import lazy_pinyin

    return lazy_pinyin


@cache
def by_phrase() -> Callable[..., list[str]]:
    """pypinyin's ``lazy_pinyin`` with its phrases (重庆 chong, not zhong), for names of units and headings;
    loaded when the first of them is read."""
    read = _by_character()
    from pypinyin import load_phrases_dict
    from pypinyin.phrases_dict import phrases_dict

    load_phrases_dict(phrases_dict)
    return read


class _Syllables(dict[str, str]):
    """The default reading of a character without tone (ü as v), a Latin letter or digit as itself, else
    nothing; each is read once."""

    def __missing__(self, char: str) -> str:
        if char.isascii():
            found = char.lower() if char.isalnum() else ""
        else:
            found = _by_character()(char)[0]
            found = found if found.isascii() and found.isalpha() else ""
        self[char] = found
        return found


_syllable = _Syllables().__getitem__


def _alternatives(name: str) -> tuple[tuple[str, ...], ...]:
    """The syllables of each reading, the right surname first, the default reading last; no reading twice."""
    default = tuple(map(_syllable, name))
    ordinary = name[:1] not in _SINGLE and name[:2] not in COMPOUND_SURNAMES
    if ordinary and default and all(default):  # nearly every name
        return (default,)
    found: dict[tuple[str, ...], None] = {}
    if NAME_DOT not in name:  # a dotted name does not begin with a Han surname
        if len(name) > 2 and name[:2] in COMPOUND_SURNAMES:
            found[_COMPOUND.get(name[:2], default[:2]) + default[2:]] = None
        for surname in _SINGLE.get(name[:1], ()):
            found[(surname, *default[1:])] = None
    found[default] = None
    return tuple(tuple(filter(None, syllables)) for syllables in found if any(syllables))


def readings(name: str) -> tuple[tuple[str, str], ...]:
    """Each reading of a normalised name as (full pinyin, initials), the most probable first; nothing for a
    name with none.

    >>> readings("曾伟")
    (('zengwei', 'zw'), ('cengwei', 'cw'))
    """
    return tuple(("".join(syllables), "".join(s[0] for s in syllables)) for syllables in _alternatives(name))


def search_keys(
    name: str, id_number: str | None = None, phone: str | None = None, card: str | None = None
) -> tuple[tuple[int, str], ...]:
    """All (kind, key) under which a member is found by prefix, each once; a key has at most 60 characters.

    ``name`` is normalised, numbers are as stored.

    "Contains" is a prefix of some suffix; the tail of a number is a prefix of the reversed number. A dotted
    name also has the suffixes of its form without dots. A full number is looked up by its digest, not here.
    """
    tails = ((4, tail(id_number, _ID_TAIL)), (5, tail(phone)), (6, tail(card)))
    return (*name_keys(name), *((kind, key) for kind, key in tails if key))


def tail(number: str | None, length: int = _OTHER_TAIL) -> str:
    """The end of a number, backwards: what begins with it is found as one types its last digits."""
    return number[-length:][::-1] if number else ""


def id_tail(number: str | None) -> str:
    """``tail`` of an identity number."""
    return tail(number, _ID_TAIL)


def name_keys(name: str) -> Sequence[tuple[int, str]]:
    """The search keys of a name alone."""
    folded = name.lower()
    forms = (folded, folded.replace(NAME_DOT, "")) if NAME_DOT in folded else (folded,)
    found: list[tuple[int, str]] = []
    for form in forms:
        kind = 1
        for start, char in enumerate(form):
            if char not in _BETWEEN:
                found.append((kind, form[start:]))
                kind = 7
    spelled = _alternatives(name)
    for syllables in spelled:
        whole, initials = "".join(syllables), "".join([syllable[0] for syllable in syllables])
        found += ((2, whole), (3, initials))
        at = 0
        for start in range(1, len(syllables)):
            at += len(syllables[start - 1])
            found += ((8, whole[at:]), (9, initials[start:]))
    if len(name) < _SHORT and len(forms) == len(spelled) == 1:  # nothing is cut, and nothing comes twice
        return found
    return tuple(dict.fromkeys((kind, key[:_LONGEST_KEY]) for kind, key in found))


def classify_query(text: str) -> list[tuple[KeyKind, str]]:
    """What to probe, as (kind, key prefix), for what a clerk typed; the most probable first, nothing for
    nothing. Whole names come before their parts.

    Digits are the last ones of an ID, a phone or a card number; letters are pinyin or initials (ü, v, lyu are
    one); anything with Han is a part of a name. What is longer than a stored tail is cut to it, so the answer
    may hold more people.

    >>> classify_query("0025")[0], classify_query("zs")[0], classify_query("小明")[0]
    ((<KeyKind.ID_TAIL: 4>, '5200'), (<KeyKind.INITIALS: 3>, 'zs'), (<KeyKind.NAME: 1>, '小明'))
    """
    typed = unicodedata.normalize("NFKC", plain(text)).lower().strip()
    joined = re.sub(r"[\s'’\-]+", "", typed)
    if re.fullmatch(r"[a-z]{0,3}[0-9]+x?", joined):
        return _number_probes(joined.upper())
    if re.fullmatch(r"[a-zü]+", joined):
        return _letter_probes(typed, joined)
    name = normalise_name(typed).strip(f"{NAME_DOT}•‧・.").lower()
    return [(kind, name[:_LONGEST_KEY]) for kind in (KeyKind.NAME, KeyKind.INNER_NAME)] if name else []


def _number_probes(number: str) -> list[tuple[KeyKind, str]]:
    backwards = number[::-1]
    as_id = (KeyKind.ID_TAIL, backwards[:_ID_TAIL])
    as_phone = (KeyKind.PHONE_TAIL, backwards[:_OTHER_TAIL])
    as_card = (KeyKind.CARD_TAIL, backwards[:_OTHER_TAIL])
    if not number.isdigit():
        return [as_id]
    if len(number) == 11 and number[0] == "1":
        return [as_phone]
    if len(number) == 18:
        return [as_id, as_card]
    return [as_id, as_phone, as_card] if len(number) <= 11 else [as_card]


def _letter_probes(typed: str, joined: str) -> list[tuple[KeyKind, str]]:
    """Pinyin before initials where it can be a syllable: one has a vowel, and initials seldom do."""
    spelled = re.sub("^nyu|lyu", lambda found: found[0][0] + "v", joined.replace("ü", "v"))[:_LONGEST_KEY]
    whole, inner = [KeyKind.PINYIN, KeyKind.INITIALS], [KeyKind.INNER_PINYIN, KeyKind.INNER_INITIALS]
    if not re.search("[aeiou]", spelled):
        whole.reverse()
        inner.reverse()
    probes = [(kind, spelled) for kind in whole] + [(KeyKind.NAME, typed[:_LONGEST_KEY])]
    return probes + [(kind, spelled) for kind in inner] + [(KeyKind.INNER_NAME, typed[:_LONGEST_KEY])]
