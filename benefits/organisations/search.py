"""Search keys of a unit (单位检索键): parts of its names, pinyin, initials, code, credit code.

"Contains" is a prefix of some suffix, as with people. Unit names are long and alike: nearly all begin with
北京市通州区 and a town, and end with 有限公司工会委员会. So each key says where in the name it begins: where
the name or its own part behind 市, 区 and 镇 begins; inside; or in the tail that all names share. The kinds
are numbered in the order in which hits are shown, so the index itself ranks them, what says least last.

A character is spelled as the phrase around it is read (长沙 chang), as it is read alone (zhang), and as a
table of places and surnames knows it: whoever types the wrong one finds the unit too.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from functools import cache

from benefits.kernel.pinyin import by_phrase, readings
from benefits.kernel.text import normalise_name, plain

LONGEST_SPELLED = 40
"""Letters of a pinyin key; what is typed beyond is compared with the names themselves (``fits``)."""
LONGEST_INITIALS = 20
_MOST_SPELLINGS = 16
_ALSO = {  # in names of places and firms; the first is what a key takes where many meet
    name: tuple(found.split("/"))
    for name, found in re.findall(
        r"(\S)([a-z/]+)",
        "长chang/zhang 重chong/zhong 乐le/yue 行hang/xing 朝chao/zhao 单dan/shan/chan 厦xia/sha 藏cang/zang "
        "传chuan/zhuan 调diao/tiao 参can/shen 车che/ju 石shi/dan 六liu/lu 柏bai/bo 蔚wei/yu 番pan/fan "
        "莘xin/shen 校xiao/jiao 角jiao/jue 贾jia/gu 宿su/xiu 巷xiang/hang 堡bao/pu/bu 泊bo/po 刹cha/sha "
        "什shi/shen 阿a/e 漷huo/kuo/guo 盛sheng/cheng 乘cheng/sheng 强qiang/jiang 降jiang/xiang 血xue/xie "
        "率lv/shuai 轧zha/ya 埔pu/bu 圩wei/xu 铅qian/yan 大da/dai 区qu 员yuan 都du/dou 兴xing 应ying "
        "弹dan/tan 薄bo/bao 露lu/lou 剥bo/bao 塔ta/da 荥xing/ying 济ji 亳bo/hao",
    )
}
_AREA = re.compile(r"北京(?!市)|[\u4e00-\u9fff]{1,5}?(?:自治区|街道|地区|[省市区县旗镇乡])")
_TAIL = re.compile(
    r"(?:(?:股份)?有限(?:责任)?公司|(?:集团)?公司)?(?:机关)?(?:基层)?"
    r"(?:工会委员会|工会联合会|联合工会|总工会|工会|委员会)?$"
)


class UnitKey(IntEnum):
    """What a search key is made of; in the order in which hits are shown."""

    CODE = 1  # the whole code
    NAME_ABOVE = 2  # the name, or its own part, of a union above the grass roots
    PINYIN_ABOVE = 3
    INITIALS_ABOVE = 4
    NAME = 5  # the same of a grass-roots union
    PINYIN = 6
    INITIALS = 7
    NAME_INSIDE = 8  # from every other character on
    PINYIN_INSIDE = 9
    INITIALS_INSIDE = 10
    CODE_PART = 11  # the code from each later group of digits on
    NUMBER_TAIL = 12  # code and credit code, reversed
    NAME_TAIL = 13  # inside 有限公司工会委员会
    PINYIN_TAIL = 14
    INITIALS_TAIL = 15
    FORMER_NAME = 16  # a name that the unit had before, but for its tail
    FORMER_PINYIN = 17
    FORMER_INITIALS = 18


_FORMER = {kind: UnitKey.FORMER_NAME + (kind - 2) % 3 for kind in range(2, 11)}
Key = tuple[int, str]


def folded(text: str) -> str:
    """A name or what was typed, without spaces, brackets and dots, in lower case and narrow digits."""
    return "".join(char for char in normalise_name(plain(text)).lower() if char.isalnum())


def unit_keys(
    name: str, code: str, uscc: str | None = None, former: Iterable[str] = (), above: bool = False
) -> tuple[Key, ...]:
    """All (kind, key) under which a unit is found by prefix, each once. ``above``: it stands above the grass
    roots; ``former``: its earlier names (曾用名)."""
    return tuple(dict.fromkeys(_keys(name, code, uscc, former, above)))


def _keys(name: str, code: str, uscc: str | None, former: Iterable[str], above: bool) -> Iterator[Key]:
    whole = folded(code)
    yield UnitKey.CODE, whole
    for group in re.finditer("(?<![0-9])[0-9]", code):
        if part := folded(code[group.start() :]):
            yield UnitKey.CODE_PART, part
    yield UnitKey.NUMBER_TAIL, whole[::-1]
    if uscc:
        yield UnitKey.NUMBER_TAIL, uscc.lower()[::-1]
    yield from _name_keys(folded(name), UnitKey.NAME_ABOVE if above else UnitKey.NAME)
    for earlier in former:
        keys = _name_keys(folded(earlier), UnitKey.NAME)
        yield from ((_FORMER[kind], key) for kind, key in keys if kind in _FORMER)


def _name_keys(name: str, first: UnitKey) -> Iterator[Key]:
    """``first``: the kind of what begins where the name or its own part begins; the next two are its pinyin
    and its initials."""
    starts, tail = _own_parts(name), _tail(name)
    spelled = _spellings(name)
    letters = [tuple(dict.fromkeys([choice[0] for choice in choices])) for choices in spelled]
    for place in range(len(name)):
        kind = UnitKey.NAME_INSIDE
        if place in starts:
            kind = first
        elif place >= tail:
            kind = UnitKey.NAME_TAIL
        yield kind, name[place:]
        if not spelled[place]:  # begins as its next character does
            continue
        most = 1 if kind is UnitKey.NAME_TAIL else _MOST_SPELLINGS
        for text in _written(spelled, place, LONGEST_SPELLED, most):
            yield kind + 1, text
        for text in _written(letters, place, LONGEST_INITIALS, most):
            yield kind + 2, text


def _own_parts(name: str) -> set[int]:
    """Where the name begins, and begins again behind each area in front of it: 北京市|通州区|张家湾镇|…"""
    starts, place = {0}, 0
    while (found := _AREA.match(name, place)) is not None and found.end() < len(name):
        place = found.end()
        starts.add(place)
    return starts


def without_tail(name: str) -> str:
    """A name without the part that all share, for a look at what is near it: 张家湾镇工会 → 张家湾镇."""
    whole = folded(name)
    return whole[: _tail(whole)]


def _tail(name: str) -> int:
    """Where the part begins that all names share; the end of the name where there is none."""
    found = _TAIL.search(name)
    return found.start() if found else len(name)


@cache
def _alone(char: str) -> tuple[str, ...]:
    """Readings of one character by itself."""
    return _ALSO.get(char) or tuple(pinyin for pinyin, _ in readings(char))


def _spellings(name: str) -> list[tuple[str, ...]]:
    """The readings of each character, that of the phrase it stands in first; nothing where there is none."""
    phrase = by_phrase()(name, errors=list)
    if len(phrase) != len(name):  # never, but a wrong reading is better than none
        phrase = [""] * len(name)
    return [
        tuple(dict.fromkeys([read, *_alone(char)] if read.isascii() and read.isalpha() else _alone(char)))
        for char, read in zip(name, phrase, strict=True)
    ]


def _written(choices: Sequence[tuple[str, ...]], start: int, longest: int, most: int) -> list[str]:
    """The texts that the choices spell from ``start`` on, cut to ``longest``; beyond ``most`` of them, only
    the first reading goes on."""
    found = [""]
    for place in range(start, len(choices)):
        options = choices[place]
        if len(options) == 1:
            found = [text + options[0] for text in found]
        elif options:
            taken = options if len(found) * len(options) <= most else options[:1]
            found = [text + option for text in found for option in taken]
        if len(found[0]) >= longest and min(map(len, found)) >= longest:
            break
    return [text[:longest] for text in found]


def typed(text: str) -> str:
    """What a clerk typed, in the form of the keys (ü, v, lyu are one)."""
    found = folded(text).replace("ü", "v")
    return re.sub("^nyu|lyu", lambda part: part[0][0] + "v", found) if found.isalpha() else found


def probes(wanted: str) -> list[tuple[str, tuple[UnitKey, ...]]]:
    """What to look for, as prefix and kinds, for what was typed (``typed``)."""
    names = [UnitKey.NAME_ABOVE, UnitKey.NAME, UnitKey.NAME_INSIDE, UnitKey.NAME_TAIL, UnitKey.FORMER_NAME]
    found: dict[str, set[UnitKey]] = {wanted: set(names)}
    if wanted.isascii():
        found[wanted] |= {UnitKey.CODE, UnitKey.CODE_PART}
        if re.search("[a-z]", wanted):
            found.setdefault(wanted[:LONGEST_SPELLED], set()).update(UnitKey(kind + 1) for kind in names)
            found.setdefault(wanted[:LONGEST_INITIALS], set()).update(UnitKey(kind + 2) for kind in names)
        if re.search("[0-9]", wanted):
            found.setdefault(wanted[::-1], set()).add(UnitKey.NUMBER_TAIL)
    return [(prefix, tuple(sorted(kinds))) for prefix, kinds in found.items()]


def fits(name: str, wanted: str) -> bool:
    """Whether a name holds all that was typed: as a part of it, spelled out, or by initials."""
    whole = folded(name)
    if wanted in whole:
        return True
    if not wanted.isascii():
        return False
    spelled = _spellings(whole)
    letters = [tuple(choice[0] for choice in choices) for choices in spelled]
    return any(
        _spells(options[place:], wanted) for options in (spelled, letters) for place in range(len(whole))
    )


def _spells(choices: Sequence[tuple[str, ...]], wanted: str) -> bool:
    rests = {wanted}
    for options in choices:
        left = {rest[len(one) :] for rest in rests for one in options if rest.startswith(one)}
        if any(rest and one.startswith(rest) for rest in rests for one in options) or "" in left:
            return True
        if options:
            rests = left
        if not rests:
            return False
    return False
