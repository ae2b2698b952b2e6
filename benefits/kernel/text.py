"""Text (文字): names brought to one form, hostile characters out, masks for paper and screens, widths in
terminal cells.

The name dot is U+00B7 and a name may have 50 characters (民委发〔2016〕33号, DOMAIN 3.3 [S96]). Han
characters stay as written, apart from code points that GB 18030 itself has moved out of the private use area
[S97].
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from benefits.kernel.errors import Problem, say

NAME_DOT = "\u00b7"
LONGEST_NAME = 50
COMPOUND_SURNAMES = frozenset(
    re.findall(
        "..",
        "欧阳司马上官诸葛司徒夏侯东方皇甫尉迟公孙慕容长孙宇文令狐万俟澹台公冶濮阳淳于单于"
        "太叔申屠轩辕钟离闾丘鲜于亓官司寇子车颛孙端木巫马公西漆雕乐正壤驷公良拓跋夹谷宰父"
        "谷梁百里东郭南门呼延羊舌微生梁丘左丘东门西门南宫第五赫连独孤完颜叶赫纳兰申徒哥舒"
        "仆固",
    )
)

_DOTS = "\u00b7\u2022\u2027\u30fb\u22c5\u2219\uff0e\uff65\u0387."
_HAN = r"\u2e80-\u2fd5\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\ue000-\uf8ff\U00020000-\U000334ff"
_DOT_RUN = re.compile(rf"(?<=[{_HAN}])\s*[{re.escape(_DOTS)}]+\s*(?=[{_HAN}])")
_HAN_GAP = re.compile(rf"(?<=[{_HAN}{NAME_DOT}])\s+(?=[{_HAN}{NAME_DOT}])")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
_HAN_FORMS = re.compile("[^\uf900-\ufaff\U0002f800-\U0002fa1f]+")  # NFC, but not for compatibility Han
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # full-width forms of ASCII
# ⼈ looks like 人 and is not
_KANGXI = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
_ONLY_HAN = re.compile("[\u4e00-\u9fa5]+")
_INVISIBLE = frozenset(
    [0xAD, 0x061C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
    + [*range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080)]
)


def _moved() -> dict[int, str]:
    """Private use code points that have had a real one since: old GBK, then GB 18030-2000/2005, then GB
    18030-2022.

    GBK put FE50..FEA0 at U+E815..U+E864 in order. Python's codec (the 2005 mapping) knows most of them; the
    eight that moved in 2022 and the six above U+FFFF are spelled out, as are the ten vertical marks of row
    A6.
    """
    table: dict[int, str] = {}
    trails = (trail for trail in range(0x50, 0xA1) if trail != 0x7F)
    for private, trail in zip(range(0xE815, 0xE865), trails, strict=True):
        table[private] = bytes((0xFE, trail)).decode("gb18030")
    table |= {0xE816: "\U00020087", 0xE817: "\U00020089", 0xE818: "\U000200cc"}
    table |= {0xE831: "\U000215d7", 0xE83B: "\U0002298f", 0xE855: "\U000241fe"}
    table |= {0xE81E: "\u9fb4", 0xE826: "\u9fb5", 0xE82B: "\u9fb6", 0xE82C: "\u9fb7"}
    table |= {0xE832: "\u9fb8", 0xE843: "\u9fb9", 0xE854: "\u9fba", 0xE864: "\u9fbb"}
    table |= {0xE78D: "\ufe10", 0xE78E: "\ufe12", 0xE78F: "\ufe11"}
    table |= {0xE790 + step: chr(0xFE13 + step) for step in range(7)}
    table[0xE7C7] = "\u1e3f"
    return table


#: private use code point -> the character it means, for any text that was read from GBK or GB 18030
MOVED = _moved()


@dataclass(frozen=True, slots=True)
class NameCheck:
    """A name in the form that is stored, and what is wrong with it."""

    name: str
    problems: tuple[Problem, ...]


def plain(text: str) -> str:
    """The text without control characters, direction overrides and zero-width characters; tabs and line ends
    become a space.

    Everything else stays. For whatever came from outside and goes to a screen, a page or a log.
    """
    if text.isascii() and text.isprintable():
        return text
    spaced = re.sub("[\t\n\r\x0b\x0c\x85\u2028\u2029]+", " ", text)
    return "".join(char for char in spaced if not _hidden(char))


def _hidden(char: str) -> bool:
    return ord(char) in _INVISIBLE or unicodedata.category(char) in ("Cc", "Cs")


def normalise_name(text: str) -> str:
    """A person's name in one form: 「张 三」→ 张三, dot variants between Han → ·, full-width letters narrow,
    moved GB 18030 points.

    Han characters are otherwise kept as written. Latin names keep single spaces. The empty string comes back
    empty.
    """
    if _ONLY_HAN.fullmatch(text):  # nearly every name, and a million of them pass here
        return text
    name = plain(text).translate(MOVED).translate(_NARROW).translate(_KANGXI)
    name = _HAN_FORMS.sub(lambda run: unicodedata.normalize("NFC", run[0]), name)
    name = " ".join(name.split())
    name = _DOT_RUN.sub(NAME_DOT, _HAN_GAP.sub("", name))
    return _HAN_GAP.sub("", name)


def check_name(text: str) -> NameCheck:
    """The normalised name with its problems: empty, over 50 characters, or with a private use character
    (造字) left."""
    name = normalise_name(text)
    problems: list[Problem] = []
    if not name:
        problems.append(Problem("kernel.name_missing", say("kernel.name_missing"), field="name"))
    if len(name) > LONGEST_NAME:
        words = say("kernel.name_long", name=cut(name, 40), length=len(name), longest=LONGEST_NAME)
        problems.append(Problem("kernel.name_long", words, field="name"))
    if private := _PRIVATE.findall(name):
        points = " ".join(f"U+{ord(char):04X}" for char in private)
        words = say("kernel.name_private", name=_PRIVATE.sub("□", cut(name, 40)), points=points)
        problems.append(Problem("kernel.name_private", words, field="name"))
    return NameCheck(name, tuple(problems))


def mask_id(number: str) -> str:
    """An ID number with its middle hidden: first 6 and last 4 of 15 or more characters, first 2 and last 2 of
    8 to 14, else none.

    >>> mask_id("110112197001050025"), mask_id("H12345678")
    ('110112********0025', 'H1*****78')
    """
    if len(number) >= 15:
        return _mask(number, 6, 4)
    return _mask(number, 2, 2) if len(number) >= 8 else "*" * len(number)


def mask_phone(phone: str) -> str:
    """A phone number with its middle hidden: first 3 and last 4 of 11 or more, the last 2 of 7 to 10, else
    none.

    >>> mask_phone("13800138000")
    '138****8000'
    """
    if len(phone) >= 11:
        return _mask(phone, 3, 4)
    return _mask(phone, 0, 2) if len(phone) >= 7 else "*" * len(phone)


def _mask(text: str, head: int, tail: int) -> str:
    return text[:head] + "*" * (len(text) - head - tail) + text[-tail:]


def mask_name(name: str) -> str:
    """A name for posted lists: the surname stays and each other character is a star; a compound surname stays
    whole.

    A dotted or a Latin name shows its first part or letter and two stars, whatever its length. One character
    is one star.

    >>> [mask_name(n) for n in ("张三", "张小明", "欧阳修", "买买提·吐尔逊", "Anna Lee", "丁")]
    ['张*', '张**', '欧阳*', '买买提·**', 'A**', '*']
    """
    if NAME_DOT in name:
        return name.split(NAME_DOT, 1)[0] + NAME_DOT + "**"
    if not re.match(rf"[{_HAN}]", name):
        return name[:1] + "**" if len(name) > 1 else "*" * len(name)
    if len(name) == 1:
        return "*"
    keep = 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1
    return name[:keep] + "*" * (len(name) - keep)


@lru_cache(maxsize=65536)
def _cells(char: str) -> int:
    category = unicodedata.category(char)
    if category in ("Mn", "Me") or _hidden(char) or "\u1160" <= char <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def cell_width(text: str) -> int:
    """How many terminal cells the text takes: Han and full-width 2, combining and control 0, all else
    (ambiguous too) 1."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(map(_cells, text))


def cut(text: str, cells: int) -> str:
    """The text in at most ``cells`` terminal cells; where something is lost, the last cell is ``…``. No
    character is split.

    >>> cut("通州区总工会", 6), cut("通州", 4)
    ('通州…', '通州')
    """
    if cells <= 0:
        return ""
    if cell_width(text) <= cells:
        return text
    used = 0
    for place, char in enumerate(text):
        used += _cells(char)
        if used > cells - 1:
            return text[:place] + "…"
    raise AssertionError("a text wider than its room is cut before its end")


_NUMBERS = re.compile(r"\d(?: ?\d){12,}[Xx]?|(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2,}")
"""What may be an identity number, a card or a mobile number, in whatever cell it stands."""


def shown(text: str) -> str:
    """Something that was typed, fit to be quoted in a message: one line, nothing hostile, at most 40 cells,
    and the middle of a long number hidden, for columns are shifted easily (DOMAIN 3.4).

    >>> shown("110100198505170126"), shown("2026-13-01"), shown("138 0000 1234")
    ('110***********0126', '2026-13-01', '138******1234')
    """
    return cut(_NUMBERS.sub(lambda found: _mask(found[0], 3, 4), plain(text)), 40)


def pad(text: str, cells: int, align: Literal["left", "right", "center"] = "left") -> str:
    """The text in exactly ``cells`` terminal cells: cut where it is too long, else filled with spaces."""
    shown = cut(text, cells)
    room = max(cells, 0) - cell_width(shown)
    before = {"left": 0, "right": room, "center": room // 2}[align]
    return " " * before + shown + " " * (room - before)
